/** Recorded messages as the page shows them: the ladder, and one message in full. */
import { toHex } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import { decodeMarkup, decodeMessage } from '../syncml/codec.ts';
import { describeAlert, describeStatus, isSuccess } from '../syncml/codes.ts';
import type { Command } from '../syncml/message.ts';
import type { CommandView, MessageBody, MessageView, SessionView, StatusView } from './views.ts';

export function sessionView(record: SessionRecord, messages: readonly MessageRecord[]): SessionView {
  return {
    key: record.key,
    deviceId: record.deviceId,
    sessionId: record.sessionId,
    startedAt: record.startedAt,
    ...(record.endedAt !== undefined && { endedAt: record.endedAt }),
    state: record.state,
    detail: record.detail,
    authenticated: { client: record.clientAuthenticated, server: record.serverAuthenticated, scheme: 'MD5' },
    encoding: record.encoding,
    transport: record.transport,
    messages: messages.map((message, i) => messageView(message, message.at - (messages[i - 1]?.at ?? message.at))),
  };
}

function messageView(record: MessageRecord, tookMs: number): MessageView {
  const { header, commands } = decodeMessage(record.bytes, record.encoding);
  return {
    key: record.key,
    at: record.at,
    direction: record.direction,
    package: record.package,
    msgId: header.msgId,
    bytes: record.bytes.length,
    encoding: record.encoding,
    commands: commands.flatMap(commandView),
    statuses: commands.flatMap(statusView),
    tookMs,
  };
}

function commandView(command: Command): CommandView[] {
  if (command.kind === 'Status') return [];
  const { kind: name, cmdId } = command;
  const items = 'items' in command ? command.items.length : command.commands.length;
  return [{ name, cmdId, subject: subjectOf(command), items }];
}

function subjectOf(command: Exclude<Command, { kind: 'Status' }>): string {
  if (command.kind === 'Alert') return `${command.code} ${describeAlert(command.code)}`;
  if (!('items' in command)) return command.commands.map(inner => inner.kind).join(', ');
  return command.items.map(item => item.target?.uri ?? item.source?.uri ?? '').join(' ');
}

function statusView(command: Command): StatusView[] {
  if (command.kind !== 'Status') return [];
  const { code, cmd, cmdRef, targetRefs } = command;
  const target = cmdRef === '0' ? '' : (targetRefs[0] ?? '');
  return [{ code, text: describeStatus(code), cmd: target ? `${cmd} ${target}` : cmd, cmdRef, ok: isSuccess(code) }];
}

/** The message as it was on the wire, and as XML for people. */
export function messageBody(record: MessageRecord): MessageBody {
  return { key: record.key, hex: toHex(record.bytes), xml: xmlOf(record) };
}

function xmlOf(record: MessageRecord): string {
  try {
    return writeXml(decodeMarkup(record.bytes, record.encoding), { pretty: true });
  } catch (error) {
    // Embedded binary objects have no XML form; the hexadecimal one shows them.
    if (!(error instanceof EncodingError)) throw error;
    return `<!-- ${error.message} -->`;
  }
}
