/** The string table of a WBXML document that is written (WAP-192-WBXML-20010725 §5.7): which texts are worth a place in it. */
import { uintSize } from './output.ts';

/** Texts with their index; each ends with its 00. */
export class StringTable {
  readonly bytes: Uint8Array;
  readonly #indexes = new Map<string, number>();

  constructor(texts: readonly string[]) {
    let length = 0;
    for (const text of texts) {
      this.#indexes.set(text, length);
      length += sizeOf(text);
    }
    this.bytes = new Uint8Array(Buffer.from(texts.map(text => `${text}\0`).join(''), 'utf8'));
  }

  indexOf(text: string): number | undefined {
    return this.#indexes.get(text);
  }
}

/**
 * Texts that take fewer bytes in the table and as references than where they stand, the greatest saving first, because
 * the first ones get the shortest references. `taken` bytes of the table are in use already.
 */
export function worthTabling(counts: ReadonlyMap<string, number>, taken: number): string[] {
  const saving = (text: string, count: number, index: number): number =>
    count * (sizeOf(text) - uintSize(index)) - sizeOf(text);
  const candidates = [...counts]
    .filter(([text, count]) => !text.includes('\0') && saving(text, count, 0) > 0)
    .sort(([a, countA], [b, countB]) => saving(b, countB, 0) - saving(a, countA, 0));
  const chosen: string[] = [];
  let index = taken;
  for (const [text, count] of candidates) {
    if (saving(text, count, index) <= 0) continue;
    chosen.push(text);
    index += sizeOf(text);
  }
  return chosen;
}

/** Bytes with the 00 behind them. The token in front is the same for a string and a reference. */
function sizeOf(text: string): number {
  return Buffer.byteLength(text) + 1;
}
