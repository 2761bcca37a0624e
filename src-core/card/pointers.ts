/** EF(DODF) and EF(ODF) as they shall be: one entry more, another one, or one less; those of others stay as they are. */
import { bytesEqual, concatBytes, fromHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { encodeDataObject, encodeOdfEntry, ODF_DATA_OBJECTS } from '../encoding/pkcs15.ts';
import { type BootstrapLayout, belongsTo, resolvePath } from './layout.ts';

/** `bytes`: the file as it is, or FF where it is still to be created. */
interface Directory {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly entries: readonly { readonly raw: Uint8Array }[];
}

/** The DODF that leads to this file. An entry that leads there already stays, in whatever form it has. */
export function dodfTo(layout: BootstrapLayout, bytes: Uint8Array, path: string): Uint8Array {
  const { dodf, base, kind } = layout;
  const own = encodeDataObject({ label: kind.label, applicationOid: kind.oid, path });
  const entries = dodf.entries.map(entry => {
    if (!belongsTo(entry, kind) || !entry.value) return entry.raw;
    const there = resolvePath(base, entry.value.path) === path;
    return there ? entry.raw : (withPath(entry.raw, entry.value.path, inForm(entry.value.path, base, path)) ?? own);
  });
  if (!dodf.entries.some(entry => belongsTo(entry, kind))) entries.push(own);
  return withEntries({ ...dodf, bytes }, entries);
}

/** The DODF without entries for the bootstrap of this kind. */
export function dodfWithout({ dodf, kind }: BootstrapLayout, bytes: Uint8Array): Uint8Array {
  const others = concatBytes(dodf.entries.filter(entry => !belongsTo(entry, kind)).map(entry => entry.raw));
  const all = concatBytes(dodf.entries.map(entry => entry.raw));
  const result = bytes.slice().fill(0xff, others.length, all.length);
  result.set(others);
  return result;
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

/** The path as the entry writes paths, absolute or from the application DF: the shorter the change, the safer. */
function inForm(form: string, base: string, path: string): string {
  const isRelative = base !== '' && !form.startsWith('3F00') && path.startsWith(base);
  return isRelative ? path.slice(base.length) : path;
}

/** The entry with another path of the same length in it, the rest as it is; undefined where the path is not found once. */
function withPath(raw: Uint8Array, from: string, to: string): Uint8Array | undefined {
  if (from.length !== to.length) return undefined;
  const [old, fresh] = [Buffer.from(fromHex(from)), fromHex(to)];
  const bytes = Buffer.from(raw);
  const at = bytes.indexOf(old);
  if (at < 0 || bytes.indexOf(old, at + 1) >= 0) return undefined;
  bytes.set(fresh, at);
  return Uint8Array.from(bytes);
}
