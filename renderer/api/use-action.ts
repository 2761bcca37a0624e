/** One action of the person on the core: busy while it runs, and its failure kept for showing near the button. */
import { useCallback, useState } from 'react';
import type { Api } from './connection.ts';
import { useConnection } from './context.ts';
import { describeFailure, type Failure } from './failure.ts';

export interface Action<A extends readonly unknown[], R> {
  /** Resolves with undefined where it failed; `failure` then says why. */
  readonly run: (...args: A) => Promise<R | undefined>;
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  readonly clear: () => void;
}

/** Nothing is kept to be sent later: while the connection is away, an action fails at once. */
export function useAction<A extends readonly unknown[], R>(
  perform: (api: Api, ...args: A) => Promise<R>,
): Action<A, R> {
  const { api, state } = useConnection();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const run = async (...args: A): Promise<R | undefined> => {
    if (state() !== 'open') {
      setFailure({
        message: 'The core is not connected',
        advice: 'Nothing was sent. Try again when the banner is gone.',
      });
      return undefined;
    }
    setBusy(true);
    setFailure(undefined);
    try {
      return await perform(api, ...args);
    } catch (error) {
      setFailure(describeFailure(error));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const clear = useCallback(() => setFailure(undefined), []);
  return { run, busy, failure, clear };
}
