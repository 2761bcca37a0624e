/** Sessions: all that were recorded, one of them in full, and what can be done with it. */
import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { FolderOpen } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ShelfRow } from '../../../src-core/workbench/session-views.ts';
import type { DeviceView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { useLatest } from '../../api/use-subscription.ts';
import { useRoomActions } from '../../app/actions.ts';
import { navigate, type Route } from '../../app/routes.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { Divider, Panel, Panes, sideWidth } from '../../components/Splitter.tsx';
import { ExportPanel } from './ExportPanel.tsx';
import { FilterBar } from './FilterBar.tsx';
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

export function SessionsRoom({ route, devices = [] }: SessionsRoomProps) {
  const [place, setPlace] = useState(route);
  if (route && (route.key !== place?.key || route.message !== place?.message)) setPlace(route);
  const key = place?.key;
  const [form, setForm] = useState(NO_FILTER);
  const [settled] = useDebouncedValue(form, TYPING_MS);
  const filter = filterOf(settled);
  const search = useSessionRows(filter);
  const shelf = useLatest<readonly ShelfRow[]>('shelf', (api, observer) =>
    api.sessions.shelf.subscribe(undefined, observer),
  );
  const [side, setSide] = useState<Side>();
  const list = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const open = useAction((api, name: string, text: string) => api.sessions.import.mutate({ name, text }));

  const openFile = async (file: File | undefined) => {
    if (!file) return;
    const opened = await open.run(file.name, await file.text());
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
        ]),
  ]);
  const openMessage = (messageKey: string) => navigate({ room: 'sessions', key: key ?? '', message: messageKey });
  return (
    <main aria-label="Sessions room" hidden={route === undefined}>
      <header className="room-head">
        <h1>Sessions</h1>
        <span className="right" />
        <input
          ref={files}
          type="file"
          hidden
          accept=".json,application/json"
          aria-label="Session file"
          onChange={event => {
            void openFile(event.currentTarget.files?.[0]);
            // The same file can be chosen again.
            event.currentTarget.value = '';
          }}
        />
        <Button
          variant="default"
          leftSection={<FolderOpen size={13} aria-hidden />}
          loading={open.busy}
          onClick={() => files.current?.click()}
        >
          Open session file
        </Button>
      </header>
      <FilterBar form={form} devices={devices} onChange={setForm} />
      <div className={open.failure ? 'room-failure' : undefined}>
        <FailureNote failure={open.failure} onClose={open.clear} />
      </div>
      <div className="room-body">
        <Panes name={side && key ? 'sessions-side' : 'sessions'}>
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
                defaultSize={sideWidth(320, 280)}
                minSize={240}
                groupResizeBehavior="preserve-pixel-size"
              >
                {side === 'export' ? (
                  <ExportPanel key={key} sessionKey={key} onClose={() => setSide(undefined)} />
                ) : (
                  <ReplayPanel
                    key={key}
                    sessionKey={key}
                    onOpenMessage={openMessage}
                    onClose={() => setSide(undefined)}
                  />
                )}
              </Panel>
            </>
          )}
        </Panes>
      </div>
    </main>
  );
}
