import { describe, expect, it } from 'vitest';
import { childUri, formatUri, isWithin, parseUri } from '../../src-core/tree/uri.ts';

describe('management tree URIs', () => {
  it.each<[string, readonly string[], string]>([
    ['.', [], '.'],
    ['./', [], '.'],
    ['', [], '.'],
    ['./DevInfo', ['DevInfo'], './DevInfo'],
    ['DevInfo/Man', ['DevInfo', 'Man'], './DevInfo/Man'],
    ['./A/.b/..c/%20 é', ['A', '.b', '..c', '%20 é'], './A/.b/..c/%20 é'],
  ])('%j', (uri, path, canonical) => {
    expect(parseUri(uri)).toEqual({ path });
    expect(formatUri(path)).toBe(canonical);
  });

  it.each([
    ['./A?prop=ACL', { path: ['A'], query: { kind: 'prop', value: 'ACL' } }],
    ['.?list=TNDS', { path: [], query: { kind: 'list', value: 'TNDS' } }],
    ['A/B?list=Struct+StructData', { path: ['A', 'B'], query: { kind: 'list', value: 'Struct+StructData' } }],
  ])('%j', (uri, parsed) => {
    expect(parseUri(uri)).toEqual(parsed);
  });

  it.each([
    '/A',
    './/A',
    './A/',
    './A//B',
    './A/./B',
    './A/../B',
    '..',
    './A?',
    './A?prop=',
    './A?x=1',
    './A?prop=A?prop=B',
  ])('%j is malformed: 400', uri => {
    expect(() => parseUri(uri)).toThrow(
      expect.objectContaining({ name: 'ProtocolError', status: 400, code: 'malformed-uri' }),
    );
  });

  it('more than 2,048 characters: 414', () => {
    expect(parseUri(`./${'a'.repeat(2046)}`).path).toHaveLength(1);
    expect(() => parseUri(`./${'a'.repeat(2047)}`)).toThrow(expect.objectContaining({ status: 414 }));
  });

  it.each([
    ['./A', './A', true],
    ['./A/B/C', './A', true],
    ['./AB', './A', false],
    ['./A', './A/B', false],
    ['./A', '.', true],
  ])('%s within %s: %s', (uri, ancestor, within) => {
    expect(isWithin(uri, ancestor)).toBe(within);
  });

  it('children', () => {
    expect([childUri('.', 'A'), childUri('./A', 'B')]).toEqual(['./A', './A/B']);
  });
});
