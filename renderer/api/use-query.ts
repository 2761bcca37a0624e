/** One question to the core, asked again whenever its key changes; the answer before stays until the next is here. */
import { useEffect, useState } from 'react';
import type { Api } from './connection.ts';
import { useConnection, useConnectionState } from './context.ts';
import { describeFailure, type Failure } from './failure.ts';

export interface Answer<T> {
  readonly data: T | undefined;
  /** The data answers the question before this one. */
  readonly stale: boolean;
  readonly failure: Failure | undefined;
}

export interface Query<T> {
  /** What is asked; undefined asks nothing, and keeps what is known. */
  readonly key: string | undefined;
  readonly ask: (api: Api) => Promise<T>;
  /** Waits so long for another question, as while somebody types. */
  readonly pauseMs?: number;
}

interface Held<T> {
  readonly key: string;
  readonly data: T | undefined;
  readonly failure: Failure | undefined;
}

/** `ask` may be a new function at each render: only `key` counts. */
export function useQuery<T>({ key, ask, pauseMs = 0 }: Query<T>): Answer<T> {
  const { api } = useConnection();
  const open = useConnectionState() === 'open';
  const [held, setHeld] = useState<Held<T>>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked
  useEffect(() => {
    if (key === undefined || !open) return undefined;
    let stale = false;
    const run = async () => {
      try {
        const data = await ask(api);
        if (!stale) setHeld({ key, data, failure: undefined });
      } catch (error) {
        if (!stale) setHeld({ key, data: undefined, failure: describeFailure(error) });
      }
    };
    const timer = window.setTimeout(run, pauseMs);
    return () => {
      stale = true;
      window.clearTimeout(timer);
    };
  }, [api, open, key, pauseMs]);
  return { data: held?.data, stale: held?.key !== key, failure: held?.failure };
}
