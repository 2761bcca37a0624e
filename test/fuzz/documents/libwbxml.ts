/** libwbxml, an independent codec to be compared with: its library where it can be compiled, else its programs. */
import { spawnSync } from 'node:child_process';
import { LibwbxmlProgram, type ToWbxml } from '../../support/libwbxml/program.ts';
import { LibwbxmlUtilities } from './utilities.ts';

/** Takes one document after the other. White space is kept, nothing is indented. */
export interface Libwbxml {
  /** @throws where it refuses the bytes */
  toXml(wbxml: Uint8Array): Promise<Uint8Array>;
  /** @throws where it refuses the document */
  toWbxml(xml: Uint8Array, how: ToWbxml): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** How to get it, where it is not there. */
export function missingLibwbxml(): string | undefined {
  const isThere = ['wbxml2xml', 'xml2wbxml'].every(program => !spawnSync(program, ['-h']).error);
  return isThere ? undefined : 'wbxml2xml and xml2wbxml; get them with: sudo apt-get install libwbxml2-utils';
}

/** The library is some twenty times as quick as a process for each document. */
export function openLibwbxml(): Libwbxml {
  let program: LibwbxmlProgram;
  try {
    program = new LibwbxmlProgram();
  } catch {
    return new LibwbxmlUtilities();
  }
  /** What it refuses, or ends on, must do so without the documents before it. */
  const certain = async <T>(convert: () => Promise<T>): Promise<T> => {
    try {
      return await convert();
    } catch {
      await program.restart();
      return convert();
    }
  };
  return {
    toXml: async wbxml => (await certain(() => program.toXml(wbxml))).bytes,
    toWbxml: async (xml, how) => (await certain(() => program.toWbxml(xml, how))).bytes,
    close: () => program.close(),
  };
}
