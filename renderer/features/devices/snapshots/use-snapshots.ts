/** The state of snapshots and comparisons for one device: what there is, what is compared, what is being done with it. */
import { useState } from 'react';
import type { DiffView, SnapshotView, TreeSide } from '../../../../src-core/workbench/snapshots/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import type { Failure } from '../../../api/failure.ts';
import { type Action, useAction } from '../../../api/use-action.ts';
import { useQuery } from '../../../api/use-query.ts';
import { useLatest } from '../../../api/use-subscription.ts';
import { firstSides, type Sides, sideKey, validSides } from './sides.ts';

/** What the side panel does: nothing besides its list, export of a tree, or sending commands. */
export type Doing = { readonly what: 'nothing' | 'apply' } | { readonly what: 'export'; readonly side: TreeSide };

export interface Snapshots {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
  /** Undefined until the core told. */
  readonly list: readonly SnapshotView[] | undefined;
  readonly take: Action<[uri?: string], SnapshotView>;
  readonly sides: Sides | undefined;
  readonly compare: (sides: Sides) => void;
  readonly diff: DiffView | undefined;
  readonly comparing: boolean;
  readonly failure: Failure | undefined;
  /** How often it was compared. */
  readonly asked: number;
  /** Compares again: trees of devices change. */
  readonly again: () => void;
  /** The tree of the device has changed since it was compared. */
  readonly outdated: boolean;
  readonly doing: Doing;
  readonly setDoing: (doing: Doing) => void;
}

const NOTHING: Doing = { what: 'nothing' };

/** @param version grows with each change in the tree of the device */
export function useSnapshots(
  device: DeviceView | undefined,
  devices: readonly DeviceView[],
  version: number,
): Snapshots {
  const deviceId = device?.id ?? '';
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<{ deviceId: string; sides: Sides }>();
  const [asked, setAsked] = useState(0);
  const [doing, setDoing] = useState(NOTHING);
  const { state: list } = useLatest<readonly SnapshotView[]>('snapshots', (api, observer) =>
    api.snapshots.watch.subscribe(undefined, observer),
  );
  const take = useAction((api, uri?: string) =>
    api.snapshots.take.mutate({ deviceId, ...(uri !== undefined && { uri }) }),
  );
  const kept = chosen?.deviceId === deviceId ? validSides(chosen.sides, list ?? [], devices) : undefined;
  const sides = kept ?? (device && list && firstSides(deviceId, list));
  const key = sides && `${sideKey(sides.from)} ${sideKey(sides.to)}`;
  const answer = useQuery<DiffView>({
    key: open && key !== undefined ? `${key} ${asked}` : undefined,
    ask: api => {
      if (!sides) throw new Error('nothing is compared');
      return api.snapshots.diff.query(sides);
    },
  });
  const [compared, setCompared] = useState({ answer: answer.data, version });
  if (compared.answer !== answer.data) setCompared({ answer: answer.data, version });
  const live = [sides?.from, sides?.to].some(side => side?.kind === 'device' && side.deviceId === deviceId);
  return {
    open: open && device !== undefined,
    setOpen(wanted) {
      setOpen(wanted);
      setDoing(NOTHING);
    },
    list,
    take: {
      ...take,
      run(uri) {
        // What is compared stays: a new snapshot is not the default then.
        if (sides) setChosen({ deviceId, sides });
        return take.run(uri);
      },
    },
    sides,
    compare(wanted) {
      setChosen({ deviceId, sides: wanted });
      setAsked(asked + 1);
    },
    diff: sides && answer.data,
    comparing: sides !== undefined && answer.stale,
    failure: answer.failure,
    asked,
    again: () => setAsked(asked + 1),
    outdated: live && answer.data !== undefined && !answer.stale && compared.version !== version,
    doing,
    setDoing,
  };
}
