/** The card sheet: what a card is and what is on it now. Reads only, costs no ADM try. */
import { toHex } from '../base/bytes.ts';
import { CardError, EncodingError } from '../base/errors.ts';
import { describeAccessRules } from '../encoding/access-rules.ts';
import { describeAtr } from '../encoding/atr.ts';
import type { Fcp } from '../encoding/fcp.ts';
import { type ApplicationTemplate, OBJECT_NAMES, PKCS15_AID } from '../encoding/pkcs15.ts';
import { accessRulesOf } from './access.ts';
import { readTries } from './adm.ts';
import { type CardChannel, findFile, readBinary, readFile, transparentSize } from './file-access.ts';
import { withoutPadding } from './handset-view.ts';
import { type Directories, identifyCard, layoutOf, readApplications, readDirectories, resolvePath } from './layout.ts';
import { selectBase } from './place.ts';
import { PROFILE_IDS, PROFILE_KINDS, type ProfileId } from './profile-kind.ts';
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

/** A data object of PKCS#15, as EF(DODF) lists it. */
export interface SheetObject {
  readonly dodf: string;
  readonly label: string;
  readonly oid: string;
  /** What the OID stands for; absent where it is not known here. */
  readonly name?: string;
  readonly path: string;
}

export interface SheetBootstrap {
  readonly profile: ProfileId;
  readonly path: string;
  /** Without padding. */
  readonly bytes: Uint8Array;
}

export interface CardSheet {
  /** Hexadecimal. */
  readonly atr: string;
  readonly atrWords: readonly string[];
  readonly iccid: string;
  readonly applications: readonly ApplicationTemplate[];
  /** The PKCS#15 directory and what may be done in it; absent where the card does not say. */
  readonly directory?: { readonly path: string; readonly access: string };
  readonly files: readonly SheetFile[];
  readonly objects: readonly SheetObject[];
  /** The documents that a handset finds. */
  readonly bootstraps: readonly SheetBootstrap[];
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
  const pkcs15 = application && (await attempt(problems, () => readPkcs15(channel, application, problems)));
  const admTriesLeft = await readTries(channel);
  return {
    atr: toHex(connection.atr),
    atrWords: atrWords(connection.atr, problems),
    iccid,
    applications,
    ...(pkcs15?.directory && { directory: pkcs15.directory }),
    files: pkcs15?.files ?? [],
    objects: pkcs15?.objects ?? [],
    bootstraps: pkcs15?.bootstraps ?? [],
    ...(admTriesLeft === undefined ? {} : { admTriesLeft }),
    problems,
  };
}

async function readPkcs15(channel: CardChannel, application: ApplicationTemplate, problems: string[]) {
  const directories = await readDirectories(channel, application);
  const { base, odf, dodfs } = directories;
  // A fault of a directory file is told; the first that is missing says it all.
  const missing = [odf, ...dodfs].find(({ fcp }) => !fcp);
  if (missing) await readFile(channel, missing.path);
  const files = [sheetFile(odf.path, 'EF(ODF)', odf.bytes, await accessWords(channel, odf.fcp, base))];
  for (const { path, bytes, fcp } of dodfs)
    files.push(sheetFile(path, 'EF(DODF)', bytes, await accessWords(channel, fcp, base)));
  const bootstraps: SheetBootstrap[] = [];
  for (const profile of PROFILE_IDS) {
    const found = await attempt(problems, () => readBootstrapFile(channel, directories, profile));
    if (!found) continue;
    files.push(found.file);
    if (found.document.length > 0) bootstraps.push({ profile, path: found.file.path, bytes: found.document });
  }
  return { directory: await directoryOf(channel, base), files, objects: objectsOf(directories), bootstraps };
}

/** Undefined where the card has none; of CP also where no pointer leads to one: then it is nobody knows whose. */
async function readBootstrapFile(channel: CardChannel, directories: Directories, profile: ProfileId) {
  const { base, bootstrapPath, provisioned } = layoutOf(directories, PROFILE_KINDS[profile]);
  if (!provisioned && profile !== 'dm') return undefined;
  const fcp = await findFile(channel, bootstrapPath);
  if (!fcp) {
    if (provisioned) await readFile(channel, bootstrapPath);
    return undefined;
  }
  const bytes = await readBinary(channel, bootstrapPath, transparentSize(fcp, bootstrapPath));
  const access = await accessWords(channel, fcp, base);
  const file = sheetFile(bootstrapPath, PROFILE_KINDS[profile].file, bytes, access);
  return { file, document: provisioned ? withoutPadding(bytes) : new Uint8Array() };
}

async function directoryOf(channel: CardChannel, base: string): Promise<CardSheet['directory']> {
  const fcp = channel.gsm ? undefined : await selectBase(channel, base);
  const access = await accessWords(channel, fcp, base);
  return access === undefined ? undefined : { path: base, access };
}

function objectsOf({ base, dodfs }: Directories): SheetObject[] {
  return dodfs.flatMap(({ path: dodf, entries }) =>
    entries.flatMap(({ value }) => {
      if (!value) return [];
      const name = OBJECT_NAMES[value.applicationOid];
      const { label, applicationOid: oid } = value;
      return [{ dodf, label, oid, ...(name !== undefined && { name }), path: resolvePath(base, value.path) }];
    }),
  );
}

async function accessWords(channel: CardChannel, fcp: Fcp | undefined, base: string): Promise<string | undefined> {
  const rules = fcp && (await accessRulesOf(channel, fcp, base));
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
