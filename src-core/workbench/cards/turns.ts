/** Work at one reader comes one after another: what a sheet reads does not push a write aside, nor the other way round. */
import { RequestError } from '../../base/errors.ts';

export class Turns {
  /** Ends with all that was asked for at this reader so far. */
  readonly #last = new Map<string, Promise<void>>();
  readonly #closed = new AbortController();

  /**
   * Resolves when all before it at this reader has left; the result is to be called when the work is done.
   * @param signal ends the wait. @throws RequestError `write-cancelled`, `readers-closed`.
   */
  async enter(reader: string, signal?: AbortSignal): Promise<() => void> {
    const before = this.#last.get(reader) ?? Promise.resolve();
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    // Whoever gives up leaves a place that ends when its turn comes.
    const turn = before.then(() => left);
    this.#last.set(reader, turn);
    void turn.then(() => {
      if (this.#last.get(reader) === turn) this.#last.delete(reader);
    });
    try {
      await unlessAborted(before, [
        [signal, cancelled],
        [this.#closed.signal, closed],
      ]);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Nobody waits any more, and nobody enters; work that has begun ends by itself. */
  close(): void {
    this.#closed.abort();
  }
}

/** Whichever comes first; nothing is left listening. */
async function unlessAborted(
  wait: Promise<void>,
  ends: readonly (readonly [AbortSignal | undefined, () => Error])[],
): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const listening = new AbortController();
  for (const [signal, error] of ends) {
    if (signal?.aborted) throw error();
    signal?.addEventListener('abort', () => reject(error()), { signal: listening.signal });
  }
  try {
    await Promise.race([wait, aborted]);
  } finally {
    listening.abort();
  }
}

function cancelled(): RequestError {
  return new RequestError('write-cancelled', 'cancelled before the card was reached: nothing was sent to it', {
    advice: 'Write the same plan again',
  });
}

function closed(): RequestError {
  return new RequestError('readers-closed', 'the workbench is ending: the card was not reached');
}
