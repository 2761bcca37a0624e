/** What an HTTP request must be to carry a DM message: target, media type, what may come back (RFC 9110, SyncML HTTP Binding 1.2). */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Encoding, encodingOf, MEDIA_TYPE } from '../syncml/codec.ts';
import { SESSION_PARAMETER } from './transport.ts';

export const DM_PATH = '/dm';

/** Why a request is not taken. */
export interface Refusal {
  readonly status: number;
  /** One line for people. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface DmRequest {
  readonly encoding: Encoding;
  readonly session?: string;
  readonly hmac?: string;
}

const BOTH_TYPES = `${MEDIA_TYPE.wbxml}, ${MEDIA_TYPE.xml}`;
const SIMPLE_TARGET = `${DM_PATH}?${SESSION_PARAMETER}=`;

/** Judges everything but the body. */
export function readHead({ url = '', method, headers }: IncomingMessage): DmRequest | Refusal {
  const target = readTarget(url);
  if (!target) return { status: 404, text: `DM messages are taken at ${DM_PATH}` };
  if (method !== 'POST') return { status: 405, text: 'DM messages come by POST', headers: { allow: 'POST' } };
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'identity')
    return { status: 415, text: `content coding ${coding} is not taken`, headers: { 'accept-encoding': 'identity' } };
  const encoding = encodingOf(headers['content-type']);
  if (!encoding || !isUtf8(headers['content-type']))
    return {
      status: 415,
      text: `expected ${MEDIA_TYPE.wbxml} or ${MEDIA_TYPE.xml} in UTF-8`,
      headers: { accept: BOTH_TYPES },
    };
  if (!accepts(headers.accept, encoding))
    return { status: 406, text: `the answer to this message is ${MEDIA_TYPE[encoding]}` };
  return { encoding, ...target, ...hmacIn(headers) };
}

/** The session that the target names; undefined where it is not the DM server's. */
function readTarget(url: string): { session?: string } | undefined {
  if (url === DM_PATH) return {};
  if (url.startsWith(SIMPLE_TARGET) && !/[%&+#]/.test(url)) return { session: url.slice(SIMPLE_TARGET.length) };
  const parsed = URL.parse(url, 'http://dm');
  if (parsed?.pathname !== DM_PATH) return undefined;
  const session = parsed.searchParams.get(SESSION_PARAMETER);
  return session === null ? {} : { session };
}

/** Other charsets are never used: XML is UTF-8, WBXML says its own. */
function isUtf8(contentType = ''): boolean {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType) ?? [];
  return charset.toLowerCase() === 'utf-8';
}

/** True unless the header excludes what the answer will be; a client that lists the general SyncML type takes the DM one. */
function accepts(accept: string | undefined, encoding: Encoding): boolean {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === MEDIA_TYPE[encoding]) return true;
  let quality = 0;
  let specific = -1;
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase());
    const precision = type === '*/*' ? 0 : type === 'application/*' ? 1 : encodingOf(type) === encoding ? 2 : -1;
    if (precision < specific || precision < 0) continue;
    const q = parameters.find(parameter => parameter.startsWith('q='));
    const value = q === undefined ? 1 : Number(q.slice(2));
    quality = precision > specific ? value : Math.max(quality, value);
    specific = precision;
  }
  return quality > 0;
}

/** x-syncml-hmac (DM Security §5.4.3). */
function hmacIn(headers: IncomingHttpHeaders): { hmac?: string } {
  const hmac = headers['x-syncml-hmac'];
  return typeof hmac === 'string' ? { hmac } : {};
}
