/** The commands that were asked of a device, newest first, and what each node's row says of them. */
import { useMemo } from 'react';
import type { WorkView } from '../../../../src-core/workbench/work-views.ts';
import type { Failure } from '../../../api/failure.ts';
import { useLatest } from '../../../api/use-subscription.ts';
import type { RowMark } from '../row-marks.ts';
import { summaryFor } from './work.ts';

export interface DeviceWork {
  /** Newest first; undefined until they are here. */
  readonly items: readonly WorkView[] | undefined;
  /** How many wait or are under way. */
  readonly waiting: number;
  /** The newest one about each node. */
  readonly latest: ReadonlyMap<string, WorkView>;
  readonly marks: ReadonlyMap<string, RowMark>;
  readonly failure: Failure | undefined;
}

export function useWork(deviceId: string | undefined): DeviceWork {
  const { state: items, failure } = useLatest<readonly WorkView[]>(
    deviceId === undefined ? undefined : `work ${deviceId}`,
    (api, observer) => api.devices.work.subscribe({ deviceId: deviceId ?? '' }, observer),
  );
  return useMemo(() => {
    const latest = new Map<string, WorkView>();
    for (const work of items ?? []) for (const uri of work.uris) if (!latest.has(uri)) latest.set(uri, work);
    const marks = new Map([...latest].flatMap(([uri, work]) => markOf(uri, work)));
    return { items, waiting: (items ?? []).filter(isWaiting).length, latest, marks, failure };
  }, [items, failure]);
}

const isWaiting = ({ state }: WorkView): boolean => state === 'queued' || state === 'sent';

/** What waits, and what was refused last: the answer to what was asked for later takes its place. */
function markOf(uri: string, work: WorkView): [string, RowMark][] {
  const { name, text, tone } = summaryFor(work, uri);
  const title = `${name}: ${text}`;
  if (isWaiting(work)) return [[uri, { kind: 'queued', title }]];
  return tone === 'bad' ? [[uri, { kind: 'failed', title }]] : [];
}
