/** BER-TLV with definite lengths, as smart cards use it (ISO/IEC 7816-4 §5.2.2, X.690 §8.1). */
import { concatBytes } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';

export interface Tlv {
  /** Tag bytes as one number: `0x62`, `0x7F50`. */
  readonly tag: number;
  readonly value: Uint8Array;
  /** Where the tag and the value begin, counted from the start of the outermost document. */
  readonly offset: number;
  readonly valueOffset: number;
}

/** Longest tag read: three bytes, as ISO/IEC 7816-4 allows. */
const MAX_TAG_BYTES = 3;

export interface TlvOptions {
  /** Stop at a 00 or FF where a tag should begin: the file is padded to its size. */
  readonly padded?: boolean;
  /** Offset of `bytes` in the outermost document, for errors. */
  readonly base?: number;
}

/** Reads a sequence of TLV objects. @throws EncodingError with the offset where reading failed. */
export function readTlvs(bytes: Uint8Array, options: TlvOptions = {}): Tlv[] {
  const base = options.base ?? 0;
  const found: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (options.padded && (bytes[at] === 0x00 || bytes[at] === 0xff)) break;
    const tag = readTag(bytes, at, base);
    const length = readLength(bytes, tag.next, base);
    const end = length.next + length.value;
    if (end > bytes.length) {
      const missing = `tag ${tag.value.toString(16).toUpperCase()} says ${length.value} bytes, ${bytes.length - length.next} are left`;
      throw new EncodingError('unexpected-end', missing, base + tag.next);
    }
    const value = bytes.subarray(length.next, end);
    found.push({ tag: tag.value, value, offset: base + at, valueOffset: base + length.next });
    at = end;
  }
  return found;
}

/** The objects inside a constructed object. */
export function children(tlv: Tlv): Tlv[] {
  return readTlvs(tlv.value, { base: tlv.valueOffset });
}

/** The first object with this tag inside a constructed object. */
export function child(tlv: Tlv, tag: number): Tlv | undefined {
  return children(tlv).find(inner => inner.tag === tag);
}

/** One TLV object with the shortest length form; `parts` are joined to its value. */
export function writeTlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = concatBytes(parts);
  return concatBytes([bigEndian(tag), lengthBytes(value.length), value]);
}

interface Part {
  readonly value: number;
  readonly next: number;
}

function byteAt(bytes: Uint8Array, at: number, base: number, what: string): number {
  const byte = bytes[at];
  if (byte === undefined) throw new EncodingError('unexpected-end', `the bytes end inside a ${what}`, base + at);
  return byte;
}

function readTag(bytes: Uint8Array, start: number, base: number): Part {
  let value = byteAt(bytes, start, base, 'tag');
  if ((value & 0x1f) !== 0x1f) return { value, next: start + 1 };
  for (let at = start + 1; at < start + MAX_TAG_BYTES; at++) {
    const byte = byteAt(bytes, at, base, 'tag');
    value = value * 256 + byte;
    if ((byte & 0x80) === 0) return { value, next: at + 1 };
  }
  throw new EncodingError('tag-too-long', `a tag is longer than ${MAX_TAG_BYTES} bytes`, base + start);
}

function readLength(bytes: Uint8Array, start: number, base: number): Part {
  const first = byteAt(bytes, start, base, 'length');
  if (first < 0x80) return { value: first, next: start + 1 };
  const count = first & 0x7f;
  if (count === 0)
    throw new EncodingError('indefinite-length', 'an indefinite length is not allowed here', base + start);
  if (count > 3) throw new EncodingError('length-too-long', `a length of ${count} bytes is too long`, base + start);
  let value = 0;
  for (let i = 1; i <= count; i++) value = value * 256 + byteAt(bytes, start + i, base, 'length');
  return { value, next: start + 1 + count };
}

function bigEndian(number: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes.length === 0 ? [0] : bytes);
}

function lengthBytes(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const digits = bigEndian(length);
  return concatBytes([Uint8Array.of(0x80 | digits.length), digits]);
}
