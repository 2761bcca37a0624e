/** The recorded messages of a session as a ladder: each is decoded once, and its row is made anew only where an answer came. Pure. */
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import { decodeMessage } from '../syncml/codec.ts';
import type { Message } from '../syncml/message.ts';
import { Answers } from './ladder.ts';
import { type Attempt, attempt, wordsOf } from './message-attempt.ts';
import type { MessageView, SessionView } from './message-views.ts';
import { hideBlindly } from './secret-bytes.ts';

export interface ReadMessage {
  readonly record: MessageRecord;
  readonly content: Attempt<Message>;
}

export function readMessages(messages: readonly MessageRecord[]): ReadMessage[] {
  return messages.map(record => ({ record, content: attempt(() => decodeMessage(record.bytes, record.encoding)) }));
}

/** A session's ladder that grows: a message costs its own row and those of the messages that it answers. */
export class SessionLadder {
  readonly #answers = new Answers();
  readonly #read: ReadMessage[] = [];
  /** Places of messages by direction and MsgID: what an answer names. A MsgID may repeat. */
  readonly #places = new Map<string, number[]>();
  #changed = new Set<number>();

  add({ record, content }: ReadMessage): void {
    const place = this.#read.push({ record, content }) - 1;
    this.#changed.add(place);
    if (!content.ok) return;
    const { direction } = record;
    const own = nameOf(direction, content.value.header.msgId);
    const places = this.#places.get(own);
    if (places) places.push(place);
    else this.#places.set(own, [place]);
    for (const msgRef of this.#answers.add(direction, content.value))
      for (const asked of this.#places.get(nameOf(otherOf(direction), msgRef)) ?? []) this.#changed.add(asked);
  }

  /** The rows that are new or changed since they were last asked for, in the order of their messages. */
  changedRows(): MessageView[] {
    const places = [...this.#changed].sort((a, b) => a - b);
    this.#changed = new Set();
    return places.flatMap(place => this.#row(place) ?? []);
  }

  #row(place: number): MessageView | undefined {
    const read = this.#read[place];
    if (!read) return undefined;
    const { record, content } = read;
    const { key, at, direction, package: part, bytes, encoding } = record;
    return {
      key,
      at,
      direction,
      package: part,
      bytes: bytes.length,
      encoding,
      tookMs: at - (this.#read[place - 1]?.record.at ?? at),
      ...contentView(record, content, this.#answers),
    };
  }
}

const otherOf = (direction: MessageRecord['direction']) => (direction === 'up' ? 'down' : 'up');
const nameOf = (direction: MessageRecord['direction'], msgId: number) => `${direction} ${msgId}`;

export function sessionView(
  record: SessionRecord,
  messages: readonly MessageRecord[],
  read = readMessages(messages),
): SessionView {
  const ladder = new SessionLadder();
  for (const message of read) ladder.add(message);
  return { ...sessionHead(record), messages: ladder.changedRows() };
}

/** All but the messages. */
export function sessionHead(record: SessionRecord): Omit<SessionView, 'messages'> {
  return {
    key: record.key,
    deviceId: record.deviceId,
    sessionId: record.sessionId,
    startedAt: record.startedAt,
    ...(record.endedAt !== undefined && { endedAt: record.endedAt }),
    state: record.state,
    detail: record.detail,
    authenticated: {
      client: record.clientAuthenticated,
      server: record.serverAuthenticated,
      scheme: schemeWords(record),
    },
    encoding: record.encoding,
    transport: record.transport,
  };
}

type Content = Pick<MessageView, 'msgId' | 'commands' | 'statuses' | 'warnings' | 'error'>;

function contentView(record: MessageRecord, content: Attempt<Message>, answers: Answers): Content {
  if (!content.ok) {
    return { msgId: 0, commands: [], statuses: [], error: wordsOf(content.error, hideBlindly(record)) };
  }
  const { header, warnings } = content.value;
  return {
    msgId: header.msgId,
    commands: answers.commands(record.direction, content.value),
    statuses: answers.statuses(record.direction, content.value),
    ...(warnings && { warnings: warnings.length }),
  };
}

const SCHEMES: Readonly<Record<string, string>> = { none: 'no credentials', basic: 'basic', md5: 'MD5', hmac: 'HMAC' };

/** Sessions recorded before other schemes came used MD5. */
export function schemeWords(record: SessionRecord): string {
  const scheme = record.scheme ?? (record.clientAuthenticated ? 'md5' : '');
  return SCHEMES[scheme] ?? scheme;
}
