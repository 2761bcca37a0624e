/** Devices: which there are, the tree of one, the node in hand, the commands for it, and the messages that carried them. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { MessageView } from '../../../src-core/workbench/message-views.ts';
import type { DeviceView, StoryState } from '../../../src-core/workbench/views.ts';
import { navigate, type Route } from '../../app/routes.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { Divider, ladderHeight, Panel, Panes, sideWidth } from '../../components/Splitter.tsx';
import { BatchPanel } from './commands/BatchPanel.tsx';
import { Bottom } from './commands/Bottom.tsx';
import { addToBatch } from './commands/batch.ts';
import type { Act, Desk } from './commands/desk.ts';
import { useHold } from './commands/HoldButton.tsx';
import { offeredActs } from './commands/offered.ts';
import { useDrafting } from './commands/use-drafting.ts';
import { useSend } from './commands/use-send.ts';
import { useWork } from './commands/use-work.ts';
import { WorkPanel } from './commands/WorkPanel.tsx';
import { DeviceList } from './DeviceList.tsx';
import { DdfButton } from './ddf/DdfButton.tsx';
import { DdfPanel } from './ddf/DdfPanel.tsx';
import { useDdfs } from './ddf/use-ddfs.ts';
import { Ladder } from './Ladder.tsx';
import { MessagePanel } from './MessagePanel.tsx';
import { PropertiesPanel } from './PropertiesPanel.tsx';
import { Pins } from './pins/Pins.tsx';
import { usePins } from './pins/use-pins.ts';
import { RoomHead } from './RoomHead.tsx';
import { SearchField } from './SearchField.tsx';
import { Story, useStoryTelling } from './Story.tsx';
import { SnapshotPanes } from './snapshots/SnapshotPanes.tsx';
import { SnapshotsButton } from './snapshots/SnapshotsButton.tsx';
import { useSnapshots } from './snapshots/use-snapshots.ts';
import { TreePanel } from './TreePanel.tsx';
import type { TreeIndex } from './tree-index.ts';
import { useRoomKeys } from './use-room-keys.ts';
import { useRowMarks } from './use-row-marks.ts';
import { useSearch } from './use-search.ts';
import { useTree } from './use-tree.ts';
import './devices.css';
import './commands/commands.css';
import './commands/lower.css';
import './node/node.css';
import './pins/pins.css';

interface DevicesRoomProps {
  /** Undefined while another room is in front. */
  readonly route: Extract<Route, { room: 'devices' }> | undefined;
  readonly devices: readonly DeviceView[] | undefined;
  readonly story: StoryState | undefined;
  /** Lent to the palette. */
  readonly tree: RefObject<TreeIndex | undefined>;
}

export function DevicesRoom({ route, devices, story, tree: lent }: DevicesRoomProps) {
  const room = useRef<HTMLElement>(null);
  const [place, setPlace] = useState(route);
  if (route && route !== place && (route.deviceId !== place?.deviceId || route.uri !== place?.uri)) setPlace(route);
  const { telling, close } = useStoryTelling(story);
  const first = devices?.[0]?.id;
  const deviceId = telling ? undefined : (place?.deviceId ?? first);
  const device = devices?.find(d => d.id === deviceId);
  const tree = useTree(deviceId);
  const { index } = tree.state;
  const search = useSearch(tree.state);
  const pins = usePins(deviceId);
  const work = useWork(deviceId);
  const snapshots = useSnapshots(device, devices ?? [], tree.state.version);
  const [message, setMessage] = useState<MessageView>();
  const [treeBeside, setTreeBeside] = useState(() => window.innerWidth >= 1600);
  const selected = place?.deviceId === undefined || place.deviceId === deviceId ? (place?.uri ?? '.') : '.';
  const marks = useRowMarks(index, work.marks, pins.uris);
  const drafting = useDrafting(deviceId, selected);
  const ddfs = useDdfs({
    taken: snapshots.open || message !== undefined,
    onOpen: () => {
      setMessage(undefined);
      snapshots.setOpen(false);
    },
  });
  const read = useSend(device);
  const hold = useHold(device);

  useEffect(() => {
    lent.current = index;
  }, [lent, index]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another device, another conversation
  useEffect(() => {
    setMessage(undefined);
    read.clear();
    hold.clear();
  }, [deviceId]);

  const select = (uri: string) => {
    if (deviceId !== undefined) navigate({ room: 'devices', deviceId, uri }, 'replace');
    setMessage(undefined);
    ddfs.setOpen(false);
  };
  const ask = (act: Act) => {
    setMessage(undefined);
    ddfs.setOpen(false);
    drafting.ask({ act, asked: true });
  };
  const readSubtree = () => void read.subtree(selected);
  const desk: Desk | undefined = device && {
    device,
    collect: drafts => {
      drafting.setBatch(drafts.reduce(addToBatch, drafting.batch));
      drafting.setTab('batch');
    },
    sent: () => {
      drafting.dismiss();
      focusTree();
    },
    dismiss: () => {
      drafting.dismiss();
      focusTree();
    },
  };
  useRoomKeys({
    room,
    inFront: route !== undefined && device !== undefined,
    uri: selected,
    offered: offeredActs(index.get(selected)),
    ask,
    read: readSubtree,
    pin: () => pins.toggle(selected),
    showCommands: () => drafting.setTab('commands'),
    showBatch: () => drafting.setTab('batch'),
  });

  const failed = read.failure ? read : hold;
  const comparing = snapshots.open && !message ? device : undefined;
  const panes = message
    ? 'devices-message'
    : comparing
      ? `devices-snapshots-${snapshots.doing.what}`
      : 'devices-properties';

  return (
    <main ref={room} aria-label="Devices room" hidden={route === undefined}>
      <RoomHead device={device} selected={selected} reading={read.busy} onRead={readSubtree} hold={hold}>
        <SearchField search={search} active={route !== undefined} onFind={select} />
        <DdfButton ddfs={ddfs} active={route !== undefined && device !== undefined} />
        <SnapshotsButton snapshots={snapshots} active={route !== undefined && device !== undefined} />
      </RoomHead>
      <div className={failed.failure ? 'room-failure' : undefined}>
        <FailureNote failure={failed.failure} onClose={failed.clear} />
      </div>
      <div className="room-body">
        {devices === undefined ? null : telling || devices.length === 0 ? (
          <Story story={story} onClose={devices.length > 0 ? close : undefined} />
        ) : (
          <Panes name="devices" vertical>
            <Panel id="above" minSize={200}>
              <Panes name={panes}>
                <Panel
                  id="list"
                  defaultSize={sideWidth(232, 196)}
                  minSize={150}
                  groupResizeBehavior="preserve-pixel-size"
                >
                  <div className="left">
                    <DeviceList devices={devices} selected={deviceId} story={story} />
                    <Pins pins={pins} tree={tree.state} selected={selected} onSelect={select} />
                  </div>
                </Panel>
                <Divider label="Width of the device list" />
                {comparing ? (
                  <SnapshotPanes
                    key={deviceId}
                    snapshots={snapshots}
                    device={comparing}
                    devices={devices}
                    selected={selected}
                    onShow={uri => {
                      snapshots.setOpen(false);
                      select(uri);
                    }}
                    onSent={to => {
                      if (to !== deviceId) navigate({ room: 'devices', deviceId: to });
                      drafting.setTab('commands');
                    }}
                  />
                ) : (
                  <>
                    {(!message || treeBeside) && (
                      <>
                        <Panel id="tree" minSize={240}>
                          <TreePanel
                            tree={tree}
                            search={search}
                            selected={selected}
                            device={device}
                            onSelect={select}
                            marks={marks}
                          />
                        </Panel>
                        <Divider label="Width of the side panel" />
                      </>
                    )}
                    <Panel
                      id="side"
                      defaultSize={message ? (treeBeside ? '60%' : undefined) : sideWidth(344, 300)}
                      minSize={240}
                      groupResizeBehavior={message && !treeBeside ? 'preserve-relative-size' : 'preserve-pixel-size'}
                    >
                      {message ? (
                        <MessagePanel
                          message={message}
                          treeBeside={treeBeside}
                          onTreeBeside={setTreeBeside}
                          onClose={() => setMessage(undefined)}
                        />
                      ) : ddfs.open && device ? (
                        <DdfPanel ddfs={ddfs} device={device} uri={selected} />
                      ) : (
                        <PropertiesPanel
                          key={`${deviceId} ${selected}`}
                          index={index}
                          uri={selected}
                          desk={desk}
                          work={work.latest.get(selected)}
                          intent={drafting.intent}
                          onIntent={drafting.ask}
                          onShowWork={drafting.showWork}
                          pins={pins}
                        />
                      )}
                    </Panel>
                  </>
                )}
              </Panes>
            </Panel>
            <Divider label="Height of the messages" />
            <Panel id="ladder" defaultSize={ladderHeight()} minSize={90} groupResizeBehavior="preserve-pixel-size">
              <Bottom
                tab={drafting.tab}
                onTab={drafting.setTab}
                counts={{ commands: work.waiting, batch: drafting.batch.entries.length }}
              >
                {drafting.tab === 'messages' && (
                  <Ladder deviceId={deviceId} opened={message?.key} onOpen={setMessage} />
                )}
                {drafting.tab === 'commands' && (
                  <WorkPanel
                    device={device}
                    work={work}
                    opened={drafting.openedWork}
                    onOpen={drafting.showWork}
                    onSelect={select}
                  />
                )}
                {drafting.tab === 'batch' && device && (
                  <BatchPanel
                    key={device.id}
                    device={device}
                    batch={drafting.batch}
                    onChange={drafting.setBatch}
                    onSelect={select}
                    onSent={drafting.batchSent}
                  />
                )}
              </Bottom>
            </Panel>
          </Panes>
        )}
      </div>
    </main>
  );
}

function focusTree(): void {
  document.getElementById('device-tree')?.focus();
}
