import { describe, expect, test } from 'vitest';
import { TreeIndex } from '../../renderer/features/devices/tree-index.ts';
import type { ServerEvent } from '../../src-core/server/effects.ts';
import { DeviceTree } from '../../src-core/tree/device-tree.ts';
import { Topic } from '../../src-core/workbench/topic.ts';
import { streamTree } from '../../src-core/workbench/tree-stream.ts';
import { bigTree, tree as smallTree } from '../support/fake-workbench-data.ts';

const DEVICE = 'IMEI:1';

/** A tree, and what a page that follows it knows. */
function follow(nodes = smallTree) {
  const tree = new DeviceTree(nodes);
  const events = new Topic<ServerEvent>();
  const stop = new AbortController();
  const stream = streamTree({ deviceId: DEVICE, events, tree: () => tree }, stop.signal);
  const page = new TreeIndex(DEVICE);
  const tell = (change: { nodes?: ReturnType<DeviceTree['apply']>; removed?: string[] }, deviceId = DEVICE) =>
    events.emit({ kind: 'tree', deviceId, change: { nodes: [], removed: [], ...change } });
  return {
    tree,
    tell,
    page,
    stop,
    stream,
    read: (uri: string, value: string) => tell({ nodes: tree.apply([{ uri, value }], 1, '2') }),
    async next() {
      const { value, done } = await stream.next();
      if (!done) page.apply(value, 0);
      return done ? undefined : value;
    },
    async whole() {
      const parts = [];
      do parts.push(await this.next());
      while (!page.complete);
      return parts;
    },
  };
}

describe('a tree on its way to the page', () => {
  test('arrives whole, with all that was read of each node', async () => {
    const one = follow();
    expect(await one.whole()).toHaveLength(1);
    for (const { uri, history, ...fields } of one.tree.nodes())
      expect(one.page.get(uri)?.view).toMatchObject({ ...fields, past: history.length });
    expect([...one.page.uris()]).toEqual(one.tree.nodes().map(({ uri }) => uri));
  });

  test('a large one comes in parts, the first of which is small', async () => {
    const one = follow(bigTree(10_000));
    const sizes = (await one.whole()).map(part => part?.nodes.name.length);
    expect(sizes).toEqual([400, 4000, 4000, 1600]);
    expect(one.page.summary()).toMatchObject({ count: 10_000, total: 10_000 });
  });

  test('a device that nobody knows has none, until it is known', async () => {
    const one = follow([]);
    expect(await one.whole()).toMatchObject([{ first: true, last: true, total: 0 }]);
    one.read('./A', '1');
    await one.next();
    expect(one.page.get('./A')?.value).toBe('1');
  });

  test('what changes while the parts are on their way is not lost', async () => {
    const one = follow(bigTree(1000));
    await one.next();
    one.read('./Big/0/0/Leaf0', 'new');
    one.read('./Big/0/99/Leaf3', 'new');
    one.tell({ removed: one.tree.remove('./Big/0/1') });
    await one.whole();
    await one.next();
    expect([...one.page.uris()].sort()).toEqual(
      ['./Big', './Big/0', ...one.tree.nodes().map(({ uri }) => uri), ...branches(one.tree)].sort(),
    );
    expect(['./Big/0/0/Leaf0', './Big/0/99/Leaf3'].map(uri => one.page.get(uri)?.value)).toEqual(['new', 'new']);
  });

  test('changes that come together are one update, with the last value; other devices are none of its business', async () => {
    const one = follow();
    await one.whole();
    one.tell({ removed: ['./DevInfo'] }, 'IMEI:2');
    for (const value of ['2', '3', '4']) one.read('./Vendor/Clock', value);
    one.tell({ removed: one.tree.remove('./DMAcc') });
    const update = await one.next();
    expect(update).toMatchObject({ kind: 'changed', removed: ['./DMAcc'], nodes: { name: ['Clock'], value: ['4'] } });
    expect(one.page.get('./DMAcc/Example')).toBeUndefined();
  });

  test('more changes than one part holds come in several updates', async () => {
    const one = follow([]);
    await one.whole();
    one.tell({ nodes: one.tree.apply(bigTree(5000), 1, '2') });
    await one.next();
    expect(one.page.summary().count).toBe(4000);
    await one.next();
    expect(one.page.summary().count).toBe(5000);
  });

  test('ends when nobody follows any more, also while it waits', async () => {
    const one = follow();
    await one.whole();
    const waiting = one.next();
    one.stop.abort();
    expect(await waiting).toBeUndefined();
  });
});

const branches = (tree: DeviceTree) => [
  ...new Set(tree.nodes().flatMap(({ uri }) => (uri.includes('/Leaf') ? [uri.slice(0, uri.lastIndexOf('/'))] : []))),
];
