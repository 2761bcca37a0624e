/** Follows one device's tree: the index, and a version that grows with each update. */
import { useEffect, useReducer } from 'react';
import type { TreeUpdate } from '../../../src-core/workbench/views.ts';
import { type Followed, useSubscription } from '../../api/use-subscription.ts';
import { FLASH_MS, TreeIndex } from './tree-index.ts';

export interface TreeState {
  /** One object for as long as the device is open; `version` says that it changed. */
  readonly index: TreeIndex;
  readonly version: number;
}

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

/** The time now; renders again once all changes have faded. */
export function useFlashClock({ index, version }: TreeState): number {
  const [, render] = useReducer((n: number) => n + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the index changed
  useEffect(() => {
    if (index.changes.size === 0) return undefined;
    const timer = window.setTimeout(render, FLASH_MS);
    return () => window.clearTimeout(timer);
  }, [index, version]);
  return Date.now();
}
