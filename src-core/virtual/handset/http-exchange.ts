/** A handset's way over HTTP: one POST a message, on Node's fetch. */
import { TransportError } from '../../base/errors.ts';
import { MEDIA_TYPE } from '../../syncml/codec.ts';
import type { Exchange } from './handset.ts';

const TIMEOUT_MS = 30_000;

export const exchangeOverHttp: Exchange = async (url, { bytes, hmac }, encoding) => {
  const request = {
    method: 'POST',
    headers: {
      'content-type': MEDIA_TYPE[encoding],
      accept: MEDIA_TYPE[encoding],
      ...(hmac !== undefined && { 'x-syncml-hmac': hmac }),
    },
    body: Uint8Array.from(bytes),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const response = await fetch(url, request).catch(failed(url));
  const body = new Uint8Array(await response.arrayBuffer().catch(failed(url)));
  if (!response.ok) {
    const words = new TextDecoder().decode(body).trim();
    throw new TransportError('http', `the DM server answered HTTP ${response.status}: ${words}`, {
      details: { status: response.status },
    });
  }
  const proof = response.headers.get('x-syncml-hmac');
  return { bytes: body, ...(proof !== null && { hmac: proof }) };
};

/** `unreachable`: the server took no message; `lost`: it may have taken it, the answer did not come. */
function failed(url: string): (cause: Error) => never {
  return cause => {
    const reason = cause.cause instanceof Error ? (cause.cause as NodeJS.ErrnoException) : undefined;
    const why = reason?.message || reason?.code || cause.message;
    const unreachable = reason?.code !== undefined && NOT_REACHED.has(reason.code);
    throw new TransportError(
      unreachable ? 'unreachable' : 'lost',
      `the DM server at ${url} cannot be reached: ${why}`,
      {
        advice: 'Check that the server runs and that its address is right',
        cause,
      },
    );
  };
}

const NOT_REACHED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH']);
