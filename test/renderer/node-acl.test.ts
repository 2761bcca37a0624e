import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  explainAcl,
  formatAcl,
  mayChangeAcl,
  RIGHTS,
  readAcl,
  refuseServer,
  strayEntries,
} from '../../renderer/features/devices/node/acl.ts';

const server = fc.stringMatching(/^[a-z0-9.-]{1,12}$/);
const acl = fc
  .array(fc.tuple(fc.constantFrom(...RIGHTS), fc.uniqueArray(server, { minLength: 1, maxLength: 3 })))
  .map(entries => new Map(entries));

const inWords = (text: string, interior: boolean): string[] =>
  explainAcl(readAcl(text), interior).map(({ who, may }) => `${who} may ${may}`);

describe('ACL on the page', () => {
  test('what is put together reads back as the same', () => {
    fc.assert(
      fc.property(acl, given => void expect([...readAcl(formatAcl(given))].toSorted()).toEqual([...given].toSorted())),
    );
  });

  test('a wildcard stands alone, and nobody has no entry', () => {
    expect(
      formatAcl(
        new Map([
          ['Get', ['a', '*']],
          ['Exec', []],
          ['Add', ['b', 'c']],
        ]),
      ),
    ).toBe('Get=*&Add=b+c');
  });

  test('in words: each right is said, also the one that nobody has', () => {
    expect(inWords('Get=*&Replace=dm.example+b.example&Delete=dm.example', true)).toEqual([
      'Every server may list what is below it and read its properties',
      'dm.example and b.example may change its properties',
      'Nobody may add nodes below it',
      'Only dm.example may delete it with all below it',
      'Nobody may execute it',
    ]);
    expect(inWords('Get=*', false)[1]).toBe('Nobody may change its value and properties');
  });

  test('its own Replace changes the ACL of an interior node, of a leaf only that of the parent does', () => {
    const own = readAcl('Replace=a');
    expect(mayChangeAcl(own, readAcl('Replace=b'), true)).toBe('b and a');
    expect(mayChangeAcl(own, readAcl('Replace=b'), false)).toBe('Only b');
    expect(mayChangeAcl(own, undefined, false)).toBe('Nobody');
    expect(mayChangeAcl(own, readAcl('Replace=*'), true)).toBe('Every server');
  });

  test('entries that grant nothing are found', () => {
    expect(strayEntries('Get=*&Alert=*&Replace&Add=a=b')).toEqual(['Alert=*', 'Replace', 'Add=a=b']);
  });

  test('names of servers', () => {
    expect(['dm.example', '*', 'urn:x-1'].map(refuseServer)).toEqual([undefined, undefined, undefined]);
    expect(['', 'a b', 'a=b', 'a&b', 'a+b'].filter(name => refuseServer(name) === undefined)).toEqual([]);
  });
});
