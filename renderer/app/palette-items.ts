/** What the palette offers for a query: rooms, devices, readers, and the open tree's URIs. Pure. */
import type { DeviceView, ReaderView } from '../../src-core/workbench/views.ts';
import type { TreeIndex } from '../features/devices/tree-index.ts';
import type { Route } from './routes.ts';

export interface PaletteItem {
  readonly key: string;
  readonly kind: 'Room' | 'Device' | 'Reader' | 'Node';
  readonly label: string;
  readonly detail: string;
  readonly route: Route;
}

export interface PaletteSources {
  readonly devices: readonly DeviceView[];
  readonly readers: readonly ReaderView[];
  readonly tree: TreeIndex | undefined;
}

export interface PaletteAnswer {
  readonly items: readonly PaletteItem[];
  /** How many more there are than the list shows. */
  readonly more: number;
}

const SHOWN = 50;

export function findPaletteItems(query: string, { devices, readers, tree }: PaletteSources): PaletteAnswer {
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
  if (fits('Devices')) {
    offer({
      key: 'room devices',
      kind: 'Room',
      label: 'Devices',
      detail: 'tree inspector',
      route: { room: 'devices' },
    });
  }
  if (fits('Cards')) {
    offer({ key: 'room cards', kind: 'Room', label: 'Cards', detail: 'provision cards', route: { room: 'cards' } });
  }
  for (const device of devices) {
    if (!fits(device.name, device.id)) continue;
    const route: Route = { room: 'devices', deviceId: device.id };
    offer({ key: `device ${device.id}`, kind: 'Device', label: device.name, detail: device.id, route });
  }
  for (const reader of readers) {
    if (!fits(reader.name, reader.iccid ?? '')) continue;
    const route: Route = { room: 'cards', reader: reader.name };
    offer({ key: `reader ${reader.name}`, kind: 'Reader', label: reader.name, detail: reader.iccid ?? '', route });
  }
  if (tree && words.length > 0) {
    for (const uri of tree.uris()) {
      if (!fits(uri)) continue;
      const route: Route = { room: 'devices', deviceId: tree.deviceId, uri };
      offer({ key: `node ${uri}`, kind: 'Node', label: uri, detail: tree.get(uri)?.view?.value ?? '', route });
    }
  }
  return { items, more: found - items.length };
}
