/** What must hold in any session, whatever the peer does. */
import { EncodingError, ProtocolError } from '../../../src-core/base/errors.ts';
import type { SessionEvent, Side } from '../../../src-core/session/events.ts';
import type { Wire } from '../../../src-core/session/wire.ts';
import { decodeMessage } from '../../../src-core/syncml/codec.ts';
import { headerStatusIn } from '../../conformance/bench.ts';
import type { Scenario } from './scenario.ts';

/** Errors that say that the message has no place in the session: its header counts for nothing. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['session-over', 'session-id', 'msg-id', 'asking']);

const MOST_MESSAGES = 300;
const MOST_REFUSALS = 3;

export class Referee {
  readonly #scenario: Scenario;
  readonly #them: Side;
  /** What a peer that proved itself alone may do: a picture of the tree, or the number of calls of the work. */
  readonly #guarded: () => unknown;
  readonly #untouched: unknown;
  #limit: number;
  #reply: Wire | undefined;

  constructor(scenario: Scenario, them: Side, guarded: () => unknown) {
    this.#scenario = scenario;
    this.#them = them;
    this.#guarded = guarded;
    this.#untouched = guarded();
    this.#limit = scenario.ownSize;
  }

  /** Nobody gets in without the password: neither a stranger, nor somebody who shows less than is asked for. */
  get isStranger(): boolean {
    const { scheme, peer } = this.#scenario;
    return peer !== 'known' && (scheme !== 'none' || (peer === 'unknown' && this.#them === 'client'));
  }

  /** Delivers one message. Undefined where it was refused with an error of ours. */
  deliver<T extends { readonly events: readonly SessionEvent[]; readonly reply?: Wire }>(
    said: Wire,
    receive: () => T,
  ): T | undefined {
    const exchange = attempt(receive);
    if (exchange instanceof Error) {
      if (!NOT_TAKEN.has(exchange.code)) this.#heed(said, false);
      this.#checkStranger([]);
      return undefined;
    }
    const code = exchange.reply && headerStatusIn(exchange.reply.message)?.code;
    this.#heed(said, code !== undefined && code < 400);
    this.#checkStranger(exchange.events);
    if (exchange.reply && exchange.reply !== this.#reply) this.#checkReply(exchange.reply);
    return exchange;
  }

  /** What our side says unasked. Undefined where it cannot. */
  say(speak: () => Wire): Wire | undefined {
    const wire = attempt(speak);
    if (wire instanceof Error) return undefined;
    this.#checkReply(wire);
    return wire;
  }

  /** Not of one that is sent again, as it was. */
  #checkReply(reply: Wire): void {
    const { bytes } = reply;
    this.#reply = reply;
    decodeMessage(bytes, this.#scenario.encoding);
    if (bytes.length > this.#limit)
      throw new Error(`a message of ${bytes.length} bytes for a peer that takes ${this.#limit}`);
  }

  /** A session comes to its end, or refuses one message after the other, once the peer is polite. */
  checkEnd(isOver: () => boolean, goOn: () => boolean): void {
    let refused = 0;
    for (let more = 0; !isOver() && refused < MOST_REFUSALS; more++) {
      if (more > MOST_MESSAGES) throw new Error(`no end after ${MOST_MESSAGES} polite messages`);
      refused = goOn() ? 0 : refused + 1;
    }
  }

  /** What was changed on the way must do nothing where each message proves itself. */
  checkDamaged<T>(deliver: () => T): T {
    const before = this.#guarded();
    const result = deliver();
    if (this.#scenario.scheme === 'hmac' && this.#guarded() !== before)
      throw new Error('a damaged message was obeyed, HMAC or not');
    return result;
  }

  /** What a peer says of itself that was not accepted may count or not. */
  #heed({ message }: Wire, accepted: boolean): void {
    const said = message.header.meta?.maxMsgSize || this.#limit;
    this.#limit = accepted ? said : Math.max(said, this.#limit);
  }

  #checkStranger(events: readonly SessionEvent[]): void {
    if (!this.isStranger) return;
    if (this.#guarded() !== this.#untouched) throw new Error('somebody who proved nothing got through');
    for (const event of events) {
      const told =
        event.kind === 'authenticated' ||
        event.kind === 'nonce' ||
        event.kind === 'alert' ||
        event.kind === 'device-info';
      if (told && !('side' in event && event.side !== this.#them))
        throw new Error(`${event.kind} of somebody who proved nothing`);
    }
  }
}

/** @throws what is no error of ours */
function attempt<T>(act: () => T): T | ProtocolError | EncodingError {
  try {
    return act();
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof EncodingError) return error;
    throw error;
  }
}
