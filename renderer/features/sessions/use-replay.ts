/** One replay at a time: started, followed, cancelled. */
import { useEffect, useRef, useState } from 'react';
import type { ReplayCommands, ReplayTarget, ReplayView } from '../../../src-core/workbench/session-views.ts';
import { useApi } from '../../api/context.ts';
import { describeFailure, type Failure } from '../../api/failure.ts';
import { type Answer, useQuery } from '../../api/use-query.ts';

export interface Replay {
  readonly view: ReplayView | undefined;
  readonly failure: Failure | undefined;
  readonly running: boolean;
  readonly start: (target: ReplayTarget) => void;
  readonly cancel: () => void;
}

export function useReplay(key: string): Replay {
  const api = useApi();
  const [view, setView] = useState<ReplayView>();
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);
  const subscription = useRef<{ unsubscribe: () => void }>(undefined);
  useEffect(() => () => subscription.current?.unsubscribe(), []);
  const start = (target: ReplayTarget) => {
    setView(undefined);
    setFailure(undefined);
    setRunning(true);
    subscription.current = api.sessions.replay.subscribe(
      { key, target },
      {
        onData: data => {
          setView(data);
          if (data.state !== 'running') setRunning(false);
        },
        onError: error => {
          setFailure(describeFailure(error));
          setRunning(false);
        },
      },
    );
  };
  const cancel = () => {
    subscription.current?.unsubscribe();
    setRunning(false);
    setView(before => before && { ...before, state: 'failed', detail: 'cancelled' });
  };
  return { view, failure, running, start, cancel };
}

/** What a replay on a device would send; undefined asks nothing. */
export function useReplayCommands(key: string | undefined): Answer<ReplayCommands> {
  return useQuery({
    key: key === undefined ? undefined : `replay ${key}`,
    ask: api => api.sessions.replayCommands.query({ key: key ?? '' }),
  });
}
