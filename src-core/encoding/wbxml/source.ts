/** A part of a byte array that is read from front to back; offsets count from the start of the whole array. */
import { EncodingError } from '../../base/errors.ts';

export class Source {
  readonly bytes: Buffer;
  readonly end: number;
  /** The next byte. */
  at: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  byte(what: string): number {
    if (this.at >= this.end) this.fail('unexpected-end', `expected ${what}, found the end of the document`);
    return this.bytes[this.at++] as number;
  }

  /** mb_u_int32 (§5.1): seven bits a byte, at most five bytes. */
  uint(what: string): number {
    const start = this.at;
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = this.byte(what);
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    return this.fail('mb-u-int32', `expected ${what} as a number of at most 32 bits`, start);
  }

  /** Passes over so many bytes and returns where they begin. */
  skip(length: number, what: string): number {
    const start = this.at;
    if (length > this.end - start) {
      this.fail('unexpected-end', `expected ${length} bytes of ${what}, found ${this.end - start}`, this.end);
    }
    this.at = start + length;
    return start;
  }

  fail(code: string, message: string, offset = this.at): never {
    throw new EncodingError(code, `WBXML: ${message}`, offset);
  }
}

export function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
