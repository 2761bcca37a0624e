/** Where a bootstrap is on a card, or would go: EF.DIR, EF(ODF), EF(DODF) (OMA DM Bootstrap 1.2, smart card appendix; OMA ProvSC). */
import { CardError, EncodingError } from '../base/errors.ts';
import type { Fcp } from '../encoding/fcp.ts';
import { decodeIccid } from '../encoding/iccid.ts';
import {
  type ApplicationTemplate,
  type DataObject,
  type DirectoryEntry,
  decodeApplicationTemplate,
  decodeDodf,
  decodeOdf,
  type FilePart,
  type Location,
  ODF_DATA_OBJECTS,
  type OdfEntry,
  PKCS15_AID,
  partOf,
} from '../encoding/pkcs15.ts';
import { outOfUse } from '../encoding/pkcs15-edit.ts';
import {
  basicChannel,
  type CardChannel,
  findFile,
  readBinary,
  readFile,
  readRecords,
  SIM_PKCS15,
  transparentSize,
} from './file-access.ts';
import { PROFILE_IDS, PROFILE_KINDS, type ProfileKind } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';

/** Paths as SELECT takes them, from the MF. */
export const EF_DIR = '3F002F00';
export const EF_ICCID = '3F002FE2';
const CLASS_NOT_SUPPORTED = 0x6e00;

/** File identifiers in the application DF: ODF by PKCS#15 §6.2, the others where the card names none yet. */
const EF_ODF = '5031';
const DEFAULT_DODF = '6430';
/** A card has one or two. */
const MAX_DODFS = 8;
/** What a new entry takes in EF(DODF), about. */
const ENTRY_ROOM = 40;

export interface DirectoryFile<T> {
  readonly path: string;
  /** Undefined where the card has no such file. */
  readonly fcp: Fcp | undefined;
  /** The file, or as much of its beginning as EF(ODF) gives. */
  readonly bytes: Uint8Array;
  readonly entries: readonly DirectoryEntry<T>[];
}

/** The directory files of the application, whatever they lead to. */
export interface Directories {
  /** Path of the application DF, empty where EF.DIR does not say it. */
  readonly base: string;
  readonly odf: DirectoryFile<OdfEntry>;
  /** All EF(DODF) that EF(ODF) leads to; where it leads to none, the one that is usual. */
  readonly dodfs: readonly [DirectoryFile<DataObject>, ...DirectoryFile<DataObject>[]];
  /** True when EF(ODF) leads to them. */
  readonly dodfListed: boolean;
}

export interface BootstrapLayout extends Directories {
  readonly kind: ProfileKind;
  /** The one that has the entry of this kind, or would get it. */
  readonly dodf: DirectoryFile<DataObject>;
  readonly bootstrapPath: string;
  /** Absent where it is the whole file. */
  readonly bootstrapPart?: FilePart;
  /** True when a handset finds the bootstrap file: ODF and DODF lead to it. */
  readonly provisioned: boolean;
}

/** The basic channel in the class that the card speaks, and which card it is. */
export async function identifyCard(connection: CardConnection): Promise<{ channel: CardChannel; iccid: string }> {
  const channel = basicChannel(connection);
  try {
    return { channel, iccid: await readIccid(channel) };
  } catch (error) {
    if (!(error instanceof CardError) || error.statusWord !== CLASS_NOT_SUPPORTED) throw error;
    const sim: CardChannel = { ...channel, gsm: true };
    return { channel: sim, iccid: await readIccid(sim) };
  }
}

export async function readIccid(channel: CardChannel): Promise<string> {
  return decoding(EF_ICCID, decodeIccid, await readFile(channel, EF_ICCID));
}

/** Applications in EF.DIR; empty records are left out. */
export async function readApplications(channel: CardChannel): Promise<ApplicationTemplate[]> {
  // A SIM has no EF.DIR: its directory file is where the specification says.
  if (channel.gsm) return [{ aid: PKCS15_AID, label: 'PKCS-15', path: SIM_PKCS15 }];
  const records = await readRecords(channel, EF_DIR);
  return records.flatMap(record => decoding(EF_DIR, decodeApplicationTemplate, record) ?? []);
}

/** @throws CardError `no-pkcs15` when EF.DIR does not list the application. */
export function pkcs15Application(applications: readonly ApplicationTemplate[]): ApplicationTemplate {
  const found = applications.find(application => application.aid === PKCS15_AID);
  if (found) return found;
  throw new CardError('no-pkcs15', 'EF.DIR of this card lists no PKCS#15 application', {
    advice: 'Use a card with a PKCS#15 application, or ask the card issuer to add one',
  });
}

export async function readDirectories(channel: CardChannel, application: ApplicationTemplate): Promise<Directories> {
  const base = absolute(application.path ?? '');
  const odf = await readDirectory(channel, { path: resolvePath(base, EF_ODF) }, decodeOdf);
  const listed: DirectoryFile<DataObject>[] = [];
  for (const location of dodfLocations(base, odf)) listed.push(await readDirectory(channel, location, decodeDodf));
  const [first, ...more] = listed;
  if (first) return { base, odf, dodfs: [first, ...more], dodfListed: true };
  // Nobody is led there.
  const usual = await readDirectory(channel, { path: resolvePath(base, DEFAULT_DODF) }, decodeOrNothing);
  return { base, odf, dodfs: [usual], dodfListed: false };
}

/** Each once. @throws CardError `file-chain`: a part of them would not say what is taken. */
function dodfLocations(base: string, { path, entries }: DirectoryFile<OdfEntry>): Location[] {
  const all = entries.flatMap(({ value }) =>
    value?.tag === ODF_DATA_OBJECTS ? [{ ...value, path: resolvePath(base, value.path) }] : [],
  );
  const files = all.filter((one, i) => all.findIndex(other => sameFile(base, one.path, other.path)) === i);
  if (files.length <= MAX_DODFS) return files;
  throw new CardError('file-chain', `EF(ODF) ${path} leads to ${files.length} EF(DODF), more than ${MAX_DODFS}`, {
    advice: 'Another program left it broken; the card issuer must restore it',
    details: { path },
  });
}

/** Where the pointers lead; where they are missing, says where the files belong. @throws CardError `file-taken`. */
export function layoutOf(directories: Directories, kind: ProfileKind): BootstrapLayout {
  const { base, dodfs, dodfListed } = directories;
  const holds = (belongs: typeof belongsTo) => (file: DirectoryFile<DataObject>) =>
    file.entries.some(entry => belongs(entry, kind));
  const dodf = dodfs.find(holds(belongsTo)) ?? dodfs.find(holds(belonged)) ?? dodfs.find(hasRoom) ?? dodfs[0];
  // What nobody is led to may be the half of an entry: it decides nothing.
  const entries = dodfListed ? dodf.entries : [];
  const object = entries.find(entry => belongsTo(entry, kind))?.value;
  const isTaken = takenFiles(directories, kind);
  const bootstrapPath = object ? resolvePath(base, object.path) : freePath(entries, { base, kind, isTaken });
  refuseTaken(bootstrapPath, isTaken, kind);
  return {
    ...directories,
    kind,
    dodf,
    bootstrapPath,
    ...(object?.part && { bootstrapPart: object.part }),
    provisioned: dodfListed && object !== undefined,
  };
}

/** Where it was before, else where it belongs. */
function freePath(
  entries: readonly DirectoryEntry<DataObject>[],
  of: { readonly base: string; readonly kind: ProfileKind; readonly isTaken: (path: string) => boolean },
): string {
  const { base, kind, isTaken } = of;
  const former = entries.flatMap(entry =>
    belonged(entry, kind) && entry.value && !entry.value.part ? [entry.value.path] : [],
  );
  const paths = [...former, ...kind.fids].map(path => resolvePath(base, path));
  return paths.find(path => !isTaken(path)) ?? paths[0] ?? '';
}

export async function readLayout(
  channel: CardChannel,
  application: ApplicationTemplate,
  kind: ProfileKind,
): Promise<BootstrapLayout> {
  return layoutOf(await readDirectories(channel, application), kind);
}

interface FileOfKind {
  readonly path: string;
  readonly base: string;
  readonly kind: ProfileKind;
}

/** The object by which these bytes of EF(DODF) lead a handset to the file; undefined where they do not. */
export function objectFor(dodf: Uint8Array, { path, base, kind }: FileOfKind): DataObject | undefined {
  const leads = (entry: DirectoryEntry<DataObject>) =>
    belongsTo(entry, kind) && sameFile(base, resolvePath(base, entry.value?.path ?? ''), path);
  return decodeOrNothing(dodf).find(leads)?.value;
}

export function leadsTo(dodf: Uint8Array, file: FileOfKind): boolean {
  return objectFor(dodf, file) !== undefined;
}

/** An entry that leads a handset to a bootstrap of this kind. */
export function belongsTo(entry: DirectoryEntry<DataObject>, { oid }: ProfileKind): boolean {
  return entry.value?.applicationOid === oid;
}

/** An entry that did, and was put out of use where it stands. */
export function belonged(entry: DirectoryEntry<DataObject>, { oid }: ProfileKind): boolean {
  return entry.value?.applicationOid === outOfUse(oid);
}

/** Nobody's any more, whatever kind it was of. */
export function isOutOfUse(entry: DirectoryEntry<DataObject>): boolean {
  return PROFILE_IDS.some(id => belonged(entry, PROFILE_KINDS[id]));
}

/** What cannot be read in it was cut when it was written. */
export function decodeOrNothing(bytes: Uint8Array): DirectoryEntry<DataObject>[] {
  try {
    return decodeDodf(bytes);
  } catch (error) {
    if (error instanceof EncodingError) return [];
    throw error;
  }
}

function hasRoom({ bytes, entries }: DirectoryFile<DataObject>): boolean {
  return entries.reduce((sum, { raw }) => sum + raw.length, ENTRY_ROOM) <= bytes.length;
}

/** EF.DIR may leave the MF out of a path. */
function absolute(path: string): string {
  return path === '' || path.startsWith('3F00') ? path : `3F00${path}`;
}

/** Files that belong to somebody: the directory files, what EF(ODF) leads to, and what other data objects have. */
export function takenFiles({ base, odf, dodfs }: Directories, kind: ProfileKind): (path: string) => boolean {
  const objects = dodfs.flatMap(({ entries }) =>
    entries.filter(entry => !belongsTo(entry, kind) && !isOutOfUse(entry)),
  );
  const paths = [...odf.entries, ...objects].flatMap(({ value }) => (value ? [resolvePath(base, value.path)] : []));
  const all = [odf.path, ...dodfs.map(({ path }) => path), ...paths];
  return path => all.some(one => sameFile(base, one, path));
}

/** One file by two paths: absolute, or from the application DF. */
export function sameFile(base: string, a: string, b: string): boolean {
  const own = (path: string) => {
    if (base !== '') return path.startsWith(base) ? path.slice(base.length) : path;
    // Where the application DF lies is not known: what it holds is known by its identifier.
    return path.length > 4 ? path.slice(-4) : path;
  };
  return own(a) === own(b);
}

function refuseTaken(path: string, isTaken: (path: string) => boolean, { name }: ProfileKind): void {
  if (isTaken(path))
    throw new CardError('file-taken', `file ${path} already belongs to another object of the card`, {
      advice: `The card issuer must create another file for the ${name} and list it in EF(DODF)`,
      details: { path },
    });
}

/** A path in a directory file is absolute, or relative to the application DF (PKCS#15 §6.1.5). */
export function resolvePath(base: string, path: string): string {
  return path.startsWith('3F00') ? path : `${base}${path}`;
}

async function readDirectory<T>(
  channel: CardChannel,
  { path, part }: Location,
  decode: (bytes: Uint8Array) => DirectoryEntry<T>[],
): Promise<DirectoryFile<T>> {
  const fcp = await findFile(channel, path);
  if (!fcp) return { path, fcp, bytes: new Uint8Array(), entries: [] };
  if (part && part.index > 0) throw beginsInside(path, part.index);
  const bytes = partOf(await readBinary(channel, path, transparentSize(fcp, path)), part);
  return { path, fcp, bytes, entries: decoding(path, decode, bytes) };
}

function beginsInside(path: string, index: number): CardError {
  return new CardError('file-malformed', `EF(ODF) says that EF(DODF) begins at byte ${index} of file ${path}`, {
    advice: 'The card issuer must put it at the beginning of a file',
    details: { path },
  });
}

/** @throws CardError `file-malformed` naming the file, when its bytes cannot be decoded. */
export function decoding<T>(path: string, decode: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return decode(bytes);
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new CardError('file-malformed', `file ${path} cannot be read: ${cause.message}`, {
      advice: 'Another program left it broken; the card issuer must restore it',
      details: { path, offset: cause.offset },
      cause,
    });
  }
}
