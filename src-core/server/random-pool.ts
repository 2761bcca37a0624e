/** Random bytes for nonces, many drawn at once: asking the kernel for each takes longer than all else a session's nonces need. */
import { randomFillSync } from 'node:crypto';

const POOL = 4096;

/** Returns a source of random bytes; none of them are given twice. */
export function randomPool(): (bytes: number) => Uint8Array {
  const pool = new Uint8Array(POOL);
  let at = POOL;
  return bytes => {
    if (bytes > POOL) return randomFillSync(new Uint8Array(bytes));
    if (at + bytes > POOL) {
      randomFillSync(pool);
      at = 0;
    }
    const drawn = pool.slice(at, at + bytes);
    // What was given away stays with whom it was given to.
    pool.fill(0, at, at + bytes);
    at += bytes;
    return drawn;
  };
}
