import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EncodingError } from '../../src-core/base/errors.ts';
import { DEFAULT_LIMITS, element, type MarkupElement, type MarkupNode, text } from '../../src-core/encoding/markup.ts';
import { SYNCML_1_2 } from '../../src-core/encoding/wbxml/types/syncml.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../src-core/encoding/xml/writer.ts';
import { decodeMarkup } from '../../src-core/syncml/codec.ts';
import { bare, documents, xmlText } from '../support/markup-documents.ts';

const a = (...children: MarkupNode[]): MarkupElement => element('', 'a', children);

function refuse(work: () => unknown): { code: string; offset: number } {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(EncodingError);
    const { code, offset } = error as EncodingError;
    return { code, offset };
  }
  throw new Error('nothing was refused');
}

describe('XML reader: what text means', () => {
  it.each<[string, string, MarkupElement]>([
    ['white space is text', '<a> x\n </a>', a(text(' x\n '))],
    ['white space alone is text', '<a> \t</a>', a(text(' \t'))],
    ['white space between elements', '<a> <b/>\n</a>', a(text(' '), element('', 'b'), text('\n'))],
    ['line ends become LF, a referenced CR stays', '<a>1\r\n2\r3&#13;\n</a>', a(text('1\n2\n3\r\n'))],
    ['CDATA as it stands', '<a><![CDATA[ <b/> &amp; &#65; ]]></a>', a(text(' <b/> &amp; &#65; '))],
    ['CDATA and text are one text', '<a>x<![CDATA[<]]>y<![CDATA[]]></a>', a(text('x<y'))],
    ['predefined entities', '<a>&lt;&amp;&gt;&quot;&apos;</a>', a(text('<&>"\''))],
    ['character references', '<a>&#65;&#x42;&#x1F600;&#9;</a>', a(text('AB\u{1F600}\t'))],
    ['decoded once', '<a>&amp;lt;&amp;#65;&#38;lt;</a>', a(text('&lt;&#65;&lt;'))],
    ['empty element, twice', '<a></a>', a()],
    ['number-like text stays text', '<a>007.0</a>', a(text('007.0'))],
    ['byte order mark', '\ufeff<a/>', a()],
    [
      'declaration, comments, processing instructions, public DTD',
      '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE a PUBLIC "-//X//EN" "http://example.invalid/a.dtd"><?p i?><!-- <b> --><a>x<?pi data?>y<!-- & -->z</a><!-- d -->',
      a(text('xyz')),
    ],
    [
      'an entity definition that is only text',
      '<a><![CDATA[<!ENTITY]]>&lt;!ENTITY<!-- <!ENTITY --></a>',
      a(text('<!ENTITY<!ENTITY')),
    ],
    [
      'default namespace, inherited and undone',
      '<a xmlns="urn:d"><b/><c xmlns=""/></a>',
      element('urn:d', 'a', [element('urn:d', 'b'), element('', 'c')]),
    ],
    [
      'prefixes, redeclared inside',
      '<x:a xmlns:x="urn:x" xmlns="urn:d"><x:b xmlns:x="urn:y"><x:c/></x:b><x:d/><e/></x:a>',
      element('urn:x', 'a', [
        element('urn:y', 'b', [element('urn:y', 'c')]),
        element('urn:x', 'd'),
        element('urn:d', 'e'),
      ]),
    ],
    [
      'xmlns on inner elements, quoted either way, as devices write them',
      "<SyncML xmlns='SYNCML:SYNCML1.2'><Meta><Format xmlns='syncml:metinf'>b64</Format><Type xmlns=\"syncml:metinf\">x</Type></Meta></SyncML>",
      element('SYNCML:SYNCML1.2', 'SyncML', [
        element('SYNCML:SYNCML1.2', 'Meta', [
          element('syncml:metinf', 'Format', [text('b64')]),
          element('syncml:metinf', 'Type', [text('x')]),
        ]),
      ]),
    ],
    ['a prefix that nothing declares', '<x:a/>', a()],
    [
      'an element named like a method',
      '<a><toString/><valueOf>x</valueOf></a>',
      a(element('', 'toString'), element('', 'valueOf', [text('x')])),
    ],
    ['a bracket in the identifier of a DTD', '<!DOCTYPE a SYSTEM "http://x/[a]"><a/>', a()],
    ['namespace with a reference', '<a xmlns="urn:a&amp;b"/>', element('urn:a&b', 'a')],
    [
      'attributes',
      '<a b="1" c:d="2\t&lt;&#10;" xmlns:c="urn:c"/>',
      element(
        '',
        'a',
        [],
        [
          { name: 'b', value: '1' },
          { name: 'c:d', value: '2 <\n' },
        ],
      ),
    ],
  ])('%s', (_name, xml, expected) => {
    expect(bare(readXml(xml))).toEqual(expected);
  });
});

describe('XML reader: what is refused, and where', () => {
  const laughs = `<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "${'&l;'.repeat(10)}">]><a>&m;</a>`;
  it.each<[string, string, string, number]>([
    ['an entity definition', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'internal-subset', 12],
    ['billion laughs', laughs, 'internal-subset', 12],
    ['an external entity', '<!DOCTYPE a [\n<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'internal-subset', 12],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x "y">]><a/>', 'internal-subset', 12],
    [
      'an entity that only an external DTD could define',
      '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&x;</a>',
      'entity',
      43,
    ],
    ['an HTML entity', '<a>1&nbsp;2</a>', 'entity', 4],
    ['an entity named like an object property', '<a>&constructor;</a>', 'entity', 3],
    ['a character that XML does not have', '<a>x&#0;</a>', 'entity', 4],
    ['half a pair', '<a>&#xD800;</a>', 'entity', 3],
    ['a character above U+10FFFF', '<a>&#x110000;</a>', 'entity', 3],
    ['an undefined entity in an attribute', '<a b="&x;"/>', 'entity', 6],
    ['nothing', '', 'not-well-formed', 0],
    ['text alone', 'hello', 'not-well-formed', 0],
    ['a bare ampersand', '<a>x & y</a>', 'not-well-formed', 5],
    ['an end tag that does not fit', '<a>\n<b></c></a>', 'not-well-formed', 7],
    ['an element that is not closed', '<a><b></a>', 'not-well-formed', 6],
    ['an attribute without quotes', '<a x=1/>', 'not-well-formed', 3],
    ['an attribute twice', '<a b="1" b="2"/>', 'not-well-formed', 9],
    ['text after the root', '<a></a>\nmore', 'not-well-formed', 8],
    ['a second root', '<a/><b/>', 'root', 4],
    ['a declaration that is none', '<a><!ELEMENT b ANY></a>', 'not-well-formed', 3],
    ['a document type in small letters', '<!doctype a><a/>', 'not-well-formed', 0],
    ['CDATA without an end', '<a><![CDATA[x</a>', 'not-well-formed', 3],
    ['a name with two prefixes', '<a><b:c:d/></a>', 'not-well-formed', 3],
    ['a prefix without a name', '<a><b:/></a>', 'not-well-formed', 3],
    ['a name behind no prefix', '<a><:b/></a>', 'not-well-formed', 3],
    ['a number behind a prefix', '<a><b:1/></a>', 'not-well-formed', 3],
    ['white space of other kinds before a name', '<a><\u000bb></b></a>', 'not-well-formed', 3],
  ])('%s', (_name, xml, code, offset) => {
    expect(refuse(() => readXml(xml))).toEqual({ code, offset });
  });

  it.each([
    ['elements too deep', '<a>'.repeat(5000) + '</a>'.repeat(5000), 'too-deep', 64 * 3],
    ['a name that is dangerous in JavaScript', '<a><__proto__>x</__proto__></a>', 'not-accepted', 3],
  ])('%s: no error of the parser', (_name, xml, code, offset) => {
    expect(refuse(() => readXml(xml))).toEqual({ code, offset });
  });

  it.each(['<!--', '<![CDATA[', '<?x', '&', '&a', '<a '])(
    'a megabyte of %s is refused, and not read again for each',
    piece => {
      // Square in the number of pieces, this would not end within the test's time.
      expect(refuse(() => readXml(`<a>${piece.repeat(1_000_000 / piece.length)}`)).code).toBeDefined();
    },
  );

  it('bytes that are no UTF-8, at the first of them', () => {
    const bytes = (...parts: (string | number)[]) =>
      Uint8Array.from(
        Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)))),
      );
    expect(bare(decodeMarkup(bytes('\ufeff<a>é\ufffd</a>'), 'xml'))).toEqual(a(text('é\ufffd')));
    expect(refuse(() => decodeMarkup(bytes('<a>é', 0xff, '</a>'), 'xml'))).toEqual({ code: 'charset', offset: 5 });
    expect(refuse(() => decodeMarkup(bytes('\ufeff<a>\ufffd', 0xc3, '</a>'), 'xml'))).toEqual({
      code: 'charset',
      offset: 9,
    });
    expect(refuse(() => decodeMarkup(bytes('<a/>', 0xc3), 'xml'))).toEqual({ code: 'charset', offset: 4 });
  });
});

it('XML reader: a hundred thousand empty elements are read well within the time a test has, however they are written', () => {
  for (const one of ['<a/>', '<a></a>', '<a b="1"/>']) {
    expect(readXml(`<r>${one.repeat(100_000)}</r>`).children).toHaveLength(100_000);
  }
});

describe('XML reader: limits', () => {
  const limits = { ...DEFAULT_LIMITS, depth: 2, nodes: 3, attributes: 2, size: 100 };
  it.each<[string, string, string, number]>([
    ['elements inside each other', '<a><b><c/></b></a>', 'too-deep', 6],
    ['elements', '<a><b/><b/><b/></a>', 'too-many', 11],
    ['attributes', '<a><b x="1" y="" z=""/></a>', 'too-many', 3],
    ['bytes', `<a>${'x'.repeat(100)}</a>`, 'too-large', 0],
  ])('%s', (_name, xml, code, offset) => {
    expect(refuse(() => readXml(xml, limits))).toEqual({ code, offset });
  });

  it('what is within them is read', () => {
    const xml = '<a><b x="1" y="/>"/><!-- <c> --><b><![CDATA[<c>]]></b></a>';
    expect(readXml(xml, limits).children).toHaveLength(2);
  });

  it('ends of tags in attributes do not hide how deep it goes', () => {
    const xml = '<a b="/>">'.repeat(80) + '</a>'.repeat(80);
    expect(refuse(() => readXml(xml))).toEqual({ code: 'too-deep', offset: 640 });
  });
});

describe('XML writer', () => {
  it.each<[string, MarkupElement, string]>([
    ['escapes', a(text('<&>"\'\r\n')), "<a>&lt;&amp;&gt;&quot;'&#13;\n</a>"],
    ['what XML cannot carry becomes U+FFFD', a(text('\0\u0001\uffff')), '<a>\ufffd\ufffd\ufffd</a>'],
    [
      'attributes, with what would not survive as it stands',
      element(
        '',
        'a',
        [],
        [
          { name: 'b', value: '"<&\t\n' },
          { name: 'c', value: '' },
        ],
      ),
      '<a b="&quot;&lt;&amp;&#9;&#10;" c=""/>',
    ],
    ['half a pair becomes U+FFFD', a(text('\ud800x\u{1F600}')), '<a>\ufffdx\u{1F600}</a>'],
    ['opaque text', a({ kind: 'opaque', bytes: new TextEncoder().encode('\ufeffé<') }), '<a>\ufeffé&lt;</a>'],
    [
      'a namespace where it changes',
      element('urn:x&y', 'a', [element('urn:x&y', 'b'), element('', 'c', [element('urn:x&y', 'd')])]),
      '<a xmlns="urn:x&amp;y"><b/><c xmlns=""><d xmlns="urn:x&amp;y"/></c></a>',
    ],
  ])('%s', (_name, root, xml) => {
    expect(writeXml(root)).toBe(xml);
  });

  it('indents for people only where no text stands, so that nothing changes its value', () => {
    const root = a(
      element('', 'b', [element('', 'c', [text(' x ')])]),
      element('', 'd', [text('1'), element('', 'e')]),
    );
    expect(writeXml(root, { pretty: true, declaration: true })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a>\n  <b>\n    <c> x </c>\n  </b>\n  <d>1<e/></d>\n</a>',
    );
  });

  it('refuses opaque bytes that are no text', () => {
    expect(refuse(() => writeXml(a({ kind: 'opaque', bytes: Uint8Array.of(0xff) })))).toEqual({
      code: 'binary-in-xml',
      offset: 0,
    });
  });

  it('what is written reads back the same', () => {
    const value = fc.oneof(xmlText, fc.constantFrom('\r', ' \r\n ', ']]>', '&#65;', '<![CDATA['));
    fc.assert(
      fc.property(documents(SYNCML_1_2, [0, 1, 2], value.map(text)), document => {
        expect(bare(readXml(writeXml(document, { declaration: true })))).toEqual(document);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
