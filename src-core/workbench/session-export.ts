/** A session as a file or a page. What came without its secrets stays so, whatever is asked for. Pure. */
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import { actingIn } from './acting.ts';
import { messageBody } from './message-body.ts';
import type { MessageBody } from './message-views.ts';
import { readMessages, sessionView } from './messages.ts';
import { fileNameOf, type MaskedRange, writeSessionFile } from './session-file.ts';
import { writeSessionHtml } from './session-html.ts';
import type { ExportedFile, Origin, Secrets } from './session-views.ts';

export interface Recorded {
  readonly record: SessionRecord;
  readonly messages: readonly MessageRecord[];
  /** Of one from a file: where stars stand for secrets, by the key of the message. */
  readonly masked?: ReadonlyMap<string, readonly MaskedRange[]>;
  readonly origin?: Origin;
}

interface ExportOptions {
  readonly form: 'file' | 'html';
  readonly secrets: Secrets;
  readonly deviceName: string;
  readonly by: string;
  readonly now: number;
}

export function exportOf(recorded: Recorded, { form, secrets, ...options }: ExportOptions): ExportedFile {
  const { record } = recorded;
  if (form === 'html') return { name: fileNameOf(record, 'html'), type: 'text/html', text: pageOf(recorded, options) };
  const text = writeSessionFile(record, recorded.messages, {
    ...options,
    secrets: cameMasked(recorded) ? 'masked' : secrets,
    ...(recorded.masked && { masked: recorded.masked }),
  });
  return { name: fileNameOf(record, 'dmsession.json'), type: 'application/json', text };
}

const cameMasked = ({ origin }: Recorded): boolean => origin?.kind === 'file' && origin.secrets === 'masked';

function pageOf(
  { record, messages, masked }: Recorded,
  options: Pick<ExportOptions, 'deviceName' | 'by' | 'now'>,
): string {
  const read = readMessages(messages);
  return writeSessionHtml({
    ...options,
    session: sessionView(record, messages, read),
    acting: actingIn(read),
    bodies: messages.map(message => filedBody(message, masked?.get(message.key), true)),
  });
}

/** A message in full; a file's own word on what its stars stand for comes first. @param strict without digests and nonces too */
export function filedBody(message: MessageRecord, masked: readonly MaskedRange[] = [], strict = false): MessageBody {
  const body = messageBody(message, strict);
  const inFile = masked.map(({ start, end, why }) => ({ text: `masked in the file: ${why}`, start, end }));
  const places = new Set(masked.map(({ start }) => start));
  return { ...body, hidden: [...inFile, ...body.hidden.filter(({ start = -1 }) => !places.has(start))] };
}
