/** What the tests of authentication share: one identity, its right and wrong proofs, headers' statuses. */
import { Secret } from '../../src-core/base/secret.ts';
import { AUTH_TYPE, basicDigest, formatHmac, hmacDigest, md5Digest } from '../../src-core/syncml/credentials.ts';
import type { Chal, Cred, Meta, Status } from '../../src-core/syncml/message.ts';

export const IDENTITY = { user: 'Bruce2', password: Secret.ofText('OhBehave') };
export const NONCE: Uint8Array = Uint8Array.from(Buffer.from('Nonce'));
export const BODY = Uint8Array.of(2, 0xa4, 1, 0x6a);
/** Nonces in a row: first, first + 1 … */
export const nonces = (first: number) => {
  let next = first;
  return () => Uint8Array.of(next++);
};
export const WITH_NONCE = ['md5', 'hmac'] as const;

const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
export const chalOf = (scheme: keyof typeof AUTH_TYPE, nonce?: number): Chal => ({
  meta: {
    type: AUTH_TYPE[scheme],
    format: 'b64',
    ...(nonce !== undefined && { nextNonce: b64(Uint8Array.of(nonce)) }),
  },
});
export const credOf = (scheme: keyof typeof AUTH_TYPE, data: string, meta: Meta = {}): Cred => ({
  meta: { format: 'b64', type: AUTH_TYPE[scheme], ...meta },
  data,
});
export const status = (code: number, chal?: Chal): Status => ({
  kind: 'Status',
  cmdId: '1',
  msgRef: 1,
  cmdRef: '0',
  cmd: 'SyncHdr',
  targetRefs: [],
  sourceRefs: [],
  code,
  items: [],
  ...(chal && { chal }),
});
export const RIGHT = {
  basic: (identity = IDENTITY) => ({ cred: credOf('basic', basicDigest(identity)) }),
  md5: (identity = IDENTITY, nonce = NONCE) => ({ cred: credOf('md5', md5Digest(identity, nonce)) }),
  hmac: (identity = IDENTITY, nonce = NONCE) => ({
    hmac: formatHmac({ username: identity.user, mac: hmacDigest(identity, nonce, BODY) }),
  }),
};
export const WRONG_PASSWORD = { user: 'Bruce2', password: Secret.ofText('wrong') };
