/**
 * The one door to the core: loopback HTTP that serves the page, and tRPC over WebSocket for the API.
 * A connection needs the per-launch token, a loopback Host (no DNS rebinding) and the page's own Origin.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize, sep } from 'node:path';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { drained } from './back-pressure.ts';
import { type Endpoint, pageHeaders } from './host-protocol.ts';
import { router } from './router.ts';
import type { WorkbenchService } from './service.ts';

export interface ApiServer extends Endpoint {
  /** Address for a browser, with the token in it. */
  readonly url: string;
  close(): Promise<void>;
}

export interface ApiServerOptions {
  readonly service: WorkbenchService;
  /** Folder of the built page. */
  readonly pageRoot: string;
  readonly port?: number;
  /** Further Origin that may connect: the desktop window's. */
  readonly hostOrigin?: string;
}

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const token = randomBytes(24).toString('base64url');
  const http = createServer((request, response) => {
    servePage(request, response, options.pageRoot, port).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;

  const sockets = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024 * 1024 });
  const handler = applyWSSHandler({
    wss: sockets,
    router,
    createContext: ({ res }) => ({ service: options.service, drained: () => drained(res) }),
    keepAlive: { enabled: true, pingMs: 20_000, pongWaitMs: 10_000 },
  });
  http.on('upgrade', (request, socket, head) => {
    // Node stops listening for errors here; a peer that goes away must not end the core.
    socket.on('error', () => socket.destroy());
    const refusal = refuse(request, port, token, options.hostOrigin);
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, ws => sockets.emit('connection', ws, request));
  });

  return {
    port,
    token,
    url: `http://127.0.0.1:${port}/?token=${token}`,
    async close() {
      handler.broadcastReconnectNotification();
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>(resolve => http.close(() => resolve()));
    },
  };
}

/** The status line that refuses an upgrade, or undefined where it may pass. */
function refuse(
  request: IncomingMessage,
  port: number,
  token: string,
  hostOrigin: string | undefined,
): string | undefined {
  if (!hostIsOurs(request, port)) return '421 Misdirected Request';
  const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`, ...(hostOrigin ? [hostOrigin] : [])];
  if (!origins.includes(request.headers.origin ?? '')) return '403 Forbidden';
  const url = URL.parse(request.url ?? '/', 'http://core');
  if (url?.pathname !== '/api') return '404 Not Found';
  if (!tokenMatches(url.searchParams.get('token') ?? '', token)) return '401 Unauthorized';
  return undefined;
}

function hostIsOurs(request: IncomingMessage, port: number): boolean {
  return [`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '');
}

function tokenMatches(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}

async function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
  port: number,
): Promise<ServerResponse> {
  const answer = (status: number, text: string) =>
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  if (!hostIsOurs(request, port)) return answer(421, 'This address is not served here');
  if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'Only GET and HEAD');
  const pathname = URL.parse(request.url ?? '/', 'http://core')?.pathname ?? '';
  const file = fileIn(root, pathname);
  const info = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (!file || !info?.isFile()) return answer(404, 'Not found');
  response.writeHead(200, {
    ...pageHeaders(file, ["'self'", `ws://127.0.0.1:${port}`, `ws://localhost:${port}`]),
    'content-length': info.size,
    'cache-control': cacheControl(pathname),
  });
  return request.method === 'HEAD' ? response.end() : createReadStream(file).pipe(response);
}

/** The build puts a hash of what is in them into the names of these: the browser keeps them, compiled too. */
function cacheControl(pathname: string): string {
  return pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store';
}

/** The file a path names, or undefined for a path that is malformed or leads out of the folder. */
function fileIn(root: string, pathname: string): string | undefined {
  try {
    const file = normalize(join(root, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)));
    return file.startsWith(root + sep) ? file : undefined;
  } catch {
    return undefined;
  }
}
