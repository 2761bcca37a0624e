/** DM-2 over HTTP (OMA-TS-DM_TransportBinding, SyncML HTTP Binding 1.1): one POST carries one message and its answer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EncodingError, ProtocolError, TransportError } from '../base/errors.ts';
import { type Encoding, encodingOf, MEDIA_TYPE } from '../syncml/codec.ts';
import { SESSION_PARAMETER } from './dm-server.ts';

/** One message in, the answer out; EncodingError and ProtocolError are the sender's fault. */
export type MessageHandler = (
  bytes: Uint8Array,
  encoding: Encoding,
  transport: string,
  /** What the server put into RespURI: tells the session, and that the sender was told of it. */
  session: string | undefined,
) => Promise<Uint8Array>;

export interface HttpBinding {
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpBindingOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly handler: MessageHandler;
  readonly onError?: (error: unknown) => void;
}

export const DM_PATH = '/dm';
/** Bytes of a request body at most; larger ones get 413. */
const MAX_BODY = 16 * 1024 * 1024;

/** @throws TransportError where the address cannot be listened on. */
export async function startHttpBinding(options: HttpBindingOptions): Promise<HttpBinding> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 });
  server.on('request', (request, response) => {
    serve(request, response, options).catch(error => {
      options.onError?.(error);
      answer(response, 500, 'The server met an unexpected error');
    });
  });
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

async function serve(request: IncomingMessage, response: ServerResponse, options: HttpBindingOptions): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://dm');
  if (url?.pathname !== DM_PATH) return answer(response, 404, `DM messages are taken at ${DM_PATH}`);
  if (request.method !== 'POST') return answer(response, 405, 'DM messages come by POST', { allow: 'POST' });
  const encoding = encodingOf(request.headers['content-type']);
  if (!encoding) return answer(response, 415, `expected ${MEDIA_TYPE.wbxml} or ${MEDIA_TYPE.xml}`);
  const body = await readBody(request);
  if (!body) return answer(response, 413, `a message has at most ${MAX_BODY} bytes`, { connection: 'close' });
  try {
    const reply = await options.handler(body, encoding, 'HTTP', url.searchParams.get(SESSION_PARAMETER) ?? undefined);
    response.writeHead(200, {
      'content-type': MEDIA_TYPE[encoding],
      'content-length': reply.length,
      'cache-control': 'no-store',
    });
    response.end(reply);
  } catch (error) {
    if (!(error instanceof EncodingError || error instanceof ProtocolError)) throw error;
    answer(response, 400, error.message);
  }
}

/** The whole body, or undefined where it is too large. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks, length));
}

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(`${text}\n`);
}
