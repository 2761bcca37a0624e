/** The smallest input that still does the same: whole elements are left out first, then pieces of bytes, large ones first. */
import { replaced } from './bytes.ts';
import type { Part } from './corpus.ts';

const MOST_TRIALS = 3000;

export function minimise(
  bytes: Uint8Array,
  partsOf: (bytes: Uint8Array) => readonly Part[],
  isSame: (bytes: Uint8Array) => boolean,
): Uint8Array {
  let least = bytes;
  let trials = 0;
  const leaveOut = (start: number, end: number): boolean => {
    const less = replaced(least, start, end - start, []);
    if (start >= least.length || ++trials > MOST_TRIALS || !isSame(less)) return false;
    least = less;
    return true;
  };
  for (let again = true; again; ) again = partsOf(least).some(({ start, end }) => leaveOut(start, end));
  for (let size = Math.ceil(least.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < least.length && trials <= MOST_TRIALS; ) if (!leaveOut(at, at + size)) at += size;
  }
  return least;
}
