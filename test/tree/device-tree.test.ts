import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceTree, parentOf, readingsOf } from '../../src-core/tree/device-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';

describe("the server's view of a device", () => {
  it('keeps earlier values, newest first, and only where the value changed', () => {
    const tree = new DeviceTree();
    for (const [i, value] of ['1', '1', '2', undefined, '3'].entries())
      tree.apply([{ uri: './A', ...(value !== undefined && { value }) }], 1000 + i, `s${i}`);
    expect(tree.get('./A')).toEqual({
      uri: './A',
      format: 'chr',
      value: '3',
      readAt: 1004,
      session: 's4',
      history: [
        { value: '2', readAt: 1003, session: 's3' },
        { value: '1', readAt: 1001, session: 's1' },
      ],
    });
  });

  it('keeps 50 of them', () => {
    const tree = new DeviceTree();
    for (let i = 0; i < 60; i++) tree.apply([{ uri: './A', value: String(i) }], i, 's');
    const history = tree.get('./A')?.history ?? [];
    expect([history.length, history[0]?.value, history.at(-1)?.value]).toEqual([50, '58', '9']);
  });

  it('fields that were not read this time stay', () => {
    const tree = new DeviceTree();
    tree.apply([{ uri: './A', format: 'int', title: 'T', acl: 'Get=*', value: '1' }], 1, 'a');
    const [now] = tree.apply([{ uri: './A', verNo: 3 }], 2, 'b');
    expect(now).toEqual({
      uri: './A',
      format: 'int',
      title: 'T',
      acl: 'Get=*',
      value: '1',
      verNo: 3,
      readAt: 2,
      session: 'b',
      history: [],
    });
    expect(tree.get('./A')).toEqual(now);
  });

  const planted = () => {
    const tree = new DeviceTree();
    tree.apply(
      ['.', './A', './A/B', './A/B/C', './AB', './D'].map(uri => ({ uri })),
      1,
      's',
    );
    return tree;
  };
  const uris = (tree: DeviceTree) => tree.nodes().map(({ uri }) => uri);

  it('what is no child any more is gone with everything below it', () => {
    const tree = planted();
    expect(tree.retainChildren('.', ['AB', 'D', 'New'])).toEqual(['./A', './A/B', './A/B/C']);
    expect(uris(tree)).toEqual(['.', './AB', './D']);
    expect(tree.retainChildren('./D', [])).toEqual([]);
  });

  it('removal takes a node and what is below it, not its namesakes', () => {
    const tree = planted();
    expect(tree.remove('./A')).toEqual(['./A', './A/B', './A/B/C']);
    expect(uris(tree)).toEqual(['.', './AB', './D']);
    expect(tree.remove('./A')).toEqual([]);
    expect([tree.remove('.').length, tree.size]).toEqual([3, 0]);
  });

  it('starts from what was kept', () => {
    expect(uris(new DeviceTree(planted().nodes()))).toEqual(uris(planted()));
  });

  it('knows a node by its URI from the root, with or without the dot, and takes nothing that is no URI', () => {
    const tree = new DeviceTree();
    const taken = tree.apply(
      [{ uri: 'A/B' }, { uri: '' }, { uri: './A//C' }, { uri: './A/' }, { uri: deep(2000) }],
      1,
      's',
    );
    expect([taken.map(({ uri }) => uri), uris(tree), tree.get('./A/B')?.uri]).toEqual([['./A/B'], ['./A/B'], './A/B']);
    expect(tree.apply([{ uri: deep(1000) }], 1, 's')).toHaveLength(1);
    expect(tree.remove('./D')).toHaveLength(1);
  });

  const deep = (levels: number) => `.${'/D'.repeat(levels)}`;

  it('lists a parent before its children, wherever it was read', () => {
    const tree = new DeviceTree();
    tree.apply([{ uri: './A/B' }, { uri: './C' }, { uri: './A' }, { uri: '.' }], 1, 's');
    expect(uris(tree)).toEqual(['.', './A', './A/B', './C']);
  });

  it('is what a plain list of nodes would be, whatever is read and goes', () => {
    const uri = fc.array(fc.constantFrom('A', 'B', 'C'), { maxLength: 4 }).map(names => ['.', ...names].join('/'));
    const action = fc.oneof(
      fc.record({ read: fc.array(uri, { maxLength: 8 }) }),
      fc.record({ remove: uri }),
      fc.record({ parent: uri, keep: fc.subarray(['A', 'B', 'C']) }),
    );
    const above = (at: string) => (at === '.' ? [] : at.split('/').map((_, i, names) => names.slice(0, i).join('/')));
    fc.assert(
      fc.property(fc.array(action, { maxLength: 20 }), actions => {
        const tree = new DeviceTree();
        const plain = new Set<string>();
        const drop = (gone: (at: string) => boolean) => {
          const dropped = [...plain].filter(gone);
          for (const at of dropped) plain.delete(at);
          return dropped.sort();
        };
        const isIn = (root: string) => (at: string) => at === root || above(at).includes(root);
        for (const act of actions) {
          if ('read' in act) {
            tree.apply(
              act.read.map(at => ({ uri: at })),
              1,
              's',
            );
            for (const at of act.read) plain.add(at);
          } else if ('remove' in act) {
            expect(tree.remove(act.remove).sort()).toEqual(drop(isIn(act.remove)));
          } else {
            const others = ['A', 'B', 'C']
              .filter(name => !act.keep.includes(name))
              .map(name => `${act.parent}/${name}`);
            expect(tree.retainChildren(act.parent, act.keep).sort()).toEqual(
              drop(at => others.some(one => isIn(one)(at))),
            );
          }
          expect(uris(tree).sort()).toEqual([...plain].sort());
          expect(tree.size).toBe(plain.size);
        }
        for (const at of plain) expect(tree.get(at)?.uri).toBe(at);
      }),
    );
  });

  it.each([
    ['.', undefined],
    ['./A', '.'],
    ['./A/B', './A'],
  ])('above %s is %s', (uri, parent) => {
    expect(parentOf(uri)).toBe(parent);
  });

  it.each([
    ['', 'A', ['./A', './A/L']],
    ['X/Y', 'A', ['./X/Y/A', './X/Y/A/L']],
    ['', '', ['.', './L']],
    ['', '.', ['.', './L']],
  ])('a subtree at %j named %j as readings', (path, name, expected) => {
    const readings = readingsOf(path, interior(name, [leaf('L', 'v', { verNo: 2 })], { acl: 'Get=*' }));
    expect(readings.map(({ uri }) => uri)).toEqual(expected);
    expect(readings[0]).toEqual({ uri: expected[0], format: 'node', acl: 'Get=*' });
    expect(readings[1]).toEqual({ uri: expected[1], format: 'chr', type: 'text/plain', value: 'v', verNo: 2 });
  });
});
