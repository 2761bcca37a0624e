/** Messages as they travel: the typed message with its bytes, and the transport's x-syncml-hmac header (DM Security §5.4.3). */
import type { Message } from '../syncml/message.ts';

export interface Wire {
  readonly message: Message;
  readonly bytes: Uint8Array;
  /** Value of x-syncml-hmac: absent where the HMAC scheme is not used. */
  readonly hmac?: string;
}
