/** Looks for sessions page by page, follows what changes, and can be stopped and gone on with. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SessionFilter } from '../../../src-core/workbench/session-views.ts';
import { useApi } from '../../api/context.ts';
import { describeFailure, type Failure } from '../../api/failure.ts';
import { NO_ROWS, type SessionRows, withChanges, withFindings } from './session-rows.ts';

const PAGE = 200;

export interface SessionSearch extends SessionRows {
  readonly failure: Failure | undefined;
  /** The next page, where there is one, none is under way, and nobody stopped. */
  readonly more: () => void;
  readonly stop: () => void;
  readonly goOn: () => void;
}

/** @param active the room is in front; what was found stays while it is not */
export function useSessionRows(filter: SessionFilter, active: boolean): SessionSearch {
  const api = useApi();
  const key = JSON.stringify(filter);
  const [held, setHeld] = useState<{ readonly key: string; readonly state: SessionRows }>({ key, state: NO_ROWS });
  const [failure, setFailure] = useState<Failure>();
  const running = useRef<{ unsubscribe: () => void }>(undefined);
  if (held.key !== key) setHeld({ key, state: { ...NO_ROWS, rows: held.state.rows, stale: true } });

  const update = useCallback(
    (change: (state: SessionRows) => SessionRows) =>
      setHeld(now => (now.key === key ? { key, state: change(now.state) } : now)),
    [key],
  );
  const search = useCallback(
    (before: string | undefined, scanned: number) => {
      const page = { limit: PAGE, ...(before !== undefined && { before }) };
      update(state => ({ ...state, searching: true, stopped: false }));
      setFailure(undefined);
      const input = { filter: JSON.parse(key) as SessionFilter, page };
      running.current = api.sessions.find.subscribe(input, {
        onData: found =>
          update(state => withFindings({ ...state, of: before === undefined ? found.of : state.of }, found, scanned)),
        onError: error => {
          setFailure(describeFailure(error));
          update(state => ({ ...state, searching: false, stopped: true }));
        },
      });
    },
    [api, key, update],
  );
  useEffect(() => {
    if (!active) return undefined;
    search(undefined, 0);
    const changes = api.sessions.changes.subscribe(
      { filter: JSON.parse(key) as SessionFilter },
      {
        onData: data => update(state => withChanges(state, data)),
        onError: error => setFailure(describeFailure(error)),
      },
    );
    return () => {
      running.current?.unsubscribe();
      changes.unsubscribe();
    };
  }, [api, key, active, search, update]);

  const { searching, stopped, next, scanned } = held.state;
  const goOn = () => {
    if (!searching && (next !== undefined || stopped)) search(next, scanned);
  };
  const more = () => {
    if (!stopped) goOn();
  };
  const stop = () => {
    running.current?.unsubscribe();
    update(state => ({ ...state, searching: false, stopped: true }));
  };
  return { ...held.state, failure, more, stop, goOn };
}
