/** The card sheet: what a card is and what is on it now. Reads only, costs no ADM try. */
import { concatBytes, toHex } from '../base/bytes.ts';
import { CardError, EncodingError } from '../base/errors.ts';
import { describeAtr } from '../encoding/atr.ts';
import { type ApplicationTemplate, OBJECT_NAMES, PKCS15_AID, partOf } from '../encoding/pkcs15.ts';
import { ADM1_REFERENCE } from './adm.ts';
import { type CardChannel, findFile, readBinary, readFile, readRecords, transparentSize } from './file-access.ts';
import { withoutPadding } from './handset-view.ts';
import {
  type Directories,
  EF_DIR,
  EF_ICCID,
  identifyCard,
  layoutOf,
  readApplications,
  readDirectories,
  resolvePath,
} from './layout.ts';
import { readPinState } from './pin.ts';
import { selectBase } from './place.ts';
import { readTries } from './present.ts';
import { PROFILE_IDS, PROFILE_KINDS, type ProfileId } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';
import { accessWords, type SheetFile, sheetFile } from './sheet-file.ts';
import { sayPin } from './survey.ts';

const MF = '3F00';

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

export interface SheetPin {
  /** False: nobody is asked for it. Absent where the card does not say, as `triesLeft`. */
  readonly enabled?: boolean;
  readonly triesLeft?: number;
  /** A file was not read, because it is read after PIN1. */
  readonly needed: boolean;
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
  readonly pin1: SheetPin;
  /** Absent when the card does not say. */
  readonly admTriesLeft?: number;
  /** What could not be read and why, one sentence each. */
  readonly problems: readonly string[];
}

/** @throws CardError when the card has no readable EF.ICCID or goes away; other faults are listed as problems. */
export async function readSheet(connection: CardConnection): Promise<CardSheet> {
  const { channel, iccid } = await identifyCard(connection);
  const faults = new Faults(channel);
  const applications = (await faults.attempt(() => readApplications(channel))) ?? [];
  const ownFiles = await readOwnFiles(channel, faults);
  const application = applications.find(candidate => candidate.aid === PKCS15_AID);
  const pkcs15 = application && (await faults.attempt(() => readPkcs15(channel, application, faults)));
  const admTriesLeft = await readTries(channel, ADM1_REFERENCE);
  return {
    atr: toHex(connection.atr),
    atrWords: atrWords(connection.atr, faults.problems),
    iccid,
    applications,
    ...(pkcs15?.directory && { directory: pkcs15.directory }),
    files: [...ownFiles, ...(pkcs15?.files ?? [])],
    objects: pkcs15?.objects ?? [],
    bootstraps: pkcs15?.bootstraps ?? [],
    pin1: await readPin(channel, faults),
    ...(admTriesLeft === undefined ? {} : { admTriesLeft }),
    problems: faults.problems,
  };
}

/** A fault of one part is noted and the sheet goes on; a card that has gone ends it. */
class Faults {
  readonly problems: string[] = [];
  /** A file is read after PIN1. */
  pinNeeded = false;
  readonly #channel: CardChannel;

  constructor(channel: CardChannel) {
    this.#channel = channel;
  }

  async attempt<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read().catch(error => sayPin(this.#channel, error));
    } catch (error) {
      if (!(error instanceof CardError) || error.code === 'card-removed') throw error;
      this.pinNeeded ||= error.code === 'pin-needed';
      this.problems.push(error.message);
      return undefined;
    }
  }
}

async function readPin(channel: CardChannel, { pinNeeded }: Faults): Promise<SheetPin> {
  const { enabled, triesLeft } = await readPinState(channel);
  return {
    ...(enabled !== undefined && { enabled }),
    ...(triesLeft !== undefined && { triesLeft }),
    needed: pinNeeded,
  };
}

/** What a card is known by: EF(ICCID), and on a UICC EF(DIR). */
async function readOwnFiles(channel: CardChannel, faults: Faults): Promise<SheetFile[]> {
  const file = (path: string, what: string, content: () => Promise<Uint8Array>) =>
    faults.attempt(async () => {
      const fcp = await findFile(channel, path);
      return fcp && sheetFile(channel, { path, what, fcp, used: (await content()).length, base: MF });
    });
  const records = async () => concatBytes((await readRecords(channel, EF_DIR)).map(withoutPadding));
  const iccid = await file(EF_ICCID, 'EF(ICCID)', () => readFile(channel, EF_ICCID));
  const directory = channel.gsm ? undefined : await file(EF_DIR, 'EF(DIR)', records);
  return [iccid, directory].filter(one => one !== undefined);
}

async function readPkcs15(channel: CardChannel, application: ApplicationTemplate, faults: Faults) {
  const directories = await readDirectories(channel, application);
  const { base, odf, dodfs } = directories;
  // A fault of a directory file is told; the first that is missing says it all.
  const missing = [odf, ...dodfs].find(({ fcp }) => !fcp);
  if (missing) await readFile(channel, missing.path);
  const files: SheetFile[] = [];
  for (const { path, bytes, fcp } of [odf, ...dodfs]) {
    const what = path === odf.path ? 'EF(ODF)' : 'EF(DODF)';
    if (fcp) files.push(await sheetFile(channel, { path, what, fcp, used: withoutPadding(bytes).length, base }));
  }
  const bootstraps: SheetBootstrap[] = [];
  for (const profile of PROFILE_IDS) {
    const found = await faults.attempt(() => readBootstrapFile(channel, directories, profile));
    if (!found) continue;
    files.push(found.file);
    if (found.document.length > 0) bootstraps.push({ profile, path: found.file.path, bytes: found.document });
  }
  return { directory: await directoryOf(channel, base), files, objects: objectsOf(directories), bootstraps };
}

/** Undefined where the card has none; of CP also where no pointer leads to one: then it is nobody knows whose. */
async function readBootstrapFile(channel: CardChannel, directories: Directories, profile: ProfileId) {
  const { base, bootstrapPath: path, bootstrapPart, provisioned } = layoutOf(directories, PROFILE_KINDS[profile]);
  if (!provisioned && profile !== 'dm') return undefined;
  const fcp = await findFile(channel, path);
  if (!fcp) {
    if (provisioned) await readFile(channel, path);
    return undefined;
  }
  const bytes = await readBinary(channel, path, transparentSize(fcp, path));
  const content = withoutPadding(partOf(bytes, bootstrapPart));
  const file = await sheetFile(channel, { path, what: PROFILE_KINDS[profile].file, fcp, used: content.length, base });
  return { file, document: provisioned ? content : new Uint8Array() };
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

function atrWords(atr: Uint8Array, problems: string[]): string[] {
  try {
    return describeAtr(atr);
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    problems.push(`ATR: ${error.message}`);
    return [];
  }
}
