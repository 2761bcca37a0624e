/** One recorded message in full: as it was on the wire, as elements, and as XML for people. */
import type { EncodingError } from '../base/errors.ts';
import type { MarkupElement } from '../encoding/markup.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type { MessageRecord } from '../store/contract.ts';
import { decodeMarkup } from '../syncml/codec.ts';
import { readMessage } from '../syncml/read.ts';
import { attempt, wordsOf } from './message-attempt.ts';
import { outlineOf } from './message-outline.ts';
import { redact } from './message-secrets.ts';
import type { MessageBody, MessageNote } from './message-views.ts';
import { type HiddenRange, hexWithout, hideBlindly } from './secret-bytes.ts';

/** @param strict without digests and nonces too. */
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
