/** Follows one device's tree: the index, and a version that grows with each update. */
import { useEffect, useState } from 'react';
import type { TreeUpdate } from '../../../src-core/workbench/views.ts';
import { type Followed, useSubscription } from '../../api/use-subscription.ts';
import { TreeIndex } from './tree-index.ts';

export interface TreeState {
  /** One object for as long as the device is open; `version` says that it changed. */
  readonly index: TreeIndex;
  readonly version: number;
}

/** How long a changed value stands out. */
export const FLASH_MS = 4000;

export function useTree(deviceId: string | undefined): Followed<TreeState> {
  return useSubscription<TreeUpdate, TreeState>({
    key: deviceId === undefined ? undefined : `tree ${deviceId}`,
    start: (api, observer) => api.devices.tree.subscribe({ deviceId: deviceId ?? '' }, observer),
    initial: () => ({ index: new TreeIndex(deviceId ?? ''), version: 0 }),
    reduce: ({ index, version }, update) => {
      index.apply(update, Date.now());
      return { index, version: version + 1 };
    },
  });
}

/** Renders again once all changes have faded, and says when it is. */
export function useFlashClock({ index, version }: TreeState): number {
  const [now, setNow] = useState(() => Date.now());
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the index changed
  useEffect(() => {
    setNow(Date.now());
    if (index.changes.size === 0) return undefined;
    const timer = window.setTimeout(() => setNow(Date.now()), FLASH_MS);
    return () => window.clearTimeout(timer);
  }, [index, version]);
  return now;
}
