/** A handset's way over HTTP: one POST a message, on Node's fetch. */
import { TransportError } from '../../base/errors.ts';
import { MEDIA_TYPE } from '../../syncml/codec.ts';
import type { Exchange } from './handset.ts';

const TIMEOUT_MS = 30_000;

export const exchangeOverHttp: Exchange = async (url, message, encoding) => {
  const request = {
    method: 'POST',
    headers: { 'content-type': MEDIA_TYPE[encoding], accept: MEDIA_TYPE[encoding] },
    body: Uint8Array.from(message),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const response = await fetch(url, request).catch((cause: Error) => {
    const why = cause.cause instanceof Error ? cause.cause.message : cause.message;
    throw new TransportError('unreachable', `the DM server at ${url} cannot be reached: ${why}`, {
      advice: 'Check that the server runs and that its address is right',
      cause,
    });
  });
  const body = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) {
    const words = new TextDecoder().decode(body).trim();
    throw new TransportError('http', `the DM server answered HTTP ${response.status}: ${words}`, {
      details: { status: response.status },
    });
  }
  return body;
};
