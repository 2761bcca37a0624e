/** What the palette offers for a query: rooms, devices, readers, and the open tree's URIs. Pure. */
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
  readonly tree: TreeIndex | undefined;
}

export interface PaletteAnswer {
  readonly items: readonly PaletteItem[];
  /** How many more there are than the list shows. */
  readonly more: number;
}

const SHOWN = 50;

const ROOMS = [
  { room: 'devices', label: 'Devices', detail: 'tree inspector', keys: '1' },
  { room: 'sessions', label: 'Sessions', detail: 'messages of all devices', keys: '2' },
  { room: 'cards', label: 'Cards', detail: 'provision a card', keys: '3' },
  { room: 'batches', label: 'Batches of cards', detail: 'provision a tray of cards', keys: undefined },
] as const;

export function findPaletteItems(query: string, { devices, readers, actions, tree }: PaletteSources): PaletteAnswer {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...texts: string[]) => {
    const text = texts.join(' ').toLowerCase();
    return words.every(word => text.includes(word));
  };
  const items: PaletteItem[] = [];
  let found = 0;
  const offer = (item: PaletteItem) => {
    found += 1;
    if (items.length < SHOWN) items.push(item);
  };
  for (const { room, label, detail, keys } of ROOMS) {
    if (fits(label)) offer({ key: `room ${room}`, kind: 'Room', label, detail, keys, target: { room } });
  }
  for (const device of devices) {
    if (!fits(device.name, device.id)) continue;
    const target: Route = { room: 'devices', deviceId: device.id };
    offer({ key: `device ${device.id}`, kind: 'Device', label: device.name, detail: device.id, target });
  }
  for (const reader of readers) {
    if (!fits(reader.name, reader.iccid ?? '')) continue;
    const target: Route = { room: 'cards', reader: reader.name };
    offer({ key: `reader ${reader.name}`, kind: 'Reader', label: reader.name, detail: reader.iccid ?? '', target });
  }
  for (const { label, detail, keys, run } of actions) {
    if (fits(label)) offer({ key: `action ${label}`, kind: 'Action', label, detail, keys, target: run });
  }
  if (tree && words.length > 0) {
    for (const uri of tree.uris()) {
      if (!fits(uri)) continue;
      const target: Route = { room: 'devices', deviceId: tree.deviceId, uri };
      offer({
        key: `node ${uri}`,
        kind: 'Node',
        label: uri,
        detail: shownValue(uri, tree.get(uri)?.value ?? ''),
        target,
      });
    }
  }
  return { items, more: found - items.length };
}
