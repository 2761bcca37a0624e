/** Who listens to a serial link, real or virtual: bytes until it ends, and its end once. */
import type { TransportError } from './errors.ts';

/** Without an error it was closed on this side. */
export interface LinkEnd {
  readonly error?: TransportError;
}

export class LinkListeners {
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #close = new Set<(error?: TransportError) => void>();
  #end: LinkEnd | undefined;

  get end(): LinkEnd | undefined {
    return this.#end;
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.#data.add(listener);
    return () => this.#data.delete(listener);
  }

  /** Who comes after the end is told it, too. */
  onClose(listener: (error?: TransportError) => void): () => void {
    this.#close.add(listener);
    const end = this.#end;
    if (end)
      queueMicrotask(() => {
        if (this.#close.delete(listener)) listener(end.error);
      });
    return () => this.#close.delete(listener);
  }

  arrive(bytes: Uint8Array): void {
    if (this.#end) return;
    for (const listener of [...this.#data]) listener(bytes);
  }

  /** The first end counts. */
  finish(end: LinkEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#data.clear();
    for (const listener of [...this.#close]) {
      this.#close.delete(listener);
      listener(end.error);
    }
  }
}
