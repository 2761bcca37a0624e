/** Bytes of a WBXML document as they are written: a buffer that grows by doubling. */
import { Token } from './tokens.ts';

/** Up to here a text is quicker written character by character than by a call. */
const SHORT = 64;

export class Output {
  #buffer = Buffer.allocUnsafe(2048);
  length = 0;

  byte(value: number): void {
    if (this.length === this.#buffer.length) this.#reserve(1);
    this.#buffer[this.length++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#buffer.set(values, this.length);
    this.length += values.length;
  }

  /** mb_u_int32. */
  uint(value: number): void {
    for (let digit = uintSize(value) - 1; digit > 0; digit--)
      this.byte((Math.floor(value / 128 ** digit) % 128) | 0x80);
    this.byte(value % 128);
  }

  /** Sets bits of a byte that is written already. */
  setBits(at: number, bits: number): void {
    this.#buffer[at] = (this.#buffer[at] as number) | bits;
  }

  /** UTF-8 as inline string; with a NUL, which would end the string, as opaque data. */
  text(value: string): void {
    if (value.length <= SHORT && this.#asciiString(value)) return;
    const bytes = Buffer.from(value, 'utf8');
    if (bytes.includes(0)) this.opaque(bytes);
    else {
      this.byte(Token.STR_I);
      this.bytes(bytes);
      this.byte(0);
    }
  }

  opaque(bytes: Uint8Array): void {
    this.byte(Token.OPAQUE);
    this.uint(bytes.length);
    this.bytes(bytes);
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, this.length));
  }

  /** False, with nothing written, where the text has other characters or a NUL. */
  #asciiString(value: string): boolean {
    this.#reserve(value.length + 2);
    const buffer = this.#buffer;
    let at = this.length;
    buffer[at++] = Token.STR_I;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code === 0 || code >= 0x80) return false;
      buffer[at++] = code;
    }
    buffer[at++] = 0;
    this.length = at;
    return true;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.length + more));
    grown.set(this.#buffer.subarray(0, this.length));
    this.#buffer = grown;
  }
}

/** Bytes that a number takes as mb_u_int32. */
export function uintSize(value: number): number {
  let size = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
}
