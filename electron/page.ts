/** Serves the built page to the window under its own origin, `app://workbench`, with a policy that names the core's port. */
import { readFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { PAGE_ORIGIN, pageHeaders } from '../src-core/workbench/host-protocol.ts';

/** Handler for `protocol.handle`. `root` is the folder of the built page; `corePort` answers once the core listens. */
export function pageHandler(root: string, corePort: () => Promise<number>): (request: Request) => Promise<Response> {
  return async request => {
    const file = request.method === 'GET' ? fileOf(request.url, root) : undefined;
    const content = file && (await readFile(file).catch(() => undefined));
    if (!content) return new Response('Not found', { status: 404, headers: { 'content-type': 'text/plain' } });
    const headers = pageHeaders(file, [`ws://127.0.0.1:${await corePort()}`]);
    return new Response(new Uint8Array(content), { headers });
  };
}

/** The file that an address of the page names; undefined where it is another origin's or leads out of the folder. */
function fileOf(address: string, root: string): string | undefined {
  const { protocol, host, pathname } = new URL(address);
  if (`${protocol}//${host}` !== PAGE_ORIGIN) return undefined;
  const path = decode(pathname);
  if (path === undefined || path.includes('\0')) return undefined;
  const file = resolve(root, `.${path}`);
  return file.startsWith(root + sep) ? file : undefined;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
