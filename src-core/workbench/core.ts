/** The core program: DM server first, then the API for the page, then the readers. Every host starts it here. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { TransportError } from '../base/errors.ts';
import type { Endpoint } from './host-protocol.ts';
import { version } from './version.ts';
import { Workbench } from './workbench.ts';

/** Cards and handsets carry the server's address: it should be the same every day. */
const USUAL_DM_PORT = 8080;

export interface CoreOptions {
  readonly database: string;
  readonly dmHost: string;
  /** Absent: the usual one, or any other where that is taken. */
  readonly dmPort?: number;
  readonly apiPort?: number;
  /** Further Origin that the API takes: the desktop window's. */
  readonly hostOrigin?: string;
}

export interface Core {
  readonly endpoint: Endpoint;
  /** Address for a browser, with the token in it. */
  readonly url: string;
  readonly dmUrl: string;
  close(): Promise<void>;
}

/** @throws StoreError, TransportError */
export async function startCore(options: CoreOptions): Promise<Core> {
  const workbench = await openWorkbench(options);
  // Loading the API takes a while: messages that came first are answered first.
  await setImmediate();
  const { startApiServer } = await import('./api-server.ts');
  const api = await startApiServer({
    service: workbench,
    pageRoot: pageRoot(),
    ...(options.apiPort !== undefined && { port: options.apiPort }),
    ...(options.hostOrigin !== undefined && { hostOrigin: options.hostOrigin }),
  }).catch(async error => {
    await workbench.close();
    throw error;
  });
  const readers = workbench.findReaders().catch(error => console.error('looking for card readers failed:', error));
  return {
    endpoint: { port: api.port, token: api.token },
    url: api.url,
    dmUrl: workbench.dmUrl,
    async close() {
      await readers;
      await api.close();
      await workbench.close();
    },
  };
}

async function openWorkbench({ database, dmHost, dmPort }: CoreOptions): Promise<Workbench> {
  const open = (port: number) => Workbench.open({ database, dmHost, dmPort: port, pcscd: 'if-running', version });
  if (dmPort !== undefined) return open(dmPort);
  try {
    return await open(USUAL_DM_PORT);
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== 'listen') throw error;
    console.error(`dmw: port ${USUAL_DM_PORT} is taken, the DM server uses another; choose one with --dm-port`);
    return open(0);
  }
}

/** The built page: dist/page, seen from the built core and from the sources. */
function pageRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    for (const page of ['page', 'dist/page'])
      if (existsSync(join(folder, page, 'index.html'))) return join(folder, page);
    if (folder === dirname(folder)) return join(import.meta.dirname, '../page');
  }
}
