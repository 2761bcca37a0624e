/** What the server knows to authenticate one device and to prove itself to it. */
import type { Identity } from '../syncml/credentials.ts';

export interface ServerAccount {
  /** How the device proves itself (CLCRED). */
  readonly client: Identity;
  readonly clientNonce: Uint8Array;
  /** How this server proves itself to the device (SRVCRED). */
  readonly server: Identity;
  readonly serverNonce: Uint8Array;
}
