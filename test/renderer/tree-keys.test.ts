import { describe, expect, test } from 'vitest';
import { moveInTree } from '../../renderer/features/devices/tree-keys.ts';
import { tree } from '../support/fake-workbench-data.ts';
import { indexOf } from './tree-updates.ts';

const index = indexOf(tree);
const { rows } = index;
for (const { node } of [...rows.from(0)]) if (node.depth > 1) rows.setOpen([node], false);

function press(key: string, uri: string, typed = { text: '', at: 0 }, now = 1000) {
  const move = moveInTree({ key, rows, at: rows.placeOf(index.get(uri)), page: 5, typed, now });
  return (
    move && {
      ...(move.to !== undefined && { to: rows.at(move.to)?.node.uri }),
      ...(move.fold && { fold: { uris: move.fold.nodes.map(node => node.uri), open: move.fold.open } }),
    }
  );
}

describe('keys in the tree', () => {
  test('arrows, pages, Home and End walk and stop at the ends', () => {
    expect(press('ArrowDown', '.')).toEqual({ to: './DevInfo' });
    expect(press('ArrowUp', '.')).toEqual({ to: '.' });
    expect(press('PageDown', '.')).toEqual({ to: './DevInfo/DmV' });
    expect(press('End', '.')).toEqual({ to: './Vendor/Ratio' });
    expect(press('Home', './Vendor/Ratio')).toEqual({ to: '.' });
    expect(press('ArrowDown', './Vendor/Ratio')).toEqual({ to: './Vendor/Ratio' });
  });

  test('right opens, then enters; left closes, then leaves', () => {
    expect(press('ArrowRight', './DMAcc/Example')).toEqual({ fold: { uris: ['./DMAcc/Example'], open: true } });
    expect(press('ArrowRight', './DevInfo')).toEqual({ to: './DevInfo/DevId' });
    expect(press('ArrowRight', './DevInfo/Mod')).toEqual({});
    expect(press('ArrowLeft', './DevInfo')).toEqual({ fold: { uris: ['./DevInfo'], open: false } });
    expect(press('ArrowLeft', './DevInfo/Mod')).toEqual({ to: './DevInfo' });
  });

  test('Enter folds to and fro, a star opens all siblings', () => {
    expect(press('Enter', './DevInfo')).toEqual({ fold: { uris: ['./DevInfo'], open: false } });
    expect(press('*', './DevDetail')?.fold).toEqual({
      uris: ['./DevInfo', './DevDetail', './DMAcc', './Vendor'],
      open: true,
    });
  });

  test('letters go to the next name that begins so, round the end, and start anew after a pause', () => {
    const typed = { text: '', at: 0 };
    expect(press('d', '.', typed, 1000)).toEqual({ to: './DevInfo' });
    expect(press('m', './DevInfo', typed, 1200)).toEqual({ to: './DevInfo/DmV' });
    expect(press('v', './DevInfo/DmV', typed, 3000)).toEqual({ to: './Vendor' });
    expect(press('l', './Vendor', { text: '', at: 0 })).toEqual({ to: './DevInfo/Lang' });
    expect(press('x', '.', { text: '', at: 0 })).toEqual({});
  });

  test('keys that mean something elsewhere are left alone', () => {
    expect(press('/', '.')).toBeUndefined();
    expect(press('Tab', '.')).toBeUndefined();
    expect(press(' ', '.')).toBeUndefined();
  });
});
