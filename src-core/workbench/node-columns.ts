/** Nodes of a tree as columns for the page: a fifth of what they would be one by one, and quick to read. */
import type { DeviceNode } from '../tree/device-tree.ts';
import type { NodeColumns, RareView } from './views.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

export function columnsOf(nodes: readonly DeviceNode[]): NodeColumns {
  const columns: Mutable<NodeColumns> = {
    parents: [],
    words: [],
    visits: [],
    parent: [],
    name: [],
    value: [],
    format: [],
    type: [],
    visit: [],
    rare: [],
  };
  const parentPlaces = new Map<string, number>();
  const wordPlaces = new Map<string, number>();
  let parent = -1;
  let visit: readonly [readAt: number, session: string] | undefined;
  for (const [at, node] of nodes.entries()) {
    const { uri, format, type, value, readAt, session } = node;
    const cut = uri.lastIndexOf('/');
    // Siblings come together: most have the parent of the one before.
    const before = columns.parents[parent];
    if (before === undefined || before.length !== cut || !uri.startsWith(before))
      parent = cut < 0 ? -1 : placeOf(uri.slice(0, cut), columns.parents, parentPlaces);
    if (visit?.[0] !== readAt || visit[1] !== session) {
      visit = [readAt, session];
      columns.visits.push(visit);
    }
    columns.parent.push(parent);
    columns.name.push(uri.slice(cut + 1));
    columns.value.push(value ?? null);
    columns.format.push(placeOf(format, columns.words, wordPlaces));
    columns.type.push(type === undefined ? -1 : placeOf(type, columns.words, wordPlaces));
    columns.visit.push(columns.visits.length - 1);
    const rare = rareOf(node);
    if (rare) columns.rare.push([at, rare]);
  }
  return columns;
}

/** Place of a text in a list, added where it is new. */
function placeOf(text: string, list: string[], places: Map<string, number>): number {
  let place = places.get(text);
  if (place === undefined) {
    place = list.push(text) - 1;
    places.set(text, place);
  }
  return place;
}

function rareOf({ acl, title, tstamp, verNo, unread = '', format, history }: DeviceNode): RareView | undefined {
  const past = history.length;
  if ((acl ?? title ?? tstamp ?? verNo) === undefined && unread === '' && past === 0) return undefined;
  return {
    ...(acl !== undefined && { acl }),
    ...(title !== undefined && { title }),
    ...(tstamp !== undefined && { tstamp }),
    ...(verNo !== undefined && { verNo }),
    ...(unread !== '' && { unread }),
    ...(unread !== '' && format === 'node' && { partial: true as const }),
    ...(past > 0 && { past }),
  };
}
