/** DM-2 over HTTP (OMA-TS-DM_TransportBinding, SyncML HTTP Binding 1.2): one POST carries one message and its answer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EncodingError, ProtocolError, TransportError } from '../base/errors.ts';
import { MEDIA_TYPE } from '../syncml/codec.ts';
import { announcesMore, type Budget, readBody } from './http-body.ts';
import { DM_PATH, type DmRequest, type Refusal, readHead } from './http-request.ts';
import type { Answer, MessageHandler } from './transport.ts';
import { UNPROVEN_MESSAGE_BYTES } from './unproven.ts';

export interface HttpBinding {
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpBindingOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly handler: MessageHandler;
  /** Bytes of the largest body with this key of a session, or without one; absent: as for those who proved nothing. */
  readonly bodyLimit?: (session: string | undefined) => number;
  readonly onError?: (error: unknown) => void;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpLimits {
  /** Connections at once; further ones are closed. */
  readonly connections: number;
  /** Bytes of bodies that are coming in at once from senders who proved nothing; more get 503. */
  readonly unprovenBytes: number;
  /** A sender that takes longer for the header, or for the whole request, is cut off with 408. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** A connection without a request is closed after this. */
  readonly idleMs: number;
}

const LIMITS: HttpLimits = {
  connections: 2000,
  unprovenBytes: 32 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 30_000,
};
const RETRY_SECONDS = '5';
/** Messages are for one device alone, and signed as they are. */
const CACHE_CONTROL = 'no-store, no-transform';

/** @throws TransportError where the address cannot be listened on. */
export async function startHttpBinding(options: HttpBindingOptions): Promise<HttpBinding> {
  const limits = { ...LIMITS, ...options.limits };
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(limits.headersMs, limits.requestMs) / 4,
  });
  server.maxConnections = limits.connections;
  const { handler, bodyLimit = () => UNPROVEN_MESSAGE_BYTES } = options;
  const unproven: Budget = { left: limits.unprovenBytes };
  const take = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response, { handler, bodyLimit, unproven }).catch(error => {
      options.onError?.(error);
      refuse(response, { status: 500, text: 'The server met an unexpected error' });
    });
  };
  server.on('request', take);
  // Without this Node asks for every body before anybody looked at the header.
  server.on('checkContinue', take);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}${DM_PATH}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, { host, port }: HttpBindingOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new TransportError('listen', `the DM server cannot listen on ${host}:${port} (${cause.code})`, {
          advice: cause.code === 'EADDRINUSE' ? 'Stop the other program, or choose another port with --dm-port' : '',
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}

interface Ports extends Required<Pick<HttpBindingOptions, 'handler' | 'bodyLimit'>> {
  readonly unproven: Budget;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { handler, bodyLimit, unproven }: Ports,
): Promise<void> {
  const waits = request.headers.expect !== undefined;
  const taken = readHead(request);
  const limit = bodyLimit('status' in taken ? undefined : taken.session);
  const head = announcesMore(request, limit) ? tooLarge(limit) : taken;
  if ('status' in head) return refuse(response, waits ? closing(head) : head);
  if (waits) response.writeContinue();
  const bytes = await readBody(request, limit, limit > UNPROVEN_MESSAGE_BYTES ? undefined : unproven);
  if (bytes === 'gone') return;
  if (bytes === 'too-large') return refuse(response, tooLarge(limit));
  if (bytes === 'no-room') return refuse(response, NO_ROOM);
  try {
    const onGone = (gone: () => void) => (response.closed ? gone() : response.once('close', gone));
    answer(response, head, await handler({ ...head, bytes, transport: 'HTTP', onGone }));
  } catch (error) {
    if (!(error instanceof EncodingError || error instanceof ProtocolError)) throw error;
    refuse(response, { status: 400, text: error.message });
  }
}

function answer(response: ServerResponse, { encoding }: DmRequest, { bytes, hmac }: Answer): void {
  response.writeHead(200, {
    'content-type': MEDIA_TYPE[encoding],
    'content-length': bytes.length,
    'cache-control': CACHE_CONTROL,
    ...(hmac !== undefined && { 'x-syncml-hmac': hmac }),
  });
  response.end(bytes);
}

function tooLarge(limit: number): Refusal {
  return closing({ status: 413, text: `a message has at most ${limit} bytes` });
}

const NO_ROOM: Refusal = {
  status: 503,
  text: 'too many messages come in at once',
  headers: { connection: 'close', 'retry-after': RETRY_SECONDS },
};

/** Nobody knows where the next request begins when the body is not sent, or not waited for. */
function closing(refusal: Refusal): Refusal {
  return { ...refusal, headers: { ...refusal.headers, connection: 'close' } };
}

function refuse(response: ServerResponse, { status, text, headers }: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': CACHE_CONTROL,
    ...headers,
  });
  response.end(`${text.replaceAll(/\s+/g, ' ')}\n`);
}
