/** Secrets (passwords, ADM keys, nonces) are a type of their own that prints as bullets in logs, traces and exports. */
import { timingSafeEqual } from 'node:crypto';

const SHOWN = '•••';

export class Secret {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  static ofText(text: string): Secret {
    return new Secret(new TextEncoder().encode(text));
  }

  static ofBytes(bytes: Uint8Array): Secret {
    return new Secret(Uint8Array.from(bytes));
  }

  /** The bytes themselves. Every caller is a place to look at in a security review. */
  reveal(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  /** The bytes as UTF-8 text. */
  revealText(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes);
  }

  /** Comparison in constant time for equal lengths. */
  equals(other: Secret): boolean {
    return this.#bytes.length === other.#bytes.length && timingSafeEqual(this.#bytes, other.#bytes);
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}
