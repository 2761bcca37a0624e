/** Snapshots in the Devices room: the comparison in place of the tree, and beside it the list, a difference, or what is done. */
import { useEffect, useState } from 'react';
import type { ChangeView } from '../../../../src-core/workbench/snapshots/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { Divider, Panel, sideWidth } from '../../../components/Splitter.tsx';
import { ApplyPanel } from './ApplyPanel.tsx';
import { ChangeDetail } from './ChangeDetail.tsx';
import { DiffPanel } from './DiffPanel.tsx';
import { partsOf } from './diff-rows.ts';
import { ExportPanel } from './ExportPanel.tsx';
import { SnapshotList } from './SnapshotList.tsx';
import { nameOfSide } from './sides.ts';
import type { Snapshots } from './use-snapshots.ts';

interface SnapshotPanesProps {
  readonly snapshots: Snapshots;
  readonly device: DeviceView;
  readonly devices: readonly DeviceView[];
  /** Node in hand. */
  readonly selected: string;
  /** Goes to a node of the device's tree. */
  readonly onShow: (uri: string) => void;
  readonly onSent: (deviceId: string) => void;
}

export function SnapshotPanes(props: SnapshotPanesProps) {
  const { snapshots, devices, onShow } = props;
  const [chosen, setChosen] = useState<ChangeView>();
  useEffect(() => focusTreeAgain, []);
  const inDiff = chosen && snapshots.diff?.changes.includes(chosen) ? chosen : undefined;
  return (
    <>
      <Panel id="diff" minSize={300}>
        <DiffPanel snapshots={snapshots} devices={devices} chosen={inDiff} onChoose={setChosen} onShow={onShow} />
      </Panel>
      <Divider label="Width of the side panel" />
      <Panel
        id="snapshots"
        defaultSize={snapshots.doing.what === 'apply' ? '48%' : sideWidth(344, 300)}
        minSize={260}
        groupResizeBehavior="preserve-pixel-size"
      >
        <Side {...props} chosen={inDiff} />
      </Panel>
    </>
  );
}

/** Where the focus was on what is gone, the keys would go nowhere. */
function focusTreeAgain(): void {
  window.requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.getElementById('device-tree')?.focus();
  });
}

function Side({
  snapshots,
  device,
  devices,
  selected,
  onShow,
  onSent,
  chosen,
}: SnapshotPanesProps & { chosen: ChangeView | undefined }) {
  const { doing, setDoing, sides, list = [] } = snapshots;
  if (doing.what === 'export') {
    return (
      <ExportPanel
        key={JSON.stringify(doing.side)}
        side={doing.side}
        name={nameOfSide(doing.side, devices, list)}
        uri={selected}
        onClose={() => setDoing({ what: 'nothing' })}
      />
    );
  }
  if (doing.what === 'apply' && sides) {
    const parts = partsOf(snapshots.diff?.changes ?? []);
    return (
      <ApplyPanel
        key={JSON.stringify(sides)}
        {...{ snapshots, sides, device, devices, parts }}
        onSent={deviceId => {
          setDoing({ what: 'nothing' });
          onSent(deviceId);
        }}
      />
    );
  }
  return (
    <div className="snapshot-side">
      <SnapshotList snapshots={snapshots} device={device} devices={devices} />
      {chosen && sides && <ChangeDetail change={chosen} sides={sides} onShow={onShow} />}
    </div>
  );
}
