import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EncodingError } from '../../src-core/base/errors.ts';
import { childElements, element, type MarkupElement, type MarkupNode, textOf } from '../../src-core/encoding/markup.ts';
import { SYNCML_1_2 } from '../../src-core/encoding/wbxml/types/syncml.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../src-core/encoding/xml/writer.ts';
import { documents, xmlText } from '../support/markup-documents.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, order: 'LE' | 'BE') => {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint8Array(order === 'LE' ? bytes : bytes.swap16());
};
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>`;

function refusal(document: string | Uint8Array): { code: string; offset: number; message: string } {
  try {
    readXml(document);
  } catch (error) {
    expect(error).toMatchObject({ name: 'EncodingError' });
    const { code, offset, message } = error as EncodingError;
    return { code, offset, message };
  }
  throw new Error('nothing was refused');
}

describe('encodings of XML', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8', utf8('<a>é€\u{1F600}</a>')],
    ['UTF-8 with its mark', utf8('\ufeff<a>é€\u{1F600}</a>')],
    ['UTF-8 as declared', utf8(`${declared('utf-8')}<a>é€\u{1F600}</a>`)],
    ['UTF-16 little-endian with its mark', utf16('\ufeff<a>é€\u{1F600}</a>', 'LE')],
    ['UTF-16 big-endian with its mark', utf16(`\ufeff${declared('UTF-16')}<a>é€\u{1F600}</a>`, 'BE')],
    ['UTF-16 little-endian without a mark', utf16(`${declared('UTF-16LE')}<a>é€\u{1F600}</a>`, 'LE')],
    ['UTF-16 big-endian without a mark', utf16('<a>é€\u{1F600}</a>', 'BE')],
  ])('%s', (_name, bytes) => {
    expect(textOf(readXml(bytes))).toBe('é€\u{1F600}');
  });

  it.each([
    ['ISO-8859-1', latin1(`${declared('ISO-8859-1')}<a>é\u0080</a>`), 'é\u0080'],
    ['ISO-8859-1 by another name, quoted otherwise', latin1(`<?xml version='1.0' encoding = 'latin1' ?><a>é</a>`), 'é'],
    ['US-ASCII', latin1(`${declared('us-ascii')}<a>e</a>`), 'e'],
    ['a mark that goes before the declaration', utf8(`\ufeff${declared('ISO-8859-1')}<a>é</a>`), 'é'],
  ])('%s', (_name, bytes, text) => {
    expect(textOf(readXml(bytes))).toBe(text);
  });

  it.each<[string, Uint8Array, number]>([
    ['a byte that is no UTF-8', Uint8Array.from([...utf8('<a>é'), 0xff, ...utf8('</a>')]), 5],
    ['a byte that is no US-ASCII', latin1(`${declared('US-ASCII')}<a>é</a>`), 44],
    ['half a pair in UTF-16', Uint8Array.from([...utf16('\ufeff<a>', 'LE'), 0x00, 0xd8, ...utf16('</a>', 'LE')]), 8],
    ['an encoding that is not known', utf8(`${declared('Big5')}<a/>`), 30],
    ['UTF-16 declared by bytes that are none', utf8(`${declared('UTF-16')}<a/>`), 30],
    ['the start of a byte order mark', Uint8Array.of(0xef), 0],
    ['an end inside U+FFFD', Uint8Array.of(...utf8('<a/>'), 0xef, 0xbf), 4],
    ['an end inside U+FFFD in UTF-16', Uint8Array.of(...utf16('\ufeff<a/>', 'LE'), 0xfd), 10],
  ])('%s is refused at its byte', (_name, bytes, offset) => {
    expect(refusal(bytes)).toMatchObject({ code: 'charset', offset });
  });
});

/** Name or text of every node with the part of the source that its range says. */
function parts(node: MarkupNode, source: Uint8Array, decode: (bytes: Uint8Array) => string): [string, string][] {
  const part = decode(source.subarray(node.range?.start, node.range?.end));
  if (node.kind !== 'element') return [[node.kind === 'text' ? node.text : '', part]];
  return [[node.name, part], ...node.children.flatMap(child => parts(child, source, decode))];
}

describe('byte ranges of XML', () => {
  const ranges = (xml: string) => parts(readXml(utf8(xml)), utf8(xml), bytes => new TextDecoder().decode(bytes));

  it('every element and text has the bytes it was written with', () => {
    expect(
      ranges('<é:a xmlns:é="urn:x"  b=">" >\u{1F600}&amp;<b c="1"/>\r\n<!-- n --><c><![CDATA[<&]]></c>€</é:a>'),
    ).toEqual([
      ['a', '<é:a xmlns:é="urn:x"  b=">" >\u{1F600}&amp;<b c="1"/>\r\n<!-- n --><c><![CDATA[<&]]></c>€</é:a>'],
      ['\u{1F600}&', '\u{1F600}&amp;'],
      ['b', '<b c="1"/>'],
      ['\n', '\r\n<!-- n -->'],
      ['c', '<c><![CDATA[<&]]></c>'],
      ['<&', '<![CDATA[<&]]>'],
      ['€', '€'],
    ]);
  });

  it('with a mark, a declaration and line ends of two characters in front', () => {
    const xml = '\ufeff<?xml version="1.0"?>\r\n\r\n<a>\r\n<b>é\r\nx</b>\r\n</a>\r\n';
    expect(ranges(xml).map(([name, part]) => [name.trim(), part])).toEqual([
      ['a', '<a>\r\n<b>é\r\nx</b>\r\n</a>'],
      ['', '\r\n'],
      ['b', '<b>é\r\nx</b>'],
      ['é\nx', 'é\r\nx'],
      ['', '\r\n'],
    ]);
  });

  it('count bytes of UTF-16 and ISO-8859-1 too', () => {
    const wide = utf16('\ufeff<a>é<b/></a>', 'BE');
    expect(childElements(readXml(wide)).map(({ range }) => range)).toEqual([{ start: 10, end: 18 }]);
    const narrow = latin1(`${declared('ISO-8859-1')}<a>é<b/></a>`);
    expect(childElements(readXml(narrow)).map(({ range }) => range)).toEqual([{ start: 47, end: 51 }]);
  });

  it('of any document: an element or text read from its own bytes is what it was', () => {
    const inside = (bytes: Uint8Array) => Uint8Array.from([...utf8('<x>'), ...bytes, ...utf8('</x>')]);
    const only = (node: MarkupNode) => element('', 'x', [node]);
    const withoutRange = (node: MarkupElement) => writeXml({ ...node, namespace: '' });
    fc.assert(
      fc.property(
        documents(
          SYNCML_1_2,
          [0],
          xmlText.map(text => ({ kind: 'text', text })),
        ),
        document => {
          const source = utf8(`<!-- é -->\n${writeXml(document)}`);
          const check = (node: MarkupElement): void => {
            const own = readXml(source.slice(node.range?.start, node.range?.end));
            expect(withoutRange(own)).toBe(withoutRange({ ...node, children: own.children }));
            expect(own.children.length).toBe(node.children.length);
            for (const child of node.children) {
              if (child.kind === 'element') check(child);
              else
                expect(textOf(readXml(inside(source.slice(child.range?.start, child.range?.end))))).toBe(
                  textOf(only(child)),
                );
            }
          };
          check(readXml(source));
        },
      ),
      { numRuns: 100, seed: 6 },
    );
  });
});

describe('offsets of errors in XML count bytes', () => {
  it.each<[string, string, string, number]>([
    ['an entity', '<a>é&x;</a>', 'entity', 5],
    ['an end tag that does not fit', '<a>\u{1F600}\n<b></c></a>', 'not-well-formed', 11],
    ['a second root', '<a>é</a><b/>', 'root', 9],
    ['too deep', `${'<é>'.repeat(65)}${'</é>'.repeat(65)}`, 'too-deep', 256],
    ['a comment without an end', '<a>é<!-- x</a>', 'not-well-formed', 5],
    ['a definition', '<!-- é --><!DOCTYPE a [ ]><a/>', 'internal-subset', 23],
  ])('%s', (_name, xml, code, offset) => {
    expect(refusal(xml)).toMatchObject({ code, offset });
    expect(refusal(utf8(xml))).toMatchObject({ code, offset });
    const wide = refusal(utf16(xml, 'LE'));
    expect(wide.code).toBe(code);
    expect(wide.message).toContain(`(at offset ${wide.offset})`);
    expect(wide.offset % 2).toBe(0);
  });
});
