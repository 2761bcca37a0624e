/** A serial cable in memory: two ends with the shape of a serial link, for machines without pseudo-terminals. */
import { TransportError } from '../../base/errors.ts';
import { LinkListeners } from '../../base/link-listeners.ts';

/** Has the shape, and keeps the contract, of `handset/link.ts`, which this floor does not know. */
interface CableEnd {
  readonly path: string;
  write(bytes: Uint8Array): Promise<void>;
  onData(listener: (bytes: Uint8Array) => void): () => void;
  onClose(listener: (error?: TransportError) => void): () => void;
  close(): Promise<void>;
}

export interface MemoryCable {
  readonly a: CableEnd;
  readonly b: CableEnd;
  /** Both ends see their port vanish. Bytes on the way are lost. */
  unplug(): void;
}

export function createMemoryCable(name = 'virtual-cable'): MemoryCable {
  const a = new MemoryCableEnd(`${name}:a`, bytes => b.arrive(bytes));
  const b = new MemoryCableEnd(`${name}:b`, bytes => a.arrive(bytes));
  return {
    a,
    b,
    unplug() {
      a.vanish();
      b.vanish();
    },
  };
}

class MemoryCableEnd implements CableEnd {
  readonly path: string;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #listeners = new LinkListeners();

  constructor(path: string, send: (bytes: Uint8Array) => void) {
    this.path = path;
    this.#send = send;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { end } = this.#listeners;
    if (end) throw end.error ?? this.#closedError();
    const sent = Uint8Array.from(bytes);
    // Never in the caller's stack: a real port answers later, too.
    setImmediate(() => this.#send(sent));
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener);
  }

  onClose(listener: (error?: TransportError) => void): () => void {
    return this.#listeners.onClose(listener);
  }

  async close(): Promise<void> {
    this.#listeners.finish({});
  }

  /** Bytes from the other end; lost when this end is closed or nobody listens. */
  arrive(bytes: Uint8Array): void {
    this.#listeners.arrive(bytes);
  }

  vanish(): void {
    const error = new TransportError('port-vanished', `${this.path} went away: the virtual cable was unplugged`, {
      advice: 'Make a new virtual cable and repeat; what was under way is not done',
      details: { port: this.path },
    });
    this.#listeners.finish({ error });
  }

  #closedError(): TransportError {
    return new TransportError('port-closed', `${this.path} was closed`, {
      advice: 'Make a new virtual cable',
      details: { port: this.path },
    });
  }
}
