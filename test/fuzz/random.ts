/** Random numbers that a seed and a case give again: mulberry32, small and good enough to break things. */
export class Random {
  #state: number;

  constructor(seed: number, run: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(run + 1, 0x85ebca6b)) | 0;
  }

  /** From 0 to below. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    const state = this.#state;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** How often something of that size is repeated: a few times, seldom often, and never to more than 64 KiB. */
  times(size: number): number {
    const times = this.of([2, 2, 2, 2, 3, 3, 5, 10, 63, 64, 65, 66, this.below(8) > 0 ? 100 : 10_000]);
    return Math.max(1, Math.min(times, Math.floor(65_536 / size)));
  }

  bytes(length: number): number[] {
    return Array.from({ length }, () => this.below(256));
  }
}

/** The seed of one case. */
export function seedOf(seed: number, run: number): number {
  return new Random(seed, run).below(2 ** 31);
}
