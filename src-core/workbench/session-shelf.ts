/** Sessions that are no record of this workbench: opened from files, or made by a replay. They are gone with the program. */
import { RequestError } from '../base/errors.ts';
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import type { FileMessage, MaskedRange } from './session-file.ts';
import type { Origin } from './session-views.ts';

export interface ShelfSession {
  readonly record: SessionRecord;
  readonly messages: readonly MessageRecord[];
  /** Where a message has stars in place of secrets, by its key. */
  readonly masked: ReadonlyMap<string, readonly MaskedRange[]>;
  readonly origin: Origin;
}

const PREFIX = 'shelf-';

/** True for keys of this shelf's sessions and messages, false for those of records. */
export const isOnShelf = (key: string): boolean => key.startsWith(PREFIX);

export class SessionShelf {
  readonly #sessions = new Map<string, ShelfSession>();
  #last = 0;

  /** Newest first. */
  all(): ShelfSession[] {
    return [...this.#sessions.values()].toReversed();
  }

  put(
    session: Omit<SessionRecord, 'key'>,
    messages: readonly Omit<FileMessage, 'key'>[],
    origin: Origin,
  ): ShelfSession {
    const key = `${PREFIX}${++this.#last}`;
    const keyOf = (i: number) => `${key}-${i}`;
    const kept: ShelfSession = {
      record: { ...session, key },
      messages: messages.map(({ masked: _, ...message }, i) => ({ ...message, key: keyOf(i), sessionKey: key })),
      masked: new Map(messages.map(({ masked }, i) => [keyOf(i), masked])),
      origin,
    };
    this.#sessions.set(key, kept);
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
    if (!record) throw new RequestError('unknown-message', 'this session has no such message');
    return { record, masked: masked.get(key) ?? [] };
  }

  close(key: string): void {
    this.#sessions.delete(key);
  }
}
