/** Recorded messages as the page shows them: the ladder, and one message in full. */
import { EncodingError } from '../base/errors.ts';
import type { MarkupElement } from '../encoding/markup.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import { decodeMarkup, decodeMessage } from '../syncml/codec.ts';
import type { Message } from '../syncml/message.ts';
import { readMessage } from '../syncml/read.ts';
import { Answers } from './ladder.ts';
import { outlineOf } from './message-outline.ts';
import { redact } from './message-secrets.ts';
import { type HiddenRange, hexWithout, hideBlindly } from './secret-bytes.ts';
import type { MessageBody, MessageNote, MessageView, SessionView } from './views.ts';

export interface ReadMessage {
  readonly record: MessageRecord;
  readonly content: Attempt<Message>;
}

export function readMessages(messages: readonly MessageRecord[]): ReadMessage[] {
  return messages.map(message => ({ record: message, content: attempt(() => decodeMessageOf(message)) }));
}

export function sessionView(
  record: SessionRecord,
  messages: readonly MessageRecord[],
  read = readMessages(messages),
): SessionView {
  const answers = new Answers();
  for (const { record: message, content } of read) if (content.ok) answers.add(message.direction, content.value);
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
    messages: read.map(({ record: message, content }, i) => ({
      key: message.key,
      at: message.at,
      direction: message.direction,
      package: message.package,
      bytes: message.bytes.length,
      encoding: message.encoding,
      tookMs: message.at - (messages[i - 1]?.at ?? message.at),
      ...contentView(message, content, answers),
    })),
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

/** The message as it was on the wire, as elements, and as XML for people. @param strict without digests and nonces too. */
export function messageBody(record: MessageRecord, strict = false): MessageBody {
  const markup = attempt(() => decodeMarkup(record.bytes, record.encoding));
  return markup.ok ? decodedBody(record, markup.value, strict) : undecodedBody(record, markup.error, strict);
}

function decodedBody(record: MessageRecord, root: MarkupElement, strict: boolean): MessageBody {
  const redacted = redact(root, record, strict);
  const message = attempt(() => readMessage(root));
  const warnings = message.ok ? (message.value.warnings ?? []) : [];
  return {
    key: record.key,
    hex: hexWithout(record.bytes, redacted.ranges),
    xml: writeXml(redacted.root, { pretty: true }),
    outline: outlineOf(redacted),
    warnings: warnings.map(({ text, range }) => ({ text, ...range })),
    hidden: redacted.ranges.map(noteOf),
    ...(!message.ok && { error: errorOf(message.error, redacted.ranges) }),
  };
}

function undecodedBody(record: MessageRecord, error: EncodingError, strict: boolean): MessageBody {
  const hidden = hideBlindly(record, strict);
  return {
    key: record.key,
    hex: hexWithout(record.bytes, hidden),
    xml: '',
    outline: [],
    warnings: [],
    hidden: hidden.map(noteOf),
    error: errorOf(error, hidden),
  };
}

const noteOf = ({ why, start, end }: HiddenRange): MessageNote => ({ text: why, start, end });

function errorOf(error: EncodingError, hidden: readonly HiddenRange[]): { text: string; offset: number } {
  return { text: wordsOf(error, hidden), offset: error.offset };
}

/** Text or bytes that an error repeats from the message. */
const FOUND = /, found (?:".*"|[0-9A-F]{4,})(?= \(at offset \d+\)$)/s;

/** What was found instead is not told where it may be a secret. */
function wordsOf({ message }: EncodingError, hidden: readonly HiddenRange[]): string {
  return hidden.length === 0 ? message : message.replace(FOUND, '');
}

const decodeMessageOf = ({ bytes, encoding }: MessageRecord): Message => decodeMessage(bytes, encoding);

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: EncodingError };

/** Recorded bytes need not be a message: that is shown, not thrown. */
function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof EncodingError) return { ok: false, error };
    throw error;
  }
}
