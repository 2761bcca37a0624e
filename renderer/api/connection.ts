/** The one connection to the core: tRPC over WebSocket, reopened by itself, with a state that the page can watch. */
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import type { WorkbenchRouter } from '../../src-core/workbench/router.ts';
import { coreStillServesPage, findEndpoint } from './endpoint.ts';

export type Api = TRPCClient<WorkbenchRouter>;

/** `refused`: there is no token, or the core does not take it; only another address helps. `lost`: trying again. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused';

export interface Connection {
  readonly api: Api;
  readonly state: () => ConnectionState;
  readonly watch: (listener: () => void) => () => void;
}

const RETRY_MS = [250, 500, 1000, 2000];

export function openConnection(): Connection {
  const endpoint = findEndpoint();
  const listeners = new Set<() => void>();
  let state: ConnectionState = endpoint ? 'connecting' : 'refused';
  let openedThisAttempt = false;
  const enter = (next: ConnectionState) => {
    if (state === next || state === 'refused') return;
    state = next;
    for (const listener of listeners) listener();
  };

  const socket = createWSClient({
    url: endpoint ?? (() => new Promise<string>(() => {})),
    lazy: { enabled: endpoint === undefined, closeMs: 0 },
    retryDelayMs: attempt => RETRY_MS[attempt] ?? 2000,
    onOpen() {
      openedThisAttempt = true;
      enter('open');
    },
    onClose() {
      const refused = !openedThisAttempt;
      openedThisAttempt = false;
      enter('lost');
      if (refused) coreStillServesPage().then(serves => serves && state === 'lost' && refuse());
    },
  });
  const refuse = () => {
    enter('refused');
    socket.close();
  };

  return {
    api: createTRPCClient<WorkbenchRouter>({ links: [wsLink({ client: socket })] }),
    state: () => state,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
