/**
 * The device's side of a recorded session once more, against a DM server (OMA-TS-DM_Protocol-V1_2_1 §8): sends what the
 * device sent, with numbers, credentials and addresses of the new session, and compares what comes back. Pure.
 */
import type { Prover } from '../../session/authentication.ts';
import { headerStatus, headerWord } from '../../session/statuses.ts';
import type { Wire } from '../../session/wire.ts';
import { encodeMessage } from '../../syncml/codec.ts';
import type { Command, Message } from '../../syncml/message.ts';
import { compareMessages } from './compare.ts';
import { type Difference, missingMessage } from './difference.ts';
import { type Exchange, isChallenge } from './recording.ts';
import { type NewNonce, References } from './references.ts';

export interface DeviceReplayOptions {
  readonly serverUrl: string;
  readonly sessionId: string;
  /** Absent: the recorded credentials go out. */
  readonly prover?: Prover | undefined;
  readonly newNonce: NewNonce;
}

export class DeviceReplay {
  readonly differences: Difference[] = [];
  readonly #exchanges: readonly Exchange[];
  readonly #options: DeviceReplayOptions;
  readonly #server = new References();
  #address: string;
  #msgId = 0;
  #at = 0;
  /** Why it is over, in words; undefined while it runs. */
  #ended: string | undefined;

  constructor(exchanges: readonly Exchange[], options: DeviceReplayOptions) {
    this.#exchanges = exchanges;
    this.#options = options;
    this.#address = options.serverUrl;
  }

  get ended(): string | undefined {
    return this.#ended;
  }

  /** The first message, or the next; undefined at the end. */
  start(): Wire | undefined {
    return this.#send([]);
  }

  /** Takes the server's answer; the next message to it, or undefined at the end. */
  take(reply: Wire): Wire | undefined {
    const exchange = this.#exchanges[this.#at];
    if (!exchange || this.#ended !== undefined) return undefined;
    const { message } = reply;
    const { down } = exchange;
    if (message.header.respURI) this.#address = message.header.respURI;
    const word = headerWord(message);
    const verdict = word && this.#options.prover?.judge(word).verdict;
    // Credentials were asked for: the same package again, as a device does (§9.1).
    if (verdict === 'retry') return this.#send([{ ...headerStatus(message, 200), cmdId: LAST_CMD_ID }]);
    this.#compare(exchange, reply);
    if (down) this.#server.pair(down.message, message);
    this.#at += 1;
    // After a refusal that was recorded too, the device went on: with another version (§8.3).
    const goesOn = this.#exchanges[this.#at] !== undefined && down !== undefined && isOver(down.message);
    return isOver(message) && !goesOn ? this.#end(this.#overWords(message)) : this.#send([]);
  }

  #compare({ down }: Exchange, { bytes }: Wire): void {
    if (!down) return;
    const { key: messageKey, number, record } = down;
    const found = compareMessages(record, { bytes, encoding: record.encoding });
    this.differences.push(...found.map(one => ({ ...one, messageKey, number })));
  }

  /** The server ended the session: then nothing more was recorded either, or that is a difference. */
  #overWords(message: Message): string {
    const next = this.#exchanges[this.#at];
    if (!next) return 'the session ended as it was recorded';
    this.differences.push(missingMessage(next.up));
    return isChallenge(headerWord(message))
      ? 'the server refused the credentials'
      : 'the server ended the session before the recording ends';
  }

  #send(more: readonly Command[]): Wire | undefined {
    const exchange = this.#exchanges[this.#at];
    if (!exchange) return this.#end('all recorded messages of the device were sent');
    const { message, record } = exchange.up;
    const { sessionId, prover, newNonce } = this.#options;
    const { cred: recorded, ...header } = message.header;
    const cred = prover ? prover.cred() : recorded;
    this.#msgId += 1;
    const sent: Message = {
      ...message,
      header: { ...header, sessionId, msgId: this.#msgId, target: { uri: this.#address }, ...(cred && { cred }) },
      commands: [...more, ...this.#server.translate(message.commands, newNonce)],
    };
    const bytes = encodeMessage(sent, record.encoding);
    const hmac = prover?.hmac(bytes);
    return { message: sent, bytes, ...(hmac !== undefined && { hmac }) };
  }

  #end(why: string): undefined {
    this.#ended = why;
    return undefined;
  }
}

/** Behind all that a device numbers in a message. */
const LAST_CMD_ID = '99999';

/** A final message without commands ends the session (§8). */
function isOver({ commands, final }: Message): boolean {
  return final && commands.every(command => command.kind === 'Status');
}
