/** Credentials of SyncML authentication (OMA-TS-DM_Security-V1_2_1 §5.3, RFC 1321). Nonces are bytes here, base64 on the wire. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../base/secret.ts';

export interface Identity {
  readonly user: string;
  readonly password: Secret;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const md5 = (...parts: (string | Uint8Array)[]): Uint8Array => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** B64(user ":" password). */
export function basicDigest(identity: Identity): string {
  return base64(Buffer.concat([Buffer.from(`${identity.user}:`), identity.password.reveal()]));
}

/** B64(H(B64(H(user ":" password)) ":" nonce)), H being MD5. */
export function md5Digest(identity: Identity, nonce: Uint8Array): string {
  const secret = base64(md5(`${identity.user}:`, identity.password.reveal()));
  return base64(md5(`${secret}:`, nonce));
}

/** Compares two digests in constant time. */
export function digestEqual(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
