import { describe, expect, test } from 'vitest';
import { findNodes, findPlaces } from '../../renderer/app/palette-items.ts';
import { tree } from '../support/fake-workbench-data.ts';
import { indexOf, node } from './tree-updates.ts';

const NOTHING = { devices: [], readers: [], actions: [] };
const many = Array.from({ length: 5000 }, (_, i) => node(`./Vendor/Setting${i}`, 'x'));
const uris = (query: string, nodes = tree) => [...findNodes(query, indexOf(nodes))].flatMap(item => item?.label ?? []);

describe('palette', () => {
  test('rooms by their names', () => {
    expect(findPlaces('sess', NOTHING).map(({ label }) => label)).toEqual(['Sessions']);
  });

  test('URIs in which all words stand, in any order', () => {
    expect(uris('secret aauth')).toEqual(['./DMAcc/Example/AppAuth/1/AAuthSecret']);
    expect(uris('aauthsecret nothing')).toEqual([]);
  });

  test('nothing of the tree before something is typed', () => {
    expect(uris(' ')).toEqual([]);
  });

  test('the value of a secret is not told', () => {
    const found = [...findNodes('aauthsecret', indexOf([node('./A/AAuthSecret', 'hunter2')]))];
    expect(found.map(item => item?.detail)).toEqual(['••••••']);
  });

  test('of a large tree a slice is looked at in one turn', () => {
    const turns = [...findNodes('no such node', indexOf(many))];
    expect(turns).toEqual([undefined, undefined]);
  });

  test('what is found first comes before the rest is looked at', () => {
    const nodes = findNodes('setting', indexOf(many));
    const first = Array.from({ length: 51 }, () => nodes.next().value?.label);
    expect(first).toEqual(Array.from({ length: 51 }, (_, i) => `./Vendor/Setting${i}`));
  });
});
