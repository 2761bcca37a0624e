/** A handset's way over HTTP: one POST a message, on Node's fetch. */
import { TransportError } from '../../base/errors.ts';
import { type Encoding, MEDIA_TYPE } from '../../syncml/codec.ts';
import type { Exchange, Parcel } from './handset.ts';

export interface HttpExchangeOptions {
  /** A handset waits this long for an answer. */
  readonly patienceMs?: number;
  /** Breaks off what is under way: the handset loses coverage. */
  readonly signal?: AbortSignal;
  /** `error`: redirects are not followed, they would lead credentials elsewhere. Default `follow`. */
  readonly redirect?: 'follow' | 'error';
}

const PATIENCE_MS = 30_000;

export const exchangeOverHttp = httpExchange();

export function httpExchange(options: HttpExchangeOptions = {}): Exchange {
  const { patienceMs = PATIENCE_MS, signal, redirect = 'follow' } = options;
  return (url, parcel, encoding) => {
    const patience = AbortSignal.timeout(patienceMs);
    const breaks = signal ? AbortSignal.any([signal, patience]) : patience;
    return post(url, parcel, encoding, { signal: breaks, redirect });
  };
}

async function post(
  url: string,
  { bytes, hmac }: Parcel,
  encoding: Encoding,
  options: Pick<RequestInit, 'signal' | 'redirect'>,
): Promise<Parcel> {
  const request = {
    method: 'POST',
    headers: {
      'content-type': MEDIA_TYPE[encoding],
      accept: MEDIA_TYPE[encoding],
      ...(hmac !== undefined && { 'x-syncml-hmac': hmac }),
    },
    body: Uint8Array.from(bytes),
    ...options,
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
}

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
