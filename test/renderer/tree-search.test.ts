import { describe, expect, test } from 'vitest';
import { TreeIndex } from '../../renderer/features/devices/tree-index.ts';
import { cutAt, findMatches, nameRanges, parseQuery } from '../../renderer/features/devices/tree-search.ts';
import { tree } from '../support/fake-workbench-data.ts';

const index = new TreeIndex('IMEI:1');
index.apply({ kind: 'all', nodes: tree }, 0);

function search(text: string) {
  const query = parseQuery(text);
  if (query.kind !== 'search') throw new Error(`${text} is ${query.kind}`);
  return { matcher: query.matcher, ...findMatches(index, query.matcher) };
}

describe('tree search', () => {
  test('a regular expression finds names, in the order of the tree', () => {
    expect(search('/V$/').uris).toEqual(['./DevInfo/DmV', './DevDetail/FwV', './DevDetail/SwV', './DevDetail/HwV']);
  });

  test('plain text finds names and values, whatever the case, and takes no sign as special', () => {
    expect(search('smartphone').uris).toEqual(['./DevInfo/Mod']);
    expect(search('rev c').uris).toEqual(['./DevDetail/HwV']);
    expect(search('.*').uris).toEqual([]);
    expect(search('/smartphone/').uris).toEqual([]);
    expect(search('/smartphone/i').uris).toEqual(['./DevInfo/Mod']);
  });

  test('a name counts for its own node, not for all below it; a path counts where it ends', () => {
    expect(search('DevInfo').uris).toEqual(['./DevInfo']);
    expect(search('DevInfo/D').uris).toEqual(['./DevInfo/DevId', './DevInfo/DmV']);
    expect(search('/DMAcc.*Auth\\/1$/').uris).toEqual(['./DMAcc/Example/AppAuth/1']);
  });

  test('says which nodes must be open for the matches to show', () => {
    expect([...search('SRVCRED').open].sort()).toEqual([
      '.',
      './DMAcc',
      './DMAcc/Example',
      './DMAcc/Example/AppAuth',
      './DMAcc/Example/AppAuth/1',
    ]);
  });

  test('marks only the part that lies in the name', () => {
    const { matcher } = search('Info/Dm');
    const node = index.get('./DevInfo/DmV');
    const ranges = node ? nameRanges(matcher, node) : [];
    expect(ranges).toEqual([[0, 2]]);
    expect(cutAt('DmV', ranges)).toEqual([
      { text: 'Dm', marked: true },
      { text: 'V', marked: false },
    ]);
  });

  test('an expression that matches nothing at all places finds nothing, rather than everything', () => {
    expect(search('/x*/').uris.every(uri => /x/.test(uri) || /x/.test(index.get(uri)?.view?.value ?? ''))).toBe(true);
  });

  test('no text is no search; a broken expression says why', () => {
    expect(parseQuery('  ')).toEqual({ kind: 'none' });
    expect(parseQuery('/(/')).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('Unterminated group') });
    expect(parseQuery('/')).toMatchObject({ kind: 'search' });
  });
});
