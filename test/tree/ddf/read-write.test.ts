import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src-core/base/bytes.ts';
import type { Ddf, NodeDescription } from '../../../src-core/tree/ddf/description.ts';
import { MAX_DDF_BYTES } from '../../../src-core/tree/ddf/markup.ts';
import { readDdf } from '../../../src-core/tree/ddf/read.ts';
import { writeDdfWbxml, writeDdfXml } from '../../../src-core/tree/ddf/write.ts';
import { generatedDdf } from '../../support/generated-ddf.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readDdf(bytes(text));
const HEAD = '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>';
const PROPERTIES =
  '<DFProperties><AccessType><Get/></AccessType><DFFormat><int/></DFFormat><DFType><MIME>text/plain</MIME></DFType></DFProperties>';
const node = (inner: string) => read(`${HEAD}<Node><NodeName>A</NodeName>${inner}</Node></MgmtTree>`);
const properties = (inner: string) => node(`<DFProperties>${inner}</DFProperties>`);

const LEVEL: NodeDescription = {
  name: 'Level',
  path: './Vendor',
  access: ['Exec', 'Get'],
  format: 'int',
  mimeTypes: ['text/plain'],
  occurrence: { least: 0, most: 5 },
  scope: 'Permanent',
  title: 'Charge',
  description: 'Percent',
  defaultValue: '50',
  caseSense: 'CIS',
  runTime: { ACL: 'Get=*', Format: 'int', Name: '', Type: 'text/plain' },
  value: '7',
  children: [],
};

describe('DDF', () => {
  it('one description in both encodings', () => {
    const ddf: Ddf = { manufacturer: 'Maker', model: 'M1', nodes: [LEVEL] };
    expect(writeDdfXml(ddf).replace(/\n\s*/g, '')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Man>Maker</Man><Mod>M1</Mod>' +
        '<Node><NodeName>Level</NodeName><Path>./Vendor</Path><RTProperties><ACL>Get=*</ACL><Format><int/></Format><Name/>' +
        '<Type><MIME>text/plain</MIME></Type></RTProperties><DFProperties><AccessType><Exec/><Get/></AccessType>' +
        '<DefaultValue>50</DefaultValue><Description>Percent</Description><DFFormat><int/></DFFormat>' +
        '<Occurrence><ZeroOrN>5</ZeroOrN></Occurrence><Scope><Permanent/></Scope><DFTitle>Charge</DFTitle>' +
        '<DFType><MIME>text/plain</MIME></DFType><CaseSense><CIS/></CaseSense></DFProperties><Value>7</Value></Node></MgmtTree>',
    );
    const small: Ddf = { nodes: [{ ...bare('B'), access: ['Get'] }] };
    // After the public identifier: SWITCH_PAGE 02, MgmtTree, VerDTD "1.2", Node, NodeName "B", DFProperties, AccessType
    // with Get, DFFormat with node, Occurrence with One, Scope with Dynamic, DFType with an empty DDFName.
    expect(toHex(writeDdfWbxml(small).slice(32), ' ')).toBe(
      '00 02 60 77 03 31 2E 32 00 01 64 66 03 42 00 01 56 45 1D 01 55 25 01 68 29 01 70 19 01 58 11 01 01 01 01',
    );
    expect(readDdf(writeDdfWbxml(ddf))).toEqual({ ddf, notes: [] });
    expect(read(writeDdfXml(ddf))).toEqual({ ddf, notes: [] });
  });

  it('any description survives both encodings', () => {
    fc.assert(
      fc.property(generatedDdf, ddf => {
        expect(readDdf(writeDdfWbxml(ddf)).ddf).toEqual(ddf);
        // XML cannot carry control characters.
        const plain = toXmlText(ddf);
        expect(read(writeDdfXml(plain)).ddf).toEqual(plain);
      }),
    );
  });

  it('wbxml2xml reads our WBXML as the same descriptions', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dmw-ddf-'));
    const judge = (ddf: Ddf) => {
      writeFileSync(join(folder, 'in'), writeDdfWbxml(ddf));
      execFileSync('wbxml2xml', ['-k', '-m', '0', '-o', join(folder, 'out'), join(folder, 'in')], { stdio: 'ignore' });
      return readDdf(readFileSync(join(folder, 'out'))).ddf;
    };
    try {
      const samples = fc.sample(generatedDdf.map(toXmlText), { numRuns: 20, seed: 4 });
      for (const ddf of [...samples, ...standard()]) expect(judge(ddf)).toEqual(ddf);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('what is left out has the meaning of §9.4.3: exactly one, dynamic', () => {
    expect(node(PROPERTIES).ddf.nodes[0]).toEqual({
      name: 'A',
      access: ['Get'],
      format: 'int',
      mimeTypes: ['text/plain'],
      occurrence: { least: 1, most: 1 },
      scope: 'Dynamic',
      children: [],
    });
  });

  it.each([
    ['One', '<One/>', { least: 1, most: 1 }],
    ['ZeroOrOne', '<ZeroOrOne/>', { least: 0, most: 1 }],
    ['ZeroOrMore', '<ZeroOrMore/>', { least: 0 }],
    ['OneOrMore', '<OneOrMore/>', { least: 1 }],
    ['ZeroOrN', '<ZeroOrN>2</ZeroOrN>', { least: 0, most: 2 }],
    ['OneOrN', '<OneOrN> 65536 </OneOrN>', { least: 1, most: 65536 }],
  ])('occurrence %s', (_name, xml, occurrence) => {
    expect(properties(`<Occurrence>${xml}</Occurrence>`).ddf.nodes[0]?.occurrence).toEqual(occurrence);
  });

  it.each([
    ['another root', '<Tree/>', 0, 'expected MgmtTree, found Tree'],
    ['no node', `${HEAD}</MgmtTree>`, 0, 'expected a Node in MgmtTree'],
    [
      'a TNDS object',
      `${HEAD}<Node><NodeName>A</NodeName><Value>1</Value></Node></MgmtTree>`,
      0,
      'this is a TNDS object',
    ],
    ['a node without NodeName', `${HEAD}<Node/></MgmtTree>`, HEAD.length, 'expected NodeName in Node'],
    [
      'a name with a slash',
      `${HEAD}<Node><NodeName>A/B</NodeName></Node></MgmtTree>`,
      HEAD.length,
      'is no name of a node',
    ],
    ['a wrong end tag', `${HEAD}</Node>`, HEAD.length, 'XML'],
  ])('%s is refused with its byte', (_name, xml, offset, words) => {
    expect(() => read(xml)).toThrow(
      expect.objectContaining({ name: 'EncodingError', offset, message: expect.stringContaining(words) }),
    );
  });

  it.each([
    ['an unknown format', '<DFFormat><money/></DFFormat>', '<money', 'money is no format of a node'],
    ['N below 2', '<Occurrence><ZeroOrN>1</ZeroOrN></Occurrence>', '<ZeroOrN', 'a number from 2 to 65536'],
    ['N above 65536', '<Occurrence><OneOrN>65537</OneOrN></Occurrence>', '<OneOrN', 'a number from 2 to 65536'],
    ['an unknown occurrence', '<Occurrence><Some/></Occurrence>', '<Some', 'expected an occurrence'],
    ['an unknown scope', '<Scope><Static/></Scope>', '<Static', 'expected Dynamic or Permanent in Scope'],
    ['an unknown case sense', '<CaseSense><CI/></CaseSense>', '<CI/', 'expected CS or CIS in CaseSense'],
  ])('%s is refused with its byte', (_name, inner, at, words) => {
    const xml = `${HEAD}<!-- é --><Node><NodeName>A</NodeName><DFProperties>${inner}</DFProperties></Node></MgmtTree>`;
    const offset = bytes(xml.slice(0, xml.indexOf(at))).length;
    expect(() => read(xml)).toThrow(
      expect.objectContaining({ name: 'EncodingError', code: 'ddf', offset, message: expect.stringContaining(words) }),
    );
  });

  it.each([
    [
      'a leaf with a node below it',
      `${PROPERTIES}<Node><NodeName>B</NodeName></Node>`,
      'has the format int and nodes below it',
    ],
    [
      'an interior node with a value',
      '<DFProperties><DFFormat><node/></DFFormat></DFProperties><Value>1</Value>',
      'has the format node and a value',
    ],
  ])('%s is refused', (_name, inner, words) => {
    expect(() => node(inner)).toThrow(
      expect.objectContaining({ code: 'ddf', message: expect.stringContaining(words) }),
    );
  });

  it.each([
    ['no VerDTD', '<MgmtTree xmlns="syncml:dmddf1.2"><Node><NodeName>A</NodeName>', 'MgmtTree without VerDTD'],
    ['another VerDTD', `${HEAD.replace('1.2<', '1.1<')}<Node><NodeName>A</NodeName>`, 'VerDTD is 1.1, expected 1.2'],
    ['no namespace', '<MgmtTree><VerDTD>1.2</VerDTD><Node><NodeName>A</NodeName>', 'MgmtTree is in no namespace'],
  ])('%s is noted', (_name, start, words) => {
    const { ddf, notes } = read(`${start}${PROPERTIES}</Node></MgmtTree>`);
    expect(ddf.nodes[0]?.name).toBe('A');
    expect(notes).toEqual([{ text: expect.stringContaining(words), offset: 0 }]);
  });

  it.each([
    ['missing properties', '<Occurrence><One/></Occurrence>', 'DFProperties without AccessType, DFFormat, DFType'],
    ['an unknown command', '<AccessType><Alert/></AccessType>', 'Alert is no command that AccessType lists'],
    ['an unknown element', '<Colour/>', 'Colour in DFProperties is not known'],
    ['a type that is none', '<DFType><MIME>text</MIME></DFType>', 'DFType: "text" is no MIME type'],
    [
      'a default of another format',
      '<DefaultValue>x</DefaultValue><DFFormat><int/></DFFormat>',
      'DefaultValue is not of the format int',
    ],
    ['two formats', '<DFFormat><int/><chr/></DFFormat>', 'DFFormat with more than one format'],
  ])('%s is noted, and the rest is read', (_name, inner, words) => {
    const { ddf, notes } = properties(inner);
    expect(ddf.nodes[0]?.name).toBe('A');
    expect(notes.map(({ text }) => text)).toContainEqual(expect.stringContaining(words));
  });

  it('a description that does not say which commands it takes leaves that open', () => {
    expect(properties('<DFFormat><int/></DFFormat>').ddf.nodes[0]).not.toHaveProperty('access');
    expect(properties('<AccessType/>').ddf.nodes[0]?.access).toEqual([]);
  });

  it('extensions in namespaces of their own are passed over', () => {
    const { notes } = read(
      `<MgmtTree xmlns="syncml:dmddf1.2" xmlns:M="urn:maker"><VerDTD>1.2</VerDTD><M:Diagnostics/><Node><NodeName>A</NodeName>` +
        `${PROPERTIES.replace('</DFProperties>', '<M:AllowedValues/></DFProperties>')}</Node></MgmtTree>`,
    );
    expect(notes).toEqual([]);
  });

  it('an identifier in MIME counts for an interior node, as §9.4.3.8 has it', () => {
    const { ddf } = properties('<DFFormat><node/></DFFormat><DFType><MIME>com.example/1.0/Phone</MIME></DFType>');
    expect(ddf.nodes[0]).toMatchObject({ format: 'node', identifier: 'com.example/1.0/Phone', mimeTypes: [] });
  });

  it('an instruction inside the document type, as OMA writes it, is passed over, definitions are not', () => {
    const type = (subset: string) =>
      `<?xml version="1.0"?>\n<!DOCTYPE MgmtTree PUBLIC "-//OMA//DTD-DM-DDF 1.2//EN" "http://example/ddf.dtd"[${subset}]>\n`;
    const body = `${HEAD}<Node><NodeName>A</NodeName>${PROPERTIES}</Node></MgmtTree>`;
    expect(read(type('<?oma-dm-ddf-ver supported-versions="1.2"?>') + body).ddf.nodes[0]?.name).toBe('A');
    const start = type('<?oma-dm-ddf-ver supported-versions="1.2"?>');
    expect(() => read(`${start}<Tree/>`)).toThrow(expect.objectContaining({ offset: start.length }));
    expect(() => read(type('<!ENTITY e "x">') + body)).toThrow(expect.objectContaining({ code: 'internal-subset' }));
  });

  it('a line in dashes, as standard objects have it, is no maker', () => {
    const { ddf } = read(
      `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Man>--The device manufacturer--</Man><Mod>M</Mod>` +
        `<Node><NodeName>A</NodeName>${PROPERTIES}</Node></MgmtTree>`,
    );
    expect(ddf).toMatchObject({ model: 'M' });
    expect(ddf).not.toHaveProperty('manufacturer');
  });

  it('a damaged document is read or refused with its byte, nothing else', () => {
    const documents = standard().flatMap(ddf => [bytes(writeDdfXml(ddf)), writeDdfWbxml(ddf)]);
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...documents), damage, (document, places) => {
        const damaged = Uint8Array.from(document);
        for (const [at, byte] of places) damaged[at % damaged.length] = byte;
        try {
          const { ddf } = readDdf(damaged);
          expect(read(writeDdfXml(ddf)).ddf.nodes.length).toBe(ddf.nodes.length);
        } catch (error) {
          expect(error).toMatchObject({ name: 'EncodingError', offset: expect.any(Number) });
        }
      }),
    );
  });

  it('a document over 1 MiB is refused', () => {
    expect(() => readDdf(new Uint8Array(MAX_DDF_BYTES + 1))).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  it('broken WBXML is refused with its byte', () => {
    expect(() => readDdf(fromHex('03 01 6A 00 7F'))).toThrow(
      expect.objectContaining({
        name: 'EncodingError',
        details: expect.objectContaining({ offset: expect.any(Number) }),
      }),
    );
  });
});

/** Without what XML cannot carry. */
function toXmlText(ddf: Ddf): Ddf {
  return JSON.parse(JSON.stringify(ddf), (_key, value: unknown) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
    typeof value === 'string' ? value.replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '') : value,
  );
}

function standard(): Ddf[] {
  const folder = join(import.meta.dirname, '../../../resources/ddf');
  return readdirSync(folder).map(file => readDdf(readFileSync(join(folder, file))).ddf);
}

function bare(name: string): NodeDescription {
  return { name, format: 'node', mimeTypes: [], occurrence: { least: 1, most: 1 }, scope: 'Dynamic', children: [] };
}
