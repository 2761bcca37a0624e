import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { EncodingError } from '../../src-core/base/errors.ts';
import { decodeMessage, encodeMessage, encodingOf } from '../../src-core/syncml/codec.ts';
import {
  type Command,
  commandName,
  type Item,
  type ItemData,
  type Message,
  type Meta,
} from '../../src-core/syncml/message.ts';

const HEADER =
  '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1A</SessionID><MsgID>1</MsgID>' +
  '<Target><LocURI>http://s/dm</LocURI></Target><Source><LocURI>IMEI:1</LocURI></Source></SyncHdr>';
const parse = (xml: string): Message => decodeMessage(new TextEncoder().encode(xml), 'xml');
const message = (body: string, header = HEADER): Message =>
  parse(`<SyncML xmlns="SYNCML:SYNCML1.2">${header}<SyncBody>${body}</SyncBody></SyncML>`);
const command = (body: string): Command | undefined => message(body).commands[0];
const item = (inner: string): Item | undefined => {
  const [read] = message(`<Results><CmdID>1</CmdID><CmdRef>2</CmdRef><Item>${inner}</Item></Results>`).commands;
  return read?.kind === 'Results' ? read.items[0] : undefined;
};

function refusal(work: () => unknown): EncodingError {
  try {
    work();
  } catch (error) {
    if (error instanceof EncodingError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('required elements', () => {
  it.each([
    ['VerDTD', 'SyncHdr'],
    ['VerProto', 'SyncHdr'],
    ['SessionID', 'SyncHdr'],
    ['MsgID', 'SyncHdr'],
    ['Target', 'SyncHdr'],
    ['Source', 'SyncHdr'],
  ])('%s of %s', (name, parent) => {
    const without = HEADER.replace(new RegExp(`<${name}>.*?</${name}>`), '');
    expect(without).not.toBe(HEADER);
    expect(refusal(() => message('', without))).toMatchObject({
      code: 'missing-element',
      message: `SyncML: expected ${name} in ${parent} (at offset 33)`,
      offset: '<SyncML xmlns="SYNCML:SYNCML1.2">'.length,
    });
  });

  it.each([
    ['SyncHdr', 'SyncML', '<SyncML><SyncBody/></SyncML>'],
    ['SyncBody', 'SyncML', `<SyncML>${HEADER}</SyncML>`],
  ])('%s of %s', (name, parent, xml) => {
    expect(refusal(() => parse(xml)).message).toContain(`expected ${name} in ${parent}`);
  });

  const STATUS = '<CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data>';
  it.each([
    ...['CmdID', 'MsgRef', 'CmdRef', 'Cmd', 'Data'].map(name => ['Status', name, STATUS]),
    ...['CmdID', 'CmdRef'].map(name => ['Results', name, '<CmdID>1</CmdID><CmdRef>2</CmdRef>']),
    ...['CmdID', 'Data'].map(name => ['Alert', name, '<CmdID>1</CmdID><Data>1201</Data>']),
    ...['Add', 'Copy', 'Delete', 'Get', 'Replace', 'Exec', 'Atomic', 'Sequence'].map(kind => [
      kind,
      'CmdID',
      '<CmdID>1</CmdID>',
    ]),
    ['Add', 'LocURI', '<CmdID>1</CmdID><Item><Target><LocURI>./A</LocURI></Target></Item>'],
    ['Add', 'LocURI', '<CmdID>1</CmdID><Item><Source><LocURI>./A</LocURI></Source></Item>'],
    ['Sequence', 'CmdID', '<CmdID>1</CmdID><Get><CmdID>2</CmdID></Get>'],
  ] as [string, string, string][])('%s without %s', (kind, name, inner) => {
    expect(command(`<${kind}>${inner}</${kind}>`)?.kind).toBe(kind);
    const cut = inner.lastIndexOf(`<${name}>`);
    const end = inner.indexOf(`</${name}>`, cut) + name.length + 3;
    const { code, message: words } = refusal(() =>
      command(`<${kind}>${inner.slice(0, cut)}${inner.slice(end)}</${kind}>`),
    );
    expect(code).toBe('missing-element');
    expect(words).toMatch(new RegExp(`^SyncML: expected ${name} in `));
  });

  it('the offset is that of the element in WBXML', () => {
    // SyncML @5, SyncHdr @6, SyncBody @8 with Alert @9 without anything in it
    const bytes = fromHex(
      '02 A401 6A 00 6D 6C 71 03312E3200 01 72 03444D2F312E3200 01 65 033100 01 5B 033100 01 6E 57 037300 01 01 67 57 036400 01 01 01 6B 06 01 01',
    );
    const alert = bytes.length - 3;
    expect(refusal(() => decodeMessage(bytes, 'wbxml'))).toMatchObject({
      code: 'missing-element',
      offset: alert,
      message: `SyncML: expected CmdID in Alert (at offset ${alert})`,
    });
  });

  it('another root', () => {
    expect(refusal(() => parse('<MgmtTree/>'))).toMatchObject({ code: 'root', offset: 0 });
  });
});

describe('numbers', () => {
  it.each(['', ' ', '-1', '1.0', '0x10', '1e3', '12345678901', 'one', '１'])('%j is none', value => {
    expect(refusal(() => message('', HEADER.replace('<MsgID>1<', `<MsgID>${value}<`))).code).toBe('not-a-number');
    expect(refusal(() => command(`<Alert><CmdID>1</CmdID><Data>${value}</Data></Alert>`)).code).toBe('not-a-number');
    expect(refusal(() => item(`<Meta><Size>${value}</Size></Meta>`)).code).toBe('not-a-number');
  });

  it.each([
    ['1', 1],
    ['007', 7],
    [' 12\n', 12],
    ['9999999999', 9999999999],
  ])('%j is %i', (value, number) => {
    expect(message('', HEADER.replace('<MsgID>1<', `<MsgID>${value}<`)).header.msgId).toBe(number);
  });

  it('a long wrong value is not repeated whole', () => {
    const { message: words } = refusal(() => command(`<Alert><CmdID>1</CmdID><Data>${'x'.repeat(500)}</Data></Alert>`));
    expect(words.length).toBeLessThan(120);
  });
});

describe('tolerance', () => {
  it('order and unknown elements do not matter', () => {
    const read = message(
      '<Future><CmdID>9</CmdID></Future><Final/><Get><Item><New/><Target><LocName>n</LocName><LocURI> ./A </LocURI></Target></Item><Lang>en</Lang><CmdID> 4 </CmdID></Get>',
    );
    expect(read.final).toBe(true);
    expect(read.warnings?.map(({ text }) => text)).toEqual([
      'Future in SyncBody is not known',
      'Lang in Get is not used in DM',
      'New in Item is not known',
    ]);
    expect(read.commands).toEqual([{ kind: 'Get', cmdId: '4', items: [{ target: { uri: './A', name: 'n' } }] }]);
  });

  it('everything of the header', () => {
    const header = HEADER.replace(
      '</SyncHdr>',
      '<RespURI>http://s/2</RespURI><NoResp/><Cred><Meta><Type xmlns="syncml:metinf">syncml:auth-md5</Type></Meta><Data>AA==</Data></Cred>' +
        '<Meta><MaxMsgSize xmlns="syncml:metinf">5000</MaxMsgSize></Meta></SyncHdr>',
    );
    expect(message('', header)).toEqual({
      header: {
        verDTD: '1.2',
        verProto: 'DM/1.2',
        sessionId: '1A',
        msgId: 1,
        target: { uri: 'http://s/dm' },
        source: { uri: 'IMEI:1' },
        respURI: 'http://s/2',
        noResp: true,
        cred: { meta: { type: 'syncml:auth-md5' }, data: 'AA==' },
        meta: { maxMsgSize: 5000 },
      },
      commands: [],
      final: false,
    });
  });

  const META: Meta = {
    format: 'chr',
    type: 'text/plain',
    mark: 'm',
    size: 3,
    nextNonce: 'AA==',
    maxMsgSize: 1,
    maxObjSize: 2,
    version: 'v',
  };
  const fields =
    '<Format>chr</Format><Type>text/plain</Type><Mark>m</Mark><Size>3</Size><NextNonce>AA==</NextNonce><MaxMsgSize>1</MaxMsgSize><MaxObjSize>2</MaxObjSize><Version>v</Version><EMI>e</EMI>';
  it.each([
    ['in Meta', `<Meta>${fields}</Meta>`, META],
    ['in MetInf in Meta', `<Meta><MetInf xmlns="syncml:metinf">${fields}</MetInf></Meta>`, META],
    ['empty', '<Meta/>', {}],
  ])('meta information %s', (_name, xml, meta) => {
    expect(item(xml)).toEqual({ meta });
  });

  it('a status with everything, groups with commands inside', () => {
    const inner =
      '<Status><CmdID>1</CmdID><MsgRef>2</MsgRef><CmdRef>3</CmdRef><Cmd>Get</Cmd><TargetRef>./A</TargetRef><TargetRef>./B</TargetRef><SourceRef>s</SourceRef>' +
      '<Chal><Meta><NextNonce>AA==</NextNonce></Meta></Chal><Data>407</Data><Item><Data>why</Data></Item></Status>';
    expect(command(inner)).toEqual({
      kind: 'Status',
      cmdId: '1',
      msgRef: 2,
      cmdRef: '3',
      cmd: 'Get',
      targetRefs: ['./A', './B'],
      sourceRefs: ['s'],
      chal: { meta: { nextNonce: 'AA==' } },
      code: 407,
      items: [{ data: 'why' }],
    });
    expect(
      command(
        '<Atomic><CmdID>1</CmdID><Sequence><CmdID>2</CmdID><Exec><CmdID>3</CmdID><Correlator>c</Correlator></Exec></Sequence></Atomic>',
      ),
    ).toEqual({
      kind: 'Atomic',
      cmdId: '1',
      commands: [
        { kind: 'Sequence', cmdId: '2', commands: [{ kind: 'Exec', cmdId: '3', correlator: 'c', items: [] }] },
      ],
    });
  });
});

describe('warnings', () => {
  const NS = 'xmlns="SYNCML:SYNCML1.2"';
  const STATUS = '<CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>Get</Cmd><Data>200</Data>';

  it('a message without anything strange has none', () => {
    expect(message('<Get><CmdID>1</CmdID><Item/></Get><Final/>')).not.toHaveProperty('warnings');
  });

  it.each([
    ['<Get><CmdID>1</CmdID><Lang>en</Lang></Get>', 'Lang in Get is not used in DM', `<Lang ${NS}>en</Lang>`],
    ['<Add><CmdID>1</CmdID><NoResults/></Add>', 'NoResults in Add is not used in DM', `<NoResults ${NS}/>`],
    ['<Add><CmdID>1</CmdID><Chal/></Add>', 'Chal in Add is not known', `<Chal ${NS}/>`],
    [`<Status>${STATUS}<NoResp/></Status>`, 'NoResp in Status is not known', `<NoResp ${NS}/>`],
    ['<Atomic><CmdID>1</CmdID><Item/></Atomic>', 'Item in Atomic is not known', `<Item ${NS}/>`],
    ['<Get><CmdID>1</CmdID><CmdID>2</CmdID></Get>', 'CmdID is in Get already', `<CmdID ${NS}>2</CmdID>`],
    ['<Get xmlns="urn:x"/>', 'Get in SyncBody is not known', '<Get xmlns="urn:x"/>'],
    [
      '<Get><CmdID>1</CmdID><Cred><Data>x</Data></Cred></Get>',
      'Cred in Get: credentials count in SyncHdr alone',
      `<Cred ${NS}>\n  <Data>x</Data>\n</Cred>`,
    ],
    ['<Put><CmdID>1</CmdID></Put>', 'Put is no command of DM', `<Put ${NS}>\n  <CmdID>1</CmdID>\n</Put>`],
    ['<Get><CmdID>1</CmdID><Meta><EMI>x</EMI></Meta></Get>', 'EMI in Meta is not known', `<EMI ${NS}>x</EMI>`],
    [
      '<Get><CmdID>1</CmdID><Meta><MetInf><MetInf/></MetInf></Meta></Get>',
      'MetInf in MetInf is not known',
      `<MetInf ${NS}/>`,
    ],
  ])('%s', (body, text, element) => {
    const { warnings } = message(body);
    const start = new TextEncoder().encode(`<SyncML ${NS}>${HEADER}<SyncBody>`).length;
    expect(warnings?.map(warning => ({ ...warning, range: undefined }))).toEqual([{ text, element }]);
    expect(warnings?.[0]?.range?.start).toBe(
      start + (body.startsWith(element.slice(0, 5)) ? 0 : body.lastIndexOf(element.split(' ')[0] ?? '')),
    );
  });

  it.each([
    ['SyncML', `<SyncML>${HEADER}<SyncBody/><Extra/></SyncML>`],
    ['SyncML', `<SyncML>${HEADER}${HEADER}<SyncBody/></SyncML>`],
    ['SyncHdr', `<SyncML>${HEADER.replace('</SyncHdr>', '<New/></SyncHdr>')}<SyncBody/></SyncML>`],
    ['Target', `<SyncML>${HEADER.replace('</Target>', '<Filter/></Target>')}<SyncBody/></SyncML>`],
  ])('something more in %s', (parent, xml) => {
    expect(parse(xml).warnings?.map(({ text }) => text)).toEqual([expect.stringContaining(` in ${parent} `)]);
  });

  it('are a hundred at most, the last says how many more there are', () => {
    const texts = (count: number) => message('<Odd/>'.repeat(count)).warnings?.map(({ text }) => text);
    const odd = Array.from({ length: 100 }, () => 'Odd in SyncBody is not known');
    expect(texts(100)).toEqual(odd);
    expect(texts(101)).toEqual([...odd.slice(1), 'and 2 more']);
    expect(texts(5000)?.at(-1)).toBe('and 4901 more');
  });

  it('show the beginning of a long element', () => {
    const [warning] = message(`<Odd>${'x'.repeat(9999)}</Odd>`).warnings ?? [];
    expect(warning?.element).toMatch(/^<Odd xmlns="SYNCML:SYNCML1.2">x+…$/);
    expect(warning?.element).toHaveLength(4097);
  });

  it('the range is that of the element in WBXML too', () => {
    const sent = encodeMessage(
      { ...message('<Final/>'), commands: [{ kind: 'Unsupported', cmdId: '1', name: 'Put' }] },
      'wbxml',
    );
    const [warning] = decodeMessage(sent, 'wbxml').warnings ?? [];
    // Put, CmdID "1"; then Final and the ends of SyncBody and SyncML
    expect(sent.slice(warning?.range?.start, warning?.range?.end)).toEqual(fromHex('5F 4B 033100 01 01'));
  });
});

describe('commands that DM does not use', () => {
  it.each(['Map', 'Move', 'Put', 'Search', 'Sync'])('%s is kept with its name, to be answered', name => {
    const expected = { kind: 'Unsupported', cmdId: '3', name, noResp: true };
    const read = command(`<${name}><CmdID>3</CmdID><NoResp/><Item><Data>x</Data></Item></${name}>`);
    expect(read).toEqual(expected);
    expect(read && commandName(read)).toBe(name);
    expect(command(`<Sequence><CmdID>1</CmdID><${name}><CmdID>3</CmdID><NoResp/></${name}></Sequence>`)).toEqual({
      kind: 'Sequence',
      cmdId: '1',
      commands: [expected],
    });
    expect(refusal(() => command(`<${name}/>`))).toMatchObject({ code: 'missing-element' });
  });
});

describe('Data', () => {
  const meta = (format: string, type = '') =>
    `<Meta><Format>${format}</Format>${type && `<Type>${type}</Type>`}</Meta>`;
  const TNDS = 'application/vnd.syncml.dmtnds';
  it.each<[string, string, ItemData | undefined]>([
    ['none', '', undefined],
    ['empty', '<Data/>', ''],
    ['text, white space kept', `${meta('chr')}<Data> a\n </Data>`, ' a\n '],
    ['base64 of anything but WBXML stays text', `${meta('b64')}<Data>AAEC</Data>`, 'AAEC'],
    ['base64 of WBXML becomes bytes', `${meta('b64', `${TNDS}+wbxml`)}<Data>AA\nEC</Data>`, fromHex('000102')],
    ['WBXML type with text that is no base64', `${meta('xml', `${TNDS}+wbxml`)}<Data>&lt;a/&gt;</Data>`, '<a/>'],
    [
      'elements become XML text with their namespace',
      `${meta('xml', `${TNDS}+xml`)}<Data><MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><a>&lt;</a></MgmtTree></Data>`,
      '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><a>&lt;</a></MgmtTree>',
    ],
    ['CDATA', `${meta('xml', `${TNDS}+xml`)}<Data><![CDATA[<a> </a>]]></Data>`, '<a> </a>'],
  ])('in XML: %s', (_name, xml, data) => {
    expect(item(xml)?.data).toEqual(data);
  });

  it('the meta of the command holds for its items, and theirs goes before', () => {
    const type = `<Meta><Format>b64</Format><Type>${TNDS}+wbxml</Type></Meta>`;
    const read = command(
      `<Results><CmdID>1</CmdID><CmdRef>2</CmdRef>${type}<Item><Data>AAEC</Data></Item><Item>${meta('chr')}<Data>AAEC</Data></Item></Results>`,
    );
    expect(read?.kind === 'Results' && read.items.map(({ data }) => data)).toEqual([fromHex('000102'), 'AAEC']);
  });

  /** One Results item in WBXML; `metaHex` are elements of page 01, `dataHex` the content of Data. */
  const inWbxml = (format: string, dataHex: string): ItemData | undefined => {
    const head = encodeMessage(message(''), 'wbxml');
    const body = `6B 62 4B 033100 01 4C 033200 01 54 5A 0001 47 03${Buffer.from(format).toString('hex')}00 01 01 0000 4F ${dataHex} 01 01 01 01 01`;
    // Without the empty SyncBody (2B) and the end of SyncML (01).
    const [read] = decodeMessage(Uint8Array.from([...head.slice(0, -2), ...fromHex(body)]), 'wbxml').commands;
    return read?.kind === 'Results' ? read.items[0]?.data : undefined;
  };
  it.each<[string, string, string, ItemData]>([
    ['inline text', 'chr', '03 6100', 'a'],
    ['opaque text', 'chr', 'C3 03 EFBBBF', '\ufeff'],
    ['opaque text in two pieces, a character across them', 'chr', 'C3 01 C3 C3 01 A9', 'é'],
    ['opaque bytes that are no text', 'chr', 'C3 02 00FF', fromHex('00FF')],
    ['bytes that could be text', 'bin', 'C3 02 4142', fromHex('4142')],
    ['bytes in two pieces', 'bin', 'C3 02 00FF C3 01 80', fromHex('00FF80')],
    ['no bytes', 'bin', 'C3 00', new Uint8Array()],
  ])('in WBXML: %s', (_name, format, hex, data) => {
    expect(inWbxml(format, hex)).toEqual(data);
  });

  it('bytes travel as they are in WBXML and as base64 in XML', () => {
    const data = fromHex('00FF41');
    const sent: Message = {
      ...message('<Final/>'),
      commands: [{ kind: 'Add', cmdId: '1', items: [{ target: { uri: './A' }, meta: { format: 'bin' }, data }] }],
    };
    expect(decodeMessage(encodeMessage(sent, 'wbxml'), 'wbxml')).toEqual(sent);
    expect(decodeMessage(encodeMessage(sent, 'xml'), 'xml').commands).toEqual([
      { kind: 'Add', cmdId: '1', items: [{ target: { uri: './A' }, meta: { format: 'b64' }, data: 'AP9B' }] },
    ]);
  });
});

it.each([
  ['application/vnd.syncml.dm+wbxml', 'wbxml'],
  ['Application/vnd.syncml.DM+xml ; charset=UTF-8', 'xml'],
  ['application/vnd.syncml+wbxml', 'wbxml'],
  ['text/xml', undefined],
  ['', undefined],
  [undefined, undefined],
])('media type %s is %s', (type, encoding) => {
  expect(encodingOf(type)).toBe(encoding);
});
