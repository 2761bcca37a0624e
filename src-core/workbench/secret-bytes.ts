/** Where secrets are in the bytes of a message, so that a hex dump leaves them out. */
import { toHex } from '../base/bytes.ts';
import type { SourceRange } from '../encoding/markup.ts';
import { Token } from '../encoding/wbxml/tokens.ts';
import type { Encoding } from '../syncml/codec.ts';
import { SECRET_ENDINGS } from './secret-names.ts';

export interface ByteSource {
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
}

export interface HiddenRange extends SourceRange {
  readonly why: string;
  /** It is WBXML tokens with what they carry, not the text alone. */
  readonly tokens?: true;
}

/** Collects ranges; what cannot be placed hides more rather than less. */
export class HiddenBytes {
  readonly ranges: HiddenRange[] = [];
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** All of a text or attribute. `start`: first byte of the document that it is in. */
  hide(range: SourceRange | undefined, value: string, why: string, start: number): void {
    if (range) this.#add({ ...range, ...(this.#source.encoding === 'wbxml' && { tokens: true }) }, why);
    for (const place of range ? this.#tableEntries(range, start) : this.#placesOf(value.trim())) this.#add(place, why);
  }

  /** These parts of a text; all of it where they are not found as they are. */
  hideWithin(range: SourceRange | undefined, parts: readonly string[], why: string, start: number): void {
    const places = parts.map(part => this.#placesOf(part, range));
    if (range && places.some(found => found.length === 0)) this.hide(range, '', why, start);
    else for (const place of places.flat()) this.#add(place, why);
  }

  /** First byte of the data that the token OPAQUE at the start of the range carries. */
  contentOf(range: SourceRange): number {
    return readUint(this.#source.bytes, range.start + 1).next;
  }

  #add(place: Omit<HiddenRange, 'why'>, why: string): void {
    const { start, end } = place;
    if (!this.ranges.some(range => range.start === start && range.end === end)) this.ranges.push({ ...place, why });
  }

  /** Every place of the text, plain or escaped, in the range; without a range and without a place it is everything. */
  #placesOf(text: string, range?: SourceRange): SourceRange[] {
    const { bytes } = this.#source;
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const places: SourceRange[] = [];
    for (const form of new Set([text, escaped(text)])) {
      const sought = Buffer.from(form);
      for (let at = all.indexOf(sought, range?.start ?? 0); at >= 0; at = all.indexOf(sought, at + sought.length)) {
        if (sought.length === 0 || at + sought.length > (range?.end ?? all.length)) break;
        places.push({ start: at, end: at + sought.length });
      }
    }
    return places.length > 0 || range || text === '' ? places : [{ start: 0, end: bytes.length }];
  }

  /** WBXML texts may stand in the string table (STR_T): those entries. */
  #tableEntries(range: SourceRange, start: number): SourceRange[] {
    const { bytes, encoding } = this.#source;
    if (encoding === 'xml') return [];
    const table = tableStart(bytes, start);
    const entries: SourceRange[] = [];
    for (let at = range.start; at < range.end; ) {
      const token = bytes[at];
      if (token === Token.STR_I) at = bytes.indexOf(0, at) + 1 || range.end;
      else if (token === Token.STR_T) {
        const { value, next } = readUint(bytes, at + 1);
        const end = bytes.indexOf(0, table + value);
        entries.push({ start: table + value, end: end < 0 ? bytes.length : end });
        at = next;
      } else at += 1;
    }
    return entries;
  }
}

/** Two digits a byte, bullets for the hidden ones. */
export function hexWithout(bytes: Uint8Array, hidden: readonly SourceRange[]): string {
  const hex = toHex(bytes);
  let shown = '';
  let at = 0;
  for (const { start, end } of hidden.toSorted((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    shown += hex.slice(at * 2, Math.max(at, start) * 2) + '••'.repeat(end - Math.max(at, start));
    at = end;
  }
  return shown + hex.slice(at * 2);
}

/** As XML writes it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const MARKER = new RegExp(`auth-basic|AAuthData|PXAUTH-PW|${SECRET_ENDINGS}(?![A-Za-z0-9])`, 'gi');
const STRICT_MARKER = new RegExp(`${MARKER.source}|auth-md5|auth-mac|NextNonce`, 'gi');
/** How many texts before and after a marker may be the secret it announces: Format, Type, an ACL stand between. */
const BEFORE = 2;
const AFTER = 3;

/**
 * Bytes that cannot be decoded show no structure: where they name a secret, the texts beside the name are left out. Text is
 * what stands between tags, or in WBXML three characters in a row and more.
 */
export function hideBlindly({ bytes, encoding }: ByteSource, strict = false): HiddenRange[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const runs = [...text.matchAll(encoding === 'xml' ? /[^<>\s][^<>]*(?=<|$)/g : /[\x20-\x7e\x80-\xff]{3,}/g)].map(
    ({ 0: run, index }) => ({ start: index, end: index + run.length }),
  );
  const hidden = new Set<SourceRange>();
  for (const { 0: found, index } of text.matchAll(strict ? STRICT_MARKER : MARKER)) {
    const at = runs.findIndex(run => run.end >= index + found.length);
    for (const run of runs.slice(Math.max(0, at - BEFORE), at)) hidden.add(run);
    for (const run of runs.slice(at + 1, at + 1 + AFTER)) hidden.add(run);
  }
  return [...hidden].map(run => ({ ...run, why: 'may be a secret: it stands beside the name of one' }));
}

function tableStart(bytes: Uint8Array, start: number): number {
  const publicId = readUint(bytes, start + 1);
  const afterId = publicId.value === 0 ? readUint(bytes, publicId.next).next : publicId.next;
  // WBXML 1.0 names no character set.
  const afterCharset = bytes[start] === 0 ? afterId : readUint(bytes, afterId).next;
  return readUint(bytes, afterCharset).next;
}

/** mb_u_int32 of bytes that were decoded before. */
export function readUint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let next = at; ; next += 1) {
    const byte = bytes[next] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, next: next + 1 };
  }
}
