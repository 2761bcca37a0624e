/** One message of a replay over HTTP. Redirects are not followed: they would lead credentials elsewhere. */
import { TransportError } from '../../base/errors.ts';
import { type Encoding, MEDIA_TYPE } from '../../syncml/codec.ts';

const PATIENCE_MS = 30_000;

interface Parcel {
  readonly bytes: Uint8Array;
  readonly hmac?: string;
}

/** @throws TransportError */
export async function postOnce(url: string, { bytes, hmac }: Parcel, encoding: Encoding): Promise<Parcel> {
  const fail = (cause: Error): never => {
    const why = cause.cause instanceof Error ? cause.cause.message || cause.message : cause.message;
    throw new TransportError('unreachable', `the DM server at ${url} cannot be reached: ${why}`, {
      advice: 'Check that the server runs and that its address is right',
      cause,
    });
  };
  const headers = {
    'content-type': MEDIA_TYPE[encoding],
    accept: MEDIA_TYPE[encoding],
    ...(hmac !== undefined && { 'x-syncml-hmac': hmac }),
  };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const body = Uint8Array.from(bytes);
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' }).catch(fail);
  const answer = new Uint8Array(await response.arrayBuffer().catch(fail));
  if (!response.ok) {
    const words = new TextDecoder().decode(answer).trim();
    throw new TransportError('http', `the DM server answered HTTP ${response.status}: ${words}`, {
      details: { status: response.status },
    });
  }
  const proof = response.headers.get('x-syncml-hmac');
  return { bytes: answer, ...(proof !== null && { hmac: proof }) };
}
