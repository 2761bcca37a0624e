import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { treeOf } from '../../src-core/tree/known.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { readTndsTree } from '../../src-core/tree/tnds.ts';
import { readTreeDocument, writeTreeDocument } from '../../src-core/tree/tree-document.ts';
import { forests } from '../support/known-trees.ts';

describe('a tree as JSON', () => {
  it('is one node a line', () => {
    const tree = interior('.', [leaf('A', 'é"', { title: 'T', verNo: 3 })], { acl: 'Get=*' });
    const text = writeTreeDocument({ tree, name: 'before', takenAt: 0, device: 'IMEI:1' });
    expect(text).toBe(
      '{"dmTree":1,"name":"before","takenAt":"1970-01-01T00:00:00.000Z","device":"IMEI:1","nodes":[\n' +
        '{"uri":".","format":"node","acl":"Get=*"},\n' +
        '{"uri":"./A","format":"chr","type":"text/plain","value":"é\\"","title":"T","verNo":3}\n]}\n',
    );
    expect(readTreeDocument(text)).toEqual({ tree, name: 'before', takenAt: 0, device: 'IMEI:1' });
  });

  it('opens again as it was', () => {
    fc.assert(
      fc.property(forests('any'), children => {
        const tree = interior('.', children);
        expect(readTreeDocument(writeTreeDocument({ tree })).tree).toEqual(tree);
      }),
    );
  });

  it('leaves what is not known unknown', () => {
    const tree = treeOf([
      { uri: './A/B', format: 'node' },
      { uri: './A/B/unread', format: 'chr' },
      { uri: './A/hidden' },
    ]);
    expect(readTreeDocument(writeTreeDocument({ tree })).tree).toEqual(tree);
  });

  it('that names too many nodes is refused before they fill the memory', () => {
    const text = `{"dmTree":1,"nodes":[{"uri":"./x"},{"uri":".${'/a'.repeat(1000)}"}]}`;
    expect(() => readTreeDocument(text, 1000)).toThrow('there are more than 1000 nodes (at offset 35)');
    expect(readTreeDocument(text, 1002).tree.children).toHaveLength(2);
  });

  it('where the parser says the place of an error, the text is read once', () => {
    const parse = vi.spyOn(JSON, 'parse');
    expect(() => readTreeDocument('{"dmTree":1,"nodes":[1 2]}')).toThrow(expect.objectContaining({ offset: 23 }));
    expect(parse.mock.calls.length).toBe(1);
    parse.mockRestore();
  });

  it('takes members that it does not know', () => {
    const text = '{"dmTree":1,"colour":"red","nodes":[{"uri":".","format":"node","x":1}]}';
    expect(readTreeDocument(text).tree).toEqual({ name: '.', format: 'node', children: [] });
  });

  it.each([
    ['no JSON', '{"dmTree":1,"nodes":[{"uri":x}]}', 28, 'Unexpected token'],
    ['no JSON after é', '{"dmTree":1,"name":"é","nodes":[,]}', 33, 'Unexpected token'],
    ['cut off', '{"dmTree":1,"nodes":[{"uri":"./A"', 33, "Expected ',' or '}'"],
    ['something else', '[1]', 0, 'expected an object with "dmTree": 1'],
    ['a later version', '{"dmTree":2,"nodes":[]}', 0, 'version 2 is not known here, expected 1'],
    ['no nodes', '{"dmTree":1}', 0, 'expected "nodes" as a list'],
    [
      'a number as value',
      '{"dmTree":1,"nodes":[{"uri":"."}, {"uri":"./é[{","value":1}]}',
      34,
      'expected "value" of ./é[{ as text',
    ],
    ['a node that is none', '{"dmTree":1,"nodes":[{"uri":"."},7]}', 33, 'expected a node as an object'],
    ['a URI from nowhere', '{"dmTree":1,"nodes":[{"uri":"A/B"}]}', 21, 'expected "uri" as ./A/B'],
    [
      'a leaf with children',
      '{"dmTree":1,"nodes":[{"uri":"./A","format":"chr"},{"uri":"./A/B"}]}',
      28,
      './A is a leaf',
    ],
  ])('%s is refused with the offset in bytes', (_name, text, offset, words) => {
    expect(() => readTreeDocument(text)).toThrow(
      expect.objectContaining({ name: 'EncodingError', offset, message: expect.stringContaining(words) }),
    );
  });
});

describe('a TNDS file as a tree', () => {
  const read = (nodes: string) => readTndsTree(readXml(`<MgmtTree><VerDTD>1.2</VerDTD>${nodes}</MgmtTree>`));
  const node = (name: string, inner = '') => `<Node><NodeName>${name}</NodeName>${inner}</Node>`;

  it('puts parts together by their paths, and knows no more than it says', () => {
    const value = '<Value>v</Value>';
    expect(
      read(
        node('x', `<Path>A/B</Path>${value}`) +
          node('B', '<Path>./A</Path><RTProperties><ACL>Get=*</ACL></RTProperties>'),
      ),
    ).toEqual(
      treeOf([
        { uri: './A/B/x', value: 'v' },
        { uri: './A/B', acl: 'Get=*' },
      ]),
    );
  });

  it('a node with others below it is interior', () => {
    expect(read(node('A', node('x')))).toEqual(treeOf([{ uri: './A', format: 'node' }, { uri: './A/x' }]));
  });

  it.each([
    [
      'a leaf with nodes below it',
      node('A', `<RTProperties><Format><chr/></Format></RTProperties>${node('x')}`),
      './A is a leaf',
    ],
    ['a Path of 1025 levels', node('x', `<Path>${'a/'.repeat(1025)}</Path>`), 'more than 1024 levels'],
    ['a name that no URI can hold', node('a/b'), '"a/b" is no name of a node'],
    ['a node without a name', '<Node/>', 'expected NodeName in Node'],
  ])('%s is refused at its offset', (_name, xml, words) => {
    const offset = '<MgmtTree><VerDTD>1.2</VerDTD>'.length;
    expect(() => read(xml)).toThrow(expect.objectContaining({ offset, message: expect.stringContaining(words) }));
  });
});
