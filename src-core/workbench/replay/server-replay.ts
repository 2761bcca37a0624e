/**
 * The server's side of a recorded session once more, against a device (OMA-TS-DM_Protocol-V1_2_1 §8): compares what the
 * device says with what was recorded, and answers what the server answered, with numbers and credentials of the new session. Pure.
 */
import type { Prover } from '../../session/authentication.ts';
import { headerWord } from '../../session/statuses.ts';
import type { Wire } from '../../session/wire.ts';
import { encodeMessage } from '../../syncml/codec.ts';
import { commandName, type Message } from '../../syncml/message.ts';
import { compareMessages } from './compare.ts';
import { type Difference, missingMessage } from './difference.ts';
import type { Exchange } from './recording.ts';
import { type NewNonce, References } from './references.ts';

export interface ServerReplayOptions {
  readonly prover?: Prover | undefined;
  readonly newNonce: NewNonce;
}

export class ServerReplay {
  readonly differences: Difference[] = [];
  readonly #exchanges: readonly Exchange[];
  readonly #options: ServerReplayOptions;
  readonly #device = new References();
  #at = 0;

  constructor(exchanges: readonly Exchange[], options: ServerReplayOptions) {
    this.#exchanges = exchanges;
    this.#options = options;
  }

  /** The recorded answer to this message; undefined where none was recorded. */
  receive(wire: Wire): Wire | undefined {
    const exchange = this.#exchanges[this.#at];
    if (!exchange) {
      this.#tooMuch(wire.message);
      return undefined;
    }
    this.#compare(exchange, wire);
    this.#at += 1;
    const word = headerWord(wire.message);
    if (word) this.#options.prover?.judge(word);
    return exchange.down && this.#answer(exchange.down.message, exchange.down.record.encoding, wire.message);
  }

  /** The device says no more: what it said in the recording is missing. */
  over(): void {
    const next = this.#exchanges[this.#at];
    if (next) this.differences.push(missingMessage(next.up));
  }

  #compare({ up }: Exchange, { bytes, message }: Wire): void {
    this.#device.pair(up.message, message);
    const found = compareMessages(up.record, { bytes, encoding: up.record.encoding });
    this.differences.push(...found.map(one => ({ ...one, messageKey: up.key, number: up.number })));
  }

  #tooMuch({ commands }: Message): void {
    const number = 1 + Math.max(0, ...this.#exchanges.map(({ up, down }) => (down ?? up).number));
    this.differences.push({ number, path: '', replayed: commands.map(commandName).join(', ') });
  }

  #answer(recorded: Message, encoding: 'wbxml' | 'xml', to: Message): Wire {
    const { prover, newNonce } = this.#options;
    const { cred: _, ...header } = recorded.header;
    const cred = prover?.cred();
    const { sessionId, source } = to.header;
    const message: Message = {
      ...recorded,
      header: { ...header, sessionId, msgId: this.#at, target: { uri: source.uri }, ...(cred && { cred }) },
      commands: this.#device.translate(recorded.commands, newNonce),
    };
    const bytes = encodeMessage(message, encoding);
    const hmac = prover?.hmac(bytes);
    return { message, bytes, ...(hmac !== undefined && { hmac }) };
  }
}
