/** One session as it grows: each of its messages is read, shown and matched once, and again only where it was answered. */
import { setImmediate } from 'node:timers/promises';
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import { Acting } from './acting.ts';
import { readMessages, SessionLadder, sessionHead } from './messages.ts';
import { hitsIn, looksInside } from './session-match.ts';
import type { OpenSession, SessionFilter } from './session-views.ts';

/** Messages that are decoded in one turn. */
const FEW = 10;

export class SessionWatch {
  readonly #filter: SessionFilter;
  readonly #ladder = new SessionLadder();
  readonly #acting = new Acting();
  #last: string | undefined;

  constructor(filter: SessionFilter = {}) {
    this.#filter = filter;
  }

  /** Key of the last message that was taken in. */
  get last(): string | undefined {
    return this.#last;
  }

  /** The messages since the last time, or some of them. */
  add(messages: readonly MessageRecord[]): void {
    for (const read of readMessages(messages)) {
      this.#ladder.add(read);
      this.#acting.add(read);
      this.#last = read.record.key;
    }
  }

  /** Devices in session are answered while a long session is decoded. */
  async addInTurns(messages: readonly MessageRecord[]): Promise<void> {
    for (let at = 0; at < messages.length; at += FEW) {
      if (at > 0) await setImmediate();
      this.add(messages.slice(at, at + FEW));
    }
  }

  /** What is new or changed since it was last asked for. */
  changes(record: SessionRecord): Omit<OpenSession, 'deviceName' | 'origin'> {
    const messages = this.#ladder.changedRows();
    return {
      session: { ...sessionHead(record), messages },
      acting: this.#acting.changes(),
      ...(looksInside(this.#filter) && { hits: hitsIn(messages, this.#filter) }),
    };
  }
}
