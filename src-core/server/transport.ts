/** What a transport (HTTP, later OBEX) hands to the DM server, and what it carries back. */
import type { Encoding } from '../syncml/codec.ts';

/** Query parameter of RespURI that tells one session from another. */
export const SESSION_PARAMETER = 's';

export interface Received {
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
  /** Name of the transport, for people. */
  readonly transport: string;
  /** What the server put into RespURI: tells the session, and that the sender was told of it. */
  readonly session?: string;
  /** Value of the header x-syncml-hmac. */
  readonly hmac?: string;
  /** Calls back when the sender's connection breaks before it has its answer; at once where it did. */
  readonly onGone?: (gone: () => void) => void;
}

export interface Answer {
  readonly bytes: Uint8Array;
  readonly hmac?: string;
}

/** One message in, the answer out; EncodingError and ProtocolError are the sender's fault. */
export type MessageHandler = (message: Received) => Promise<Answer>;
