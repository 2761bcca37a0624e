/** The card sheet: what a card is and what is on it now. Reads only, costs no ADM try. */
import { toHex } from '../base/bytes.ts';
import { CardError, EncodingError } from '../base/errors.ts';
import { describeAccessRules } from '../encoding/access-rules.ts';
import { describeAtr } from '../encoding/atr.ts';
import type { Fcp } from '../encoding/fcp.ts';
import { type ApplicationTemplate, PKCS15_AID } from '../encoding/pkcs15.ts';
import { accessRulesOf } from './access.ts';
import { readAdmTries } from './adm.ts';
import { type CardChannel, readBinary, readFile, selectFile, transparentSize } from './file-access.ts';
import { withoutPadding } from './handset-view.ts';
import { identifyCard, readApplications, readLayout } from './layout.ts';
import type { CardConnection } from './reader.ts';

export interface SheetFile {
  readonly path: string;
  readonly what: string;
  /** Bytes in the file, and bytes before its FF padding. */
  readonly size: number;
  readonly used: number;
  /** `READ: always; UPDATE: ADM1`; absent where the card does not say. */
  readonly access?: string;
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
  const { base, odf, dodf, bootstrapPath } = layout;
  const fcp = await selectFile(channel, bootstrapPath);
  const bytes = await readBinary(channel, bootstrapPath, transparentSize(fcp, bootstrapPath));
  const bootstrap = { path: bootstrapPath, bytes: withoutPadding(bytes) };
  const access = (described: Fcp | undefined) => accessWords(channel, described, base);
  const files = [
    sheetFile(odf.path, 'EF(ODF)', odf.bytes, await access(odf.fcp)),
    sheetFile(dodf.path, 'EF(DODF)', dodf.bytes, await access(dodf.fcp)),
    sheetFile(bootstrapPath, 'EF DM_Bootstrap', bytes, await access(fcp)),
  ];
  return layout.provisioned && bootstrap.bytes.length > 0 ? { files, bootstrap } : { files };
}

/** A SIM says it in another way, and is asked for no rules. */
async function accessWords(channel: CardChannel, fcp: Fcp | undefined, base: string): Promise<string | undefined> {
  const rules = fcp && !channel.gsm ? await accessRulesOf(channel, fcp, base) : undefined;
  return rules && rules.length > 0 ? describeAccessRules(rules) : undefined;
}

function sheetFile(path: string, what: string, bytes: Uint8Array, access: string | undefined): SheetFile {
  return {
    path,
    what,
    size: bytes.length,
    used: withoutPadding(bytes).length,
    ...(access !== undefined && { access }),
  };
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
