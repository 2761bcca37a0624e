import { describe, expect, it } from 'vitest';
import { Descriptions, forModel } from '../../../src-core/tree/ddf/descriptions.ts';
import { describing, file, group, tree, value } from './samples.ts';

const FUMO = group('', [group('Update', [value('PkgData')]), value('State')], { identifier: 'urn:fumo' });

describe('where a node is described', () => {
  it('by its place: without Path a description stands below the root', () => {
    const descriptions = describing(group('A', [group('B', [value('C', { title: 'here' })])]));
    expect(descriptions.locate('./A/B/C', tree())).toMatchObject({ description: { title: 'here' }, rootUri: './A' });
    expect(descriptions.locate('./A/B/D', tree())).toBeUndefined();
    expect(descriptions.locate('.', tree())).toBeUndefined();
  });

  it.each(['./Vendor/ISP', 'Vendor/ISP', './Vendor/ISP/'])('below its Path, written as %s', path => {
    const descriptions = describing(value('Name', { path, title: 'here' }));
    expect(descriptions.locate('./Vendor/ISP/Name', tree())?.description.title).toBe('here');
  });

  it('a Path that leads into the same document is put in its place', () => {
    const descriptions = describing(
      group('Vendor', []),
      group('ISP', [], { path: 'Vendor' }),
      group('GWInfo', [], { path: 'Vendor/ISP' }),
      value('GWName', { path: 'Vendor/ISP/GWInfo', title: 'gateway' }),
    );
    expect(descriptions.locate('./Vendor/ISP/GWInfo/GWName', tree())).toMatchObject({
      description: { title: 'gateway' },
      rootUri: './Vendor',
    });
  });

  it('an object anywhere by its identifier, and only there', () => {
    const descriptions = describing(FUMO);
    const known = tree({ './Any/Where/1': 'urn:fumo' });
    expect(descriptions.locate('./Any/Where/1/Update/PkgData', known)).toMatchObject({
      description: { name: 'PkgData' },
      rootUri: './Any/Where/1',
    });
    expect(descriptions.locate('./Any/Where/2/State', known)).toBeUndefined();
  });

  it('a placeholder takes every name, but a named one comes first', () => {
    const descriptions = describing(group('A', [value('', { title: 'any' }), value('x', { title: 'named' })]));
    expect(descriptions.locate('./A/y', tree())?.description.title).toBe('any');
    expect(descriptions.locate('./A/x', tree())?.description.title).toBe('named');
  });

  it('an object inside another is described by its own', () => {
    const descriptions = describing(group('A', [group('', [value('State', { title: 'outer' })])]), FUMO);
    expect(descriptions.locate('./A/1/State', tree())?.description.title).toBe('outer');
    expect(descriptions.locate('./A/1/State', tree({ './A/1': 'urn:fumo' }))?.rootUri).toBe('./A/1');
  });

  it('an object that lacks the node leaves it to the one around it', () => {
    const descriptions = describing(group('A', [group('', [value('Name', { title: 'outer' })])]), FUMO);
    expect(descriptions.locate('./A/1/Name', tree({ './A/1': 'urn:fumo' }))?.description.title).toBe('outer');
  });

  it('names are told apart by case, or not, from the node on that says so', () => {
    const descriptions = describing(group('A', [group('B', [value('C')], { caseSense: 'CIS' }), value('D')]));
    expect(descriptions.locate('./A/B/c', tree())?.description.name).toBe('C');
    expect(descriptions.locate('./A/d', tree())).toBeUndefined();
  });

  it('of placeholders the one of the same kind of node counts', () => {
    const descriptions = describing(group('A', [value('', { format: 'int' }), group('', [value('C')])]));
    const known = tree({ './A/1': 'int', './A/2': 'node' });
    expect(descriptions.locate('./A/1', known)?.description.format).toBe('int');
    expect(descriptions.locate('./A/2', known)?.description.format).toBe('node');
    expect(descriptions.locate('./A/2/C', known)?.description.name).toBe('C');
  });

  it('the person’s own counts before one that is built in, one for the model before one for none', () => {
    const builtIn = { origin: 'built-in' as const };
    const of = (title: string) => [value('A', { title })];
    const files = [
      file(of('standard'), builtIn),
      file(of('model'), { ...builtIn, manufacturer: 'M' }),
      file(of('own')),
      file(of('own model'), { manufacturer: 'M' }),
    ];
    const first = (n: number) => new Descriptions(files.slice(0, n)).locate('./A', tree())?.description.title;
    expect([1, 2, 3, 4].map(first)).toEqual(['standard', 'model', 'own', 'own model']);
  });

  it('descriptions for another maker or model do not count, whatever the case', () => {
    const files = [file([], { manufacturer: 'Acme' }), file([])];
    expect(forModel(files, { manufacturer: ' acme', model: 'X' })).toEqual(files);
    expect(forModel(files, { manufacturer: 'Other' })).toEqual(files.slice(1));
    expect(forModel(files, {})).toEqual(files);
  });

  it('a description of the root has the whole tree below it', () => {
    const descriptions = describing(group('.', [group('A', [value('B', { title: 'here' })])]));
    expect(descriptions.locate('./A/B', tree())?.description.title).toBe('here');
    expect(descriptions.locate('.', tree())?.description.name).toBe('.');
  });
});
