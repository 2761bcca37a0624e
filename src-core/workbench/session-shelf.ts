/** Sessions that are no record of this workbench: opened from files, or made by a replay. They are gone with the program. */
import { RequestError } from '../base/errors.ts';
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import type { Recorded } from './session-export.ts';
import type { FileMessage, MaskedRange } from './session-file.ts';
import type { Origin } from './session-views.ts';

export type ShelfSession = Required<Recorded>;

/** The shelf is memory: what lies on it is bounded. */
export interface ShelfLimits {
  readonly sessions: number;
  /** Of all messages together. */
  readonly bytes: number;
}

export const SHELF_LIMITS: ShelfLimits = { sessions: 100, bytes: 128 * 1024 * 1024 };

const PREFIX = 'shelf-';

/** True for keys of this shelf's sessions and messages, false for those of records. */
export const isOnShelf = (key: string): boolean => key.startsWith(PREFIX);

export class SessionShelf {
  readonly #sessions = new Map<string, ShelfSession>();
  readonly #limits: ShelfLimits;
  #last = 0;
  #bytes = 0;

  constructor(limits = SHELF_LIMITS) {
    this.#limits = limits;
  }

  /** Newest first. */
  all(): ShelfSession[] {
    return [...this.#sessions.values()].toReversed();
  }

  /** @throws RequestError where it has no room for one more */
  put(
    session: Omit<SessionRecord, 'key'>,
    messages: readonly Omit<FileMessage, 'key'>[],
    origin: Origin,
  ): ShelfSession {
    this.#checkRoom(bytesOf(messages));
    const key = `${PREFIX}${++this.#last}`;
    const keyOf = (i: number) => `${key}-${i}`;
    const kept: ShelfSession = {
      record: { ...session, key },
      messages: messages.map(({ masked: _, ...message }, i) => ({ ...message, key: keyOf(i), sessionKey: key })),
      masked: new Map(messages.map(({ masked }, i) => [keyOf(i), masked])),
      origin,
    };
    this.#sessions.set(key, kept);
    this.#bytes += bytesOf(messages);
    return kept;
  }

  get(key: string): ShelfSession {
    const found = this.#sessions.get(key);
    if (found) return found;
    throw new RequestError('unknown-session', 'this session was closed', { advice: 'Open its file again' });
  }

  message(key: string): { readonly record: MessageRecord; readonly masked: readonly MaskedRange[] } {
    const { messages, masked } = this.get(key.slice(0, key.lastIndexOf('-')));
    const record = messages.find(message => message.key === key);
    if (!record) {
      throw new RequestError('unknown-message', 'this session has no such message', {
        advice: 'Choose a message in its ladder',
      });
    }
    return { record, masked: masked.get(key) ?? [] };
  }

  close(key: string): void {
    this.#bytes -= bytesOf(this.#sessions.get(key)?.messages ?? []);
    this.#sessions.delete(key);
  }

  #checkRoom(bytes: number): void {
    const { sessions, bytes: most } = this.#limits;
    if (this.#sessions.size >= sessions) {
      throw new RequestError('shelf-full', `${sessions} files and replays are open: no more fit into the memory`, {
        advice: 'Close those that are done with under Files and replays, then try again',
        details: { sessions },
      });
    }
    if (this.#bytes + bytes <= most) return;
    const room = Math.max(0, most - this.#bytes);
    throw new RequestError(
      'shelf-full',
      `the messages have ${words(bytes)} bytes, and there is room for ${words(room)} of ${words(most)}`,
      {
        advice: 'Close others under Files and replays, or use dmw session show and dmw session replay',
        details: { bytes, room },
      },
    );
  }
}

const words = (count: number): string => count.toLocaleString('en-US');

function bytesOf(messages: readonly { readonly bytes: Uint8Array }[]): number {
  return messages.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
