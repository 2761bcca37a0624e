import { describe, expect, it } from 'vitest';
import { planCommands } from '../../../src-core/tree/diff/commands.ts';
import { type Change, diffTrees } from '../../../src-core/tree/diff/diff.ts';
import { type KnownNode, treeOf } from '../../../src-core/tree/known.ts';
import { interior, leaf, type TreeNode } from '../../../src-core/tree/node.ts';

const root = (...children: TreeNode[]): KnownNode => interior('.', children);

/** A change in one line. */
function line(change: Change): string {
  if (change.kind === 'moved') return `moved ${change.from} to ${change.uri}`;
  if (change.kind !== 'changed') return `${change.kind} ${change.uri}`;
  const fields = change.fields.map(field => `${field.field} ${field.old ?? '–'} → ${field.new ?? '–'}`);
  return `changed ${change.uri}: ${fields.join(', ')}`;
}

const lines = (from: KnownNode, to: KnownNode) => diffTrees(from, to).changes.map(line);

function commandLines(from: KnownNode, to: KnownNode): string[] {
  return planCommands(diffTrees(from, to).changes).commands.map(command => {
    if (command.kind === 'replaceProperty') return `${command.prop} of ${command.uri}: ${command.value}`;
    return `${command.kind} ${command.uri}${'value' in command ? ` ${command.value}` : ''}`;
  });
}

describe('a diff of two trees', () => {
  it.each<[string, KnownNode, KnownNode, string[]]>([
    ['a leaf that came', root(), root(leaf('A', '1')), ['added ./A']],
    ['a subtree that went is one change', root(interior('A', [leaf('x', '1')])), root(), ['removed ./A']],
    ['a value', root(leaf('A', '1')), root(leaf('A', '2')), ['changed ./A: Value 1 → 2']],
    [
      'a format with its value',
      root(leaf('A', 'x')),
      root(leaf('A', '1', { format: 'int' })),
      ['changed ./A: Format chr → int, Value x → 1'],
    ],
    [
      'properties: a title gone, an ACL changed',
      root(leaf('A', '1', { title: 'T', acl: 'Get=*' }), leaf('B', '', { title: 'U' })),
      root(leaf('A', '1', { acl: 'Get=a' }), leaf('B', '', { title: 'U' })),
      ['changed ./A: Title T → –, ACL Get=* → Get=a'],
    ],
    ['a Type that is the default in both', root(leaf('A', '')), root({ ...leaf('A', ''), type: 'text/plain' }), []],
    [
      'a leaf that became an interior node is another node',
      root(leaf('A', '1')),
      root(interior('A', [leaf('x', '1')])),
      ['removed ./A', 'added ./A'],
    ],
    [
      'a subtree under another name was renamed',
      root(interior('Old', [leaf('x', '1'), interior('y', [])])),
      root(interior('New', [interior('y', []), leaf('x', '1')])),
      ['moved ./Old to ./New'],
    ],
    [
      'renamed and changed, where at least half of the leaves are as they were',
      root(interior('Old', [leaf('x', '1'), leaf('y', '2')])),
      root(interior('New', [leaf('x', '1'), leaf('y', '3')])),
      ['moved ./Old to ./New', 'changed ./New/y: Value 2 → 3'],
    ],
    [
      'another node where less is',
      root(interior('Old', [leaf('x', '1'), leaf('y', '2'), leaf('z', '3')])),
      root(interior('New', [leaf('x', '1'), leaf('y', '3'), leaf('z', '4')])),
      ['removed ./Old', 'added ./New'],
    ],
    [
      'never renamed out of its parent',
      root(interior('A', [leaf('x', '1')]), interior('B', [])),
      root(interior('A', []), interior('B', [leaf('x', '1')])),
      ['removed ./A/x', 'added ./B/x'],
    ],
  ])('%s', (_name, from, to, expected) => {
    expect(lines(from, to)).toEqual(expected);
  });
});

describe('trees of which not everything is known', () => {
  const part = treeOf([
    { uri: './A/B', format: 'node' },
    { uri: './A/B/x', format: 'chr', value: '2' },
  ]);
  const whole = root(
    interior('A', [interior('B', [leaf('x', '1'), leaf('y', '1')]), leaf('other', '')]),
    leaf('C', ''),
  );

  it('what was not read is neither added nor removed, and is counted', () => {
    const { changes, unknown } = diffTrees(whole, part);
    expect(changes.map(line)).toEqual(['removed ./A/B/y', 'changed ./A/B/x: Value 1 → 2']);
    expect(unknown).toEqual({ from: 0, to: 2 });
    expect(diffTrees(part, whole).unknown).toEqual({ from: 2, to: 0 });
  });

  it('a value that only one of them has is not compared, and counted', () => {
    const unread = root({ name: 'A', format: 'chr', type: 'text/plain', children: [] });
    const diff = diffTrees(unread, root(leaf('A', '1')));
    expect([diff.changes, diff.unread]).toEqual([[], 1]);
  });

  it('a tree that carries no ACLs, titles and types at all says nothing about them', () => {
    const bare = treeOf([
      { uri: '.', format: 'node' },
      { uri: './A', format: 'chr', value: '1' },
    ]);
    const full = root(leaf('A', '1', { acl: 'Get=*', title: 'T', type: 'text/xml' }));
    expect(lines(bare, full)).toEqual([]);
    expect(lines(full, bare)).toEqual([]);
  });

  it('a node that cannot be read is there, and equal to anything', () => {
    const hidden = treeOf([
      { uri: '.', format: 'node' },
      { uri: './A', format: 'unknown' },
    ]);
    expect(lines(hidden, root(interior('A', [])))).toEqual([]);
    expect(lines(hidden, root())).toEqual(['removed ./A']);
  });
});

describe('commands of a diff', () => {
  it('make room before a name is given, add parents first, delete after what comes', () => {
    const from = root(interior('a', [leaf('v', '1')]), leaf('b', 'in the way'), leaf('gone', ''));
    const to = root(interior('b', [leaf('v', '1')]), interior('new', [interior('below', [leaf('z', '9')])]));
    expect(commandLines(from, to)).toEqual([
      'delete ./b',
      'Name of ./a: b',
      'add ./new',
      'add ./new/below',
      'add ./new/below/z 9',
      'delete ./gone',
    ]);
  });

  it('address what is below a renamed node by its new name', () => {
    const from = root(interior('a', [leaf('v', '1'), leaf('w', '2')]));
    const to = root(interior('b', [leaf('v', '1'), leaf('w', '3')]));
    expect(commandLines(from, to)).toEqual(['Name of ./a: b', 'replace ./b/w 3']);
  });

  it('set ACLs last and lowest first: none takes away a right that is still needed', () => {
    const from = root(interior('a', [leaf('v', '1', { acl: 'Get=x' })], { acl: 'Replace=*' }));
    const to = root(interior('a', [leaf('v', '2', { acl: 'Get=y' })], { acl: 'Get=*' }));
    expect(commandLines(from, to)).toEqual(['replace ./a/v 2', 'ACL of ./a/v: Get=y', 'ACL of ./a: Get=*']);
  });

  it('make anew what no command changes: the Type of an interior node', () => {
    const from = root(interior('a', [leaf('v', '1')], { type: 'urn:a' }));
    const to = root(interior('a', [leaf('v', '2')], { type: 'urn:b' }));
    expect(commandLines(from, to)).toEqual(['delete ./a', 'add ./a', 'add ./a/v 2']);
  });

  it('bring a new subtree as one object where that is asked for', () => {
    const { commands } = planCommands(diffTrees(root(), root(interior('a', [leaf('v', '1')]))).changes, {
      subtrees: 'tnds-xml',
    });
    expect(commands).toEqual([
      {
        kind: 'add',
        uri: './a',
        type: 'application/vnd.syncml.dmtnds+xml',
        format: 'xml',
        value: expect.stringContaining('<NodeName>a</NodeName>'),
      },
    ]);
  });

  it('leave out what nobody read, and say so', () => {
    const secret: KnownNode = { name: 'secret', format: 'chr', children: [] };
    const to: KnownNode = {
      ...root(),
      children: [{ ...interior('a', [leaf('v', '1')]), children: [leaf('v', '1'), secret] }],
    };
    const { changes } = diffTrees(root(), to);
    for (const subtrees of ['nodes', 'tnds-wbxml'] as const) {
      const { skipped } = planCommands(changes, { subtrees });
      expect(skipped).toEqual([{ uri: './a/secret', why: 'its value was not read' }]);
    }
    expect(planCommands(changes).commands).toHaveLength(2);
  });

  it('never ask the root to give up its ACL', () => {
    const from = interior('.', [leaf('x', '', { acl: 'Get=*' })], { acl: 'Get=*' });
    const { commands, skipped } = planCommands(diffTrees(from, root(leaf('x', '', { acl: 'Get=*' }))).changes);
    expect([commands, skipped]).toEqual([[], [{ uri: '.', why: 'the root always has an ACL' }]]);
  });
});

describe('large trees', () => {
  const tree = (nodes: number, value: (i: number) => string, called = 'n') =>
    root(
      ...Array.from({ length: nodes / 100 }, (_, i) =>
        interior(
          `${called}${i}`,
          Array.from({ length: 99 }, (__, j) => leaf(`l${j}`, value(i * 99 + j))),
        ),
      ),
    );

  const wide = (called: string) => root(...Array.from({ length: 100_000 }, (_, i) => leaf(`${called}${i}`, String(i))));

  it.each([
    ['every value changed', tree(100_000, String), tree(100_000, i => `${i}!`), 99_000, 99_000],
    ['every subtree renamed', tree(100_000, String), tree(100_000, String, 'm'), 1000, 1000],
    ['everything exchanged', tree(100_000, String), tree(100_000, i => `${i}!`, 'm'), 2000, 101_000],
    ['every child of one node renamed', wide('a'), wide('b'), 100_000, 100_000],
  ])('%s in 100,000 nodes, in seconds', { timeout: 30_000 }, (_name, from, to, changes, commands) => {
    const diff = diffTrees(from, to);
    expect(diff.changes).toHaveLength(changes);
    expect(planCommands(diff.changes).commands).toHaveLength(commands);
  });
});
