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

  /** Such a session ended: the oldest ones make room for it. */
  ended(live: LiveSession, effects: Effects): void {
    this.#kept.push({ key: live.record.key, bytes: live.bytes });
    this.#bytes += live.bytes;
    const forgotten: string[] = [];
    while (this.#kept.length > SESSIONS || this.#bytes > BYTES) {
      const oldest = this.#kept.shift();
      if (!oldest) break;
      forgotten.push(oldest.key);
      this.#bytes -= oldest.bytes;
    }
    if (forgotten.length > 0) effects.write(this.#store.forgetSessions(forgotten));
  }
}
