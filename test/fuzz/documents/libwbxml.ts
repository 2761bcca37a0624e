/** wbxml2xml and xml2wbxml of libwbxml: an independent codec to be compared with. */
import { spawnSync } from 'node:child_process';
import type { WbxmlVersion } from '../../../src-core/encoding/wbxml/code-pages.ts';

export interface ToWbxml {
  readonly version: WbxmlVersion;
  readonly stringTable: boolean;
}

/** White space is kept, nothing is indented. @throws where it refuses the bytes */
export function toXml(wbxml: Uint8Array): Uint8Array {
  return convert('wbxml2xml', ['-k', '-m', '0'], wbxml);
}

/** White space is kept. @throws where it refuses the document */
export function toWbxml(xml: Uint8Array, { version, stringTable }: ToWbxml): Uint8Array {
  return convert('xml2wbxml', ['-k', '-v', version, ...(stringTable ? [] : ['-n'])], xml);
}

const TIMEOUT_MS = 20_000;

function convert(program: string, options: readonly string[], input: Uint8Array): Uint8Array {
  const { status, signal, error, stdout, stderr } = spawnSync(program, [...options, '-o', '-', '-'], {
    input,
    timeout: TIMEOUT_MS,
    maxBuffer: 64 << 20,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} refused it (${signal ?? status}): ${stderr.toString('utf8').trim()}`);
  return Uint8Array.from(stdout);
}
