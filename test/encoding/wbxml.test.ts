import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { EncodingError } from '../../src-core/base/errors.ts';
import {
  DEFAULT_LIMITS,
  element,
  type MarkupElement,
  type MarkupNode,
  text,
  textOf,
} from '../../src-core/encoding/markup.ts';
import { readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import { DM_DDF_1_2, DMDDF_NAMESPACE } from '../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { METINF_NAMESPACE } from '../../src-core/encoding/wbxml/types/metinf.ts';
import { SYNCML_1_2, SYNCML_NAMESPACE } from '../../src-core/encoding/wbxml/types/syncml.ts';
import { writeWbxml } from '../../src-core/encoding/wbxml/writer.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../src-core/encoding/xml/writer.ts';
import { decodeMarkup } from '../../src-core/syncml/codec.ts';
import { readMessage } from '../../src-core/syncml/read.ts';
import { fixtureBytes, syncmlSamples } from '../support/fixtures.ts';
import { bare, documents, openLibwbxml, xmlText } from '../support/markup-documents.ts';

/** WBXML 1.2, SyncML 1.2, UTF-8, no string table: the body starts at offset 5. */
const HEAD = '02 A401 6A 00';
const SYNCML_HEX = '6D'; // SyncML with content
const s = (name: string, ...children: MarkupNode[]): MarkupElement => element(SYNCML_NAMESPACE, name, children);
const read = (hex: string): MarkupElement => readWbxml(fromHex(hex)).root;

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return 'no error';
}

const refuse = (bytes: Uint8Array, limits = DEFAULT_LIMITS): { code: string; offset: number } => {
  const error = errorOf(() => readWbxml(bytes, { limits }));
  expect(error).toBeInstanceOf(EncodingError);
  const { code, offset, message } = error as EncodingError;
  expect(message).toMatch(new RegExp(`^WBXML.*\\(at offset ${offset}\\)$`));
  return { code, offset };
};

describe('WBXML reader: what bytes mean', () => {
  const document = s('SyncML', s('VerDTD', text('1.2')));
  it.each<[string, string, MarkupElement]>([
    ['inline string', `${HEAD} 6D 71 03 312E3200 01 01`, document],
    ['string table', '02 A401 6A 06 7800312E3200 6D 71 83 02 01 01', document],
    ['middle of a table string', '02 A401 6A 05 39312E3200 6D 71 83 01 01 01', document],
    ['last table string without its 00', '02 A401 6A 03 312E32 6D 71 83 00 01 01', document],
    ['entities', `${HEAD} 6D 71 02 31 02 2E 02 32 01 01`, document],
    ['entity beyond the BMP', `${HEAD} 6D 71 02 87EC00 01 01`, s('SyncML', s('VerDTD', text('\u{1F600}')))],
    ['neighbouring texts', '02 A401 6A 02 3200 6D 71 03 3100 02 2E 83 00 01 01', document],
    [
      'opaque between texts',
      `${HEAD} 6D 03 6100 C3 02 00FF 03 6200 01`,
      s('SyncML', text('a'), { kind: 'opaque', bytes: fromHex('00FF') }, text('b')),
    ],
    ['a string that starts with U+FEFF', `${HEAD} 6D 03 EFBBBF6100 01`, s('SyncML', text('\ufeffa'))],
    ['empty element', `${HEAD} 2D`, s('SyncML')],
    ['element with content and none in it', `${HEAD} 6D 01`, s('SyncML')],
    [
      'literal tag of the table',
      '02 A401 6A 04 466F6F00 6D 44 00 03 6100 01 04 00 01',
      s('SyncML', s('Foo', text('a')), s('Foo')),
    ],
    [
      'code pages',
      `${HEAD} 6D 00 01 47 03 78 00 01 00 02 05 00 00 12 01`,
      s('SyncML', element(METINF_NAMESPACE, 'Format', [text('x')]), element(DMDDF_NAMESPACE, 'AccessType'), s('Final')),
    ],
    [
      'literal with attributes, with content, with both',
      '02 A401 6A 06 466F6F006200 6D 84 00 04 04 03 3100 01 44 00 01 C4 00 04 04 01 02 41 01 01',
      s(
        'SyncML',
        element(SYNCML_NAMESPACE, 'Foo', [], [{ name: 'b', value: '1' }]),
        s('Foo'),
        element(SYNCML_NAMESPACE, 'Foo', [text('A')], [{ name: 'b', value: '' }]),
      ),
    ],
    ['attributes announced, and none there', `${HEAD} AD 01`, s('SyncML')],
    [
      'processing instructions, before, in and behind the root',
      '02 A401 6A 02 7000 43 04 00 01 6D 03 6100 43 04 00 03 6200 02 41 01 03 6300 01 43 04 00 01',
      s('SyncML', text('ac')),
    ],
    [
      'public identifier in the table',
      `02 00 00 6A 20 ${toHex(new TextEncoder().encode('-//SYNCML//DTD SyncML 1.2//EN'))} 000000 2D`,
      s('SyncML'),
    ],
    [
      'DM DDF in page 00',
      `02 00 00 6A 1E ${toHex(new TextEncoder().encode('-//OMA//DTD-DM-DDF 1.2//EN'))} 00000000 05`,
      element(DMDDF_NAMESPACE, 'AccessType'),
    ],
  ])('%s', (_name, hex, expected) => {
    expect(bare(read(hex))).toEqual(expected);
  });

  it('version 1.0 has no character set: UTF-8', () => {
    const { version, charset, root } = readWbxml(fromHex('00 A401 00 6D 03 C3A900 01'));
    expect({ version, charset, root: bare(root) }).toEqual({
      version: '1.0',
      charset: 'UTF-8',
      root: s('SyncML', text('é')),
    });
  });

  it.each([
    ['01', '1.1'],
    ['02', '1.2'],
    ['03', '1.3'],
  ])('version %s is %s', (byte, version) => {
    expect(readWbxml(fromHex(`${byte} A401 6A 00 2D`))).toMatchObject({ version, type: { name: 'SyncML 1.2' } });
  });

  it.each([
    ['9F53', 'SyncML 1.1'],
    ['9F51', 'SyncML 1.0'],
    ['A401', 'SyncML 1.2'],
  ])('public identifier %s is %s', (number, name) => {
    expect(readWbxml(fromHex(`02 ${number} 6A 00 2D`)).type.name).toBe(name);
  });

  it('gives every node its bytes', () => {
    const bytes = `${HEAD} 6D 6C 71 03 312E3200 01 01 6B C3 02 6869 03 6100 02 62 01 01`;
    const root = read(bytes);
    const at = (node: MarkupNode | undefined) => [node?.range?.start, node?.range?.end];
    const [header, body] = root.children as MarkupElement[];
    const version = header?.children[0] as MarkupElement;
    expect([at(root), at(header), at(version), at(version.children[0])]).toEqual([
      [5, 27],
      [6, 15],
      [7, 14],
      [8, 13],
    ]);
    expect([at(body), ...(body?.children ?? []).map(at)]).toEqual([
      [15, 26],
      [16, 20],
      [20, 25],
    ]);
    expect(body?.children[1]).toMatchObject({ text: 'ab' });
  });
});

describe('WBXML reader: what is refused, and where', () => {
  it.each<[string, string, string, number]>([
    ['nothing', '', 'unexpected-end', 0],
    ['version 1.4', '04 A401 6A 00 2D', 'version', 0],
    ['no public identifier', '02', 'unexpected-end', 1],
    ['half a public identifier', '02 A4', 'unexpected-end', 2],
    ['unknown public identifier', '02 A405 6A 00 2D', 'document-type', 1],
    ['unknown public identifier in the table', '02 00 00 6A 02 7800 2D', 'document-type', 1],
    ['public identifier outside the table', '02 00 02 6A 02 7800 2D', 'string-table', 1],
    ['no index of the public identifier', '02 00', 'unexpected-end', 2],
    ['number of six bytes', '02 8180808080 01 6A 00 2D', 'mb-u-int32', 1],
    ['number of 33 bits', '02 90808080 00 6A 00 2D', 'mb-u-int32', 1],
    ['largest number, 32 bits', '02 8FFFFFFF 7F 6A 00 2D', 'document-type', 1],
    ['character set Big5 (2026)', '02 A401 8F6A 00 2D', 'charset', 3],
    ['no character set', '02 A401', 'unexpected-end', 3],
    ['no string table', '02 A401 6A', 'unexpected-end', 4],
    ['string table too short', '02 A401 6A 05 4100', 'unexpected-end', 7],
    ['string table of 4 GiB', '02 A401 6A 8FFFFFFF7F 4100', 'unexpected-end', 11],
    ['no root', HEAD, 'unexpected-end', 5],
    ['END as root', `${HEAD} 01`, 'unexpected-end-token', 5],
    ['text as root', `${HEAD} 03 4100`, 'text-at-root', 5],
    ['opaque data as root', `${HEAD} C3 00`, 'text-at-root', 5],
    ['root not closed', `${HEAD} 6D`, 'unexpected-end', 6],
    ['child not closed', `${HEAD} 6D 6C 01`, 'unexpected-end', 8],
    ['END too many', `${HEAD} 6D 01 01`, 'trailing-bytes', 7],
    ['second root', `${HEAD} 2D 2D`, 'trailing-bytes', 6],
    ['unknown token', `${HEAD} 6D 7F 01 01`, 'unknown-token', 6],
    ['unassigned token', `${HEAD} 6D 30 01`, 'unknown-token', 6],
    ['token of another page', `${HEAD} 6D 00 01 2D 01`, 'unknown-token', 8],
    ['unknown page', `${HEAD} 6D 00 03 05 01`, 'code-page', 7],
    ['no page number', `${HEAD} 6D 00`, 'unexpected-end', 7],
    ['a page of attributes in a type without any', `${HEAD} AD 00 00 01`, 'code-page', 7],
    ['a literal that is no name', '02 A401 6A 03 412000 6D 04 00 01', 'literal-name', 9],
    ['a literal with a number behind its prefix', '02 A401 6A 04 613A3100 6D 04 00 01', 'literal-name', 10],
    ['a literal with two prefixes', '02 A401 6A 06 613A623A6300 6D 04 00 01', 'literal-name', 12],
    ['an empty literal', '02 A401 6A 01 00 6D 04 00 01', 'literal-name', 7],
    ['an instruction without a name', `${HEAD} 6D 43 01`, 'instruction', 7],
    ['an instruction of two attributes', '02 A401 6A 02 7000 6D 43 04 00 04 00 01', 'instruction', 11],
    ['an instruction without an end', '02 A401 6A 02 7000 6D 43 04 00', 'unexpected-end', 11],
    ['anything but an instruction behind the root', '02 A401 6A 02 7000 2D 00', 'trailing-bytes', 8],
    ['attributes that the type does not have', `${HEAD} AD 05 01`, 'unknown-token', 6],
    ['string without its end', `${HEAD} 6D 03 4142`, 'unterminated-string', 9],
    ['string outside the table', `02 A401 6A 02 4100 6D 83 02 01`, 'string-table', 8],
    ['string of an empty table', `${HEAD} 6D 83 00 01`, 'string-table', 6],
    ['literal outside the table', `${HEAD} 6D 04 00 01`, 'string-table', 6],
    ['opaque data too short', `${HEAD} 6D C3 03 4142`, 'unexpected-end', 10],
    ['opaque data of 4 GiB', `${HEAD} 6D C3 8FFFFFFF7F 41`, 'unexpected-end', 13],
    ['opaque length of six bytes', `${HEAD} 6D C3 808080808000`, 'mb-u-int32', 7],
    ['entity above U+10FFFF', `${HEAD} 6D 02 C48000 01`, 'entity', 6],
    ['entity that is half a pair', `${HEAD} 6D 02 83B000 01`, 'entity', 6],
    ['bytes that are no UTF-8', `${HEAD} 6D 03 41FF00 01`, 'charset', 6],
    ['a surrogate in UTF-8', `${HEAD} 6D 03 EDA08000 01`, 'charset', 6],
    ['table bytes that are no UTF-8', '02 A401 6A 04 4100FF00 6D 83 02 01', 'charset', 7],
  ])('%s', (_name, hex, code, offset) => {
    expect(refuse(fromHex(hex))).toEqual({ code, offset });
  });

  it.each([
    ['40', 'EXT_I_0'],
    ['41', 'EXT_I_1'],
    ['42', 'EXT_I_2'],
    ['80', 'EXT_T_0'],
    ['81', 'EXT_T_1'],
    ['82', 'EXT_T_2'],
    ['C0', 'EXT_0'],
    ['C1', 'EXT_1'],
    ['C2', 'EXT_2'],
  ])('extension token %s, by its name %s', (token, name) => {
    expect(errorOf(() => readWbxml(fromHex(`${HEAD} 6D ${token} 00 01`)))).toMatchObject({
      code: 'unsupported-token',
      offset: 6,
      message: `WBXML: ${name} has no meaning in SyncML 1.2 (at offset 6)`,
    });
  });

  const nested = (levels: number) => fromHex(HEAD + SYNCML_HEX.repeat(levels) + '01'.repeat(levels));
  it('more than 64 elements inside each other, or as many as the limit says', () => {
    expect(readWbxml(nested(64)).root.name).toBe('SyncML');
    expect(refuse(nested(65))).toEqual({ code: 'too-deep', offset: 69 });
    expect(refuse(nested(3), { ...DEFAULT_LIMITS, depth: 2 })).toEqual({ code: 'too-deep', offset: 7 });
    expect(refuse(nested(100_000))).toEqual({ code: 'too-deep', offset: 69 });
  });

  it('more elements and texts than the limit', () => {
    const bytes = fromHex(`${HEAD} 6D 2D 03 4100 C3 00 01`);
    expect(readWbxml(bytes, { limits: { ...DEFAULT_LIMITS, nodes: 4 } }).root.children).toHaveLength(3);
    expect(refuse(bytes, { ...DEFAULT_LIMITS, nodes: 3 })).toEqual({ code: 'too-many', offset: 10 });
    expect(refuse(bytes, { ...DEFAULT_LIMITS, nodes: 1 })).toEqual({ code: 'too-many', offset: 6 });
  });

  it('more text than the limit: a string table gives one string again and again', () => {
    const bytes = fromHex('02 A401 6A 0B 4142434445464748494A00 6D 83 00 83 00 83 05 03 5800 01');
    expect(textOf(readWbxml(bytes, { limits: { ...DEFAULT_LIMITS, text: 26 } }).root)).toHaveLength(26);
    expect(refuse(bytes, { ...DEFAULT_LIMITS, text: 25 })).toEqual({ code: 'too-much-text', offset: 23 });
    expect(refuse(bytes, { ...DEFAULT_LIMITS, text: 19 })).toEqual({ code: 'too-much-text', offset: 19 });
  });

  it('more attributes than the limit', () => {
    const bytes = fromHex('02 A401 6A 04 61006200 AD 04 00 04 02 01');
    expect(readWbxml(bytes, { limits: { ...DEFAULT_LIMITS, attributes: 2 } }).root.attributes).toHaveLength(2);
    expect(refuse(bytes, { ...DEFAULT_LIMITS, attributes: 1 })).toEqual({ code: 'too-many', offset: 12 });
  });

  it('a string table that multiplies itself, before its size is in memory', () => {
    // 8 MiB of table, 100,000 references to it
    const table = new Uint8Array(8 << 20).fill(0x61);
    const references = Buffer.from('8300'.repeat(100_000), 'hex');
    const bytes = Buffer.concat([fromHex('02 A401 6A 84808000'), table, fromHex('6D'), references, fromHex('01')]);
    expect(refuse(new Uint8Array(bytes)).code).toBe('too-much-text');
  });

  it('a document larger than the limit', () => {
    const bytes = fromHex(`${HEAD} 2D`);
    expect(refuse(bytes, { ...DEFAULT_LIMITS, size: 5 })).toEqual({ code: 'too-large', offset: 0 });
    expect(readWbxml(bytes, { limits: { ...DEFAULT_LIMITS, size: 6 } }).root.name).toBe('SyncML');
  });

  const files = syncmlSamples.flatMap(name => [`${name}.wbxml`, `${name}.string-table.wbxml`]);
  it.each(files)('%s: every truncation, at its end or where the part that is cut begins', file => {
    const whole = fixtureBytes(`syncml/${file}`);
    for (let length = 0; length < whole.length; length++) {
      const { code, offset } = refuse(whole.slice(0, length));
      expect(['unexpected-end', 'unterminated-string'], `first ${length} bytes`).toContain(code);
      expect(offset, `first ${length} bytes`).toBe(length);
    }
    expect(refuse(Uint8Array.from([...whole, 1]))).toEqual({ code: 'trailing-bytes', offset: whole.length });
  });
});

describe('WBXML writer', () => {
  const write = (root: MarkupElement, type = SYNCML_1_2) => toHex(writeWbxml(root, type));
  const plain = (hex: string) => hex.replaceAll(' ', '');

  it.each<[string, MarkupElement, string]>([
    ['empty element', s('SyncML'), '2D'],
    ['text', s('SyncML', s('VerDTD', text('1.2'))), '6D 71 03 312E3200 01 01'],
    ['text with NUL travels as opaque data', s('SyncML', text('a\0b')), '6D C3 03 610062 01'],
    ['text beyond ASCII', s('SyncML', text('é\u{1F600}')), '6D 03 C3A9 F09F9880 00 01'],
    ['text that is half a pair, as U+FFFD', s('SyncML', text('\ud800')), '6D 03 EFBFBD 00 01'],
    ['long text', s('SyncML', text('x'.repeat(3000))), `6D 03 ${'78'.repeat(3000)} 00 01`],
    ['empty text is no content', s('SyncML', text('')), '2D'],
    ['no opaque data is content', s('SyncML', { kind: 'opaque', bytes: new Uint8Array() }), '6D C3 00 01'],
    [
      'opaque data of 200 bytes',
      s('SyncML', { kind: 'opaque', bytes: new Uint8Array(200) }),
      `6D C3 8148 ${'00'.repeat(200)} 01`,
    ],
    [
      'a page is switched to where it changes, and back',
      s(
        'SyncML',
        s('Meta', element(METINF_NAMESPACE, 'Type', [text('x')]), element(METINF_NAMESPACE, 'Size')),
        s('Final'),
      ),
      '6D 5A 00 01 53 03 7800 01 12 01 00 00 12 01',
    ],
  ])('%s', (_name, root, body) => {
    expect(write(root)).toBe(plain(HEAD + body));
  });

  it.each([
    ['1.0', '00 A401 00 2D'],
    ['1.1', '01 A401 6A 00 2D'],
    ['1.2', '02 A401 6A 00 2D'],
    ['1.3', '03 A401 6A 00 2D'],
  ] as const)('version %s', (version, hex) => {
    const bytes = writeWbxml(s('SyncML'), SYNCML_1_2, { version });
    expect(toHex(bytes)).toBe(plain(hex));
    expect(readWbxml(bytes).version).toBe(version);
  });

  it('writes a public identifier without a number into the string table', () => {
    const publicId = toHex(new TextEncoder().encode('-//OMA//DTD-DM-DDF 1.2//EN\0'));
    expect(write(element(DMDDF_NAMESPACE, 'MgmtTree'), DM_DDF_1_2)).toBe(plain(`02 00 00 6A 1B ${publicId} 00 02 20`));
  });

  it.each<[string, MarkupElement, number]>([
    ['unknown name', s('SyncML', s('Foo')), 6],
    ['unknown namespace', element('urn:x', 'SyncML'), 5],
    ['name of another page', s('SyncML', element(METINF_NAMESPACE, 'Final')), 6],
  ])('refuses an %s where it would stand', (_name, root, offset) => {
    expect(errorOf(() => writeWbxml(root, SYNCML_1_2))).toMatchObject({
      name: 'EncodingError',
      code: 'unknown-element',
      offset,
    });
  });
});

describe('generated documents', () => {
  const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter(value => !value.includes('\0'));
  const leaf = fc.oneof(
    anyText.map(text),
    fc.uint8Array({ maxLength: 300 }).map((bytes): MarkupNode => ({ kind: 'opaque', bytes })),
  );

  it.each([
    ['SyncML with meta information and DM DDF', SYNCML_1_2, [0, 1, 2]],
    ['DM DDF', DM_DDF_1_2, [2]],
  ] as const)('%s: what is written reads back the same', (_name, type, pages) => {
    fc.assert(
      fc.property(documents(type, pages, leaf), document => {
        const { root, type: readType } = readWbxml(writeWbxml(document, type));
        expect(readType).toBe(type);
        expect(bare(root)).toEqual(document);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  let judge: ReturnType<typeof openLibwbxml>;
  beforeAll(() => {
    judge = openLibwbxml();
  });
  afterAll(() => judge.close());

  // libwbxml knows no code page 02 inside SyncML; DM DDF is judged as a document of its own.
  it.each([
    ['SyncML with meta information', SYNCML_1_2, [0, 1]],
    ['DM DDF', DM_DDF_1_2, [2]],
  ] as const)('%s: wbxml2xml and our XML reader find the same document', (_name, type, pages) => {
    fc.assert(
      fc.property(documents(type, pages, xmlText.map(text)), document => {
        expect(judge.read(writeWbxml(document, type))).toEqual(document);
      }),
      { numRuns: 50, seed: 2 },
    );
  });
});

describe('documents as libwbxml writes them', () => {
  let judge: ReturnType<typeof openLibwbxml>;
  beforeAll(() => {
    judge = openLibwbxml();
  });
  afterAll(() => judge.close());

  it.each([
    ['SyncML with meta information', SYNCML_1_2, [0, 1]],
    ['DM DDF', DM_DDF_1_2, [2]],
  ] as const)('%s, with its string table: our reader finds the same document', (_name, type, pages) => {
    const word = fc.oneof(xmlText, fc.constantFrom('./DevInfo/DevId', 'text/plain')).map(text);
    // Of a root inside another it makes a document inside a document.
    const alone = documents(type, pages, word).map(({ children }) => element(rootNamespace(type), type.root, children));
    fc.assert(
      fc.property(
        alone.filter(root => !root.children.some(hasRootInside(type.root))),
        document => {
          expect(bare(readWbxml(judge.write(document, type.publicId)).root)).toEqual(document);
        },
      ),
      { numRuns: 50, seed: 10 },
    );
  });
});

const rootNamespace = (type: typeof SYNCML_1_2) => [...type.pages.values()][0]?.namespace ?? '';
const hasRootInside = (name: string) =>
  function inside(node: MarkupNode): boolean {
    return node.kind === 'element' && (node.name === name || node.children.some(inside));
  };

/** A message with a document inside, and one in UTF-16: damaged too. */
const embedding = () => {
  const inner = writeWbxml(element(DMDDF_NAMESPACE, 'MgmtTree', [element(DMDDF_NAMESPACE, 'Node')]), DM_DDF_1_2);
  return writeWbxml(s('SyncML', s('Data', { kind: 'opaque', bytes: inner })), SYNCML_1_2);
};
const wide = () => fromHex('02 A401 8777 06 0041 0042 0000 6D 83 00 03 D83DDE00 0000 02 41 01');

/** mulberry32: small, seeded, good enough to break things. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One to four bytes changed, inserted or cut, now and then a piece repeated. */
function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const out = [...bytes];
  for (let i = 0; i <= random(4); i++) {
    const at = random(out.length);
    const kind = random(4);
    if (kind === 0) out[at] = random(256);
    else if (kind === 1) out.splice(at, 0, random(256));
    else if (kind === 2) out.splice(at, 1 + random(8));
    else out.splice(random(out.length), 0, ...out.slice(at, at + random(64)));
  }
  return Uint8Array.from(out);
}

describe('damaged input', () => {
  it.each([
    ['wbxml', 20_000],
    ['xml', 3_000],
  ] as const)('%s: %i inputs are read or refused with EncodingError, nothing else', (encoding, count) => {
    const random = randomOf(20_261_124);
    const originals = [...syncmlSamples.map(name => `syncml/${name}.${encoding}`), `provisioning/w7.${encoding}`].map(
      fixtureBytes,
    );
    if (encoding === 'wbxml') originals.push(embedding(), wide());
    const head = fromHex(HEAD);
    let taken = 0;
    for (let i = 0; i < count; i++) {
      const original = originals[random(originals.length)] ?? head;
      const noise = () => Uint8Array.from([...head, ...Array.from({ length: random(60) }, () => random(256))]);
      const input = i % 5 === 0 ? noise() : mutate(original, random);
      try {
        const root = decodeMarkup(input, encoding);
        taken++;
        // For people everything can be shown.
        if (i % 10 === 0) readXml(writeXml(root, { pretty: true }));
        if (root.name === 'SyncML') readMessage(root);
      } catch (error) {
        if (!(error instanceof EncodingError)) throw new Error(`input ${toHex(input)}`, { cause: error });
        if (!(Number.isInteger(error.offset) && error.offset >= 0 && error.offset <= input.length))
          throw new Error(`offset ${error.offset} of ${toHex(input)}`, { cause: error });
      }
    }
    expect(taken).toBeGreaterThan(count / 100);
    expect(taken).toBeLessThan(count * 0.8);
  });
});
