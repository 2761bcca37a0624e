import { describe, expect, test } from 'vitest';
import { cutAt, parseQuery, searchSlice } from '../../renderer/features/devices/search-query.ts';
import type { SliceSearcher } from '../../renderer/features/devices/slice-searcher.ts';
import { TreeSearch } from '../../renderer/features/devices/tree-search.ts';
import { bigTree, tree } from '../support/fake-workbench-data.ts';
import { changed, indexOf, node, parts } from './tree-updates.ts';

/** As the worker does it, in this thread. */
const here: SliceSearcher = { search: async (wanted, slice) => searchSlice(wanted, slice), close: () => {} };

async function search(text: string, { index = indexOf(tree), searcher = here } = {}) {
  const found = new TreeSearch(index, searcher);
  const told: number[] = [];
  const leave = found.listen(() => told.push(found.count));
  found.setText(text);
  await found.step(1);
  return { found, told, leave, index, uris: () => matched(found, index) };
}

function matched(found: TreeSearch, index: ReturnType<typeof indexOf>): string[] {
  return [...index.uris()].filter(uri => {
    const at = index.get(uri);
    return at && found.matchOf(at);
  });
}

describe('tree search', () => {
  test('a regular expression finds names', async () => {
    const { found, uris } = await search('/V$/');
    expect(uris()).toEqual(['./DevInfo/DmV', './DevDetail/FwV', './DevDetail/SwV', './DevDetail/HwV']);
    expect([found.count, found.state]).toEqual([4, 'done']);
  });

  test.each([
    ['smartphone', ['./DevInfo/Mod']],
    ['rev c', ['./DevDetail/HwV']],
    ['.*', []],
    ['/smartphone/', []],
    ['/smartphone/i', ['./DevInfo/Mod']],
  ])('%s finds %j first', async (text, expected) => {
    const { uris } = await search(text);
    expect(uris().slice(0, expected.length || undefined)).toEqual(expected);
  });

  test('a name counts for its own node, not for all below it; a path counts where it ends', async () => {
    expect((await search('DevInfo')).uris()).toEqual(['./DevInfo']);
    expect((await search('DevInfo/D')).uris()).toEqual(['./DevInfo/DevId', './DevInfo/DmV']);
    expect((await search('/DMAcc.*Auth\\/1$/')).uris()).toEqual(['./DMAcc/Example/AppAuth/1']);
  });

  test('the value of a secret is searched as it is shown', async () => {
    const secret = './DMAcc/Example/AppAuth/1/AAuthSecret';
    const index = indexOf([node('./A', 'hunter2'), node(secret, 'hunter2')]);
    expect((await search('hunter2', { index })).uris()).toEqual(['./A']);
    expect((await search('/^h/', { index })).uris()).toEqual(['./A']);
    expect((await search('AAuthSecret', { index })).uris()).toEqual([secret]);
  });

  test('opens the way to what it finds, and closes it when nothing is looked for', async () => {
    const index = indexOf(tree);
    index.rows.setAll(false);
    const folded = index.rows.count;
    const { found } = await search('SRVCRED', { index });
    expect(index.rows.placeOf(index.get('./DMAcc/Example/AppAuth/1/AAuthLevel'))).toBeGreaterThan(0);
    found.setText('');
    expect([index.rows.count, found.count]).toEqual([folded, 0]);
  });

  test('says where a node matches: the part that lies in its name, and in its value', async () => {
    const { found, index } = await search('Info/Dm');
    const dmv = index.get('./DevInfo/DmV');
    expect(dmv && found.matchOf(dmv)).toEqual({ name: [[0, 2]], value: [] });
  });

  test('steps through the matches in the order of the tree, round the end, both ways', async () => {
    const { found } = await search('/V$/');
    const names = async (by: 1 | -1) => [(await found.step(by))?.name, found.place];
    expect([await names(1), await names(1), await names(1)]).toEqual([
      ['FwV', 2],
      ['SwV', 3],
      ['HwV', 4],
    ]);
    expect(await names(1)).toEqual(['DmV', 1]);
    expect(await names(-1)).toEqual(['HwV', 4]);
    found.setText('/(/');
    expect([found.query.kind, await found.step(1)]).toEqual(['invalid', undefined]);
  });

  test('follows what changes in the tree: found, found no more, gone', async () => {
    const { found, index, uris } = await search('lights');
    expect(found.count).toBe(0);
    index.apply(changed([node('./Vendor/Lamp', 'two lights'), node('./DevInfo/Lights', 'x')]), 0);
    await found.step(1);
    expect([(await found.step(1))?.name, uris()]).toEqual(['Lamp', ['./DevInfo/Lights', './Vendor/Lamp']]);
    index.apply(changed([node('./Vendor/Lamp', 'dark')]), 0);
    await found.step(1);
    expect(uris()).toEqual(['./DevInfo/Lights']);
    index.apply(changed([], ['./DevInfo']), 0);
    expect(found.count).toBe(0);
  });

  test('searches again when the whole tree comes again', async () => {
    const { found, index } = await search('lamp');
    for (const part of parts([node('.'), node('./Lamp', '1')], 1)) index.apply(part, 0);
    expect((await found.step(1))?.uri).toBe('./Lamp');
  });

  test('100,000 nodes go to the worker in slices, and matches are told as they are found', async () => {
    const index = indexOf(bigTree(100_000));
    let largest = 0;
    const searcher: SliceSearcher = {
      ...here,
      async search(wanted, slice) {
        largest = Math.max(largest, slice.uris.length);
        return searchSlice(wanted, slice);
      },
    };
    const { found, told } = await search('/Leaf9$/', { index, searcher });
    expect([found.count, largest]).toEqual([9999, 2000]);
    expect(new Set(told).size).toBeGreaterThan(40);
  });

  test('an expression that takes too long ends, says so, and the next one is searched', async () => {
    const searcher: SliceSearcher = {
      ...here,
      search: async (wanted, slice) => (wanted.source === 'a+' ? undefined : searchSlice(wanted, slice)),
    };
    const { found } = await search('/a+/', { searcher });
    expect(found.state).toBe('slow');
    found.setText('DevInfo');
    await found.step(1);
    expect([found.state, found.count]).toEqual(['done', 1]);
  });

  test('a newer search ends the one under way', async () => {
    const { found, uris } = await search('/V$/');
    found.setText('Dev');
    found.setText('DevDetail');
    expect([(await found.step(1))?.uri, uris()]).toEqual(['./DevDetail', ['./DevDetail']]);
  });
});

describe('query', () => {
  test('no text is no search; a broken expression says why', () => {
    expect(parseQuery('  ')).toEqual({ kind: 'none' });
    expect(parseQuery('/(/')).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('Unterminated group') });
    expect(parseQuery('/')).toMatchObject({ kind: 'search' });
  });

  test('text is cut at its marks, also where it ends before them', () => {
    expect(cutAt('DmV', [[0, 2]])).toEqual([
      { text: 'Dm', marked: true },
      { text: 'V', marked: false },
    ]);
    expect(
      cutAt('Dm', [
        [1, 4],
        [5, 6],
      ]),
    ).toEqual([
      { text: 'D', marked: false },
      { text: 'm', marked: true },
    ]);
  });

  test('an expression that matches nothing at all places finds nothing, rather than everything', () => {
    const slice = { uris: ['./A', './Ax'], starts: [2, 2], values: ['y', undefined] };
    expect(searchSlice({ source: 'x*', flags: 'g' }, slice)).toEqual([{ at: 1, name: [[1, 2]], value: [] }]);
  });
});
