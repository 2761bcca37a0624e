/** What a worker keeps in memory, measured after the rubbish is collected: it must not grow with the cases. */

export interface MemoryFigures {
  /** Bytes on the heap and outside of it, after the warm-up and now. */
  readonly heap: readonly [start: number, now: number];
  /** Bytes of the process. The allocator keeps some of what it has given back. */
  readonly rss: readonly [start: number, now: number];
}

const MIB = 2 ** 20;
/** On a busy machine the rubbish is collected late, and the process keeps the pages that it took until then. */
const MOST = { heap: 16 * MIB, rss: 192 * MIB };
/** Code is compiled and caches are filled until then. */
const WARM_UP = 0.1;
const CHECKS = 10;

export class Memory {
  readonly #warmUp: number;
  readonly #every: number;
  readonly #collect: () => void;
  #start: { heap: number; rss: number } | undefined;
  #now = { heap: 0, rss: 0 };

  /** @param count cases to come */
  constructor(count: number, collect: () => void) {
    this.#warmUp = Math.ceil(count * WARM_UP);
    this.#every = Math.ceil(count / CHECKS);
    this.#collect = collect;
  }

  get figures(): MemoryFigures | undefined {
    const start = this.#start;
    return start && { heap: [start.heap, this.#now.heap], rss: [start.rss, this.#now.rss] };
  }

  /** @throws where it grew beyond what is allowed */
  after(done: number): void {
    if (done === this.#warmUp) this.#start = this.#measure();
    if (done < this.#warmUp || done % this.#every !== 0) return;
    this.#now = this.#measure();
    const start = this.#start ?? this.#now;
    for (const kind of ['heap', 'rss'] as const) {
      const grown = this.#now[kind] - start[kind];
      if (grown <= MOST[kind]) continue;
      throw new Error(`memory grew: ${kind} by ${(grown / MIB).toFixed(1)} MiB since case ${this.#warmUp}`);
    }
  }

  #measure(): { heap: number; rss: number } {
    this.#collect();
    this.#collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heap: heapUsed + external, rss };
  }
}
