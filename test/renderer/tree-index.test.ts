import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TreeIndex } from '../../renderer/features/devices/tree-index.ts';
import { isInterior } from '../../renderer/features/devices/tree-node.ts';
import { type DeviceNode, DeviceTree } from '../../src-core/tree/device-tree.ts';
import { changed, indexOf, node, parts } from './tree-updates.ts';

const NODES = [
  node('.', undefined, { acl: 'Get=*' }),
  node('./DevInfo'),
  node('./DevInfo/Mod', 'SmartPhone2000'),
  node('./DevInfo/Man', 'Device Factory'),
  node('./DMAcc', undefined, { acl: 'Replace=dm.example' }),
  node('./DMAcc/Example/ServerID', 'dm.example', { readAt: 2000 }),
];

const uris = (index: TreeIndex) => index.rows.slice(0, index.rows.count).map(row => row.node.uri);
const changesOf = (index: TreeIndex) => [...index.changes].map(([{ uri }, change]) => ({ uri, ...change }));

describe('tree index', () => {
  test('keeps the device order and makes the parents that were not read', () => {
    const index = indexOf(NODES);
    expect(uris(index)).toEqual([
      '.',
      './DevInfo',
      './DevInfo/Mod',
      './DevInfo/Man',
      './DMAcc',
      './DMAcc/Example',
      './DMAcc/Example/ServerID',
    ]);
    expect(index.get('./DMAcc/Example')?.view).toBeUndefined();
    expect(index.summary()).toEqual({ count: 6, total: 6, readAt: 2000 });
    expect([...index.uris()]).toEqual(uris(index));
  });

  test('a node says all that was read of it, with the size of its value', () => {
    const more = { type: 'text/plain', title: 'T', tstamp: '2026-11-23T22:14:07Z', verNo: 3, readAt: 5 };
    const history = [{ value: 'b', readAt: 1, session: '19' }];
    const index = indexOf([node('./A', 'grün', { ...more, history }), node('./B', 'AAEC/w==', { format: 'b64' })]);
    expect(index.get('./A')?.view).toEqual({
      uri: './A',
      name: 'A',
      format: 'chr',
      value: 'grün',
      size: 5,
      session: '1A',
      past: 1,
      ...more,
    });
    expect(index.get('./B')?.view).toMatchObject({ size: 4, past: 0 });
    expect(index.get('./C')).toBeUndefined();
  });

  test('comes in parts, and says how many nodes there will be', () => {
    const index = indexOf([]);
    const [first, ...more] = parts(NODES, 2);
    if (first) index.apply(first, 0);
    expect([index.summary().count, index.summary().total, uris(index)]).toEqual([2, 6, ['.', './DevInfo']]);
    for (const part of more) index.apply(part, 0);
    expect(uris(index)).toEqual(uris(indexOf(NODES)));
    expect(index.summary()).toMatchObject({ count: 6, total: 6 });
  });

  test('remembers the value before a change, once, however often the update is taken', () => {
    const index = indexOf(NODES);
    const update = changed([node('./DevInfo/Mod', 'Tracker')]);
    index.apply(update, 50);
    index.apply(update, 60);
    expect(changesOf(index)).toEqual([{ uri: './DevInfo/Mod', old: 'SmartPhone2000', at: 50 }]);
    expect(index.get('./DevInfo/Mod')?.value).toBe('Tracker');
  });

  test('forgets changes that stand out no more', () => {
    const index = indexOf(NODES);
    index.apply(changed([node('./DevInfo/Mod', 'Tracker')]), 50);
    index.apply(changed([node('./DevInfo/Man', 'Maker')]), 5000);
    expect(changesOf(index).map(({ uri }) => uri)).toEqual(['./DevInfo/Man']);
  });

  test('sees a change across a reconnect, when the whole tree comes again, and what is gone', () => {
    const index = indexOf(NODES);
    for (const part of parts([node('.'), node('./DevInfo/Mod', 'Tracker')], 1)) index.apply(part, 70);
    expect(uris(index)).toEqual(['.', './DevInfo', './DevInfo/Mod']);
    expect(changesOf(index)).toEqual([{ uri: './DevInfo/Mod', old: 'SmartPhone2000', at: 70 }]);
    expect(index.get('./DevInfo')?.view).toBeUndefined();
    expect(index.summary().count).toBe(2);
  });

  test('removes a node with all below it, and those above that were known only by it', () => {
    const index = indexOf(NODES);
    index.apply(changed([], ['./DMAcc/Example/ServerID', './DevInfo', './NoSuch']), 0);
    expect(uris(index)).toEqual(['.', './DMAcc']);
    expect(index.get('./DevInfo/Mod')).toBeUndefined();
    index.apply(changed([], ['.']), 0);
    expect([uris(index), index.summary().count, index.get('.')]).toEqual([[], 0, undefined]);
  });

  test('finds the ACL in force at the nearest ancestor that carries one', () => {
    const index = indexOf(NODES);
    expect(index.aclOf('./DMAcc/Example/ServerID')).toEqual({ acl: 'Replace=dm.example', from: './DMAcc' });
    expect(index.aclOf('./DevInfo/Mod')).toEqual({ acl: 'Get=*', from: '.' });
    expect(index.ancestors('./DMAcc/Example/ServerID')).toEqual(['./DMAcc/Example', './DMAcc', '.']);
    expect(indexOf([node('.')]).aclOf('.')).toBeUndefined();
  });

  test('knows interior nodes by their format, their children, or only their descendants', () => {
    const index = indexOf([...NODES, node('./Inbox'), node('./Odd', 'x'), node('./Odd/Child', 'y')]);
    const interior = ['./Inbox', './Odd', './DMAcc/Example'].map(uri => index.get(uri));
    expect(interior.map(n => n && isInterior(n))).toEqual([true, true, true]);
    const leaf = index.get('./DevInfo/Mod');
    expect(leaf && isInterior(leaf)).toBe(false);
  });
});

/** Few names, so that nodes meet; a wide level, so that children are found by a map. */
const name = fc.oneof(fc.constantFrom('A', 'B', 'C'), fc.nat(40).map(String));
const uri = fc.array(name, { maxLength: 4 }).map(names => ['.', ...names].join('/'));
const reading = fc.record({ uri, value: fc.option(fc.constantFrom('1', '2'), { nil: undefined }) });
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ read: fc.array(reading, { maxLength: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.array(uri, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ again: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ fold: uri, open: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ foldAll: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ find: fc.array(uri, { maxLength: 3 }) }) },
);

/** The rows by their meaning: a node's row, then, where it is open, those of its children. */
function rowsByMeaning(index: TreeIndex): string[] {
  const rows: string[] = [];
  const visit = (at: TreeIndex['root']) => {
    rows.push(at.uri);
    if (at.open) at.children.forEach(visit);
  };
  if (index.get('.')) visit(index.root);
  return rows;
}

describe('tree index kept with every update', () => {
  test('is what an index built anew would be, and counts its rows right', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), actions => {
        const tree = new DeviceTree();
        const index = indexOf([]);
        for (const [at, act] of actions.entries()) {
          if ('read' in act) index.apply(changed(lastOfEach(tree.apply(act.read.map(plain), at, '1'))), at);
          else if ('remove' in act)
            index.apply(
              changed(
                [],
                act.remove.flatMap(gone => tree.remove(gone)),
              ),
              at,
            );
          else if ('again' in act) for (const part of parts(tree.nodes(), act.again)) index.apply(part, at);
          else if ('fold' in act) index.rows.setOpen(known(index, [act.fold]), act.open);
          else if ('foldAll' in act) index.rows.setAll(act.foldAll);
          else {
            index.rows.closeFound();
            index.rows.openFound(known(index, act.find));
          }
          expect(uris(index)).toEqual(rowsByMeaning(index));
        }
        const anew = indexOf(tree.nodes());
        const sorted = (of: TreeIndex) => [...of.uris()].sort();
        expect(sorted(index)).toEqual(sorted(anew));
        expect(index.summary().count).toBe(tree.size);
        for (const found of anew.uris()) expect(index.get(found)?.view).toEqual(anew.get(found)?.view);
        for (const [place, { node: at }] of index.rows.slice(0, index.rows.count).entries())
          expect(index.rows.placeOf(at)).toBe(place);
      }),
      { numRuns: 300 },
    );
  });
});

const plain = ({ uri: at, value }: { uri: string; value: string | undefined }) =>
  value === undefined ? { uri: at, format: 'node' } : { uri: at, value };

const lastOfEach = (nodes: readonly DeviceNode[]) => [...new Map(nodes.map(n => [n.uri, n])).values()];

const known = (index: TreeIndex, names: readonly string[]) =>
  names.map(at => index.get(at)).filter(found => found !== undefined);
