/**
 * Credentials of SyncML authentication: basic, MD5 digest and HMAC (OMA-TS-DM_Security-V1_2_1 §5.3, §5.4, RFC 1321).
 * Nonces and digests are bytes, base64 on the wire.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { ProtocolError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Cred } from './message.ts';

export interface Identity {
  readonly user: string;
  readonly password: Secret;
}

/** From the weakest to the strongest. */
export const AUTH_SCHEMES = ['none', 'basic', 'md5', 'hmac'] as const;
export type AuthScheme = (typeof AUTH_SCHEMES)[number];

/** What a scheme is called in Meta/Type of Cred and Chal (DM Security §5.4.1). */
export const AUTH_TYPE = { basic: 'syncml:auth-basic', md5: 'syncml:auth-md5', hmac: 'syncml:auth-MAC' } as const;

/** The scheme that a Type names, whatever its case and the white space around it. */
export function schemeOf(type: string | undefined): keyof typeof AUTH_TYPE | undefined {
  const name = type?.trim().toLowerCase();
  return (['basic', 'md5', 'hmac'] as const).find(scheme => AUTH_TYPE[scheme].toLowerCase() === name);
}

export function isWeaker(scheme: AuthScheme, than: AuthScheme): boolean {
  return AUTH_SCHEMES.indexOf(scheme) < AUTH_SCHEMES.indexOf(than);
}

/** B64(user ":" password). */
export function basicDigest(identity: Identity): string {
  return base64(Buffer.concat([Buffer.from(`${identity.user}:`), identity.password.reveal()]));
}

/** B64(H(B64(H(user ":" password)) ":" nonce)), H being MD5 (§5.3.2). */
export function md5Digest(identity: Identity, nonce: Uint8Array): string {
  return base64(md5(`${secretOf(identity)}:`, nonce));
}

/** B64(H(B64(H(user ":" password)) ":" nonce ":" B64(H(body)))), H being MD5 (§5.4.2). */
export function hmacDigest(identity: Identity, nonce: Uint8Array, body: Uint8Array): string {
  return base64(md5(`${secretOf(identity)}:`, nonce, `:${base64(md5(body))}`));
}

/**
 * The user name inside basic credentials, for finding the account; absent where they are no basic credentials.
 * The last colon ends it: names such as IMEI:493005100592800 have colons, passwords hardly ever.
 */
export function basicUser(cred: Cred): string | undefined {
  if (schemeOf(cred.meta?.type) !== 'basic') return undefined;
  const text = Buffer.from(fromBase64(cred.data) ?? []).toString('utf8');
  const colon = text.lastIndexOf(':');
  return colon < 0 ? undefined : text.slice(0, colon);
}

/** Bytes of base64 text; white space is ignored and padding may be missing. Absent where it is no base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  const [, digits = ''] = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text.replace(/\s+/g, '')) ?? [];
  if (digits === '' ? text.trim() !== '' : digits.length % 4 === 1) return undefined;
  return Uint8Array.from(Buffer.from(digits, 'base64'));
}

/** Compares in constant time, whatever the lengths. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}

/** What the transport header x-syncml-hmac says. */
export interface HmacHeader {
  readonly algorithm: string;
  readonly username: string;
  /** Base64 text. */
  readonly mac: string;
}

/** Value of x-syncml-hmac (§5.4.3). A header holds bytes: the user name travels as UTF-8. @throws ProtocolError 412 */
export function formatHmac({ username, mac }: Pick<HmacHeader, 'username' | 'mac'>): string {
  if (/\p{Cc}/u.test(username)) {
    throw new ProtocolError('hmac-user', 'a user name with control characters cannot travel in x-syncml-hmac', 412);
  }
  const quoted = Buffer.from(username.replace(/["\\]/g, '\\$&')).toString('latin1');
  return `algorithm=MD5, username="${quoted}", mac=${mac}`;
}

/** One parameter and its comma, or the end. No two neighbouring parts match the same text: time is linear. */
const HMAC_PARAMETER = /[\s,]*(?:$|([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))\s*(?=,|$))/isy;

/**
 * Reads x-syncml-hmac (§5.4.3): parameters in any order and case, quoted or not, unknown ones ignored, MD5 where no
 * algorithm is named. Absent where it is malformed or has not exactly one user name and one mac.
 */
export function parseHmac(header: string): HmacHeader | undefined {
  const values = new Map<string, string>();
  for (let at = 0; at < header.length; ) {
    HMAC_PARAMETER.lastIndex = at;
    const match = HMAC_PARAMETER.exec(header);
    if (!match) return undefined;
    at = HMAC_PARAMETER.lastIndex;
    const [, name, quoted, token = ''] = match;
    if (name === undefined) break;
    if (values.has(name.toLowerCase())) return undefined;
    values.set(name.toLowerCase(), quoted === undefined ? token : quoted.replace(/\\(.)/gs, '$1'));
  }
  const username = values.get('username');
  const mac = values.get('mac');
  if (username === undefined || mac === undefined) return undefined;
  return { algorithm: values.get('algorithm') ?? 'MD5', username: headerText(username), mac };
}

/** Header values arrive as one character a byte: UTF-8 where they are that, else ISO-8859-1 (RFC 2616 §2.2). */
function headerText(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.toString('latin1') !== value) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return value;
  }
}

function secretOf(identity: Identity): string {
  return base64(md5(`${identity.user}:`, identity.password.reveal()));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** In one call: half the cost of a hash that is fed. */
function md5(...parts: (string | Uint8Array)[]): Uint8Array {
  return hash('md5', Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : part))), 'buffer');
}
