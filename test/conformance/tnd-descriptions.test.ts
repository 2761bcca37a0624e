import { describe, expect, it } from 'vitest';
import { childElements, findChild, type MarkupElement, textOf } from '../../src-core/encoding/markup.ts';
import { DMDDF_NAMESPACE } from '../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { describedNodes } from '../../src-core/tree/ddf/description.ts';
import { type DdfFile, Descriptions } from '../../src-core/tree/ddf/descriptions.ts';
import { offersBelow } from '../../src-core/tree/ddf/offers.ts';
import type { PlannedCommand } from '../../src-core/tree/ddf/planned.ts';
import { problemsOf } from '../../src-core/tree/ddf/problems.ts';
import type { SeenTree } from '../../src-core/tree/ddf/seen-tree.ts';
import { skeletonOf } from '../../src-core/tree/ddf/skeleton.ts';
import { isMimeType, isObjectIdentifier } from '../../src-core/tree/ddf/values.ts';
import { writeDdfXml } from '../../src-core/tree/ddf/write.ts';
import { readingsOf } from '../../src-core/tree/device-tree.ts';
import { treeOf } from '../../src-core/tree/known.ts';
import { parseUri } from '../../src-core/tree/uri.ts';
import { DEFAULT_HANDSET, factoryTree } from '../../src-core/virtual/handset/identity.ts';
import {
  document,
  elements,
  has,
  interior,
  leaf,
  MANDATORY,
  notesOn,
  OURS,
  read,
  refusalOf,
  withRunTime,
} from './ddf-documents.ts';
import { requirement } from './require.ts';

const file = (xml: string): DdfFile => ({ id: 'x', title: 'x', origin: 'own', ddf: read(xml).ddf });
const describing = (xml: string) => new Descriptions([file(xml)]);
const standard = new Descriptions(
  OURS.map(({ file: id, ddf }): DdfFile => ({ id, title: id, origin: 'built-in', ddf })),
);

/** A tree of leaves, and of objects where a text with a colon says which. */
function known(nodes: Record<string, string> = {}): SeenTree {
  return {
    get: uri => {
      const type = nodes[uri];
      return type === undefined ? undefined : { format: type === '' ? 'chr' : 'node', ...(type !== '' && { type }) };
    },
    children: uri =>
      Object.keys(nodes).flatMap(each => (each.startsWith(`${uri}/`) ? each.slice(uri.length + 1).split('/', 1) : [])),
  };
}
const codes = (xml: string, tree: SeenTree, ...commands: PlannedCommand[]) =>
  problemsOf(commands, tree, describing(xml)).map(({ code }) => code);
const names = (list: readonly MarkupElement[]) => list.map(({ name }) => name);

describe('TND §9: device descriptions', () => {
  it('ours have nothing against them', () => {
    expect(OURS.flatMap(({ file: name, notes }) => notes.map(({ text }) => `${name}: ${text}`))).toEqual([]);
    expect(OURS.length).toBeGreaterThan(8);
  });

  requirement('TND-7.7.7.2-3', () => {
    const inner =
      '<Node><NodeName/><DFProperties><AccessType/><DFFormat><node/></DFFormat><DFType><DDFName>urn:x:y</DDFName></DFType></DFProperties>';
    const both = describing(
      document(`${interior(interior(leaf(), '', '1'), '', 'B')}${inner}${leaf('', undefined, 'Inner')}</Node>`),
    );
    expect(both.locate('./B/1/Inner', known())).toBeUndefined();
    expect(both.locate('./B/1/Inner', known({ './B/1': 'urn:x:y' }))).toMatchObject({ rootUri: './B/1' });
  });

  requirement('TND-9.2-1', () => {
    const nodes = factoryTree(DEFAULT_HANDSET).flatMap(node => readingsOf('', node));
    const types = new Map(nodes.map(({ uri, type = '' }) => [uri, type]));
    const tree: SeenTree = { get: uri => ({ format: 'node', type: types.get(uri) ?? '' }), children: () => [] };
    const undescribed = nodes.map(({ uri }) => uri).filter(uri => !standard.locate(uri, tree));
    expect(undescribed).toEqual(['./Vendor']);
  });

  requirement('TND-9.3-1', () => {
    for (const { root } of OURS) expect(root.namespace).toBe(DMDDF_NAMESPACE);
    expect(writeDdfXml({ nodes: [] })).toContain(`<MgmtTree xmlns="${DMDDF_NAMESPACE}">`);
    expect(notesOn(document(leaf(), undefined, ''))).toEqual([expect.stringContaining('no namespace')]);
  });

  requirement('TND-9.4.1.1-1', () => {
    expect(new Set(OURS.map(({ root }) => root.name))).toEqual(new Set(['MgmtTree']));
    expect(refusalOf(leaf())).toContain('expected MgmtTree, found Node');
  });

  requirement('TND-9.4.1.2-1', () => {
    expect(new Set(elements('VerDTD').map(textOf))).toEqual(new Set(['1.2']));
    expect(notesOn(document(leaf(), '<VerDTD>1.1</VerDTD>'))).toEqual(['VerDTD is 1.1, expected 1.2']);
  });

  requirement('TND-9.4.1.2-2', () => {
    expect(OURS.filter(({ root }) => !has(root, 'VerDTD'))).toEqual([]);
    expect(notesOn(document(leaf(), ''))).toEqual(['MgmtTree without VerDTD']);
  });

  requirement('TND-9.4.1.5-1', () => {
    expect(elements('Node').filter(node => has(node, 'Value') && has(node, 'Node'))).toEqual([]);
    expect(refusalOf(document(interior(`${leaf()}<Value>1</Value>`)))).toContain('has the format node and a value');
  });

  requirement('TND-9.4.1.5-2', () => {
    for (const path of elements('Path').map(textOf)) expect(parseUri(path).path.length).toBeGreaterThan(0);
    const xml = document(
      interior('', '', 'A') + interior('<Path>A</Path>', '', 'B') + leaf('<Path>A/B</Path>', undefined, 'C'),
    );
    expect(describing(xml).locate('./A/B/C', known())).toMatchObject({ rootUri: './A', description: { name: 'C' } });
  });

  requirement('TND-9.4.1.6-1', () => {
    const xml = document(interior(leaf('', undefined, '').replace('<int/>', '<chr/>')));
    expect(offersBelow('./B', known(), describing(xml)).offers).toMatchObject([{ description: { name: '' } }]);
    expect(describing(xml).locate('./B/Any', known())?.description.format).toBe('chr');
  });

  requirement('TND-9.4.1.7-1', () => {
    const xml = document(interior(interior(leaf(), '', 'C')));
    expect(describing(xml).locate('./B/C/A', known())).toMatchObject({ description: { name: 'A' }, rootUri: './B' });
  });

  requirement('TND-9.4.1.7-2', () => {
    for (const uri of [
      './DevInfo/DevId',
      './DevDetail/URI/MaxDepth',
      './Inbox',
      './DMAcc/1/AppAddr/1/Addr',
      './Vendor/Display',
    ])
      expect(standard.locate(uri, known())?.description.name).toBe(uri.slice(uri.lastIndexOf('/') + 1));
  });

  const seen = (more: object) =>
    skeletonOf(treeOf([{ uri: './A', format: 'int', ...more }]), undefined, {
      descriptions: new Descriptions([]),
      tree: known(),
    }).nodes[0]?.runTime ?? {};

  requirement('TND-9.4.1.9-1', () => {
    expect(elements('RTProperties')).toEqual([]);
    expect(Object.keys(seen({}))).toEqual(['ACL', 'Format', 'Name', 'Type']);
  });

  requirement('TND-9.4.1.9-2', () => {
    expect(Object.keys(seen({ title: 'T', verNo: 1 }))).toEqual(['ACL', 'Format', 'Name', 'Title', 'Type', 'VerNo']);
  });

  requirement('TND-9.4.1.10-1', () => {
    expect(elements('Node').filter(node => !has(node, 'DFProperties'))).toEqual([]);
    expect(notesOn(document(`${leaf()}<Node><NodeName>C</NodeName></Node>`))).toEqual(['Node without DFProperties']);
  });

  requirement('TND-9.4.2-1', () => {
    expect(notesOn(document(withRunTime(MANDATORY)))).toEqual([]);
    expect(notesOn(document(withRunTime('<ACL/><Type/>')))).toEqual(['RTProperties without Format, Name']);
  });

  const runTime = (element: string, value: string, node = leaf()) => {
    const rest = MANDATORY.replace(`<${element}/>`, '');
    return notesOn(document(withRunTime(`${rest}<${element}>${value}</${element}>`, node)));
  };

  requirement('TND-9.4.2.1-1', () => {
    expect(runTime('ACL', 'Get=*&amp;Replace=a+b')).toEqual([]);
    expect(runTime('ACL', 'Read=*')).toEqual([expect.stringContaining('expected one of Add')]);
  });

  requirement('TND-9.4.2.2-1', () => {
    const withValue = leaf('<Value>1</Value>');
    expect(runTime('Format', '<int/>', withValue)).toEqual([]);
    expect(runTime('Format', '<chr/>', withValue)).toEqual([
      expect.stringContaining('Format chr of the default value'),
    ]);
  });

  requirement('TND-9.4.2.4-1', () => {
    expect(runTime('Size', '', interior())).toEqual(['an interior node has no Size']);
    expect(runTime('Size', '')).toEqual([]);
  });

  requirement('TND-9.4.2.4-2', () => {
    expect(runTime('Size', '12')).toEqual([]);
    expect(runTime('Size', 'large')).toEqual([expect.stringContaining('Size: expected a number')]);
  });

  requirement('TND-9.4.2.5-1', () => {
    expect(runTime('Title', 'x'.repeat(255))).toEqual([]);
    expect(runTime('Title', 'x'.repeat(256))).toEqual([expect.stringContaining('at most 255 bytes')]);
  });

  requirement('TND-9.4.2.6-1', () => {
    expect(runTime('TStamp', '20260102T030405Z')).toEqual([]);
    expect(runTime('TStamp', '2 January')).toEqual([expect.stringContaining('TStamp: expected a time in UTC')]);
  });

  requirement('TND-9.4.2.7-1', () => {
    expect(runTime('Type', '<MIME>audio/mpeg</MIME>')).toEqual([]);
    expect(runTime('Type', '<MIME>sound</MIME>')).toEqual([expect.stringContaining('Type: "sound" is no MIME type')]);
  });

  requirement('TND-9.4.2.7-2', () => {
    const xml = writeDdfXml(
      skeletonOf(treeOf([{ uri: './A/B', format: 'node' }]), undefined, {
        descriptions: new Descriptions([]),
        tree: known(),
      }),
    );
    expect(xml.replace(/\s/g, '')).toContain('<Type><DDFName/></Type>');
    expect(runTime('Type', '<DDFName>w7</DDFName>', interior())).toEqual([
      expect.stringContaining('no management object identifier'),
    ]);
  });

  requirement('TND-9.4.2.8-1', () => {
    expect(runTime('VerNo', '65535')).toEqual([]);
    expect(runTime('VerNo', '65536')).toEqual([expect.stringContaining('VerNo: expected a number')]);
  });

  const all = OURS.flatMap(({ ddf }) => [...describedNodes(ddf.nodes)].map(({ node }) => node));

  requirement('TND-9.4.2.14-1', () => {
    expect(all.filter(({ format, mimeTypes }) => format === 'node' && mimeTypes.length > 0)).toEqual([]);
    expect(refusalOf(document(interior('<Value>1</Value>')))).toContain('has the format node and a value');
  });

  requirement('TND-9.4.2.20-1', () => {
    expect(all.flatMap(({ mimeTypes }) => mimeTypes).filter(type => !isMimeType(type))).toEqual([]);
    expect(notesOn(document(leaf().replace('text/plain', 'text')))).toEqual(['DFType: "text" is no MIME type']);
  });

  requirement('TND-9.4.2.21-1', () => {
    const identifiers = all.flatMap(({ identifier }) => identifier ?? []);
    expect(identifiers.length).toBeGreaterThan(8);
    expect(identifiers.filter(each => !isObjectIdentifier(each))).toEqual([]);
    expect(notesOn(document(interior().replace('<DDFName/>', '<DDFName>w7</DDFName>')))).toEqual([
      'DFType: "w7" is no management object identifier',
    ]);
  });

  requirement('TND-9.4.3-2', () => mustHave('AccessType'));
  requirement('TND-9.4.3-3', () => mustHave('DFFormat'));
  requirement('TND-9.4.3-4', () => mustHave('DFType'));

  requirement('TND-9.4.3.1-1', () => {
    const commands = new Set(elements('AccessType').flatMap(access => names(childElements(access))));
    expect([...commands].toSorted()).toEqual(['Add', 'Delete', 'Exec', 'Get', 'Replace']);
    expect(notesOn(document(leaf().replace('<Get/>', '<Get/><Alert/>')))).toEqual([
      'Alert is no command that AccessType lists',
    ]);
  });

  requirement('TND-9.4.3.2-1', () => {
    expect(elements('DefaultValue').length).toBeGreaterThan(2);
    const wrong = leaf().replace('<DFFormat>', '<DefaultValue>bright</DefaultValue><DFFormat>');
    expect(notesOn(document(wrong))).toEqual([expect.stringContaining('DefaultValue is not of the format int')]);
  });

  requirement('TND-9.4.3.4-1', () => {
    expect(all.filter(({ format, children }) => children.length > 0 && format !== 'node')).toEqual([]);
    expect(refusalOf(document(leaf(leaf())))).toContain('has the format int and nodes below it');
  });

  requirement('TND-9.4.3.8-1', () => {
    const types = elements('DFProperties').filter(
      each => names(childElements(findChild(each, 'DFFormat') ?? each))[0] === 'node',
    );
    for (const each of types) expect(names(childElements(findChild(each, 'DFType') ?? each))).toEqual(['DDFName']);
    const two = interior().replace('<DDFName/>', '<DDFName/><DDFName/>');
    expect(notesOn(document(two))).toEqual(['an interior node has one identifier at most']);
  });

  requirement('TND-9.4.3.8-2', () => {
    expect(new Set(all.flatMap(({ mimeTypes }) => mimeTypes))).toEqual(
      new Set(['text/plain', 'application/octet-stream']),
    );
    expect(all.filter(({ format, mimeTypes }) => format !== 'node' && mimeTypes.length === 0)).toEqual([]);
  });

  const occurring = (occurrence: string) =>
    document(interior(leaf('', undefined, '').replace('</DFProperties>', `${occurrence}</DFProperties>`)));

  requirement('TND-9.4.3.18-1', () => {
    expect(read(occurring('<Occurrence><ZeroOrN>2</ZeroOrN></Occurrence>')).notes).toEqual([]);
    for (const n of ['1', '65537', 'many', ''])
      expect(refusalOf(occurring(`<Occurrence><ZeroOrN>${n}</ZeroOrN></Occurrence>`))).toContain(
        'from 2 to 65536 in ZeroOrN',
      );
  });

  const last: PlannedCommand = { kind: 'delete', uri: './B/1' };
  const deletable = (occurrence: string) => occurring(occurrence).replaceAll('<Get/>', '<Get/><Delete/>');

  requirement('TND-9.4.3.19-1', () => {
    const xml = deletable('<Occurrence><OneOrMore/></Occurrence>');
    expect(codes(xml, known({ './B/1': '' }), last)).toEqual(['occurrence']);
    expect(codes(xml, known({ './B/1': '', './B/2': '' }), last)).toEqual([]);
  });

  requirement('TND-9.4.3.20-1', () => {
    const xml = deletable('<Occurrence><OneOrN>3</OneOrN></Occurrence>');
    expect(codes(xml, known({ './B/1': '' }), last)).toEqual(['occurrence']);
    expect(codes(xml, known({ './B/1': '', './B/2': '' }), last)).toEqual([]);
  });

  requirement('TND-9.4.3.20-2', () => {
    for (const n of ['1', '65537', '-2'])
      expect(refusalOf(occurring(`<Occurrence><OneOrN>${n}</OneOrN></Occurrence>`))).toContain(
        'from 2 to 65536 in OneOrN',
      );
  });

  requirement('TND-9.4.3.23-1', () => {
    expect(refusalOf(document(interior('', '<CaseSense><ci/></CaseSense>')))).toContain(
      'expected CS or CIS in CaseSense',
    );
    expect(notesOn(document(interior('', '<CaseSense><CIS/></CaseSense>')))).toEqual([]);
  });

  const inB = (sense: string) => document(interior(leaf('', undefined, 'Level'), `<CaseSense><${sense}/></CaseSense>`));

  requirement('TND-9.4.3.24-1', () => {
    expect(describing(inB('CS')).locate('./B/level', known())).toBeUndefined();
    expect(codes(inB('CS'), known(), { kind: 'add', uri: './B/level', format: 'int' })).toContain('case');
  });

  requirement('TND-9.4.3.24-2', () => {
    expect(describing(inB('CIS')).locate('./B/level', known())?.description.name).toBe('Level');
    expect(codes(inB('CIS'), known({ './B/Level': '' }), { kind: 'add', uri: './B/level', format: 'int' })).toContain(
      'case',
    );
  });
});

function mustHave(property: string): void {
  expect(elements('DFProperties').filter(properties => !has(properties, property))).toEqual([]);
  const without = document(leaf().replace(new RegExp(`<${property}>.*</${property}>`), ''));
  expect(notesOn(without)).toContain(`DFProperties without ${property}`);
}
