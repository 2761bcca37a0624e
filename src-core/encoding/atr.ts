/** Answer-to-Reset in words (ISO/IEC 7816-3 §8.2). */
import { toHex } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';

export interface Atr {
  readonly convention: 'direct' | 'inverse';
  /** Interface bytes by name, in the order sent: TA1, TD1, … */
  readonly interfaceBytes: readonly { readonly name: string; readonly value: number }[];
  /** Transmission protocols offered, T=15 (global interface bytes) left out; the first is the default. */
  readonly protocols: readonly number[];
  readonly historical: Uint8Array;
  /** `absent` is right only when T=0 is the one protocol named. */
  readonly checksum: 'right' | 'wrong' | 'absent';
}

/** TA1 as clock rate conversion F and baud rate adjustment D (ISO/IEC 7816-3 tables 7 and 8). */
const CLOCK_RATES = [372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024, 1536, 2048, 0, 0];
const BAUD_RATES = [0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0];

/** @throws EncodingError when the bytes are no ATR or end too early. */
export function decodeAtr(bytes: Uint8Array): Atr {
  const at = (offset: number): number => {
    const byte = bytes[offset];
    if (byte === undefined) throw new EncodingError('unexpected-end', 'the ATR ends too early', offset);
    return byte;
  };
  const ts = at(0);
  if (ts !== 0x3b && ts !== 0x3f)
    throw new EncodingError('wrong-ts', 'an ATR begins with 3B (direct) or 3F (inverse convention)', 0);

  const interfaceBytes: { name: string; value: number }[] = [];
  const named: number[] = [];
  const historicalLength = at(1) & 0x0f;
  let presence = at(1) >> 4;
  let offset = 2;
  for (let level = 1; presence !== 0; level++) {
    let next = 0;
    for (const [bit, letter] of ['A', 'B', 'C', 'D'].entries()) {
      if ((presence & (1 << bit)) === 0) continue;
      const value = at(offset++);
      interfaceBytes.push({ name: `T${letter}${level}`, value });
      if (letter !== 'D') continue;
      named.push(value & 0x0f);
      next = value >> 4;
    }
    presence = next;
  }

  const end = offset + historicalLength;
  if (end > bytes.length) throw new EncodingError('unexpected-end', 'the ATR ends too early', bytes.length);
  const protocols = named.length === 0 ? [0] : [...new Set(named.filter(protocol => protocol !== 15))];
  return {
    convention: ts === 0x3b ? 'direct' : 'inverse',
    interfaceBytes,
    protocols,
    historical: bytes.slice(offset, end),
    checksum: checksum(bytes, end),
  };
}

/** Clock cycles for one bit at the rate that the card offers in TA1; 372 where it offers none (ISO/IEC 7816-3 §7.1, §8.3). */
export function clocksPerBit({ interfaceBytes }: Atr): number {
  const ta1 = interfaceBytes.find(({ name }) => name === 'TA1')?.value ?? 0x11;
  return (CLOCK_RATES[ta1 >> 4] || 372) / (BAUD_RATES[ta1 & 0x0f] || 1);
}

function checksum(bytes: Uint8Array, end: number): Atr['checksum'] {
  if (bytes.length === end) return 'absent';
  if (bytes.length > end + 1) throw new EncodingError('trailing-bytes', 'bytes follow the end of the ATR', end + 1);
  return bytes.slice(1).reduce((xor, byte) => xor ^ byte, 0) === 0 ? 'right' : 'wrong';
}

/** The card takes extended lengths: it speaks T=1, and its capabilities say so (ISO/IEC 7816-4 §12.1.1.9, table 119). */
export function takesExtended(bytes: Uint8Array): boolean {
  try {
    return saysExtended(decodeAtr(bytes));
  } catch (error) {
    // A card with an odd ATR answers all the same.
    if (error instanceof EncodingError) return false;
    throw error;
  }
}

function saysExtended({ protocols, historical }: Atr): boolean {
  if (!protocols.includes(1) || historical[0] !== COMPACT_TLV) return false;
  for (let at = 1; at < historical.length; ) {
    const [tag, length] = [(historical[at] ?? 0) >> 4, (historical[at] ?? 0) & 0x0f];
    if (tag === CAPABILITIES) return length >= 3 && ((historical[at + 3] ?? 0) & EXTENDED_LENGTHS) !== 0;
    at += 1 + length;
  }
  return false;
}

/** Category indicator, tag and bit of the historical bytes. */
const COMPACT_TLV = 0x80;
const CAPABILITIES = 7;
const EXTENDED_LENGTHS = 0x40;

/** An ATR in a few lines for the card sheet. @throws EncodingError as decodeAtr. */
export function describeAtr(bytes: Uint8Array): string[] {
  const atr = decodeAtr(bytes);
  const ta1 = atr.interfaceBytes.find(entry => entry.name === 'TA1')?.value;
  const words = [
    `${atr.convention} convention`,
    `protocols ${atr.protocols.map(protocol => `T=${protocol}`).join(', ')}`,
  ];
  if (ta1 !== undefined)
    words.push(`TA1 ${toHex(Uint8Array.of(ta1))}: F ${CLOCK_RATES[ta1 >> 4]}, D ${BAUD_RATES[ta1 & 0x0f]}`);
  if (saysExtended(atr)) words.push('takes extended lengths');
  words.push(atr.historical.length === 0 ? 'no historical bytes' : `historical bytes ${toHex(atr.historical)}`);
  words.push(`checksum ${atr.checksum}`);
  return words;
}
