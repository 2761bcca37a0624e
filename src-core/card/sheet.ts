/** The card sheet: what a card is and what is on it now. Reads only, costs no ADM try. */
import { toHex } from '../base/bytes.ts';
import { CardError, EncodingError } from '../base/errors.ts';
import { describeAtr } from '../encoding/atr.ts';
import { type ApplicationTemplate, PKCS15_AID } from '../encoding/pkcs15.ts';
import { readAdmTries } from './adm.ts';
import { type CardChannel, readFile } from './file-access.ts';
import { withoutPadding } from './handset-view.ts';
import { identifyCard, readApplications, readLayout } from './layout.ts';
import type { CardConnection } from './reader.ts';

export interface SheetFile {
  readonly path: string;
  readonly what: string;
  /** Bytes in the file, and bytes before its FF padding. */
  readonly size: number;
  readonly used: number;
}

export interface CardSheet {
  /** Hexadecimal. */
  readonly atr: string;
  readonly atrWords: readonly string[];
  readonly iccid: string;
  readonly applications: readonly ApplicationTemplate[];
  readonly files: readonly SheetFile[];
  /** The bootstrap document a handset finds, without padding; absent where it finds none. */
  readonly bootstrap?: { readonly path: string; readonly bytes: Uint8Array };
  /** Absent when the card does not say. */
  readonly admTriesLeft?: number;
  /** What could not be read and why, one sentence each. */
  readonly problems: readonly string[];
}

/** @throws CardError when the card has no readable EF.ICCID or goes away; other faults are listed as problems. */
export async function readSheet(connection: CardConnection): Promise<CardSheet> {
  const problems: string[] = [];
  const { channel, iccid } = await identifyCard(connection);
  const applications = (await attempt(problems, () => readApplications(channel))) ?? [];
  const application = applications.find(candidate => candidate.aid === PKCS15_AID);
  const pkcs15 = application && (await attempt(problems, () => readPkcs15(channel, application)));
  const admTriesLeft = await readAdmTries(channel);
  return {
    atr: toHex(connection.atr),
    atrWords: atrWords(connection.atr, problems),
    iccid,
    applications,
    files: pkcs15?.files ?? [],
    ...(pkcs15?.bootstrap ? { bootstrap: pkcs15.bootstrap } : {}),
    ...(admTriesLeft === undefined ? {} : { admTriesLeft }),
    problems,
  };
}

async function readPkcs15(channel: CardChannel, application: ApplicationTemplate) {
  const layout = await readLayout(channel, application);
  // A fault of a directory file is told; the first that is missing says it all.
  const missing = [layout.odf, layout.dodf].find(({ fcp }) => !fcp);
  if (missing) await readFile(channel, missing.path);
  const bytes = await readFile(channel, layout.bootstrapPath);
  const bootstrap = { path: layout.bootstrapPath, bytes: withoutPadding(bytes) };
  const files = [
    sheetFile(layout.odf.path, 'EF(ODF)', layout.odf.bytes),
    sheetFile(layout.dodf.path, 'EF(DODF)', layout.dodf.bytes),
    sheetFile(layout.bootstrapPath, 'EF DM_Bootstrap', bytes),
  ];
  return layout.provisioned && bootstrap.bytes.length > 0 ? { files, bootstrap } : { files };
}

function sheetFile(path: string, what: string, bytes: Uint8Array): SheetFile {
  return { path, what, size: bytes.length, used: withoutPadding(bytes).length };
}

function atrWords(atr: Uint8Array, problems: string[]): string[] {
  try {
    return describeAtr(atr);
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    problems.push(`ATR: ${error.message}`);
    return [];
  }
}

/** A fault of one part is noted and the sheet goes on; a card that has gone ends it. */
async function attempt<T>(problems: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CardError) || error.code === 'card-removed') throw error;
    problems.push(error.message);
    return undefined;
  }
}
