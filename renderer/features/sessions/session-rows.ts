/** The list of sessions as it grows: pages that were found, and sessions that begin or change meanwhile. Pure. */
import type { Findings, RowChanges, SessionRow } from '../../../src-core/workbench/session-views.ts';

export interface SessionRows {
  /** Newest first. */
  readonly rows: readonly SessionRow[];
  /** Looked through since the search began, and how many there were. */
  readonly scanned: number;
  readonly of: number;
  readonly searching: boolean;
  /** By a person, or by an error: it goes on when asked to. */
  readonly stopped: boolean;
  /** The rows are those of the filter before: they stay on screen until this one has its first answer. */
  readonly stale: boolean;
  /** Where the next page goes on. */
  readonly next: string | undefined;
}

export const NO_ROWS: SessionRows = {
  rows: [],
  scanned: 0,
  of: 0,
  searching: true,
  stopped: false,
  stale: false,
  next: undefined,
};

/** @param before what earlier pages looked through */
export function withFindings(state: SessionRows, { rows, scanned, done, next }: Findings, before: number): SessionRows {
  const stale = state.stale && rows.length === 0 && !done;
  const known = state.stale && !stale ? [] : state.rows;
  const all = rows.length > 0 ? merge(known, rows) : known;
  return { ...state, rows: all, stale, scanned: before + scanned, searching: !done, next };
}

/** Sessions that no longer fit leave the list. */
export function withChanges(state: SessionRows, { rows, others }: RowChanges): SessionRows {
  const gone = new Set(others);
  const stale = state.stale && rows.length === 0;
  const before = state.stale && !stale ? [] : state.rows;
  const kept = gone.size > 0 ? before.filter(row => !gone.has(row.key)) : before;
  const known = new Set(kept.map(row => row.key));
  const oldest = state.next === undefined ? undefined : before.at(-1);
  // What is older than the pages that are here comes with its page.
  const fresh = rows.filter(row => known.has(row.key) || !oldest || isNewer(row, oldest));
  return { ...state, stale, rows: merge(kept, fresh) };
}

function merge(rows: readonly SessionRow[], more: readonly SessionRow[]): SessionRow[] {
  const all = new Map(rows.map(row => [row.key, row]));
  for (const row of more) all.set(row.key, row);
  return [...all.values()].sort((a, b) => (isNewer(a, b) ? -1 : 1));
}

/** Keys of records rise with time. */
const isNewer = (a: SessionRow, b: SessionRow): boolean => Number(a.key) > Number(b.key);
