/** A value that many can watch: each watcher gets the present one first, then every later one in order. */
export class Watched<T> {
  value: T;
  private readonly watchers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.value = value;
  }

  set(value: T): void {
    this.emit(value, value);
  }

  /** Tells the watchers one thing and later ones another: a change, and the whole. */
  emit(change: T, whole: T): void {
    this.value = whole;
    for (const tell of this.watchers) tell(change);
  }

  async *watch(signal: AbortSignal): AsyncGenerator<T> {
    const waiting: T[] = [this.value];
    let wake = () => {};
    const tell = (value: T) => {
      waiting.push(value);
      wake();
    };
    const stop = () => wake();
    this.watchers.add(tell);
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) yield next;
        if (signal.aborted) return;
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    } finally {
      this.watchers.delete(tell);
      signal.removeEventListener('abort', stop);
    }
  }
}
