import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { element, text } from '../../src-core/encoding/markup.ts';
import { readWbxml } from '../../src-core/encoding/wbxml/reader.ts';
import { DEVINF_1_2, DEVINF_NAMESPACE } from '../../src-core/encoding/wbxml/types/devinf.ts';
import { SYNCML_1_2, SYNCML_NAMESPACE } from '../../src-core/encoding/wbxml/types/syncml.ts';
import { writeWbxml } from '../../src-core/encoding/wbxml/writer.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { writeTndsWbxml } from '../../src-core/tree/tnds.ts';
import { fixtureBytes, fixtureText, syncmlSamples } from '../support/fixtures.ts';
import { bare } from '../support/markup-documents.ts';
import { dmw } from '../support/programs.ts';

const FIXTURES = 'test/fixtures';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-codec-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function lines(args: readonly string[], input: string | Uint8Array = ''): Promise<string> {
  const { code, stdout, stderr } = await dmw(args, input);
  expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const devinf = writeWbxml(
  element(DEVINF_NAMESPACE, 'DevInf', [element(DEVINF_NAMESPACE, 'Man', [text('Device Factory')])]),
  DEVINF_1_2,
);
const s = (name: string, ...children: Parameters<typeof element>[2] & object) =>
  element(SYNCML_NAMESPACE, name, children);
const HEADER = ['VerDTD', 'VerProto', 'SessionID', 'MsgID'].map(name => s(name, text('1')));
const AT = ['Target', 'Source'].map(name => s(name, s('LocURI', text('x'))));
const withBody = (...children: Parameters<typeof s>[1][]) =>
  writeWbxml(s('SyncML', s('SyncHdr', ...HEADER, ...AT), s('SyncBody', ...children)), SYNCML_1_2);

describe('dmw decode', () => {
  it('every document type: as XML for people, and as JSON', async () => {
    const sample = fixtureBytes('syncml/package3-results.wbxml');
    const untyped = Uint8Array.from([...sample.slice(0, 1), 1, ...sample.slice(3)]);
    const documents: [string, Uint8Array | string, string, object][] = [
      ['SyncML', sample, '<SyncML xmlns="SYNCML:SYNCML1.2">', { type: 'SyncML 1.2', final: true }],
      [
        'DevInf',
        devinf,
        '<Man>Device Factory</Man>',
        { type: 'DevInf 1.2', encoding: 'wbxml', root: { name: 'DevInf' } },
      ],
      [
        'TNDS',
        writeTndsWbxml([{ path: '', node: interior('A', [leaf('B', 'v')]) }]),
        '<NodeName>B</NodeName>',
        { type: 'DM DDF 1.2' },
      ],
      ['PROV', fixtureBytes('provisioning/w7.wbxml'), '<parm name="APPID" value="w7"/>', { type: 'PROV 1.0' }],
      ['PROV in XML', fixtureText('provisioning/w7.xml'), '<parm name="INIT"/>', { type: 'PROV 1.0', encoding: 'xml' }],
      [
        'hexadecimal XML',
        toHex(new TextEncoder().encode('<a>x</a>')),
        '<a>x</a>',
        { encoding: 'xml', bytes: 8, root: { name: 'a' } },
      ],
      ['a message that says no type', untyped, '<Results>', { type: 'SyncML 1.2', final: true }],
      ['UTF-16', new Uint8Array(Buffer.from('\ufeff<a>é</a>', 'utf16le')), '<a>é</a>', { encoding: 'xml' }],
    ];
    for (const [name, input, xml, json] of documents) {
      expect(await lines(['decode', '-'], input), name).toContain(xml);
      expect(await lines(['decode', '-', '--xml'], input), name).toContain(xml);
      expect(JSON.parse(await lines(['decode', '-', '--json'], input)), name).toMatchObject(json);
    }
  }, 60_000);

  it('documents inside Data are shown as elements, their bytes as hexadecimal text in JSON', async () => {
    const item = s('Item', s('Data', { kind: 'opaque', bytes: devinf }));
    const input = withBody(s('Results', s('CmdID', text('1')), s('CmdRef', text('1')), item));
    expect(await lines(['decode', '-'], input)).toContain('<DevInf xmlns="syncml:devinf">');
    const { commands } = JSON.parse(
      await lines(['decode', '-', '--json'], fixtureBytes('syncml/package3-results.wbxml')),
    );
    expect(commands).toHaveLength(
      decodeMessage(fixtureBytes('syncml/package3-results.wbxml'), 'wbxml').commands.length,
    );
  });

  it('--hex: all bytes, each with its range and what it is', async () => {
    const hex = `02 A401 6A 00 6D 4F C3 08 02A4036A004A1901 01 4F C3 01 FF 01 5A 0001 53 03${'41'.repeat(18)}00 01 01 01`;
    const { code, stdout, stderr } = await dmw(['decode', '-', '--hex'], hex);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'dmw: warning: SyncML: expected SyncHdr in SyncML (at offset 5)\n',
    });
    expect(stdout.split('\n')).toEqual([
      ' 0–5   02 A4 01 6A 00                                   WBXML 1.2, SyncML 1.2, UTF-8',
      ' 5–50  6D                                               SyncML',
      ' 6–18  4F                                                 Data',
      ' 7–17  C3 08 02 A4 03 6A 00                                 opaque document',
      '14–17  4A                                                     DevInf',
      '15–16  19                                                       Rx',
      '16–17  01                                                     end of DevInf',
      '17–18  01                                                 end of Data',
      '18–23  4F                                                 Data',
      '19–22  C3 01 FF                                             opaque, length 1',
      '22–23  01                                                 end of Data',
      '23–49  5A 00 01                                           Meta',
      '26–48  53                                                   Type',
      '27–47  03 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41        "AAAAAAAAAAAAAAAAAA"',
      '       41 41 41 00',
      '47–48  01                                                   end of Type',
      '48–49  01                                                 end of Meta',
      '49–50  01                                               end of SyncML',
      '',
    ]);
  });

  it('--hex of XML: bytes of tags and texts', async () => {
    expect(await lines(['decode', '-', '--hex'], '<a>é<b c="1"/></a>\n')).toBe(
      [
        ' 0–19  3C 61 3E                                         a',
        ' 3–5   C3 A9                                              "é"',
        ' 5–15  3C 62 20 63 3D 22 31 22 2F 3E                      b c="1"',
        '15–19  3C 2F 61 3E                                      end of a',
        '19–20  0A                                               after the root element',
        '',
      ].join('\n'),
    );
  });

  it('what a message holds without meaning comes as warnings on standard error', async () => {
    const { code, stderr, stdout } = await dmw(
      ['decode', '-'],
      withBody(s('Get', s('CmdID', text('1')), s('Lang', text('en')))),
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'dmw: warning: Lang in Get is not used in DM (at offset 49)\n',
    });
    expect(stdout).toContain('<Lang>en</Lang>');
  });

  it.each([
    [['decode', '-', '--xml', '--hex'], 'choose one of --xml, --hex and --json', 2],
    [['decode', 'a', 'b'], 'name one file', 2],
    [['decode', '-'], 'expected the WBXML version', 1],
  ])('%j is refused: %s', async (args, line, expected) => {
    const { code, stdout, stderr } = await dmw(args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toContain(line);
  });
});

describe('dmw encode', () => {
  it.each(syncmlSamples)('%s: XML to the WBXML that means the same', async name => {
    const hex = await lines(['encode', `${FIXTURES}/syncml/${name}.xml`, '--hex']);
    expect(decodeMessage(fromHex(hex), 'wbxml')).toEqual(decodeMessage(fixtureBytes(`syncml/${name}.xml`), 'xml'));
  });

  it('a provisioning document, byte for byte, on standard output and into a file', async () => {
    const output = join(folder, 'w7.wbxml');
    expect(await lines(['encode', '-', '--output', output], fixtureText('provisioning/w7.xml'))).toBe('');
    expect(new Uint8Array(await readFile(output))).toEqual(fixtureBytes('provisioning/w7.wbxml'));
    const { type, bytes, hex } = JSON.parse(await lines(['encode', `${FIXTURES}/provisioning/w7.xml`, '--json']));
    expect({ type, bytes, hex }).toEqual({
      type: 'PROV 1.0',
      bytes: 298,
      hex: toHex(fixtureBytes('provisioning/w7.wbxml')),
    });
  });

  it('what decode shows becomes the document again', async () => {
    const binary = s('Data', { kind: 'opaque' as const, bytes: fromHex('00FF') });
    const inner = s('Data', { kind: 'opaque' as const, bytes: devinf });
    const bytes = withBody(
      s('Results', s('CmdID', text('1')), s('CmdRef', text('1')), s('Item', binary), s('Item', inner)),
    );
    const file = join(folder, 'shown.xml');
    await writeFile(file, await lines(['decode', '-'], bytes));
    expect(await lines(['encode', file, '--hex'])).toBe(`${toHex(bytes, ' ')}\n`);
  });

  it('--string-table makes a document with repetitions smaller', async () => {
    const path = `${FIXTURES}/syncml/package1-client-initiated.xml`;
    const plain = fromHex(await lines(['encode', path, '--hex']));
    const tabled = fromHex(await lines(['encode', path, '--hex', '--string-table']));
    expect(tabled.length).toBeLessThan(plain.length);
    expect(bare(readWbxml(tabled).root)).toEqual(bare(readWbxml(plain).root));
  });

  it.each<[string[], string, string, number]>([
    [['encode', '-'], '<html/>', 'no document type has the root element html. Known are SyncML 1.2', 1],
    [['encode', '-'], '<SyncML><Foo/></SyncML>', 'WBXML: Foo of no namespace has no token in SyncML 1.2', 1],
    [['encode', '-'], '02 A401 6A 00 2D', '- is WBXML already. Give an XML document', 1],
    [['encode', '/nonexistent'], '', '/nonexistent cannot be read (ENOENT)', 1],
    [['encode', '-', '--output', '/nonexistent/x'], '<SyncML/>', '/nonexistent/x cannot be written (ENOENT)', 1],
    [['encode'], '', 'name one file', 2],
    [['encode', '-', '--fast'], '', "Unknown option '--fast'", 2],
  ])('%j of %j: %s', async (args, input, line, expected) => {
    const { code, stdout, stderr } = await dmw(args, input);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toContain(`dmw: ${line}`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
