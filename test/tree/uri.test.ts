import { describe, expect, it } from 'vitest';
import { childUri, excessOf, formatUri, isWithin, parseUri } from '../../src-core/tree/uri.ts';

describe('management tree URIs', () => {
  it.each<[string, readonly string[], string]>([
    ['.', [], '.'],
    ['./DevInfo', ['DevInfo'], './DevInfo'],
    ['DevInfo/Man', ['DevInfo', 'Man'], './DevInfo/Man'],
    ['./A/.b/..c/%20 é', ['A', '.b', '..c', '%20 é'], './A/.b/..c/%20 é'],
    ['./A/b.', ['A', 'b.'], './A/b.'],
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
    '',
    './',
    './A./B',
    './A/..',
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

  const limits = { maxDepth: 3, maxTotalLength: 20, maxSegmentLength: 8 };
  it.each([
    ['./A/B/C', './A/B/C/D'],
    ['./12345678', './123456789'],
    ['./1234567/1?prop=ACL', './1234567/12?prop=ACL'],
    ['./€€€€€€€€', './€€€€€€€€€'],
    ['./𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞', './𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞'],
  ])('%j is within the limits of a device, %j is not: 414', (within, beyond) => {
    expect(parseUri(within, limits).path.length).toBeGreaterThan(0);
    expect(() => parseUri(beyond, limits)).toThrow(expect.objectContaining({ status: 414, code: 'uri-too-long' }));
  });

  it.each([
    ['./A/B/C/D', { limit: 'MaxDepth', allowed: 3, found: 4 }, '4 levels, 3 is the most'],
    ['./1234567/12?prop=ACL', { limit: 'MaxTotLen', allowed: 20, found: 21 }, '21 characters, 20 is the most'],
    ['./€€€€€€€€€', { limit: 'MaxSegLen', allowed: 8, found: 9 }, 'a name of 9 characters, 8 is the most'],
  ] as const)('%j: which limit, what it allows and what was found', (uri, excess, words) => {
    const [node = ''] = uri.split('?');
    expect(excessOf(node.split('/').slice(1), limits, uri)).toEqual(excess);
    expect(() => parseUri(uri, limits)).toThrow(expect.objectContaining({ message: expect.stringContaining(words) }));
  });

  it('0 is no limit, but for the 1,024 levels that are safe to walk', () => {
    expect(parseUri(`./${'a'.repeat(65_536)}`).path).toHaveLength(1);
    expect(parseUri('a/'.repeat(1023).concat('a')).path).toHaveLength(1024);
    expect(() => parseUri('a/'.repeat(1024).concat('a'))).toThrow(expect.objectContaining({ status: 414 }));
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
