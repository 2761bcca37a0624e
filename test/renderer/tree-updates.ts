/** Updates of a tree as the core makes them. */
import { TreeIndex } from '../../renderer/features/devices/tree-index.ts';
import type { DeviceNode } from '../../src-core/tree/device-tree.ts';
import { columnsOf } from '../../src-core/workbench/node-columns.ts';
import type { TreeUpdate } from '../../src-core/workbench/views.ts';

export const node = (uri: string, value?: string, extra: Partial<DeviceNode> = {}): DeviceNode => ({
  uri,
  format: value === undefined ? 'node' : 'chr',
  ...(value === undefined ? {} : { value }),
  readAt: 1000,
  session: '1A',
  history: [],
  ...extra,
});

/** The whole tree in parts of so many nodes. */
export function parts(nodes: readonly DeviceNode[], size = Math.max(1, nodes.length)): TreeUpdate[] {
  const cuts = Array.from({ length: Math.max(1, Math.ceil(nodes.length / size)) }, (_, i) => i * size);
  return cuts.map((at, i) => ({
    kind: 'part',
    first: i === 0,
    last: i === cuts.length - 1,
    total: nodes.length,
    nodes: columnsOf(nodes.slice(at, at + size)),
  }));
}

export function changed(nodes: readonly DeviceNode[], removed: readonly string[] = []): TreeUpdate {
  return { kind: 'changed', nodes: columnsOf(nodes), removed };
}

export function indexOf(nodes: readonly DeviceNode[]): TreeIndex {
  const index = new TreeIndex('IMEI:1');
  for (const part of parts(nodes)) index.apply(part, 0);
  return index;
}
