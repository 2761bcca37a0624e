import { describe, expect, test } from 'vitest';
import type { TreeIndex } from '../../renderer/features/devices/tree-index.ts';
import { bigTree } from '../support/fake-workbench-data.ts';
import { changed, indexOf, node } from './tree-updates.ts';

const NODES = ['.', './A', './A/B', './A/B/C', './A/B/D', './E', './E/F'].map(uri => node(uri));
const shown = (index: TreeIndex) => index.rows.slice(0, index.rows.count).map(row => row.node.uri);
const at = (index: TreeIndex, uri: string) => {
  const found = index.get(uri);
  if (!found) throw new Error(`no ${uri}`);
  return found;
};

describe('rows of a tree', () => {
  test('each has its place among its siblings, and how many they are', () => {
    const { rows } = indexOf(NODES);
    expect(rows.at(0)).toMatchObject({ position: 1, siblings: 1, expanded: true, node: { name: '.', depth: 0 } });
    expect(rows.at(5)).toMatchObject({ position: 2, siblings: 2, expanded: true, node: { name: 'E', depth: 1 } });
    expect(rows.at(6)).toMatchObject({ position: 1, siblings: 1, expanded: false, node: { name: 'F', depth: 2 } });
    expect([rows.at(7), rows.at(-1)]).toEqual([undefined, undefined]);
  });

  test('what is folded away has no row and no place', () => {
    const index = indexOf(NODES);
    index.rows.setOpen([at(index, './A')], false);
    expect(shown(index)).toEqual(['.', './A', './E', './E/F']);
    expect(index.rows.placeOf(index.get('./A/B/D'))).toBe(-1);
    expect(index.rows.placeOf(index.get('./E/F'))).toBe(3);
    index.rows.reveal(at(index, './A/B/D'));
    expect(index.rows.placeOf(index.get('./A/B/D'))).toBe(4);
  });

  test('all of it folds and opens at once; the root stays open', () => {
    const index = indexOf(NODES);
    index.rows.setAll(false);
    expect(shown(index)).toEqual(['.', './A', './E']);
    index.rows.setAll(true);
    expect(shown(index)).toHaveLength(7);
  });

  test('the way to what is found is open until nothing is looked for', () => {
    const index = indexOf(NODES);
    index.rows.setAll(false);
    index.rows.openFound([at(index, './A/B/C')]);
    expect(shown(index)).toEqual(['.', './A', './A/B', './A/B/C', './A/B/D', './E']);
    index.rows.closeFound();
    expect(shown(index)).toEqual(['.', './A', './E']);
  });

  test('a small tree opens whole, a larger one less, as it grows', () => {
    const index = indexOf([]);
    const depths = [60, 400, 401].map(count => {
      index.apply(changed(bigTree(count)), 0);
      return Math.max(...index.rows.slice(0, index.rows.count).map(row => row.node.depth));
    });
    expect(depths).toEqual([4, 2, 1]);
  });

  test('a few rows of 100,000 are given without the others', () => {
    const index = indexOf(bigTree(100_000));
    index.rows.setAll(true);
    const { count } = index.rows;
    expect(index.rows.slice(count - 2, count).map(row => row.node.uri)).toEqual([
      './Big/99/99/Leaf7',
      './Big/99/99/Leaf8',
    ]);
    expect(index.rows.placeOf(index.get('./Big/99/99/Leaf8'))).toBe(count - 1);
  });
});
