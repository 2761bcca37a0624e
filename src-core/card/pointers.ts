/** EF(DODF) and EF(ODF) as they shall be. Entries of others keep their bytes and their places. */
import { bytesEqual, concatBytes } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import {
  type DataObject,
  type DirectoryEntry,
  encodeDataObject,
  encodeOdfEntry,
  type FilePart,
  ODF_DATA_OBJECTS,
} from '../encoding/pkcs15.ts';
import { putIntoUse, putOutOfUse, withPath } from '../encoding/pkcs15-edit.ts';
import {
  type BootstrapLayout,
  belonged,
  belongsTo,
  decodeOrNothing,
  isOutOfUse,
  resolvePath,
  sameFile,
} from './layout.ts';
import { PROFILE_IDS, PROFILE_KINDS, type ProfileKind } from './profile-kind.ts';

/** `bytes`: the file as it is, or FF where it is still to be created. */
interface Directory {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly entries: readonly { readonly raw: Uint8Array }[];
}

interface Target {
  readonly path: string;
  readonly part?: FilePart | undefined;
}

/** An entry for this kind, in use or out of it. */
interface OwnEntry {
  /** Which one of the list. */
  readonly at: number;
  readonly raw: Uint8Array;
  readonly isUsed: boolean;
  /** As it would lead to the target; absent where its length would change. */
  readonly fresh: Uint8Array | undefined;
  /** Bytes that this takes. */
  readonly change: number;
}

/**
 * The DODF that leads there. An entry that does already stays, and one that needs a single byte for it gets that. Any other goes
 * out of use, and one that is out of use, or a new one at the end, takes its place.
 */
export function dodfTo(layout: BootstrapLayout, bytes: Uint8Array, target: Target): Uint8Array {
  if (!layout.dodfListed) return firstList(layout, bytes, target);
  const own = ownEntries(layout, target);
  const list = withoutUnused(settled(layout, own, target));
  const fits = concatBytes(list).length <= bytes.length;
  return withEntries({ ...layout.dodf, bytes }, fits ? list : (rewritten(layout, own) ?? list));
}

/** What was cut while nobody was led there is no entry: a new one stands behind those of others. */
function firstList({ dodf, kind }: BootstrapLayout, bytes: Uint8Array, { path }: Target): Uint8Array {
  const isOfBootstrap = (entry: DirectoryEntry<DataObject>) => PROFILE_IDS.some(id => isOurs(entry, PROFILE_KINDS[id]));
  const others = dodf.entries.filter(entry => !isOfBootstrap(entry)).map(({ raw }) => raw);
  const own = encodeDataObject({ label: kind.label, applicationOid: kind.oid, path });
  return withEntries({ ...dodf, bytes }, [...others, own]);
}

function ownEntries(layout: BootstrapLayout, target: Target): OwnEntry[] {
  const { dodf, kind } = layout;
  return dodf.entries.flatMap((entry, at) => {
    if (!isOurs(entry, kind)) return [];
    const { raw } = entry;
    const fresh = leadsThere(layout, entry, target) ? raw : movedTo(layout, entry, target);
    const change = fresh ? differing(fresh, raw) : Number.POSITIVE_INFINITY;
    return [{ at, raw, isUsed: belongsTo(entry, kind), fresh, change }];
  });
}

function settled({ dodf, kind }: BootstrapLayout, own: readonly OwnEntry[], target: Target): Uint8Array[] {
  const entries = dodf.entries.map(({ raw }) => raw);
  const used = own.filter(({ isUsed }) => isUsed);
  const free = own.filter(({ isUsed, fresh }) => !isUsed && fresh).sort((a, b) => a.change - b.change);
  const homeless = used.filter(({ change }) => change > 1);
  for (const { at, raw } of own) entries[at] = putOutOfUse(raw, kind.oid);
  for (const { at, fresh, change } of used) if (fresh && change <= 1) entries[at] = putIntoUse(fresh, kind.oid);
  const wanted = used.length > 0 ? homeless.map(({ fresh }) => fresh) : [free[0]?.fresh];
  for (const fresh of wanted) {
    const raw = fresh ?? encodeDataObject({ label: kind.label, applicationOid: kind.oid, path: target.path });
    // In the same form: some handsets know one only.
    const next = free.findIndex(entry => entry.raw[0] === raw[0]);
    const [taken] = next < 0 ? [] : free.splice(next, 1);
    entries[taken?.at ?? entries.length] = putIntoUse(taken?.fresh ?? raw, kind.oid);
  }
  return entries;
}

/** Without room for another one the entry itself changes, by more than a byte; undefined where its length would as well. */
function rewritten({ dodf, kind }: BootstrapLayout, own: readonly OwnEntry[]): Uint8Array[] | undefined {
  if (!own.some(({ isUsed, fresh }) => isUsed && fresh)) return undefined;
  const entries = dodf.entries.map(({ raw }) => raw);
  for (const { at, raw, isUsed, fresh } of own)
    entries[at] = isUsed && fresh ? putIntoUse(fresh, kind.oid) : putOutOfUse(raw, kind.oid);
  return entries;
}

/** The DODF that leads to no bootstrap of this kind: its entries are gone from the end, out of use before others. */
export function dodfWithout({ dodf, kind }: BootstrapLayout, bytes: Uint8Array): Uint8Array {
  const entries = dodf.entries.map(entry => (isOurs(entry, kind) ? putOutOfUse(entry.raw, kind.oid) : entry.raw));
  return withEntries({ ...dodf, bytes }, withoutUnused(entries));
}

/** All its entries out of use where they stand. */
export function withdrawn(dodf: Uint8Array, kind: ProfileKind): Uint8Array {
  const result = dodf.slice();
  let at = 0;
  for (const entry of decodeOrNothing(dodf)) {
    if (isOurs(entry, kind)) result.set(putOutOfUse(entry.raw, kind.oid), at);
    at += entry.raw.length;
  }
  return result;
}

/** A handset that is led to this DODF finds an entry of this kind. */
export function hasEntry(dodf: Uint8Array, kind: ProfileKind): boolean {
  return decodeOrNothing(dodf).some(entry => belongsTo(entry, kind));
}

export function odfTo({ odf, dodf, dodfListed }: BootstrapLayout, bytes: Uint8Array): Uint8Array {
  if (dodfListed) return bytes;
  const own = encodeOdfEntry({ tag: ODF_DATA_OBJECTS, path: dodf.path });
  return withEntries({ ...odf, bytes }, [...odf.entries.map(entry => entry.raw), own]);
}

/** @throws CardError `file-too-small`. */
export function refuseTooLong(length: number, size: number, path: string): void {
  if (length <= size) return;
  throw new CardError('file-too-small', `file ${path} has ${size} bytes, ${length} are needed`, {
    advice: 'Shorten the profile, or use a card with a larger file',
    details: { path, size, needed: length },
  });
}

/** The file with these entries; the padding after them stays whatever it was. */
function withEntries({ path, bytes, entries: before }: Directory, entries: readonly Uint8Array[]): Uint8Array {
  const list = concatBytes(entries);
  const old = concatBytes(before.map(entry => entry.raw));
  if (bytesEqual(list, old)) return bytes;
  refuseTooLong(list.length, bytes.length, path);
  const result = bytes.slice();
  if (list.length < old.length) result.fill(0xff, list.length, old.length);
  // Something that is no padding may lie after the padding that ended the list: end the longer list as well.
  else if (list.length < result.length && result[list.length] !== 0x00) result[list.length] = 0xff;
  result.set(list);
  return result;
}

function isOurs(entry: DirectoryEntry<DataObject>, kind: ProfileKind): boolean {
  return belongsTo(entry, kind) || belonged(entry, kind);
}

function leadsThere({ base }: BootstrapLayout, { value }: DirectoryEntry<DataObject>, target: Target): boolean {
  if (!value || !sameFile(base, resolvePath(base, value.path), target.path)) return false;
  return value.part?.index === target.part?.index && value.part?.length === target.part?.length;
}

/** The entry with this path in it, as it writes paths, the rest as it is; undefined where its length would change. */
function movedTo(
  { base }: BootstrapLayout,
  { raw, value }: DirectoryEntry<DataObject>,
  { path }: Target,
): Uint8Array | undefined {
  // Another file, or other content, is another part.
  if (!value || value.part) return undefined;
  const isRelative = base !== '' && !value.path.startsWith('3F00') && path.startsWith(base);
  return withPath(raw, isRelative ? path.slice(base.length) : path);
}

function differing(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((count, byte, i) => (byte === b[i] ? count : count + 1), 0);
}

/** The last ones that are out of use are let go. */
function withoutUnused(entries: readonly Uint8Array[]): Uint8Array[] {
  return entries.slice(0, entries.findLastIndex(raw => !decodeOrNothing(raw).some(isOutOfUse)) + 1);
}
