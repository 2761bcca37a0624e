import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describedNodes } from '../../../src-core/tree/ddf/description.ts';
import { Descriptions } from '../../../src-core/tree/ddf/descriptions.ts';
import { offersBelow } from '../../../src-core/tree/ddf/offers.ts';
import { problemsOf } from '../../../src-core/tree/ddf/problems.ts';
import { generatedDdf } from '../../support/generated-ddf.ts';
import { describing, file, group, tree, value } from './samples.ts';

const VENDOR = group('Vendor', [
  value('Name'),
  value('Note', { occurrence: { least: 0, most: 1 } }),
  value('Serial', { scope: 'Permanent' }),
  value('', { title: 'Text', occurrence: { least: 0, most: 2 } }),
]);

function offered(nodes: Record<string, string>) {
  const { offers } = offersBelow('./Vendor', tree(nodes), describing(VENDOR));
  return offers.map(({ description, present, required }) => [description.name || description.title, present, required]);
}

describe('what may be added', () => {
  it('everything that is described, what must be there first of all', () => {
    expect(offered({ './Vendor': 'node' })).toEqual([
      ['Name', 0, true],
      ['Note', 0, false],
      ['Text', 0, false],
    ]);
  });

  it('nothing of which there are enough, and no permanent node', () => {
    const nodes = { './Vendor/Name': 'chr', './Vendor/1': 'chr', './Vendor/2': 'chr' };
    expect(offered(nodes)).toEqual([['Note', 0, false]]);
  });

  it('one more of a placeholder', () => {
    expect(offered({ './Vendor/Name': 'chr', './Vendor/1': 'chr' })).toEqual([
      ['Note', 0, false],
      ['Text', 1, false],
    ]);
  });

  it('a node without descriptions below it is open, and so is one that is in none', () => {
    const descriptions = describing(group('A', [group('Ext', [])]));
    expect(offersBelow('./A/Ext', tree(), descriptions)).toMatchObject({ open: true, offers: [] });
    expect(offersBelow('./B', tree(), descriptions)).toMatchObject({ open: true, described: undefined });
    expect(offersBelow('./A', tree(), descriptions)).toMatchObject({ open: false });
  });

  it('an object without a place of its own is offered where the tree is open', () => {
    const descriptions = describing(group('A', [value('B')]), group('', [value('State')], { identifier: 'urn:fumo' }));
    const identifiers = (uri: string) =>
      offersBelow(uri, tree(), descriptions).objects.map(o => o.description.identifier);
    expect(identifiers('./B')).toEqual(['urn:fumo']);
    expect(identifiers('./A')).toEqual([]);
  });

  it('objects with a Path are offered below it', () => {
    const account = group('', [value('Name')], { path: './DMAcc', identifier: 'urn:acc', occurrence: { least: 1 } });
    const { offers } = offersBelow('./DMAcc', tree({ './DMAcc/1': 'urn:acc' }), describing(account));
    expect(offers).toMatchObject([{ description: { identifier: 'urn:acc' }, present: 1, required: false }]);
  });

  it.each([
    ['the parent', ['Add', 'Get'], ['Get'], true],
    ['the node', ['Get'], ['Add'], true],
    ['neither', ['Get'], ['Get'], false],
  ] as const)('Add stands with %s', (_name, above, own, listed) => {
    const descriptions = describing(group('A', [value('B', { access: own })], { access: above }));
    expect(offersBelow('./A', tree(), descriptions).offers[0]?.listed).toBe(listed);
  });

  it('what is offered and listed can be added without a problem', () => {
    fc.assert(
      fc.property(generatedDdf, ddf => {
        const descriptions = new Descriptions([{ ...file([]), ddf }]);
        const known = tree({ './Vendor': 'node' });
        for (const uri of ['.', './Vendor']) {
          for (const offer of offersBelow(uri, known, descriptions).offers.filter(each => each.listed)) {
            const { name, format, identifier, mimeTypes } = offer.description;
            const command = {
              kind: 'add' as const,
              uri: `${uri}/${name || 'new'}`,
              format,
              ...(format === 'node' ? { type: identifier } : { type: mimeTypes[0] }),
            };
            // A name that another description has is that one's.
            const taken = descriptions.locate(command.uri, tree())?.description;
            // An object inside one of its own kind is found by its identifier, and that is the outer one's.
            const alike = [...describedNodes(ddf.nodes)].filter(({ node }) => node.identifier === identifier);
            if (identifier !== undefined && alike.length > 1) continue;
            if (taken === offer.description) expect(problemsOf([command], known, descriptions)).toEqual([]);
          }
        }
      }),
    );
  });
});
