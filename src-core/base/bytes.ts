/** Small helpers on byte arrays and their hexadecimal text. */
import { EncodingError } from './errors.ts';

/** Upper-case hexadecimal, two digits a byte, optionally separated: `3B9F96…`. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
  return separator === '' ? digits : (digits.match(/../g) ?? []).join(separator);
}

/** Reads hexadecimal text; white space between digits is ignored. @throws EncodingError at the first wrong character. */
export function fromHex(text: string): Uint8Array {
  const wrong = /[^0-9a-fA-F\s]/.exec(text);
  if (wrong)
    throw new EncodingError('not-hex', `expected a hexadecimal digit, found ${JSON.stringify(wrong[0])}`, wrong.index);
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0)
    throw new EncodingError('odd-hex', 'expected an even number of hexadecimal digits', text.length);
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
