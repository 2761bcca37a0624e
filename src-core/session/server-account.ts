/** What the server knows to authenticate one device and to prove itself to it. */
import type { AuthScheme, Identity } from '../syncml/credentials.ts';

export interface ServerAccount {
  /** How the device proves itself (CLCRED). */
  readonly client: Identity;
  readonly clientNonce: Uint8Array;
  /** The weakest scheme taken from the device. */
  readonly clientScheme: AuthScheme;
  /** How this server proves itself to the device (SRVCRED). */
  readonly server: Identity;
  readonly serverNonce: Uint8Array;
  /** The scheme that this server begins with, and the weakest it gives in to. */
  readonly serverScheme: AuthScheme;
}
