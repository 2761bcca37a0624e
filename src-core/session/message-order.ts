/**
 * Which messages of the peer belong to a session, and in which order: MsgIDs rise, and the last message may come again
 * (OMA-TS-DM_Protocol-V1_2_1 §8.3 to §8.6).
 */
import { bytesEqual } from '../base/bytes.ts';
import { ProtocolError } from '../base/errors.ts';
import type { Message } from '../syncml/message.ts';
import type { Wire } from './wire.ts';

export class MessageOrder {
  readonly sessionId: string;
  #last: Wire | undefined;

  constructor(sessionId: string) {
    this.sessionId = sessionId;
  }

  /** The last message that was taken, once more. */
  isRepeat({ message: { header }, bytes }: Wire): boolean {
    const last = this.#last;
    return last !== undefined && header.msgId === last.message.header.msgId && bytesEqual(bytes, last.bytes);
  }

  /** @throws ProtocolError where the message does not belong to this session as it stands. */
  check({ header }: Message): void {
    if (header.sessionId !== this.sessionId) {
      throw new ProtocolError('session-id', `expected SessionID ${this.sessionId}, found ${header.sessionId}`, 400);
    }
    const before = this.#last?.message.header.msgId;
    if (before !== undefined && header.msgId <= before) {
      throw new ProtocolError('msg-id', `expected a MsgID above ${before}, found ${header.msgId}`, 400);
    }
  }

  taken(wire: Wire): void {
    this.#last = wire;
  }
}
