/** Keys of the Devices room: what they do, in one place for the room, the buttons' titles and the palette. Pure. */
import type { Act } from './desk.ts';

export interface RoomKey {
  /** As KeyboardEvent.key and as aria-keyshortcuts says it; `Control+` is the command key of the machine. */
  readonly key: string;
  readonly title: string;
  readonly does: Act | 'read' | 'pin' | 'commands' | 'batch' | 'next-pane' | 'previous-pane';
}

export const ROOM_KEYS: readonly RoomKey[] = [
  { key: 'F2', title: 'Replace: edit the value', does: 'Replace' },
  { key: 'Insert', title: 'Add: a node below this one', does: 'Add' },
  { key: 'Delete', title: 'Delete: this node with all below it', does: 'Delete' },
  { key: 'F4', title: 'Copy: this node to another place', does: 'Copy' },
  { key: 'F8', title: 'Exec: execute this node', does: 'Exec' },
  { key: 'F9', title: 'Edit who may do what (ACL)', does: 'ACL' },
  { key: 'Shift+F2', title: 'Rename this node', does: 'Name' },
  { key: 'Shift+F9', title: 'Edit the title', does: 'Title' },
  { key: 'Control+Enter', title: 'Read this subtree now', does: 'read' },
  { key: 'Control+B', title: 'Pin this subtree, or unpin it', does: 'pin' },
  { key: 'Control+J', title: 'Show the commands and their answers', does: 'commands' },
  { key: 'Control+Shift+B', title: 'Show the batch', does: 'batch' },
  { key: 'F6', title: 'Go to the next pane', does: 'next-pane' },
  { key: 'Shift+F6', title: 'Go to the pane before', does: 'previous-pane' },
];

export const ACT_KEYS: Readonly<Partial<Record<Act, RoomKey>>> = Object.fromEntries(
  ROOM_KEYS.map(key => [key.does, key]),
);

interface KeyPress {
  readonly key: string;
  readonly command: boolean;
  readonly shift: boolean;
}

export function roomKeyOf({ key, command, shift }: KeyPress): RoomKey | undefined {
  const name = key.length === 1 ? key.toUpperCase() : key;
  return ROOM_KEYS.find(known => known.key === `${command ? 'Control+' : ''}${shift ? 'Shift+' : ''}${name}`);
}
