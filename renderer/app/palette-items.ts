/** What the palette offers for a query: rooms, devices, readers, actions, and the open tree's URIs. Pure. */
import type { DeviceView, ReaderView } from '../../src-core/workbench/views.ts';
import { shownValue } from '../features/devices/node/values.ts';
import type { TreeIndex } from '../features/devices/tree-index.ts';
import type { RoomAction } from './actions.ts';
import type { Route } from './routes.ts';

export interface PaletteItem {
  readonly key: string;
  readonly kind: 'Room' | 'Device' | 'Reader' | 'Action' | 'Node';
  readonly label: string;
  readonly detail: string;
  /** Key that does the same. */
  readonly keys?: string | undefined;
  /** Where it leads, or what it does. */
  readonly target: Route | (() => void);
}

export interface PaletteSources {
  readonly devices: readonly DeviceView[];
  readonly readers: readonly ReaderView[];
  readonly actions: readonly RoomAction[];
}

/** As many as the list shows. */
export const SHOWN = 50;
/** Nodes looked at in one turn: a few milliseconds. */
const SLICE = 2000;

const ROOMS = [
  { room: 'devices', label: 'Devices', detail: 'tree inspector', keys: '1' },
  { room: 'sessions', label: 'Sessions', detail: 'messages of all devices', keys: '2' },
  { room: 'cards', label: 'Cards', detail: 'provision a card', keys: '3' },
  { room: 'batches', label: 'Batches of cards', detail: 'provision a tray of cards', keys: undefined },
] as const;

const wordsOf = (query: string): readonly string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

function fitting(query: string): (...texts: string[]) => boolean {
  const words = wordsOf(query);
  return (...texts) => {
    const text = texts.join(' ').toLowerCase();
    return words.every(word => text.includes(word));
  };
}

export function findPlaces(query: string, { devices, readers, actions }: PaletteSources): PaletteItem[] {
  const fits = fitting(query);
  const items: PaletteItem[] = [];
  for (const { room, label, detail, keys } of ROOMS) {
    if (fits(label)) items.push({ key: `room ${room}`, kind: 'Room', label, detail, keys, target: { room } });
  }
  for (const device of devices) {
    if (!fits(device.name, device.id)) continue;
    const target: Route = { room: 'devices', deviceId: device.id };
    items.push({ key: `device ${device.id}`, kind: 'Device', label: device.name, detail: device.id, target });
  }
  for (const reader of readers) {
    if (!fits(reader.name, reader.iccid ?? '')) continue;
    const target: Route = { room: 'cards', reader: reader.name };
    items.push({
      key: `reader ${reader.name}`,
      kind: 'Reader',
      label: reader.name,
      detail: reader.iccid ?? '',
      target,
    });
  }
  for (const { label, detail, keys, run } of actions) {
    if (fits(label)) items.push({ key: `action ${label}`, kind: 'Action', label, detail, keys, target: run });
  }
  return items;
}

/** URIs that fit, as they are found; undefined after each slice of the tree, so that others have their turn. */
export function* findNodes(query: string, tree: TreeIndex): Generator<PaletteItem | undefined> {
  if (wordsOf(query).length === 0) return;
  const fits = fitting(query);
  let looked = 0;
  for (const uri of tree.uris()) {
    if (fits(uri)) yield nodeItem(uri, tree);
    looked += 1;
    if (looked % SLICE === 0) yield undefined;
  }
}

function nodeItem(uri: string, tree: TreeIndex): PaletteItem {
  const target: Route = { room: 'devices', deviceId: tree.deviceId, uri };
  return { key: `node ${uri}`, kind: 'Node', label: uri, detail: shownValue(uri, tree.get(uri)?.value ?? ''), target };
}
