import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../src-core/encoding/xml/writer.ts';
import type { KnownNode } from '../../src-core/tree/known.ts';
import { interior, leaf, NODE_FORMATS } from '../../src-core/tree/node.ts';
import {
  readTndsTree,
  readTndsWbxml,
  readTndsXml,
  TNDS_PROPERTIES,
  type TndsNode,
  type TndsProperty,
  writeTnds,
  writeTndsWbxml,
  writeTndsXml,
} from '../../src-core/tree/tnds.ts';
import { forests } from '../support/known-trees.ts';

const OBJECTS: TndsNode[] = [
  {
    path: 'Vendor/Radio',
    node: interior(
      'Wlan',
      [
        leaf('SSID', ' <net> & "é" ', { title: 'Name', tstamp: '20260102T030405Z', verNo: 65535 }),
        leaf('Empty', ''),
        ...NODE_FORMATS.filter(format => format !== 'node').map(format =>
          leaf(`of-${format}`, 'AA==', { format, type: 'x/y' }),
        ),
        interior('None', []),
      ],
      { type: 'urn:oma:mo:x:1.0', acl: 'Get=*&Replace=a+b', verNo: 0 },
    ),
  },
  { path: '', node: leaf('Alone', '1', { format: 'int' }) },
];

const FIELDS = { ACL: 'acl', Title: 'title', TStamp: 'tstamp', Type: 'type', VerNo: 'verNo', Value: 'value' } as const;

function onlyProperties(node: KnownNode, properties: ReadonlySet<TndsProperty>): KnownNode {
  const kept: Record<string, unknown> = {};
  for (const [property, field] of Object.entries(FIELDS))
    if (properties.has(property as TndsProperty) && node[field] !== undefined) kept[field] = node[field];
  const children = node.children.map(child => onlyProperties(child, properties));
  return { name: node.name, ...(node.format && { format: node.format }), ...kept, children };
}

describe('TNDS', () => {
  it('a small object in both encodings', () => {
    const small: TndsNode[] = [{ path: 'A', node: interior('B', [leaf('C', 'v')], { acl: 'Get=*' }) }];
    expect(writeXml(writeTnds(small))).toBe(
      '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>B</NodeName><Path>A</Path>' +
        '<RTProperties><ACL>Get=*</ACL><Format><node/></Format></RTProperties>' +
        '<Node><NodeName>C</NodeName><RTProperties><Format><chr/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>v</Value></Node></Node></MgmtTree>',
    );
    // After the public identifier: SWITCH_PAGE 02, MgmtTree, VerDTD "1.2", Node, NodeName "B", RTProperties, Format, node.
    const body = '00 02 60 77 03 31 2E 32 00 01 64 66 03 42 00 01 6F 5C 25 01 01 01 01';
    expect(toHex(writeTndsWbxml([{ path: '', node: interior('B', []) }]).slice(32), ' ')).toBe(body);
  });

  it.each([
    ['XML', (objects: TndsNode[]) => readTndsXml(writeXml(writeTnds(objects)))],
    ['WBXML', (objects: TndsNode[]) => readTndsWbxml(writeTndsWbxml(objects))],
  ])('round trip in %s', (_name, trip) => {
    expect(trip(OBJECTS)).toEqual(OBJECTS);
  });

  it('wbxml2xml reads our WBXML as the same objects', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dmw-tnds-'));
    try {
      writeFileSync(join(folder, 'in'), writeTndsWbxml(OBJECTS));
      execFileSync('wbxml2xml', ['-k', '-m', '0', '-o', join(folder, 'out'), join(folder, 'in')], { stdio: 'ignore' });
      expect(readTndsXml(readFileSync(join(folder, 'out'), 'utf8'))).toEqual(OBJECTS);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('wbxml2xml reads generated trees in WBXML as the same objects', () => {
    const objects = fc.sample(forests('any'), { numRuns: 200, seed: 1 }).map((children, i) => ({
      path: 'Generated',
      node: interior(`t${i}`, children),
    }));
    const folder = mkdtempSync(join(tmpdir(), 'dmw-tnds-'));
    try {
      writeFileSync(join(folder, 'in'), writeTndsWbxml(objects));
      execFileSync('wbxml2xml', ['-k', '-m', '0', '-o', join(folder, 'out'), join(folder, 'in')], { stdio: 'ignore' });
      expect(readTndsXml(readFileSync(join(folder, 'out'), 'utf8'))).toEqual(objects);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['XML', 'WBXML'])('a whole tree with chosen properties comes back with these, in %s', encoding => {
    fc.assert(
      fc.property(forests('any'), fc.subarray([...TNDS_PROPERTIES]), (children, names) => {
        const properties = new Set(names).add('Format');
        const objects = [{ path: '', node: { ...interior('.', children), verNo: 1 } }];
        const markup =
          encoding === 'XML'
            ? readXml(writeTndsXml(objects, properties))
            : readWbxml(writeTndsWbxml(objects, properties)).root;
        expect(readTndsTree(markup)).toEqual(onlyProperties({ ...interior('.', children), verNo: 1 }, properties));
      }),
    );
  });

  const node = (inner: string) =>
    readTndsXml(`<MgmtTree><VerDTD>1.2</VerDTD><Node><NodeName>A</NodeName>${inner}</Node></MgmtTree>`)[0]?.node;
  it.each([
    ['no properties, no value: interior', '', interior('A', [])],
    ['no properties, a value: text', '<Value>v</Value>', { name: 'A', format: 'chr', value: 'v', children: [] }],
    ['format of an element without a name in it', '<RTProperties><Format/></RTProperties>', interior('A', [])],
    ['type as text', '<RTProperties><Type>x/y</Type></RTProperties><Value/>', leaf('A', '', { type: 'x/y' })],
    ['value in CDATA', '<Value><![CDATA[<x>]]></Value>', { name: 'A', format: 'chr', value: '<x>', children: [] }],
  ])('%s', (_name, inner, expected) => {
    expect(node(inner)).toEqual(expected);
  });

  it.each([
    ['another root', '<Tree/>', 'expected MgmtTree, found Tree'],
    [
      'a node without a name inside another',
      '<MgmtTree><Node><NodeName>A</NodeName><Node/></Node></MgmtTree>',
      'expected NodeName in Node',
    ],
    [
      'an unknown format',
      '<MgmtTree><Node><NodeName>A</NodeName><RTProperties><Format><money/></Format></RTProperties></Node></MgmtTree>',
      'money is no format',
    ],
    [
      'a VerNo that is no number',
      '<MgmtTree><Node><NodeName>A</NodeName><RTProperties><VerNo>x</VerNo></RTProperties></Node></MgmtTree>',
      'expected VerNo as a number',
    ],
  ])('%s is refused', (name, xml, words) => {
    const code = name === 'an unknown format' ? 'tnds-format' : 'tnds';
    expect(() => readTndsXml(xml)).toThrow(
      expect.objectContaining({ name: 'EncodingError', code, message: expect.stringContaining(words) }),
    );
  });

  it('refuses with the byte offset in WBXML', () => {
    // DM DDF in page 00: MgmtTree, Node, in it an empty Node.
    const bytes = fromHex(
      `02 00 00 6A 1C ${toHex(new TextEncoder().encode('-//OMA//DTD-DM-DDF 1.2//EN'))} 0000 60 64 24 01 01`,
    );
    const at = bytes.length - 3;
    expect(() => readTndsWbxml(bytes)).toThrow(expect.objectContaining({ code: 'tnds', offset: at }));
  });
});
