/** The words between the core and the host that started it (Electron's main process or `dmw serve`). */

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
