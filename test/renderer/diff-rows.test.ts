import { describe, expect, it } from 'vitest';
import {
  changeAsText,
  groupChanges,
  nameIn,
  partsOf,
  rowsOf,
  shownFields,
} from '../../renderer/features/devices/snapshots/diff-rows.ts';
import {
  deviceOfSides,
  firstSides,
  goesBack,
  type Sides,
  sideKey,
  sideOf,
  validSides,
} from '../../renderer/features/devices/snapshots/sides.ts';
import type { ChangeView, SnapshotView, TreeSide } from '../../src-core/workbench/snapshots/views.ts';

const CHANGES: readonly ChangeView[] = [
  { kind: 'added', uri: './A/new', group: './A', format: 'node', fields: [] },
  {
    kind: 'added',
    uri: './A/new/x',
    group: './A',
    format: 'chr',
    inside: true,
    fields: [{ field: 'Value', new: 'Öl' }],
  },
  { kind: 'changed', uri: './B/c/y', group: './B/c', format: 'int', fields: [{ field: 'Value', old: '1', new: '2' }] },
  { kind: 'moved', uri: './A/now', from: './A/before', group: './A', format: 'node', fields: [] },
  { kind: 'removed', uri: './B/Password', group: './B', format: 'chr', fields: [{ field: 'Value', old: 'hush' }] },
];
const ALL = { text: '', without: new Set<never>() };

describe('rows of a comparison', () => {
  it('stand under the node whose children they are, in the order of the tree', () => {
    const groups = groupChanges(CHANGES, ALL);
    const lines = rowsOf(groups, new Set(['./B/c'])).map(row =>
      row.kind === 'group' ? `${row.open ? 'v' : '>'} ${row.uri} ${row.count}` : nameIn(row.change),
    );
    expect(lines).toEqual(['v ./A 3', 'new', 'new/x', 'now', '> ./B/c 1', 'v ./B 1', 'Password']);
  });

  it.each([
    ['./b/C', ['./B/c/y']],
    ['öl', ['./A/new/x']],
    ['before', ['./A/now']],
    ['hush', []],
    ['nothing of it', []],
  ])('are found by a URI or a text in either case, never by a secret: %s', (text, uris) => {
    const found = [...groupChanges(CHANGES, { ...ALL, text }).values()].flat();
    expect(found.map(({ uri }) => uri)).toEqual(uris);
  });

  it('leave out kinds', () => {
    const groups = groupChanges(CHANGES, { text: '', without: new Set(['added', 'moved'] as const) });
    expect([...groups.keys()]).toEqual(['./B/c', './B']);
  });

  it('show of a secret only that it differs', () => {
    expect(CHANGES.map(changeAsText)).toEqual([
      '+ ./A/new',
      '+ ./A/new/x Value "Öl"',
      '~ ./B/c/y Value "1" → "2"',
      '→ ./A/now (was ./A/before)',
      '− ./B/Password Value "••••••"',
    ]);
    expect(CHANGES.flatMap(shownFields).map(({ old = '' }) => old)).not.toContain('hush');
  });

  it('parts to apply alone are the changed nodes and those above them', () => {
    expect(partsOf(CHANGES)).toEqual(['./A', './A/new', './A/now', './B', './B/Password', './B/c', './B/c/y']);
  });
});

describe('sides of a comparison', () => {
  const snapshot = (key: string, origin: string): SnapshotView => {
    return { key, name: key, takenAt: 0, source: 'device', origin, nodes: 1, bytes: 1 };
  };
  const one: TreeSide = { kind: 'device', deviceId: 'one' };
  const old: TreeSide = { kind: 'snapshot', key: '1' };
  const device = {
    id: 'one',
    name: 'One',
    reachability: 'seen',
    detail: '',
    virtual: false,
    nodeCount: 1,
    queued: 0,
  } as const;

  it.each([one, old])('a side survives its key in a select', side => {
    expect(sideOf(sideKey(side))).toEqual(side);
  });

  it('begin with the newest snapshot of the device, else of any, against what it is now', () => {
    const list = [snapshot('3', 'two'), snapshot('2', 'one'), snapshot('1', 'one')];
    expect(firstSides('one', list)).toEqual({ from: { kind: 'snapshot', key: '2' }, to: one });
    expect(firstSides('nine', list)?.from).toEqual({ kind: 'snapshot', key: '3' });
    expect(firstSides('one', [])).toBeUndefined();
  });

  it('end where one of them is gone', () => {
    const sides: Sides = { from: old, to: one };
    expect(validSides(sides, [snapshot('1', 'one')], [device])).toBe(sides);
    expect(validSides(sides, [], [device])).toBeUndefined();
    expect(validSides(sides, [snapshot('1', 'one')], [])).toBeUndefined();
  });

  it('are about the device that is compared now, else the one a snapshot is of', () => {
    expect(deviceOfSides({ from: old, to: one }, [])).toBe('one');
    expect(deviceOfSides({ from: old, to: old }, [snapshot('1', 'two')])).toBe('two');
  });

  it('go back where the device is on the right', () => {
    expect(goesBack({ from: old, to: one }, 'one')).toBe(true);
    expect(goesBack({ from: one, to: old }, 'one')).toBe(false);
    expect(goesBack({ from: old, to: old }, 'one')).toBe(false);
  });
});
