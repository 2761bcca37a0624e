/** A recorded session as exchanges, without the rounds that only asked for credentials: a replay brings its own. Pure. */
import { EncodingError } from '../../base/errors.ts';
import { headerWord } from '../../session/statuses.ts';
import type { MessageRecord } from '../../store/contract.ts';
import { decodeMessage } from '../../syncml/codec.ts';
import { AlertCode } from '../../syncml/codes.ts';
import { type AuthScheme, schemeOf } from '../../syncml/credentials.ts';
import type { Command, Message, Status } from '../../syncml/message.ts';

export interface RecordedMessage {
  readonly key: string;
  /** Its place in the session, from 1. */
  readonly number: number;
  readonly record: MessageRecord;
  readonly message: Message;
}

/** One message of the device and the server's answer; the last may lack it. */
export interface Exchange {
  readonly up: RecordedMessage;
  readonly down?: RecordedMessage;
}

export interface Recording {
  readonly exchanges: readonly Exchange[];
  /** Why what comes after them cannot be replayed. */
  readonly stopped?: string;
}

export function readRecording(records: readonly MessageRecord[]): Recording {
  const exchanges: Exchange[] = [];
  let up: RecordedMessage | undefined;
  for (const [i, record] of records.entries()) {
    const read = readRecord(record, i + 1);
    if (typeof read === 'string') return { exchanges: [...exchanges, ...(up ? [{ up }] : [])], stopped: read };
    if (record.direction === 'up') {
      if (up) exchanges.push({ up });
      up = read;
    } else if (up) {
      exchanges.push({ up, down: read });
      up = undefined;
    }
  }
  return { exchanges: [...exchanges, ...(up ? [{ up }] : [])] };
}

function readRecord(record: MessageRecord, number: number): RecordedMessage | string {
  try {
    return { key: record.key, number, record, message: decodeMessage(record.bytes, record.encoding) };
  } catch (error) {
    if (error instanceof EncodingError) return `message ${number} cannot be read: ${error.message}`;
    throw error;
  }
}

export const isChallenge = (word: Status | undefined): boolean => word?.code === 401 || word?.code === 407;

/** Without the rounds after which the device began again with other credentials. */
export function withoutDeviceChallenges(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.filter(({ down }, i) => {
    const next = exchanges[i + 1];
    return !(down && next && isChallenge(headerWord(down.message)) && beginsSession(next.up.message));
  });
}

/** Without the rounds after which the server sent its commands again with other credentials. */
export function withoutServerChallenges(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.filter(({ up, down }) => !(down && isChallenge(headerWord(up.message))));
}

/** It is package 1. */
export function beginsSession({ commands }: Message): boolean {
  return commands.some(
    command =>
      command.kind === 'Alert' &&
      (command.code === AlertCode.CLIENT_INITIATED || command.code === AlertCode.SERVER_INITIATED),
  );
}

/** How a side proved itself: by credentials in its messages, or by HMACs beside them, which the other side answers with a nonce. */
export function schemeUsed(own: readonly Message[], others: readonly Message[]): AuthScheme {
  const given = own.map(({ header }) => schemeOf(header.cred?.meta?.type)).findLast(scheme => scheme !== undefined);
  if (given) return given;
  const asked = others.map(message => schemeOf(headerWord(message)?.chal?.meta.type));
  return asked.includes('hmac') ? 'hmac' : 'none';
}

/** Commands that ask, with those inside groups, in their order. */
export function askingCommands(commands: readonly Command[]): Exclude<Command, Status>[] {
  return commands.flatMap(command => {
    if (command.kind === 'Status') return [];
    return 'commands' in command ? [command, ...askingCommands(command.commands)] : [command];
  });
}

/** Bytes of the nonces in challenges: with others of that length a message is cut at the same places. */
export function nonceLength(messages: readonly Message[]): number {
  const nonce = messages.map(message => headerWord(message)?.chal?.meta.nextNonce).find(found => found !== undefined);
  return nonce === undefined ? 16 : Math.max(1, Buffer.from(nonce, 'base64').length);
}
