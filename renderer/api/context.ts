/** Gives components the API and the state of the connection. */
import { createContext, use, useSyncExternalStore } from 'react';
import type { Api, Connection, ConnectionState } from './connection.ts';

export const ConnectionContext = createContext<Connection | undefined>(undefined);

export function useConnection(): Connection {
  const connection = use(ConnectionContext);
  if (!connection) throw new Error('used outside ConnectionContext');
  return connection;
}

export function useApi(): Api {
  return useConnection().api;
}

export function useConnectionState(): ConnectionState {
  const { watch, state } = useConnection();
  return useSyncExternalStore(watch, state);
}
