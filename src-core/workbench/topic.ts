/** Something that changes, and the streams of those who watch it. Nothing is lost: a slow watcher gets all that came. */
import { setTimeout } from 'node:timers/promises';

export interface StatesOptions<E> {
  /** Absent: every change. */
  readonly concerns?: (event: E) => boolean;
  /** Kept after each state: what changes meanwhile is read once. */
  readonly rest?: Rest;
}

/** Resolves when it is over, or the signal aborts. */
export type Rest = (signal: AbortSignal) => Promise<unknown>;

export function restOf(ms: number): Rest {
  return signal => setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

export class Topic<E = void> {
  readonly #listeners = new Set<(event: E) => void>();

  emit(event: E): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  subscribe(listener: (event: E) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every event from now on until the signal aborts, in batches: all that came while the watcher was busy arrive at once. */
  async *batches(signal: AbortSignal): AsyncGenerator<E[]> {
    let pending: E[] = [];
    let wake = () => {};
    const unsubscribe = this.subscribe(event => {
      pending.push(event);
      wake();
    });
    const stop = () => wake();
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        if (pending.length === 0) await new Promise<void>(resolve => (wake = resolve));
        if (signal.aborted) return;
        const batch = pending;
        pending = [];
        if (batch.length > 0) yield batch;
      }
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', stop);
    }
  }

  /** The present state, and again after every change that concerns it; changes that come together are read once. */
  async *states<T>(
    read: () => T | Promise<T>,
    signal: AbortSignal,
    { concerns = () => true, rest }: StatesOptions<E> = {},
  ): AsyncGenerator<T> {
    // A watcher that leaves, and a read that fails, must not wait for the next change.
    const stop = new AbortController();
    const changes = this.batches(AbortSignal.any([signal, stop.signal]));
    // Listen before the first read, so that no change falls between the two.
    let next = changes.next();
    try {
      yield await read();
      await rest?.(signal);
      for (let batch = await next; !batch.done; batch = await next) {
        next = changes.next();
        if (!batch.value.some(concerns)) continue;
        yield await read();
        await rest?.(signal);
      }
    } finally {
      stop.abort();
      await changes.return(undefined);
    }
  }
}
