/** Answers-to-Reset of the virtual cards (ISO/IEC 7816-3 §8.2, ETSI TS 102 221 §6.3; historical bytes ISO/IEC 7816-4 §12.1.1). */
import { fromHex } from '../../base/bytes.ts';
import type { Habits } from './card.ts';

/** T=0 (TD1 80); capabilities 13: four logical channels, the card gives the numbers. */
const UICC = '3B9F96801FC78031A073BE21136743200718000001';
/** T=1 (TD1 81, TD2 B1: IFSC 254, waiting times); capabilities 57: extended lengths, eight channels or more. */
const UICC_T1 = '3B9F9681B1FE451FC78031A073BE21576743200718000001';
/** A SIM of the second generation: T=0, its maker's letters, no checksum. */
const SIM = '3B1694444D2D53494D';

export function atrOf({ classes, extended }: Habits): Uint8Array {
  if (classes === 'A0-only') return fromHex(SIM);
  const bytes = fromHex(extended ? UICC_T1 : UICC);
  return Uint8Array.of(...bytes, checksum(bytes));
}

/** TCK: all bytes from T0 on give zero. */
function checksum(bytes: Uint8Array): number {
  return bytes.subarray(1).reduce((xor, byte) => xor ^ byte, 0);
}
