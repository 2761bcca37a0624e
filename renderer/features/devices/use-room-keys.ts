/** Keys of the Devices room, and the same deeds as the palette lists them. */
import type { RefObject } from 'react';
import { type RoomAction, useRoomActions } from '../../app/actions.ts';
import { COMMAND_KEY, isCommand, isTyping, useHotkeys } from '../../app/hotkeys.ts';
import type { Act } from './commands/desk.ts';
import { ROOM_KEYS, type RoomKey, roomKeyOf } from './commands/keys.ts';
import { focusPane } from './panes.ts';

export interface RoomDeeds {
  readonly room: RefObject<HTMLElement | null>;
  readonly inFront: boolean;
  /** Node in hand, and what can be done with it. */
  readonly uri: string;
  readonly offered: ReadonlySet<Act>;
  readonly ask: (act: Act) => void;
  readonly read: () => void;
  readonly pin: () => void;
  readonly showBatch: () => void;
  readonly showCommands: () => void;
}

export function useRoomKeys(deeds: RoomDeeds): void {
  useHotkeys(event => {
    if (!deeds.inFront || event.altKey || document.querySelector('dialog[open]')) return false;
    const key = roomKeyOf({ key: event.key, command: isCommand(event), shift: event.shiftKey });
    // In a field the same keys edit; going to another pane means the same everywhere.
    if (!key || (isTyping(event.target) && !key.does.endsWith('pane'))) return false;
    return perform(key, deeds);
  });
  useRoomActions(deeds.inFront, actionsOf(deeds));
}

function perform({ does }: RoomKey, deeds: RoomDeeds): boolean {
  switch (does) {
    case 'next-pane':
    case 'previous-pane':
      focusPane(deeds.room.current, does === 'next-pane' ? 1 : -1);
      return true;
    case 'read':
      deeds.read();
      return true;
    case 'pin':
      deeds.pin();
      return true;
    case 'commands':
      deeds.showCommands();
      return true;
    case 'batch':
      deeds.showBatch();
      return true;
    default:
      if (!deeds.offered.has(does)) return false;
      deeds.ask(does);
      return true;
  }
}

function actionsOf(deeds: RoomDeeds): RoomAction[] {
  return ROOM_KEYS.filter(({ does }) => isOffered(does, deeds)).map(key => ({
    label: key.title,
    detail: deeds.uri,
    keys: key.key.replace('Control+', COMMAND_KEY),
    run: () => perform(key, deeds),
  }));
}

function isOffered(does: RoomKey['does'], { offered }: RoomDeeds): boolean {
  return !isAct(does) || offered.has(does);
}

const DEEDS: ReadonlySet<string> = new Set(['read', 'pin', 'batch', 'commands', 'next-pane', 'previous-pane']);
const isAct = (does: RoomKey['does']): does is Act => !DEEDS.has(does);
