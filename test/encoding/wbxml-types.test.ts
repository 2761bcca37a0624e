import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { element, findChild, type MarkupElement, type MarkupNode, text } from '../../src-core/encoding/markup.ts';
import type { DocumentType } from '../../src-core/encoding/wbxml/code-pages.ts';
import { DOCUMENT_TYPES } from '../../src-core/encoding/wbxml/document-types.ts';
import { documentTypeOf, fromXml } from '../../src-core/encoding/wbxml/from-xml.ts';
import { readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import { DEVINF_1_1, DEVINF_1_2, DEVINF_NAMESPACE } from '../../src-core/encoding/wbxml/types/devinf.ts';
import { DM_DDF_1_2, DMDDF_NAMESPACE } from '../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { METINF_NAMESPACE } from '../../src-core/encoding/wbxml/types/metinf.ts';
import { PROV_1_0 } from '../../src-core/encoding/wbxml/types/prov.ts';
import { SYNCML_1_1, SYNCML_1_2, SYNCML_NAMESPACE } from '../../src-core/encoding/wbxml/types/syncml.ts';
import { writeWbxml } from '../../src-core/encoding/wbxml/writer.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../src-core/encoding/xml/writer.ts';
import { decodeMarkup } from '../../src-core/syncml/codec.ts';
import { CO_1_0 } from '../support/co.ts';
import { fixtureBytes, fixtureText } from '../support/fixtures.ts';
import { bare, openLibwbxml } from '../support/markup-documents.ts';

const ALL = [...DOCUMENT_TYPES, CO_1_0];
const byName = ALL.map(type => [type.name, type] as const);
const hexOf = (value: string) => toHex(new TextEncoder().encode(value));

let libwbxml: ReturnType<typeof openLibwbxml>;
beforeAll(() => {
  libwbxml = openLibwbxml();
});
afterAll(() => libwbxml.close());

/**
 * Names of a type but its root, as far as libwbxml knows them there: it ends SyncML 1.0 and 1.1 with MoreData and
 * MaxObjSize, and has no page 02 in SyncML.
 */
function namesOf(type: DocumentType): { namespace: string; name: string }[] {
  const pages = [...type.pages].filter(([number]) => number !== 2 || type === DM_DDF_1_2).map(([, page]) => page);
  const later = (name: string, token: number) => token > 0x34 || name === 'FieldLevel';
  const old = ['SyncML 1.0', 'SyncML 1.1'].includes(type.name);
  return pages.flatMap(({ namespace, tags }) =>
    tags.flatMap((name, token) =>
      name === undefined || name === type.root || (old && later(name, token)) ? [] : [{ namespace, name }],
    ),
  );
}

/** Each start with a value that it begins, and each value by itself. */
function attributesOf(type: DocumentType): { name: string; value: string }[] {
  return [...(type.attributePages?.values() ?? [])].flatMap(({ starts, values }) => {
    const [any] = starts.filter(start => start?.value === '');
    return [
      ...starts.flatMap(start => (start ? [{ name: start.name, value: start.value || 'x y' }] : [])),
      ...values.flatMap(value => (value === undefined || !any ? [] : [{ name: any.name, value }])),
    ];
  });
}

/** A document with every name of the type in it. */
function everything(type: DocumentType): MarkupElement {
  const [first] = type.pages.values();
  const names = namesOf(type).map(({ namespace, name }) => element(namespace, name, [text(name)]));
  const attributes = attributesOf(type).map(attribute =>
    element('', [...(first?.tokens.keys() ?? [])][1] ?? '', [], [attribute]),
  );
  return element(first?.namespace ?? '', type.root, attributes.length > 0 ? attributes : names);
}

describe('document types', () => {
  it.each(byName)('%s: libwbxml reads every name as we write it', (_name, type) => {
    const document = everything(type);
    expect(document.children.length).toBeGreaterThan(2);
    const read = libwbxml.read(writeWbxml(document, type));
    // Of Meta Information as a document of its own it knows no namespace.
    expect(type.root === 'MetInf' ? fromXml(read, type) : read).toEqual(document);
  });

  it.each(byName.filter(([name]) => name !== 'MetInf 1.2'))(
    '%s: we read every name as libwbxml writes it',
    (_name, type) => {
      const document = everything(type);
      expect(bare(readWbxml(libwbxml.write(document, type.publicId), { types: ALL }).root)).toEqual(document);
    },
  );

  it.each([
    ['SyncML 1.0', '9F51', '2D', 'SYNCML:SYNCML1.0'],
    ['SyncML 1.1', '9F53', '2D', 'SYNCML:SYNCML1.1'],
    ['SyncML 1.2', 'A401', '2D', 'SYNCML:SYNCML1.2'],
    ['MetInf 1.2', 'A402', '0E', 'syncml:metinf'],
    ['DevInf 1.0', '9F52', '0A', 'syncml:devinf'],
    ['DevInf 1.1', '9F54', '0A', 'syncml:devinf'],
    ['DevInf 1.2', 'A403', '0A', 'syncml:devinf'],
    ['PROV 1.0', '0B', '05', ''],
  ])('%s by number %s, by text, and by text in lower case', (name, number, root, namespace) => {
    const type = DOCUMENT_TYPES.find(candidate => candidate.name === name);
    const id = type?.publicId ?? '';
    const byText = (value: string) => `02 00 00 6A ${(id.length + 1).toString(16)} ${hexOf(value)} 00 ${root}`;
    for (const hex of [`02 ${number} 6A 00 ${root}`, byText(id), byText(id.toLowerCase())]) {
      const document = readWbxml(fromHex(hex));
      expect(document.type, hex).toBe(type);
      expect(bare(document.root), hex).toEqual(element(namespace, type?.root ?? ''));
    }
  });

  it('the public identifier may stand anywhere in the string table', () => {
    const id = hexOf('-//SYNCML//DTD DevInf 1.2//EN');
    const bytes = fromHex(`03 00 02 6A 20 7800 ${id} 00 0A`);
    expect(readWbxml(bytes)).toMatchObject({ version: '1.3', type: DEVINF_1_2, root: { name: 'DevInf' } });
  });

  it('a document that says no type is of the one that is assumed, inside SyncML TNDS', () => {
    const bytes = fromHex('03 01 6A 00 00 02 60 77 03 312E3200 01 01');
    expect(() => readWbxml(bytes)).toThrow(expect.objectContaining({ code: 'document-type', offset: 1 }));
    expect(readWbxml(bytes, { assumed: DM_DDF_1_2 })).toMatchObject({ type: DM_DDF_1_2, root: { name: 'MgmtTree' } });
    const message = writeWbxml(
      element(SYNCML_NAMESPACE, 'SyncML', [element(SYNCML_NAMESPACE, 'Data', [{ kind: 'opaque', bytes }])]),
      SYNCML_1_2,
    );
    const unknown = Uint8Array.from([...message.slice(0, 1), 1, ...message.slice(3)]);
    const [data] = decodeMarkup(unknown, 'wbxml').children;
    expect(data).toMatchObject({ children: [{ document: { name: 'MgmtTree', range: { start: 14, end: 23 } } }] });
  });

  it('the type of an XML document is known by its root element', () => {
    for (const type of DOCUMENT_TYPES.filter(({ name }) => !['DevInf 1.0', 'DevInf 1.1'].includes(name)))
      expect(documentTypeOf(everything(type)), type.name).toBe(type);
    expect(documentTypeOf(element('', 'SyncML'))).toBe(SYNCML_1_2);
    expect(documentTypeOf(element('urn:x', 'MgmtTree'))).toBe(DM_DDF_1_2);
    expect(documentTypeOf(readXml('<DevInf xmlns="syncml:devinf"><VerDTD> 1.1 </VerDTD><Size>1</Size></DevInf>'))).toBe(
      DEVINF_1_1,
    );
    expect(documentTypeOf(readXml('<SyncML><SyncHdr><VerDTD>1.1</VerDTD></SyncHdr></SyncML>'))).toBe(SYNCML_1_1);
    expect(documentTypeOf(element('', 'html'))).toBeUndefined();
  });
});

describe('client provisioning', () => {
  const parm = (name: string, value?: string) =>
    element(
      '',
      'parm',
      [],
      [{ name: 'name', value: name }, ...(value === undefined ? [] : [{ name: 'value', value }])],
    );
  const doc = (...children: MarkupNode[]) =>
    element('', 'wap-provisioningdoc', children, [{ name: 'version', value: '1.0' }]);

  it('the vector both ways, byte for byte', () => {
    const bytes = fixtureBytes('provisioning/w7.wbxml');
    const root = readXml(fixtureText('provisioning/w7.xml'));
    expect(bare(readWbxml(bytes).root)).toEqual(bare(root));
    expect(toHex(writeWbxml(root, PROV_1_0))).toBe(toHex(bytes));
  });

  const HEAD = '03 0B 6A 00 C5 46 01';
  it.each<[string, string, MarkupElement]>([
    ['a name with its token, a value as string', '87 11 06 03 6100 01', parm('NAPID', 'a')],
    ['a name without value', '87 05 03 494E495400 01', parm('INIT')],
    ['an attribute of page 01, its value in page 00 again', '87 00 01 36 00 00 06 03 773700 01', parm('APPID', 'w7')],
    ['a value of page 01', '87 00 01 30 00 00 06 00 01 8D 01', parm('AAUTHLEVEL', 'APPSRV')],
    [
      'a value of several tokens',
      '87 00 01 33 00 00 06 00 01 91 92 90 91 93 01',
      parm('AAUTHTYPE', 'HTTP-BASIC,HTTP-DIGEST'),
    ],
    ['a value that only begins like a token is a string', '87 11 06 03 4D414E55414C00 01', parm('NAPID', 'MANUAL')],
    ['an empty value', '87 11 06 01', parm('NAPID', '')],
  ])('%s', (_name, hex, expected) => {
    const bytes = fromHex(`${HEAD} ${hex} 01`);
    expect(bare(readWbxml(bytes).root)).toEqual(doc(expected));
    expect(toHex(writeWbxml(doc(expected), PROV_1_0))).toBe(toHex(bytes));
  });

  it.each<[string, string, MarkupElement]>([
    ['tags of page 01, the attribute page is another', '00 01 87 11 06 03 6100 01', parm('NAPID', 'a')],
    [
      'a value in pieces: string, token, entity, table, opaque',
      '87 11 06 03 6100 89 02 62 83 00 C3 01 63 01',
      parm('NAPID', 'aAPNbTc'),
    ],
    ['a literal attribute', '87 04 00 03 6100 01', element('', 'parm', [], [{ name: 'T', value: 'a' }])],
    ['a literal element with attributes', '84 00 11 06 03 6100 01', { ...parm('NAPID', 'a'), name: 'T' }],
    [
      'a namespace declaration is no attribute',
      '87 04 02 03 6100 11 01',
      element('', 'parm', [], [{ name: 'name', value: 'NAPID' }]),
    ],
    ['no attributes at all', '87 01', element('', 'parm')],
  ])('reads %s', (_name, hex, expected) => {
    expect(bare(readWbxml(fromHex(`03 0B 6A 08 5400 786D6C6E7300 C5 46 01 ${hex} 01`)).root)).toEqual(doc(expected));
  });

  it.each<[string, string, string, number]>([
    ['an attribute that is none', '87 7E 01', 'unknown-token', 8],
    ['a value without attribute', '87 89 01', 'unknown-token', 8],
    ['a value that is none', '87 11 06 FF 01', 'unknown-token', 10],
    ['a page that is none', '87 00 02 11 01', 'code-page', 9],
    ['an extension', '87 11 06 80 00 01', 'unsupported-token', 10],
    ['the same attribute twice', '87 06 03 6100 06 01', 'duplicate-attribute', 12],
    ['no end', '87 11 06 03 6100', 'unexpected-end', 13],
    ['opaque data that is no text', '87 11 06 C3 01 FF 01', 'charset', 10],
  ])('refuses %s', (_name, hex, code, offset) => {
    expect(() => readWbxml(fromHex(`${HEAD} ${hex}`))).toThrow(
      expect.objectContaining({ name: 'EncodingError', code, offset }),
    );
  });

  it('refuses an attribute that has no token where it would stand', () => {
    const root = doc(element('', 'parm', [], [{ name: 'colour', value: 'red' }]));
    expect(() => writeWbxml(root, PROV_1_0)).toThrow(
      expect.objectContaining({ name: 'EncodingError', code: 'unknown-attribute', offset: 8 }),
    );
  });

  it('any attributes read back the same', () => {
    const known = attributesOf(PROV_1_0).map(({ value }) => value);
    const value = fc.oneof(
      fc.constantFrom(...known),
      fc.string({ maxLength: 12 }).filter(part => !part.includes('\0')),
    );
    const characteristic = fc
      .array(fc.tuple(fc.constantFrom('APPID', 'NAPID', 'AAUTHLEVEL', 'BEARER', 'x'), value), { maxLength: 6 })
      .map(pairs =>
        element(
          '',
          'characteristic',
          pairs.map(pair => parm(...pair)),
          [{ name: 'type', value: 'APPAUTH' }],
        ),
      );
    fc.assert(
      fc.property(
        fc.array(characteristic, { maxLength: 4 }).map(parts => doc(...parts)),
        document => {
          const bytes = writeWbxml(document, PROV_1_0);
          expect(bare(readWbxml(bytes).root)).toEqual(document);
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });
});

describe('documents inside documents', () => {
  const s = (name: string, ...children: MarkupNode[]) => element(SYNCML_NAMESPACE, name, children);
  const devinf = element(DEVINF_NAMESPACE, 'DevInf', [element(DEVINF_NAMESPACE, 'VerDTD', [text('1.2')])]);
  const opaque = (bytes: Uint8Array): MarkupNode => ({ kind: 'opaque', bytes });
  const inData = (bytes: Uint8Array) => writeWbxml(s('SyncML', s('Data', opaque(bytes))), SYNCML_1_2);
  const dataOf = (document: Uint8Array) => readWbxml(document).root.children[0] as MarkupElement;

  it('DevInf in Data is decoded in place, its ranges counted in the outer bytes, and written as the bytes it was', () => {
    // DevInf 1.2: DevInf @4 with VerDTD @5 "1.2" @6; SyncML @5, Data @6, OPAQUE @7 of 13 bytes @9
    const inner = fromHex('02 A403 6A 00 4A 65 03 312E3200 01 01');
    const outer = inData(inner);
    expect(toHex(outer)).toBe(toHex(fromHex('02 A401 6A 00 6D 4F C3 0E 02A4036A004A6503312E32000101 01 01')));
    const [node] = dataOf(outer).children;
    expect(node).toMatchObject({ kind: 'opaque', bytes: inner, range: { start: 7, end: 23 } });
    const document = node?.kind === 'opaque' ? node.document : undefined;
    expect(document && bare(document)).toEqual(devinf);
    expect(document?.range).toEqual({ start: 14, end: 23 });
    expect(findChild(document ?? devinf, 'VerDTD')?.range).toEqual({ start: 15, end: 22 });
    expect(toHex(writeWbxml(readWbxml(outer).root, SYNCML_1_2))).toBe(toHex(outer));
  });

  it('a TNDS object, with a string table and page 00, survives byte for byte', () => {
    const id = hexOf('-//OMA//DTD-DM-DDF 1.2//EN');
    const inner = fromHex(`03 00 00 6A 1E ${id} 00 313200 60 66 83 1B 01 01`);
    const outer = inData(inner);
    const [node] = dataOf(outer).children;
    expect(node?.kind === 'opaque' && node.document && bare(node.document)).toEqual(
      element(DMDDF_NAMESPACE, 'MgmtTree', [element(DMDDF_NAMESPACE, 'NodeName', [text('12')])]),
    );
    expect(toHex(writeWbxml(readWbxml(outer).root, SYNCML_1_2))).toBe(toHex(outer));
  });

  it.each([
    ['bytes that only begin like a document', '02 A403 6A 00 4A 65'],
    ['a document of a type that has no place there', '02 A401 6A 00 2D'],
    ['a document with bytes behind it', '02 A403 6A 00 0A 00'],
    ['text', '68 69'],
    ['nothing', ''],
  ])('%s stay bytes', (_name, hex) => {
    expect(bare(dataOf(inData(fromHex(hex))))).toEqual(s('Data', opaque(fromHex(hex))));
    expect(dataOf(inData(fromHex(hex))).children[0]).not.toHaveProperty('document');
  });

  it('are looked for in Data alone, and nowhere where the caller wants none', () => {
    const bytes = writeWbxml(devinf, DEVINF_1_2);
    const elsewhere = writeWbxml(s('SyncML', s('Meta', opaque(bytes))), SYNCML_1_2);
    expect(dataOf(elsewhere).children[0]).not.toHaveProperty('document');
    const [data] = readWbxml(inData(bytes), { embedded: false }).root.children;
    expect((data as MarkupElement).children[0]).not.toHaveProperty('document');
  });

  it('for people: shown as elements, and made documents again from XML', () => {
    const outer = inData(writeWbxml(devinf, DEVINF_1_2));
    const xml = writeXml(readWbxml(outer).root, { pretty: true });
    expect(xml).toContain('<Data>\n    <DevInf xmlns="syncml:devinf">\n      <VerDTD>1.2</VerDTD>');
    expect(toHex(writeWbxml(fromXml(readXml(xml), SYNCML_1_2), SYNCML_1_2))).toBe(toHex(outer));
  });

  it('for people: other bytes are shown as base64, and made bytes again', () => {
    const root = s('SyncML', s('Data', opaque(fromHex('00FF'))), s('Data', text('a'), opaque(fromHex('01'))));
    const xml = writeXml(root, { pretty: true });
    expect(xml).toContain('<Data>\n    <opaque xmlns="urn:dm-workbench:shown">AP8=</opaque>\n  </Data>');
    expect(bare(fromXml(readXml(xml), SYNCML_1_2))).toEqual(root);
  });

  it('the version of the outer document chooses that of the inner', () => {
    const xml = readXml('<SyncML xmlns="SYNCML:SYNCML1.1"><Data><DevInf xmlns="syncml:devinf"/></Data></SyncML>');
    const [data] = readWbxml(writeWbxml(fromXml(xml, SYNCML_1_1), SYNCML_1_1)).root.children;
    const [node] = (data as MarkupElement).children;
    expect(node?.kind === 'opaque' && readWbxml(node.bytes).type).toBe(DEVINF_1_1);
  });

  it('namespaces that devices leave out are found by the names', () => {
    const xml =
      '<SyncML><SyncHdr/><SyncBody><Get><Meta><Type>a</Type><Format xmlns="SYNCML:SYNCML1.2">b</Format></Meta></Get></SyncBody></SyncML>';
    const m = (name: string, value: string) => element(METINF_NAMESPACE, name, [text(value)]);
    expect(bare(fromXml(readXml(xml), SYNCML_1_2))).toEqual(
      s('SyncML', s('SyncHdr'), s('SyncBody', s('Get', s('Meta', m('Type', 'a'), m('Format', 'b'))))),
    );
  });
});

describe('docs/wbxml.md', () => {
  const doc = readFileSync(join(import.meta.dirname, '../../docs/wbxml.md'), 'utf8');

  it('shows a table that works: the one that is tested here', () => {
    const file = readFileSync(join(import.meta.dirname, '../support/co.ts'), 'utf8');
    const shown = file.replace('../../src-core/encoding/wbxml/code-pages.ts', '../code-pages.ts').trimEnd();
    expect(doc).toContain(shown.replace(/^(?=.)/gm, '   '));
    const co = element('', 'co', [
      element('', 'invalidate-object', [], [{ name: 'uri', value: 'http://www.example' }]),
    ]);
    const bytes = writeWbxml(co, CO_1_0);
    expect(toHex(bytes, ' ')).toBe('02 07 6A 00 45 86 07 03 65 78 61 6D 70 6C 65 00 01 01');
    expect(bare(readWbxml(bytes, { types: [CO_1_0] }).root)).toEqual(co);
  });

  it('names all document types by their numbers', () => {
    const numbers = DOCUMENT_TYPES.flatMap(({ publicIdNumber: id }) => (id === undefined ? [] : [id]));
    for (const number of numbers)
      expect(doc).toContain(
        number
          .toString(16)
          .toUpperCase()
          .padStart(number > 0xff ? 4 : 2, '0'),
      );
  });
});
