/** Follows one device's tree: the index, and a version that grows with each update. */
import { useEffect, useMemo, useReducer } from 'react';
import type { TreeUpdate } from '../../../src-core/workbench/views.ts';
import { type Followed, useSubscription } from '../../api/use-subscription.ts';
import { FLASH_MS, TreeIndex } from './tree-index.ts';

export interface TreeState {
  /** One object for as long as the device is open; `version` says that it changed. */
  readonly index: TreeIndex;
  readonly version: number;
}

/** The index takes an update when it comes, not while React renders: it tells who listens to it. */
export function useTree(deviceId: string | undefined): Followed<TreeState> {
  const index = useMemo(() => new TreeIndex(deviceId ?? ''), [deviceId]);
  const { state: version, failure } = useSubscription<TreeUpdate, number>({
    key: deviceId === undefined ? undefined : `tree ${deviceId}`,
    start: (api, { onData, onError }) =>
      api.devices.tree.subscribe(
        { deviceId: index.deviceId },
        {
          onData: update => {
            index.apply(update, Date.now());
            onData(update);
          },
          onError,
        },
      ),
    initial: () => 0,
    reduce: before => before + 1,
  });
  return { state: { index, version }, failure };
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
