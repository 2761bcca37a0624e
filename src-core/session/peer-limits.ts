/** What the peer takes in one message and in one object, and what of ours can reach it at all (OMA-TS-DM_Protocol-V1_2_1 §6 and §7). */
import { ProtocolError } from '../base/errors.ts';
import { type Encoding, envelopeSize } from '../syncml/codec.ts';
import type { Draft, Item, Meta, SyncHdr } from '../syncml/message.ts';
import { asCarried, chunkedData, dataSize } from './chunks.ts';
import { ENVELOPE_BOUND, sizeBound } from './page.ts';

export interface LimitOptions {
  readonly encoding: Encoding;
  /** Holds until the peer names a limit of its own. */
  readonly maxMsgSize: number;
  /** False: the peer cannot put chunks together. */
  readonly largeObjects: boolean;
}

export class PeerLimits {
  readonly #encoding: Encoding;
  readonly #largeObjects: boolean;
  #maxMsgSize: number;
  #maxObjSize = Number.POSITIVE_INFINITY;

  constructor({ encoding, maxMsgSize, largeObjects }: LimitOptions) {
    this.#encoding = encoding;
    this.#maxMsgSize = maxMsgSize;
    this.#largeObjects = largeObjects;
  }

  get maxMsgSize(): number {
    return this.#maxMsgSize;
  }

  /** What the peer's header says it takes; it holds until it says otherwise. */
  heed({ maxMsgSize, maxObjSize }: Meta): void {
    if (maxMsgSize) this.#maxMsgSize = maxMsgSize;
    if (maxObjSize !== undefined) this.#maxObjSize = maxObjSize;
  }

  /** True where the peer would not take this object. */
  isTooLarge(item: Item): boolean {
    return item.data !== undefined && dataSize(item.data) > this.#maxObjSize;
  }

  /** True where the peer would not take an object in it. */
  isOversize(draft: Draft): boolean {
    if (this.#maxObjSize === Number.POSITIVE_INFINITY) return false;
    const carried = asCarried(draft, this.#encoding);
    return 'items' in carried && carried.kind !== 'Status' && carried.items.some(item => this.isTooLarge(item));
  }

  /** A bound that is quick to find: no need to measure ordinary commands. */
  isSurelySmall(draft: Draft): boolean {
    return this.#maxObjSize === Number.POSITIVE_INFINITY && sizeBound(draft) < this.#maxMsgSize - ENVELOPE_BOUND;
  }

  /** True where names and data alone are more than a message: thousands of results are not encoded to see that. */
  isSurelyMore(drafts: readonly Draft[]): boolean {
    let left = this.#maxMsgSize;
    for (const draft of drafts) {
      for (const { source, data } of 'items' in draft ? draft.items : [])
        left -= (source?.uri.length ?? 0) + (data?.length ?? 0);
      if (left < 0) return true;
    }
    return false;
  }

  isChunkable(draft: Draft): boolean {
    return this.#largeObjects && chunkedData(draft) !== undefined;
  }

  /** Bytes beside this header. */
  roomFor(header: SyncHdr): number {
    return this.#maxMsgSize - envelopeSize(header, this.#encoding);
  }

  /** Why it cannot be sent: one of its objects is too large. */
  oversize(): ProtocolError {
    return unsendable(`the object is larger than the ${this.#maxObjSize} bytes that the peer takes`);
  }

  /** Why it cannot be sent: no message holds it. */
  uncut({ kind }: Draft): ProtocolError {
    return unsendable(`${kind} does not fit into a message of ${this.#maxMsgSize} bytes and cannot be cut`);
  }

  /** Without its statuses a session cannot go on. */
  tooSmall(): ProtocolError {
    const message = `the peer takes messages of ${this.#maxMsgSize} bytes: too few for an answer`;
    const advice = 'Raise MaxMsgSize of the device: 2,000 bytes will do';
    return new ProtocolError('max-msg-size', message, 413, { advice });
  }
}

function unsendable(reason: string): ProtocolError {
  return new ProtocolError('unsendable', reason, 413);
}
