/** The rail on the left: rooms, palette, theme. */
import { useMantineColorScheme } from '@mantine/core';
import { ArrowLeftRight, IdCard, ListTree, Monitor, Moon, Search, Sun } from 'lucide-react';
import { COMMAND_KEY } from './hotkeys.ts';
import { formatRoute, isOfCards, type Route } from './routes.ts';

const ROOMS = [
  { room: 'devices', name: 'Devices', Icon: ListTree },
  { room: 'sessions', name: 'Sessions', Icon: ArrowLeftRight },
  { room: 'cards', name: 'Cards', Icon: IdCard },
] as const;

export function Rail({ route, onPalette }: { route: Route; onPalette: () => void }) {
  const room = isOfCards(route) ? 'cards' : route.room;
  return (
    <nav className="rail" aria-label="Rooms">
      <div className="brand">
        <img src="./icon.svg" alt="" width={20} height={20} />
        <span className="label">DM Workbench</span>
      </div>
      {ROOMS.map(({ room: target, name, Icon }, i) => (
        <a
          key={target}
          href={formatRoute({ room: target })}
          title={name}
          aria-current={target === room ? 'page' : undefined}
          aria-keyshortcuts={String(i + 1)}
        >
          <Icon size={16} aria-hidden />
          <span className="label">{name}</span>
          <kbd aria-hidden data-key={i + 1} />
        </a>
      ))}
      <div className="bottom">
        <ThemeButton />
        <button type="button" title="Go to anything" onClick={onPalette}>
          <Search size={16} aria-hidden />
          <span className="label">Go to anything</span>
          <kbd aria-hidden data-key={`${COMMAND_KEY}K`} />
        </button>
      </div>
    </nav>
  );
}

const SCHEMES = [
  { scheme: 'auto', name: 'system', Icon: Monitor },
  { scheme: 'light', name: 'light', Icon: Sun },
  { scheme: 'dark', name: 'dark', Icon: Moon },
] as const;

function ThemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const at = SCHEMES.findIndex(s => s.scheme === colorScheme);
  const now = SCHEMES[at] ?? SCHEMES[0];
  const next = SCHEMES[(at + 1) % SCHEMES.length] ?? SCHEMES[0];
  const label = `Theme: ${now.name}`;
  return (
    <button type="button" title={`${label}; press for ${next.name}`} onClick={() => setColorScheme(next.scheme)}>
      <now.Icon size={16} aria-hidden />
      <span className="label">{label}</span>
    </button>
  );
}
