import { describe, expect, test } from 'vitest';
import { isInterior, TreeIndex, type TreeRow } from '../../renderer/features/devices/tree-index.ts';
import type { NodeView } from '../../src-core/workbench/views.ts';

const node = (uri: string, value?: string, extra: Partial<NodeView> = {}): NodeView => ({
  uri,
  format: value === undefined ? 'node' : 'chr',
  ...(value === undefined ? {} : { value }),
  readAt: 1000,
  session: '1A',
  history: [],
  ...extra,
});

const NODES = [
  node('.', undefined, { acl: 'Get=*' }),
  node('./DevInfo'),
  node('./DevInfo/Mod', 'SmartPhone2000'),
  node('./DevInfo/Man', 'Device Factory'),
  node('./DMAcc', undefined, { acl: 'Replace=dm.example' }),
  node('./DMAcc/Example/ServerID', 'dm.example', { readAt: 2000 }),
];

function indexOf(nodes: readonly NodeView[]): TreeIndex {
  const index = new TreeIndex('IMEI:1');
  index.apply({ kind: 'all', nodes }, 0);
  return index;
}

const uris = (rows: readonly TreeRow[]) => rows.map(row => row.node.uri);
const all = () => true;

describe('tree index', () => {
  test('keeps the device order and makes the parents that were not read', () => {
    const index = indexOf(NODES);
    expect(uris(index.rows(all))).toEqual([
      '.',
      './DevInfo',
      './DevInfo/Mod',
      './DevInfo/Man',
      './DMAcc',
      './DMAcc/Example',
      './DMAcc/Example/ServerID',
    ]);
    expect(index.get('./DMAcc/Example')?.view).toBeUndefined();
    expect(index.summary()).toEqual({ count: 6, readAt: 2000 });
  });

  test('gives each row its depth, its place and the number of its siblings', () => {
    const rows = indexOf(NODES).rows(all);
    const man = rows.find(row => row.node.name === 'Man');
    expect(man).toMatchObject({ position: 2, siblings: 2, expanded: false, node: { depth: 2, parent: './DevInfo' } });
    expect(rows[0]).toMatchObject({ position: 1, siblings: 1, expanded: true, node: { depth: 0, name: '.' } });
  });

  test('leaves out what is folded', () => {
    expect(uris(indexOf(NODES).rows(n => n.uri === '.'))).toEqual(['.', './DevInfo', './DMAcc']);
    expect(uris(indexOf(NODES).rows(() => false))).toEqual(['.']);
  });

  test('remembers the value before a change, once, however often the update is taken', () => {
    const index = indexOf(NODES);
    const update = { kind: 'changed', nodes: [node('./DevInfo/Mod', 'Tracker')], removed: [] } as const;
    index.apply(update, 50);
    index.apply(update, 60);
    expect([...index.changes]).toEqual([['./DevInfo/Mod', { old: 'SmartPhone2000', at: 50 }]]);
    expect(index.get('./DevInfo/Mod')?.view?.value).toBe('Tracker');
  });

  test('sees a change across a reconnect, when the whole tree comes again', () => {
    const index = indexOf(NODES);
    index.apply({ kind: 'all', nodes: [node('.'), node('./DevInfo/Mod', 'Tracker')] }, 70);
    expect(uris(index.rows(all))).toEqual(['.', './DevInfo', './DevInfo/Mod']);
    expect(index.changes.get('./DevInfo/Mod')).toEqual({ old: 'SmartPhone2000', at: 70 });
  });

  test('removes a node with all below it', () => {
    const index = indexOf(NODES);
    index.apply({ kind: 'changed', nodes: [], removed: ['./DMAcc', './NoSuch'] }, 0);
    expect(uris(index.rows(all))).toEqual(['.', './DevInfo', './DevInfo/Mod', './DevInfo/Man']);
    expect(index.get('./DMAcc/Example/ServerID')).toBeUndefined();
  });

  test('finds the ACL in force at the nearest ancestor that carries one', () => {
    const index = indexOf(NODES);
    expect(index.aclOf('./DMAcc/Example/ServerID')).toEqual({ acl: 'Replace=dm.example', from: './DMAcc' });
    expect(index.aclOf('./DevInfo/Mod')).toEqual({ acl: 'Get=*', from: '.' });
    expect(indexOf([node('.')]).aclOf('.')).toBeUndefined();
  });

  test('knows interior nodes by their format, their children, or only their descendants', () => {
    const index = indexOf([...NODES, node('./Inbox'), node('./Odd', 'x'), node('./Odd/Child', 'y')]);
    const interior = ['./Inbox', './Odd', './DMAcc/Example'].map(uri => index.get(uri));
    expect(interior.map(n => n && isInterior(n))).toEqual([true, true, true]);
    const leaf = index.get('./DevInfo/Mod');
    expect(leaf && isInterior(leaf)).toBe(false);
  });

  test('flattens 100,000 nodes well within one blink', () => {
    const nodes = [node('.')];
    for (let i = 0; i < 100_000; i += 1) nodes.push(node(`./Big/${Math.floor(i / 100)}/Leaf${i}`, String(i)));
    const index = indexOf(nodes);
    const start = performance.now();
    expect(index.rows(all)).toHaveLength(1 + 1 + 1000 + 100_000);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
