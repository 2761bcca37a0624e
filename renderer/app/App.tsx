/** The shell: rail, the rooms, status bar, palette. All rooms stay mounted, so that coming back finds all as it was. */
import { memo, type ReactNode, useCallback, useRef, useState } from 'react';
import type { CardsState, DeviceView, StoryState, WorkbenchStatus } from '../../src-core/workbench/views.ts';
import { useConnectionState } from '../api/context.ts';
import { useLatest } from '../api/use-subscription.ts';
import { CardsRoom } from '../features/cards/CardsRoom.tsx';
import { DevicesRoom } from '../features/devices/DevicesRoom.tsx';
import type { TreeIndex } from '../features/devices/tree-index.ts';
import { SessionsRoom } from '../features/sessions/SessionsRoom.tsx';
import { Banner, RefusedPage } from './Connection.tsx';
import { isCommand, isTyping, useHotkeys } from './hotkeys.ts';
import { Palette } from './Palette.tsx';
import { Rail } from './Rail.tsx';
import { isOfCards, navigate, useRoute } from './routes.ts';
import { StatusBar } from './StatusBar.tsx';
import './app.css';

export function App() {
  const connection = useConnectionState();
  return connection === 'refused' ? <RefusedPage /> : <Workbench />;
}

function Workbench() {
  const route = useRoute();
  const [paletteOpen, setPaletteOpen] = useState(false);
  const closePalette = useCallback(() => setPaletteOpen(false), []);
  const tree = useRef<TreeIndex | undefined>(undefined);
  const status = useLatest<WorkbenchStatus>('status', (api, observer) =>
    api.status.watch.subscribe(undefined, observer),
  );
  const devices = useLatest<readonly DeviceView[]>('devices', (api, observer) =>
    api.devices.watch.subscribe(undefined, observer),
  );
  const cards = useLatest<CardsState>('cards', (api, observer) => api.cards.watch.subscribe(undefined, observer));
  const story = useLatest<StoryState>('story', (api, observer) => api.story.watch.subscribe(undefined, observer));

  useHotkeys(event => {
    if (isCommand(event) && event.key.toLowerCase() === 'k') {
      setPaletteOpen(open => !open);
      return true;
    }
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || paletteOpen) return false;
    if (event.key === '1') navigate({ room: 'devices' });
    else if (event.key === '2') navigate({ room: 'sessions' });
    else if (event.key === '3') navigate({ room: 'cards' });
    else return false;
    return true;
  });

  return (
    <div className="shell">
      <Rail route={route} onPalette={() => setPaletteOpen(true)} />
      <div className="room">
        <Banner />
        <Kept inFront={route.room === 'devices'} known={devices.state !== undefined}>
          <DevicesRoom
            route={route.room === 'devices' ? route : undefined}
            devices={devices.state}
            story={story.state}
            tree={tree}
          />
        </Kept>
        <Kept inFront={route.room === 'sessions'} known={devices.state !== undefined}>
          <SessionsRoom route={route.room === 'sessions' ? route : undefined} devices={devices.state} />
        </Kept>
        <Kept inFront={isOfCards(route)} known={cards.state !== undefined}>
          <CardsRoom route={isOfCards(route) ? route : undefined} cards={cards.state} pcsc={status.state?.pcsc} />
        </Kept>
      </div>
      <StatusBar status={status.state} />
      {paletteOpen && (
        <Palette
          devices={devices.state ?? []}
          readers={cards.state?.readers ?? []}
          tree={tree.current}
          onClose={closePalette}
        />
      )}
    </div>
  );
}

interface KeptProps {
  readonly inFront: boolean;
  /** What it shows has come for the first time. */
  readonly known: boolean;
  readonly children: ReactNode;
}

/** A room that is not in front is not drawn again from here; what it follows by itself goes on. */
const Kept = memo(
  ({ children }: KeptProps) => children,
  (before, now) => !before.inFront && !now.inFront && before.known === now.known,
);
