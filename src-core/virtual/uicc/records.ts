/** Which record a command means: by number, or next and previous of the one before (ETSI TS 102 221 §8.2.2, table 11.9). */
import type { Ef } from './file-system.ts';

export type RecordMode = 'next' | 'previous' | 'absolute';

/** Bits 3 to 1 of P2. */
export const RECORD_MODES: Readonly<Record<number, RecordMode>> = { 2: 'next', 3: 'previous', 4: 'absolute' };

export function recordCount({ content, recordLength = 0 }: Ef): number {
  return recordLength === 0 ? 0 : content.length / recordLength;
}

/** Its number from 1 on; 0 where there is none. Without a pointer next is the first record and previous the last. */
export function recordMeant(ef: Ef, mode: RecordMode, p1: number, pointer: number): number {
  const count = recordCount(ef);
  const isRing = ef.structure === 'cyclic';
  if (mode === 'next') return pointer < count ? pointer + 1 : isRing ? 1 : 0;
  if (mode === 'previous') return pointer === 0 ? count : pointer > 1 ? pointer - 1 : isRing ? count : 0;
  const number = p1 === 0 ? pointer : p1;
  return number <= count ? number : 0;
}

export function recordAt({ content, recordLength = 0 }: Ef, number: number): Uint8Array {
  return content.slice((number - 1) * recordLength, number * recordLength);
}

/** Whole or not at all. In a cyclic file the oldest record makes room for a new number 1. */
export function writeRecord(ef: Ef, number: number, data: Uint8Array): void {
  const { recordLength = 0 } = ef;
  if (ef.structure !== 'cyclic') ef.content.set(data, (number - 1) * recordLength);
  else ef.content = Uint8Array.of(...data, ...ef.content.subarray(0, ef.content.length - recordLength));
}
