/** Strings of a WBXML document: inline and in its string table, in its character set, all together within a limit. */
import { toHex } from '../../base/bytes.ts';
import type { Charset } from './charsets.ts';
import type { Source } from './source.ts';
import { Token } from './tokens.ts';

/** Characters that texts may still take. */
export interface TextBudget {
  characters: number;
}

/** Up to here a string is quicker made character by character than by a call. */
const SHORT = 5;

export class Strings {
  readonly #source: Source;
  readonly #charset: Charset;
  readonly #budget: TextBudget;
  readonly #tableStart: number;
  readonly #tableEnd: number;
  /** Strings of the table by their index: a document that repeats one holds it once. */
  #known: Map<number, string> | undefined;

  /** The table lies directly before the next byte of the source. */
  constructor(source: Source, charset: Charset, tableLength: number, budget: TextBudget) {
    this.#source = source;
    this.#charset = charset;
    this.#budget = budget;
    this.#tableStart = source.at - tableLength;
    this.#tableEnd = source.at;
  }

  /** A string, entity or opaque data as text; undefined for any other token, which is then not taken. */
  value(token: number): string | undefined {
    switch (token) {
      case Token.STR_I:
        return this.inline(this.#source.at++);
      case Token.STR_T:
        return this.ofTable(this.#source.at++, 'a string table index');
      case Token.ENTITY:
        return this.entity(this.#source.at++);
      case Token.OPAQUE:
        return this.#opaque(this.#source.at++);
      default:
        return undefined;
    }
  }

  /** The value of a STR_I; `usedAt` is its token, which is taken. */
  inline(usedAt: number): string {
    const source = this.#source;
    const { bytes, at: start, end: limit } = source;
    if (!this.#charset.extendsAscii) return this.#inlineWide(usedAt);
    let end = start;
    let bits = 0;
    for (; end < limit; end++) {
      const byte = bytes[end] as number;
      if (byte === 0) break;
      bits |= byte;
    }
    if (end === limit) source.fail('unterminated-string', 'expected a string that ends with 00', limit);
    source.at = end + 1;
    return this.#spend(bits < 0x80 ? asciiOf(bytes, start, end) : this.#decode(start, end, usedAt), usedAt);
  }

  #inlineWide(usedAt: number): string {
    const source = this.#source;
    const start = source.at;
    const end = this.#zeroAfter(start, source.end);
    if (end < 0) source.fail('unterminated-string', 'expected a string that ends with 00 00', source.end);
    source.at = end + 2;
    return this.#spend(this.#decode(start, end, usedAt), usedAt);
  }

  /** The value of a STR_T or the name of a literal; `usedAt` is its token, which is taken. */
  ofTable(usedAt: number, what: string): string {
    return this.at(this.#source.uint(what), usedAt);
  }

  at(index: number, usedAt: number): string {
    const known = this.#known?.get(index);
    if (known !== undefined) return this.#spend(known, usedAt);
    const length = this.#tableEnd - this.#tableStart;
    if (index >= length) this.#source.fail('string-table', `expected an index below ${length}, found ${index}`, usedAt);
    const start = this.#tableStart + index;
    const zero = this.#zeroAfter(start, this.#tableEnd);
    const text = this.#spend(this.#decode(start, zero < 0 ? this.#tableEnd : zero, start), usedAt);
    this.#known ??= new Map();
    this.#known.set(index, text);
    return text;
  }

  /** The value of an ENTITY; `usedAt` is its token, which is taken. */
  entity(usedAt: number): string {
    const code = this.#source.uint('a character entity');
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      this.#source.fail('entity', `expected a Unicode character, found ${code}`, usedAt);
    return this.#spend(String.fromCodePoint(code), usedAt);
  }

  /** Opaque data where only text can be. */
  #opaque(usedAt: number): string {
    const start = this.#source.skip(this.#source.uint('the length of opaque data'), 'opaque data');
    return this.#spend(this.#decode(start, this.#source.at, usedAt), usedAt);
  }

  /** Where the zero is that ends a string, -1 without one. */
  #zeroAfter(start: number, limit: number): number {
    const { bytes } = this.#source;
    const step = this.#charset.zero;
    for (let at = start; at + step <= limit; at += step) if (bytes[at] === 0 && bytes[at + step - 1] === 0) return at;
    return -1;
  }

  #decode(start: number, end: number, offset: number): string {
    const part = this.#source.bytes.subarray(start, end);
    const found = () => toHex(part.subarray(0, 16));
    return (
      this.#charset.decode(part) ??
      this.#source.fail('charset', `expected text in ${this.#charset.name}, found ${found()}`, offset)
    );
  }

  #spend(text: string, usedAt: number): string {
    this.#budget.characters -= text.length;
    if (this.#budget.characters < 0) this.#source.fail('too-much-text', 'more text than the limit', usedAt);
    return text;
  }
}

function asciiOf(bytes: Buffer, start: number, end: number): string {
  if (end - start > SHORT) return bytes.toString('latin1', start, end);
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}
