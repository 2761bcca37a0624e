/** Sessions of those who never proved who they are: people see the last ones, and they never fill the store. */
import type { Store } from '../store/contract.ts';
import type { Effects } from './effects.ts';
import type { LiveSession } from './live-session.ts';

const SESSIONS = 500;
const BYTES = 32 * 1024 * 1024;

export class StrangerSessions {
  readonly #store: Store;
  /** Oldest first. */
  readonly #kept: { readonly key: string; readonly bytes: number }[] = [];
  #bytes = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Takes over those that earlier launches left in the store. */
  async load(): Promise<void> {
    for (const session of await this.#store.unprovenSessions()) this.#add(session);
    const forgotten = this.#surplus();
    if (forgotten.length > 0) await this.#store.forgetSessions(forgotten);
  }

  /** Such a session ended: the oldest ones make room for it. */
  ended({ record: { key }, bytes }: LiveSession, effects: Effects): void {
    this.#add({ key, bytes });
    const forgotten = this.#surplus();
    if (forgotten.length > 0) effects.write(this.#store.forgetSessions(forgotten));
  }

  #add(session: { readonly key: string; readonly bytes: number }): void {
    this.#kept.push(session);
    this.#bytes += session.bytes;
  }

  #surplus(): string[] {
    const forgotten: string[] = [];
    while (this.#kept.length > SESSIONS || this.#bytes > BYTES) {
      const oldest = this.#kept.shift();
      if (!oldest) break;
      forgotten.push(oldest.key);
      this.#bytes -= oldest.bytes;
    }
    return forgotten;
  }
}
