/** Where the core listens: told by the desktop shell's preload, or by the token in a browser's address. */
import type { Endpoint } from '../../src-core/workbench/host-protocol.ts';

declare global {
  interface Window {
    /** Set by the desktop shell's preload only. */
    readonly dmw?: { readonly endpoint: () => Promise<Endpoint> };
  }
}

const TOKEN_KEY = 'dmw-token';

/** Moves a token from the address into this tab's session storage, so that it is neither shown nor bookmarked. */
function takeToken(): string | undefined {
  const address = new URL(window.location.href);
  const given = address.searchParams.get('token');
  if (given) {
    sessionStorage.setItem(TOKEN_KEY, given);
    address.searchParams.delete('token');
    window.history.replaceState(null, '', address);
  }
  return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
}

/** Gives the API's address anew for each attempt (a restarted core has another port); undefined where no token is known. */
export function findEndpoint(): (() => Promise<string>) | undefined {
  const shell = window.dmw;
  if (shell) {
    return async () => {
      const { port, token } = await shell.endpoint();
      return `ws://127.0.0.1:${port}/api?token=${encodeURIComponent(token)}`;
    };
  }
  const token = takeToken();
  if (!token) return undefined;
  return async () => `ws://${window.location.host}/api?token=${encodeURIComponent(token)}`;
}

/** True where the core serves this page but will not take the token: another launch printed another address. */
export async function coreStillServesPage(): Promise<boolean> {
  if (window.dmw) return false;
  try {
    return (await fetch('./index.html', { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
