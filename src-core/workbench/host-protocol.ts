/** The words between the core and the host that started it (Electron's main process or `dmw serve`), and how either serves the page. */
import { extname } from 'node:path';

/** Where Electron serves the page; the API takes this Origin from that host only. */
export const PAGE_ORIGIN = 'app://workbench';

/** What the page needs to reach the core. The token is new at every launch. */
export interface Endpoint {
  readonly port: number;
  readonly token: string;
}

/** Core to host, over the process's message port. */
export type CoreMessage =
  | { readonly kind: 'ready'; readonly endpoint: Endpoint }
  | { readonly kind: 'failed'; readonly message: string };

/** Host to core. */
export type HostMessage = { readonly kind: 'shutdown' };

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * Headers of a file of the page: everything from the page's own folder, no inline script or style, no frames, no plugins.
 * @param connects sources that the page may connect to: the core alone
 */
export function pageHeaders(file: string, connects: readonly string[]) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${connects.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
