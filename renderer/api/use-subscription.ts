/** Follows one subscription of the API. What was seen stays on screen while the connection is away. */
import { useEffect, useState } from 'react';
import type { Api } from './connection.ts';
import { useApi } from './context.ts';
import { drawTogether } from './draw-together.ts';
import { describeFailure, type Failure } from './failure.ts';

export interface Observer<T> {
  readonly onData: (data: T) => void;
  readonly onError: (error: unknown) => void;
}

export interface Followed<S> {
  readonly state: S;
  readonly failure: Failure | undefined;
}

export interface Subscription<T, S> {
  /** What is followed; another key starts anew. Undefined follows nothing. */
  readonly key: string | undefined;
  readonly start: (api: Api, observer: Observer<T>) => { unsubscribe: () => void };
  readonly initial: () => S;
  readonly reduce: (state: S, data: T) => S;
}

const RETRY_MS = 2000;

interface Held<S> extends Followed<S> {
  readonly key: string | undefined;
}

/** `start`, `initial` and `reduce` may be new functions at each render: only `key` counts. */
export function useSubscription<T, S>(subscription: Subscription<T, S>): Followed<S> {
  const api = useApi();
  const { key } = subscription;
  const [held, setHeld] = useState<Held<S>>(() => ({ key, state: subscription.initial(), failure: undefined }));
  if (held.key !== key) setHeld({ key, state: subscription.initial(), failure: undefined });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is followed
  useEffect(() => {
    if (key === undefined) return undefined;
    let stopped = false;
    let timer = 0;
    let running: { unsubscribe: () => void } | undefined;
    const update = (change: (before: Held<S>) => Held<S>) =>
      drawTogether(() => setHeld(before => (before.key === key && !stopped ? change(before) : before)));
    const follow = () => {
      running = subscription.start(api, {
        onData: data => update(before => ({ key, state: subscription.reduce(before.state, data), failure: undefined })),
        onError: error => {
          if (stopped) return;
          update(before => ({ ...before, failure: describeFailure(error) }));
          timer = window.setTimeout(follow, RETRY_MS);
        },
      });
    };
    follow();
    return () => {
      stopped = true;
      window.clearTimeout(timer);
      running?.unsubscribe();
    };
  }, [api, key]);

  return held;
}

/** The plain case: each message replaces what was known. */
export function useLatest<T>(
  key: string | undefined,
  start: (api: Api, observer: Observer<T>) => { unsubscribe: () => void },
): Followed<T | undefined> {
  return useSubscription<T, T | undefined>({ key, start, initial: () => undefined, reduce: (_, data) => data });
}
