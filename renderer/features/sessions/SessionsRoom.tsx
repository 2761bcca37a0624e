/** Sessions: all that were recorded, one of them in full, and what can be done with it. */
import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { FolderOpen } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Origin, ShelfRow } from '../../../src-core/workbench/session-views.ts';
import type { DeviceView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { useLatest } from '../../api/use-subscription.ts';
import { useRoomActions } from '../../app/actions.ts';
import { navigate, type Route } from '../../app/routes.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { FileInput } from '../../components/FileInput.tsx';
import { formatBytes } from '../../components/format.ts';
import { Divider, Panel, Panes, sideWidth } from '../../components/Splitter.tsx';
import { ExportPanel } from './ExportPanel.tsx';
import { FilterBar } from './FilterBar.tsx';
import { InteractivePanel } from './InteractivePanel.tsx';
import { ReplayPanel } from './ReplayPanel.tsx';
import { SessionDetail, type Side } from './SessionDetail.tsx';
import { SessionList } from './SessionList.tsx';
import { Shelf } from './Shelf.tsx';
import { filterOf, looksInside, NO_FILTER } from './session-filter.ts';
import { useSessionRows } from './use-session-rows.ts';
import './sessions.css';

interface SessionsRoomProps {
  /** Undefined while another room is in front. */
  readonly route: Extract<Route, { room: 'sessions' }> | undefined;
  readonly devices: readonly DeviceView[] | undefined;
}

const TYPING_MS = 250;
/** What the connection to the core takes in one piece, and a little less. */
const MOST_BYTES = 15_000_000;
const TOO_LARGE = 'more than opens here. Use dmw session show and dmw session replay.';

export function SessionsRoom({ route, devices = [] }: SessionsRoomProps) {
  const [place, setPlace] = useState(route);
  if (route && (route.key !== place?.key || route.message !== place?.message)) setPlace(route);
  const key = place?.key;
  const [form, setForm] = useState(NO_FILTER);
  const [settled] = useDebouncedValue(form, TYPING_MS);
  const filter = filterOf(settled);
  const search = useSessionRows(filter, route !== undefined);
  const shelf = useLatest<readonly ShelfRow[]>('shelf', (api, observer) =>
    api.sessions.shelf.subscribe(undefined, observer),
  );
  const [wanted, setSide] = useState<Side>();
  const [owner, setOwner] = useState<string>();
  // Others have never connected: nothing can be sent to them.
  const known = devices.filter(({ id }) => !id.startsWith('user:'));
  const device = known.find(({ id }) => id === owner);
  const side = wanted === 'hand' && !device ? undefined : wanted;
  const list = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const open = useAction(async (api, file: File) => {
    if (file.size > MOST_BYTES) throw new Error(`${file.name} has ${formatBytes(file.size)}: ${TOO_LARGE}`);
    return api.sessions.import.mutate({ name: file.name, text: await file.text() });
  });

  const openFile = async (file: File) => {
    const opened = await open.run(file);
    if (opened) navigate({ room: 'sessions', key: opened.key });
  };
  const choose = (chosen: string, how: 'keyboard' | 'pointer') => {
    navigate({ room: 'sessions', key: chosen });
    setWantsFocus(how === 'keyboard');
  };
  // The ladder is there once its session has come.
  const [wantsFocus, setWantsFocus] = useState(false);
  useEffect(() => {
    const ladder = body.current?.querySelector<HTMLElement>('[role="grid"]');
    if (!wantsFocus || !ladder) return undefined;
    ladder.focus();
    setWantsFocus(false);
    return undefined;
  });
  useRoomActions(route !== undefined, [
    { label: 'Open session file', detail: 'beside the records', run: () => files.current?.click() },
    ...(key === undefined
      ? []
      : [
          { label: 'Export session', detail: 'file or HTML', run: () => setSide('export') },
          { label: 'Replay session', detail: 'against a server or a virtual handset', run: () => setSide('replay') },
          ...(device ? [{ label: 'Commands by hand', detail: device.name, run: () => setSide('hand') }] : []),
        ]),
  ]);
  const openMessage = (messageKey: string) => navigate({ room: 'sessions', key: key ?? '', message: messageKey });
  return (
    <main aria-label="Sessions room" hidden={route === undefined}>
      <header className="room-head">
        <h1>Sessions</h1>
        <span className="right" />
        <FileInput ref={files} label="Session file" accept=".json,application/json" onFiles={openFile} />
        <Button
          variant="default"
          leftSection={<FolderOpen size={13} aria-hidden />}
          loading={open.busy}
          onClick={() => files.current?.click()}
        >
          Open session file
        </Button>
      </header>
      <FilterBar form={form} devices={known} onChange={setForm} />
      <div className={open.failure ? 'room-failure' : undefined}>
        <FailureNote failure={open.failure} onClose={open.clear} />
      </div>
      <div className="room-body">
        <Panes name="sessions">
          <Panel id="list" defaultSize={sideWidth(312, 256)} minSize={200} groupResizeBehavior="preserve-pixel-size">
            <div className="session-column">
              <Shelf rows={shelf.state ?? []} selected={key} />
              <SessionList
                search={search}
                selected={key}
                filtered={looksInside(filter) || Object.keys(filter).length > 0}
                focus={list}
                onOpen={choose}
              />
            </div>
          </Panel>
          <Divider label="Width of the session list" />
          <Panel id="session" minSize={320}>
            {key === undefined ? (
              <div className="panel empty-room">
                <div className="empty">
                  <h2>Choose a session</h2>
                  <p>
                    Its messages appear here as a ladder: what each asked, how it was answered, how big and how long.
                  </p>
                </div>
              </div>
            ) : (
              <SessionDetail
                key={key}
                sessionKey={key}
                messageKey={place?.message}
                filter={filter}
                side={side}
                onSide={setSide}
                onOwner={setOwner}
                onLeave={() => list.current?.focus()}
                body={body}
              />
            )}
          </Panel>
          {side && key !== undefined && (
            <>
              <Divider label="Width of the side panel" />
              <Panel
                id="side"
                defaultSize={sideWidth(340, 300)}
                minSize={240}
                groupResizeBehavior="preserve-pixel-size"
              >
                <SidePanel
                  key={`${side} ${key}`}
                  side={side}
                  sessionKey={key}
                  origin={shelf.state?.find(row => row.key === key)?.origin}
                  devices={known}
                  device={device}
                  onOpenMessage={openMessage}
                  onClose={() => setSide(undefined)}
                />
              </Panel>
            </>
          )}
        </Panes>
      </div>
    </main>
  );
}

interface SidePanelProps {
  readonly side: Side;
  readonly sessionKey: string;
  readonly origin: Origin | undefined;
  readonly devices: readonly DeviceView[];
  /** Whose session it is, where it is a record. */
  readonly device: DeviceView | undefined;
  readonly onOpenMessage: (messageKey: string) => void;
  readonly onClose: () => void;
}

function SidePanel({ side, sessionKey, origin, devices, device, onOpenMessage, onClose }: SidePanelProps) {
  if (side === 'export') {
    const masked = origin?.kind === 'file' && origin.secrets === 'masked';
    return <ExportPanel sessionKey={sessionKey} masked={masked} onClose={onClose} />;
  }
  if (side === 'replay')
    return (
      <ReplayPanel
        sessionKey={sessionKey}
        devices={devices}
        deviceId={device?.id}
        onOpenMessage={onOpenMessage}
        onClose={onClose}
      />
    );
  return device && <InteractivePanel device={device} onClose={onClose} />;
}
