/** Batches and the rows of one of them, as the core tells them. */
import type { BatchesState, BatchRows, BatchRowView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { type Followed, useLatest, useSubscription } from '../../../api/use-subscription.ts';

export function useBatches(): Followed<BatchesState | undefined> {
  return useLatest<BatchesState>('batches', (api, observer) => api.batches.watch.subscribe(undefined, observer));
}

/** In the order of the list. */
export function useBatchRows(key: string | undefined): Followed<readonly BatchRowView[]> {
  return useSubscription<BatchRows, readonly BatchRowView[]>({
    key: key === undefined ? undefined : `batch ${key}`,
    start: (api, observer) => api.batches.rows.subscribe({ key: key ?? '' }, observer),
    initial: () => [],
    reduce: (before, { first, rows }) => (first ? rows : replaced(before, rows)),
  });
}

function replaced(before: readonly BatchRowView[], changed: readonly BatchRowView[]): BatchRowView[] {
  const byLine = new Map(changed.map(row => [row.line, row]));
  return before.map(row => byLine.get(row.line) ?? row);
}
