import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { EncodingError } from '../../src-core/base/errors.ts';
import { element, type MarkupElement, type MarkupNode, text } from '../../src-core/encoding/markup.ts';
import {
  DM_DDF_1_2,
  DMDDF_NAMESPACE,
  METINF_NAMESPACE,
  SYNCML_1_2,
  SYNCML_NAMESPACE,
} from '../../src-core/encoding/wbxml/code-pages.ts';
import { DEFAULT_LIMITS, readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import { writeWbxml } from '../../src-core/encoding/wbxml/writer.ts';
import { decodeMarkup } from '../../src-core/syncml/codec.ts';
import { readMessage } from '../../src-core/syncml/read.ts';
import { fixtureBytes, syncmlSamples } from '../support/fixtures.ts';
import { bare, documents, openWbxml2xml, xmlText } from '../support/markup-documents.ts';

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
  const error = errorOf(() => readWbxml(bytes, limits));
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
    ['ISO-8859-1', '02 A401 04 00 6D 03 E900 01', s('SyncML', text('é'))],
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
    ['version 1.0, which has no character set', '00 A401 00 2D', 'version', 0],
    ['version 1.4', '04 A401 6A 00 2D', 'version', 0],
    ['no public identifier', '02', 'unexpected-end', 1],
    ['half a public identifier', '02 A4', 'unexpected-end', 2],
    ['unknown public identifier', '02 A402 6A 00 2D', 'document-type', 1],
    ['unknown public identifier in the table', '02 00 00 6A 02 7800 2D', 'document-type', 1],
    ['public identifier outside the table', '02 00 02 6A 02 7800 2D', 'string-table', 1],
    ['no index of the public identifier', '02 00', 'unexpected-end', 2],
    ['number of six bytes', '02 8180808080 01 6A 00 2D', 'mb-u-int32', 1],
    ['number of 33 bits', '02 90808080 00 6A 00 2D', 'mb-u-int32', 1],
    ['largest number, 32 bits', '02 8FFFFFFF 7F 6A 00 2D', 'document-type', 1],
    ['character set UTF-16 (1015)', '02 A401 8777 00 2D', 'charset', 3],
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
    ['attributes', `${HEAD} AD 01`, 'attributes', 5],
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
    ...['40', '41', '42', '43', '80', '81', '82', 'C0', 'C1', 'C2'].map((token): [string, string, string, number] => [
      `token ${token}`,
      `${HEAD} 6D ${token} 00 01`,
      'unsupported-token',
      6,
    ]),
  ])('%s', (_name, hex, code, offset) => {
    expect(refuse(fromHex(hex))).toEqual({ code, offset });
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
    expect(readWbxml(bytes, { ...DEFAULT_LIMITS, nodes: 4 }).root.children).toHaveLength(3);
    expect(refuse(bytes, { ...DEFAULT_LIMITS, nodes: 3 })).toEqual({ code: 'too-many', offset: 10 });
    expect(refuse(bytes, { ...DEFAULT_LIMITS, nodes: 1 })).toEqual({ code: 'too-many', offset: 6 });
  });

  it('a document larger than the limit', () => {
    const bytes = fromHex(`${HEAD} 2D`);
    expect(refuse(bytes, { ...DEFAULT_LIMITS, size: 5 })).toEqual({ code: 'too-large', offset: 0 });
    expect(readWbxml(bytes, { ...DEFAULT_LIMITS, size: 6 }).root.name).toBe('SyncML');
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

  let judge: ReturnType<typeof openWbxml2xml>;
  beforeAll(() => {
    judge = openWbxml2xml();
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
    const originals = syncmlSamples.map(name => fixtureBytes(`syncml/${name}.${encoding}`));
    const head = fromHex(HEAD);
    let taken = 0;
    for (let i = 0; i < count; i++) {
      const original = originals[random(originals.length)] ?? head;
      const noise = () => Uint8Array.from([...head, ...Array.from({ length: random(60) }, () => random(256))]);
      const input = i % 5 === 0 ? noise() : mutate(original, random);
      try {
        readMessage(decodeMarkup(input, encoding));
        taken++;
      } catch (error) {
        if (!(error instanceof EncodingError)) throw new Error(`input ${toHex(input)}`, { cause: error });
        // Offsets count bytes in WBXML, characters in XML.
        if (!(Number.isInteger(error.offset) && error.offset >= 0 && error.offset <= input.length))
          throw new Error(`offset ${error.offset} of ${toHex(input)}`, { cause: error });
      }
    }
    expect(taken).toBeGreaterThan(count / 100);
    expect(taken).toBeLessThan(count * 0.8);
  });
});
