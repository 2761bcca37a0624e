import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Descriptions } from '../../../src-core/tree/ddf/descriptions.ts';
import { readDdf } from '../../../src-core/tree/ddf/read.ts';
import type { SeenTree } from '../../../src-core/tree/ddf/seen-tree.ts';
import { skeletonOf } from '../../../src-core/tree/ddf/skeleton.ts';
import { writeDdfXml } from '../../../src-core/tree/ddf/write.ts';
import type { Reading } from '../../../src-core/tree/device-tree.ts';
import { findKnown, type KnownNode, treeOf } from '../../../src-core/tree/known.ts';
import { describing, group, value } from './samples.ts';

const READINGS: Reading[] = [
  { uri: './A', format: 'node', type: 'urn:a', title: 'Things' },
  { uri: './A/1', format: 'node' },
  { uri: './A/1/Level', format: 'int', value: '7', verNo: 3 },
  { uri: './A/2', format: 'node' },
  { uri: './B', format: 'bool', value: 'true', tstamp: '20260102T030405Z' },
];

const seen = (root: KnownNode): SeenTree => ({
  get: uri => {
    const node = findKnown(root, uri);
    return node?.format === undefined ? undefined : { format: node.format, ...(node.type && { type: node.type }) };
  },
  children: uri => findKnown(root, uri)?.children.map(child => child.name) ?? [],
});

function skeleton(readings: readonly Reading[], descriptions = new Descriptions([]), uri = '.') {
  const root = treeOf(readings);
  const node = findKnown(root, uri);
  if (!node) throw new Error('the sample has no such node');
  const above = uri === '.' ? undefined : uri.slice(0, uri.lastIndexOf('/'));
  return skeletonOf(node, above, { descriptions, tree: seen(root) });
}

describe('a description out of a tree', () => {
  it('has every node by its name, with what was seen of it', () => {
    expect(skeleton(READINGS).nodes).toMatchObject([
      {
        name: 'A',
        identifier: 'urn:a',
        title: 'Things',
        children: [{ name: '1', children: [{ name: 'Level', format: 'int', access: ['Get'] }] }, { name: '2' }],
      },
      { name: 'B', format: 'bool', runTime: { ACL: '', Format: 'bool', Name: '', TStamp: '', Type: 'text/plain' } },
    ]);
  });

  it('has no value of the device in it', () => {
    expect(JSON.stringify(skeleton(READINGS))).not.toMatch(/"7"|"true"|2026/);
  });

  it('has a placeholder once, for all nodes of it, and takes over what is described', () => {
    const level = value('Level', { format: 'int', title: 'Charge', access: ['Get', 'Replace'] });
    const known = describing(group('A', [group('', [level], { occurrence: { least: 0 } })]));
    expect(skeleton(READINGS, known).nodes[0]).toMatchObject({
      name: 'A',
      children: [{ name: '', occurrence: { least: 0 }, children: [{ title: 'Charge', access: ['Get', 'Replace'] }] }],
    });
  });

  it('says with Path where a part of the tree belongs', () => {
    expect(skeleton(READINGS, undefined, './A/1').nodes).toMatchObject([{ name: '1', path: './A' }]);
  });

  it('is a description that can be read, and describes each node that it was made of', () => {
    const name = fc.constantFrom('A', 'B', 'Level', 'é', '1');
    const format = fc.constantFrom('int', 'chr', 'bin', 'xml', 'node', 'unknown');
    const reading = fc.record({ names: fc.array(name, { minLength: 1, maxLength: 4 }), format });
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 12 }), list => {
        const readings = list.map(each => ({ uri: `./${each.names.join('/')}`, format: each.format }));
        const { ddf, notes } = readDdf(new TextEncoder().encode(writeDdfXml(skeleton(readings))));
        expect(notes).toEqual([]);
        const described = describing(...ddf.nodes);
        for (const { uri } of readings) expect(described.locate(uri, seen(treeOf(readings)))).toBeDefined();
      }),
    );
  });
});
