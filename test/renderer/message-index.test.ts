import { describe, expect, test } from 'vitest';
import { MessageIndex, nameOf } from '../../renderer/features/devices/message/message-index.ts';
import { moveInHex, moveInOutline } from '../../renderer/features/devices/message/outline-keys.ts';
import type { OutlineNode } from '../../src-core/workbench/message-views.ts';

const node = (depth: number, name: string, start: number, end: number): OutlineNode => ({
  depth,
  kind: 'element',
  name,
  namespace: 'SyncML',
  start,
  end,
});
const text = (depth: number, value: string, start: number, end: number): OutlineNode => ({
  depth,
  kind: 'text',
  text: value,
  start,
  end,
});

/** 4 bytes of header, then the root. */
const outline: readonly OutlineNode[] = [
  node(0, 'SyncML', 4, 40),
  node(1, 'SyncBody', 6, 38),
  node(2, 'Get', 8, 30),
  node(3, 'CmdID', 9, 14),
  text(4, '7', 10, 13),
  node(3, 'Item', 14, 29),
  node(4, 'Data', 15, 28),
  { depth: 5, kind: 'opaque', text: '', form: 'document', start: 16, end: 27 },
  { ...node(6, 'MgmtTree', 20, 27), embedded: true },
  { ...node(7, 'CmdID', 21, 26), embedded: true },
  { ...text(8, '99', 22, 25), embedded: true },
  node(2, 'Final', 30, 31),
];
const index = new MessageIndex({ outline, hex: '00'.repeat(42) });
const names = (rows: readonly number[]) => rows.map(at => index.rows[at] && nameOf(index.rows[at]));

describe('rows', () => {
  test('an element and the text that is all it holds are one row', () => {
    expect(names(index.rows.map(row => row.at))).toEqual([
      'SyncML',
      'SyncBody',
      'Get',
      'CmdID',
      'Item',
      'Data',
      'MgmtTree',
      'CmdID',
      'Final',
    ]);
    expect(index.rows[3]?.value?.text).toBe('7');
    expect(index.rows[5]?.value?.form).toBe('document');
    expect(index.rows.map(row => row.depth)).toEqual([0, 1, 2, 3, 3, 4, 5, 6, 2]);
  });

  test('text beside elements is a row of its own', () => {
    const mixed = [node(0, 'a', 0, 9), text(1, 'x', 1, 3), node(1, 'b', 3, 6), text(1, 'y', 6, 8)];
    const rows = new MessageIndex({ outline: mixed, hex: '00'.repeat(9) }).rows;
    expect(rows.map(nameOf)).toEqual(['a', 'text', 'b', 'text']);
    expect(rows.map(row => [row.parent, row.position, row.siblings])).toEqual([
      [-1, 1, 1],
      [0, 1, 3],
      [0, 2, 3],
      [0, 3, 3],
    ]);
  });

  test('every byte leads to the innermost element, and bytes outside the root to none', () => {
    const at = (byte: number) => {
      const row = index.rowAt(byte);
      return row === undefined ? undefined : names([row])[0];
    };
    expect([3, 4, 8, 9, 11, 15, 19, 20, 23, 26, 30, 39, 40, 41, 42].map(at)).toEqual([
      undefined,
      'SyncML',
      'Get',
      'CmdID',
      'CmdID',
      'Data',
      'Data',
      'MgmtTree',
      'CmdID',
      'MgmtTree',
      'Final',
      'SyncML',
      undefined,
      undefined,
      undefined,
    ]);
    expect(index.rowAt(23)).toBe(7);
  });

  test('a command is found by its CmdID, not by one in an embedded document', () => {
    expect(index.command('7')).toBe(2);
    expect(index.command('99')).toBeUndefined();
  });

  test('folding hides what is inside; the way to a row leads from the root', () => {
    expect(names(index.visible(new Set([2])))).toEqual(['SyncML', 'SyncBody', 'Get', 'Final']);
    expect(names(index.ancestors(7))).toEqual(['SyncML', 'SyncBody', 'Get', 'Item', 'Data', 'MgmtTree']);
  });

  test('nothing at all', () => {
    const empty = new MessageIndex({ outline: [], hex: '' });
    expect(empty.rows).toEqual([]);
    expect(empty.rowAt(0)).toBeUndefined();
  });
});

describe('keys', () => {
  const press = (key: string, at: number | undefined, folded: readonly number[] = []) => {
    const set = new Set(folded);
    return moveInOutline({ key, index, visible: index.visible(set), folded: set, at, page: 3 });
  };

  test.each([
    ['ArrowDown', undefined, { to: 0 }],
    ['ArrowDown', 3, { to: 4 }],
    ['ArrowUp', 0, { to: 0 }],
    ['PageDown', 1, { to: 4 }],
    ['PageUp', 1, { to: 0 }],
    ['Home', 5, { to: 0 }],
    ['End', 0, { to: 8 }],
    ['ArrowLeft', 2, { fold: { row: 2, open: false } }],
    ['ArrowLeft', 3, { to: 2 }],
    ['ArrowLeft', 0, { fold: { row: 0, open: false } }],
    ['ArrowRight', 2, { to: 3 }],
    ['ArrowRight', 3, {}],
    ['x', 3, undefined],
  ] as const)('%s at row %s', (key, at, move) => {
    expect(press(key, at)).toEqual(move);
  });

  test('what is folded is passed over, and opens to the right', () => {
    expect(press('ArrowDown', 2, [2])).toEqual({ to: 8 });
    expect(press('ArrowRight', 2, [2])).toEqual({ fold: { row: 2, open: true } });
    expect(press('ArrowLeft', 2, [2])).toEqual({ to: 1 });
  });

  test('in the bytes: by byte, row and page, never outside', () => {
    const go = (key: string, at?: number) => moveInHex(key, at, 42, 16, 2);
    expect([go('ArrowRight'), go('ArrowRight', 41), go('ArrowLeft', 0)]).toEqual([0, 41, 0]);
    expect([go('ArrowDown', 5), go('ArrowDown', 40), go('ArrowUp', 20)]).toEqual([21, 41, 4]);
    expect([go('PageDown', 1), go('PageUp', 40), go('Home', 9), go('End', 9)]).toEqual([33, 8, 0, 41]);
    expect([go('Enter', 1), moveInHex('Home', undefined, 0, 16, 2)]).toEqual([undefined, undefined]);
  });
});
