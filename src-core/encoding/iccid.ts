/** ICCID in EF.ICCID: digits in swapped nibbles, F-padded to 10 bytes (ETSI TS 102 221 §13.2, ITU-T E.118). */
import { EncodingError } from '../base/errors.ts';

const ICCID_BYTES = 10;

/** @throws EncodingError for anything but 1 to 20 digits. */
export function encodeIccid(digits: string): Uint8Array {
  const wrong = /[^0-9]/.exec(digits);
  if (wrong)
    throw new EncodingError('not-a-digit', `an ICCID has digits only, found ${JSON.stringify(wrong[0])}`, wrong.index);
  if (digits.length === 0 || digits.length > 2 * ICCID_BYTES)
    throw new EncodingError('wrong-length', `an ICCID has up to 20 digits, not ${digits.length}`, digits.length);
  const padded = digits.padEnd(2 * ICCID_BYTES, 'F');
  return Uint8Array.from({ length: ICCID_BYTES }, (_, i) => {
    const low = Number.parseInt(padded.charAt(2 * i), 16);
    const high = Number.parseInt(padded.charAt(2 * i + 1), 16);
    return (high << 4) | low;
  });
}

/** @throws EncodingError at the first nibble that is neither a digit nor padding at the end. */
export function decodeIccid(bytes: Uint8Array): string {
  const nibbles = [...bytes].flatMap(byte => [byte & 0x0f, byte >> 4]);
  const end = nibbles.indexOf(0x0f);
  const digits = end === -1 ? nibbles : nibbles.slice(0, end);
  if (digits.length === 0) throw new EncodingError('empty', 'the ICCID is empty', 0);
  const wrong = nibbles.findIndex((nibble, i) => (i < digits.length ? nibble > 9 : nibble !== 0x0f));
  if (wrong !== -1) throw new EncodingError('not-a-digit', 'an ICCID nibble is not a digit', wrong >> 1);
  return digits.join('');
}

/** The Luhn check digit that completes `digits` (ISO/IEC 7812-1 annex B). */
export function luhnDigit(digits: string): string {
  let sum = 0;
  [...digits].reverse().forEach((character, i) => {
    const doubled = Number(character) * (i % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  });
  return String((10 - (sum % 10)) % 10);
}
