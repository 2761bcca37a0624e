/** Devices: which there are, the tree of one, the node in hand, and the messages that carried it. */
import { Button } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';
import type { DeviceView, MessageView, StoryState } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { navigate, type Route } from '../../app/routes.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { Pill } from '../../components/Marks.tsx';
import { Divider, ladderHeight, Panel, Panes, sideWidth } from '../../components/Splitter.tsx';
import { DeviceList } from './DeviceList.tsx';
import { Ladder } from './Ladder.tsx';
import { MessagePanel } from './MessagePanel.tsx';
import { PropertiesPanel } from './PropertiesPanel.tsx';
import { REACH } from './reachability.ts';
import { SearchField } from './SearchField.tsx';
import { Story, useStoryTelling } from './Story.tsx';
import { sayWhen } from './sending.ts';
import { TreePanel } from './TreePanel.tsx';
import type { TreeIndex } from './tree-index.ts';
import { useSearch } from './use-search.ts';
import { useTree } from './use-tree.ts';
import './devices.css';

interface DevicesRoomProps {
  /** Undefined while another room is in front. */
  readonly route: Extract<Route, { room: 'devices' }> | undefined;
  readonly devices: readonly DeviceView[] | undefined;
  readonly story: StoryState | undefined;
  /** Lent to the palette. */
  readonly tree: RefObject<TreeIndex | undefined>;
}

export function DevicesRoom({ route, devices, story, tree: lent }: DevicesRoomProps) {
  const [place, setPlace] = useState(route);
  if (route && route !== place && (route.deviceId !== place?.deviceId || route.uri !== place?.uri)) setPlace(route);
  const { telling, close } = useStoryTelling(story);
  const first = devices?.[0]?.id;
  const deviceId = telling ? undefined : (place?.deviceId ?? first);
  const device = devices?.find(d => d.id === deviceId);
  const tree = useTree(deviceId);
  const { index } = tree.state;
  const search = useSearch(tree.state);
  const [message, setMessage] = useState<MessageView>();
  const [treeBeside, setTreeBeside] = useState(() => window.innerWidth >= 1600);
  const [sent, setSent] = useState<string>();
  const selected = place?.deviceId === undefined || place.deviceId === deviceId ? (place?.uri ?? '.') : '.';

  const read = useAction((api, uri: string) => api.devices.read.mutate({ deviceId: deviceId ?? '', uri }));

  useEffect(() => {
    lent.current = index;
  }, [lent, index]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another device, another conversation
  useEffect(() => {
    setMessage(undefined);
    setSent(undefined);
    read.clear();
  }, [deviceId]);

  const select = (uri: string) => {
    if (deviceId !== undefined) navigate({ room: 'devices', deviceId, uri }, 'replace');
    setMessage(undefined);
  };
  const readSubtree = async () => {
    setSent(undefined);
    const answer = await read.run(selected);
    if (answer) setSent(sayWhen(`Get ${selected}`, answer.queued, device));
  };

  return (
    <main aria-label="Devices room" hidden={route === undefined}>
      <header className="room-head">
        <h1 className="ellipsis" title={device?.name}>
          {device?.name ?? 'Devices'}
        </h1>
        {device && (
          <>
            <Pill tone={REACH[device.reachability].pill} title={device.detail}>
              {REACH[device.reachability].name}
            </Pill>
            <span className="muted mono ellipsis device-id" title={device.id}>
              {device.id}
            </span>
            <CopyButton what="device identifier" text={device.id} />
            <SearchField search={search} active={route !== undefined} onFind={select} />
            <Button
              variant="filled"
              loading={read.busy}
              leftSection={<RefreshCw size={13} aria-hidden />}
              title={`Get ${selected} and all below it`}
              onClick={readSubtree}
            >
              Read subtree
            </Button>
          </>
        )}
      </header>
      <div className={read.failure ? 'room-failure' : undefined}>
        <FailureNote failure={read.failure} onClose={read.clear} />
      </div>
      <div className="room-body">
        {devices === undefined ? null : telling || devices.length === 0 ? (
          <Story story={story} onClose={devices.length > 0 ? close : undefined} />
        ) : (
          <Panes name="devices" vertical>
            <Panel id="above" minSize={200}>
              <Panes name={message ? 'devices-message' : 'devices-properties'}>
                <Panel
                  id="list"
                  defaultSize={sideWidth(232, 196)}
                  minSize={150}
                  groupResizeBehavior="preserve-pixel-size"
                >
                  <DeviceList devices={devices} selected={deviceId} story={story} />
                </Panel>
                <Divider label="Width of the device list" />
                {(!message || treeBeside) && (
                  <>
                    <Panel id="tree" minSize={240}>
                      <TreePanel tree={tree} search={search} selected={selected} device={device} onSelect={select} />
                    </Panel>
                    <Divider label="Width of the side panel" />
                  </>
                )}
                <Panel
                  id="side"
                  defaultSize={message ? (treeBeside ? '60%' : undefined) : sideWidth(328, 290)}
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
                  ) : (
                    <PropertiesPanel
                      key={`${deviceId} ${selected}`}
                      index={index}
                      uri={selected}
                      device={device}
                      sent={sent}
                      onSent={(command, queued) => setSent(sayWhen(command, queued, device))}
                    />
                  )}
                </Panel>
              </Panes>
            </Panel>
            <Divider label="Height of the messages" />
            <Panel id="ladder" defaultSize={ladderHeight()} minSize={90} groupResizeBehavior="preserve-pixel-size">
              <Ladder deviceId={deviceId} opened={message?.key} onOpen={setMessage} />
            </Panel>
          </Panes>
        )}
      </div>
    </main>
  );
}
