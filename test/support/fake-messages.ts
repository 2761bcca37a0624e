/** The messages behind the fake workbench's ladders, made and shown by the core itself; one session has every oddity. */
import { concatBytes } from '../../src-core/base/bytes.ts';
import { DM_DDF_1_2 } from '../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { writeWbxml } from '../../src-core/encoding/wbxml/writer.ts';
import { readXml } from '../../src-core/encoding/xml/reader.ts';
import type { MessageRecord, SessionRecord } from '../../src-core/store/contract.ts';
import { encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command, Message, Results, Status, SyncHdr } from '../../src-core/syncml/message.ts';
import { messageBody } from '../../src-core/workbench/message-body.ts';
import type { MessageBody, SessionView } from '../../src-core/workbench/message-views.ts';
import { sessionView } from '../../src-core/workbench/messages.ts';

const SERVER = 'http://192.168.1.20:8080/dm';
const DEVICE = 'IMEI:493005100592800';
const DAY = 86_400_000;
const PASSWORD = 'correct horse battery';

type Direction = MessageRecord['direction'];

function header(direction: Direction, msgId: number, cred?: SyncHdr['cred']): SyncHdr {
  const [target, source] = direction === 'up' ? [SERVER, DEVICE] : [DEVICE, SERVER];
  return {
    verDTD: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1A',
    msgId,
    target: { uri: target },
    source: { uri: source, ...(direction === 'up' && { name: 'device-1' }) },
    ...(cred && { cred }),
    meta: { maxMsgSize: 65536, maxObjSize: 1048576 },
  };
}

const MD5 = { meta: { format: 'b64', type: 'syncml:auth-md5' }, data: 'h4pMuVXvLmUo6MKfd1YlEA==' };
const BASIC = {
  meta: { format: 'b64', type: 'syncml:auth-basic' },
  data: Buffer.from(`device-1:${PASSWORD}`).toString('base64'),
};

const leaf = (uri: string, data: string) => ({
  source: { uri },
  meta: { format: 'chr', type: 'text/plain' },
  data,
});

const devInfo: Command = {
  kind: 'Replace',
  cmdId: '2',
  items: [
    leaf('./DevInfo/DevId', DEVICE),
    leaf('./DevInfo/Man', 'Device Factory, Inc.'),
    leaf('./DevInfo/Mod', 'SmartPhone2000'),
    leaf('./DevInfo/DmV', '1.2'),
    leaf('./DevInfo/Lang', 'en-US'),
  ],
};

function status(cmdId: string, cmd: string, cmdRef: string, code: number, target?: string): Status {
  const targetRefs = target === undefined ? [] : [target];
  return { kind: 'Status', cmdId, msgRef: 1, cmdRef, cmd, targetRefs, sourceRefs: [], code, items: [] };
}

function results(cmdId: string, cmdRef: string, uri: string, data: string): Results {
  const items = [{ source: { uri }, meta: { format: 'chr', type: 'text/plain' }, data }];
  return { kind: 'Results', cmdId, msgRef: 1, cmdRef, targetRefs: [], sourceRefs: [], items };
}

/** The messages of the session in hand, as its ladder says them. */
const ordinary: readonly (readonly [Direction, Message])[] = [
  [
    'up',
    {
      header: header('up', 1, MD5),
      commands: [{ kind: 'Alert', cmdId: '1', code: 1201, items: [] }, devInfo],
      final: true,
    },
  ],
  [
    'down',
    {
      header: header('down', 1, MD5),
      commands: [
        status('1', 'SyncHdr', '0', 212),
        status('2', 'Alert', '1', 200),
        status('3', 'Replace', '2', 200, './DevInfo'),
        { kind: 'Get', cmdId: '4', items: [{ target: { uri: './DevDetail?list=StructData' } }] },
      ],
      final: true,
    },
  ],
  [
    'up',
    {
      header: header('up', 2),
      commands: [
        status('1', 'SyncHdr', '0', 212),
        status('2', 'Get', '4', 200, './DevDetail'),
        results('3', '4', './DevDetail/FwV', '1.0.4'),
      ],
      final: true,
    },
  ],
  [
    'down',
    {
      header: header('down', 2),
      commands: [
        status('1', 'SyncHdr', '0', 200),
        status('2', 'Results', '3', 200),
        { kind: 'Replace', cmdId: '3', items: [{ ...leaf('', 'true'), target: { uri: './Vendor/Enabled' } }] },
      ],
      final: true,
    },
  ],
  [
    'up',
    {
      header: header('up', 3),
      commands: [status('1', 'SyncHdr', '0', 200), status('2', 'Replace', '3', 425, './Vendor/Enabled')],
      final: true,
    },
  ],
  ['down', { header: header('down', 3), commands: [status('1', 'SyncHdr', '0', 200)], final: true }],
];

const NOTE =
  'A long note that a device keeps for its owner: it does not fit into one line of the outline, so the line says so and the chosen one shows all of it, down to the last word.\nSecond line, with\ta tab.';

const ACCOUNT = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Example</NodeName><RTProperties><Format><node/></Format><Type><DDFName>urn:oma:mo:oma-dm-dmacc:1.0</DDFName></Type></RTProperties><Node><NodeName>AppAuth</NodeName><Node><NodeName>1</NodeName><Node><NodeName>AAuthName</NodeName><Value>dm.example</Value></Node><Node><NodeName>AAuthSecret</NodeName><RTProperties><Format><chr/></Format></RTProperties><Value>${PASSWORD}</Value></Node><Node><NodeName>AAuthData</NodeName><RTProperties><Format><bin/></Format></RTProperties><Value>MTIzNDU2Nzg5MGFiY2RlZg==</Value></Node></Node></Node></Node></MgmtTree>`;

const packageOne: Message = {
  header: header('up', 1, BASIC),
  commands: [
    { kind: 'Alert', cmdId: '1', code: 1201, items: [] },
    devInfo,
    {
      kind: 'Alert',
      cmdId: '3',
      code: 1226,
      correlator: 'abc-1',
      items: [
        {
          source: { uri: './FUMO/Update1' },
          meta: { type: 'org.openmobilealliance.dm.firmwareupdate.update', format: 'chr', mark: 'critical' },
          data: '200',
        },
      ],
    },
  ],
  final: true,
};

const groups: Message = {
  header: header('down', 1, MD5),
  commands: [
    status('1', 'SyncHdr', '0', 212),
    {
      kind: 'Atomic',
      cmdId: '4',
      commands: [
        { kind: 'Add', cmdId: '5', items: [{ target: { uri: './Vendor/App1' }, meta: { format: 'node' } }] },
        {
          kind: 'Replace',
          cmdId: '6',
          items: [{ target: { uri: './Vendor/App1/Enabled' }, meta: { format: 'bool' }, data: 'false' }],
        },
        { kind: 'Exec', cmdId: '7', correlator: 'xyz-7', items: [{ target: { uri: './Vendor/App1/Restart' } }] },
      ],
    },
    {
      kind: 'Sequence',
      cmdId: '8',
      commands: [
        {
          kind: 'Copy',
          cmdId: '9',
          items: [{ source: { uri: './Vendor/App1' }, target: { uri: './Vendor/App2' } }],
        },
        { kind: 'Delete', cmdId: '10', items: [{ target: { uri: './Vendor/App1' } }] },
      ],
    },
    {
      kind: 'Add',
      cmdId: '11',
      items: [
        {
          target: { uri: './DMAcc/Example' },
          meta: { format: 'bin', type: 'application/vnd.syncml.dmtnds+wbxml' },
          data: writeWbxml(readXml(ACCOUNT), DM_DDF_1_2),
        },
        {
          target: { uri: './Vendor/Icon' },
          meta: { format: 'bin', type: 'application/octet-stream' },
          data: Uint8Array.from({ length: 600 }, (_, i) => (i * 37) % 256),
        },
        { target: { uri: './Vendor/Note' }, meta: { format: 'chr', type: 'text/plain' }, data: NOTE },
        {
          target: { uri: './Vendor/Story' },
          meta: { format: 'chr', type: 'text/plain' },
          data: `${NOTE}\n`.repeat(40),
        },
      ],
    },
  ],
  final: true,
};

const answered: Message = {
  header: header('up', 2),
  commands: [
    status('1', 'SyncHdr', '0', 212),
    status('2', 'Atomic', '4', 507),
    status('3', 'Add', '5', 216, './Vendor/App1'),
    status('4', 'Replace', '6', 425, './Vendor/App1/Enabled'),
    status('5', 'Exec', '7', 215, './Vendor/App1/Restart'),
    status('6', 'Sequence', '8', 200),
    status('7', 'Copy', '9', 200, './Vendor/App2'),
    status('8', 'Delete', '10', 200, './Vendor/App1'),
    status('9', 'Add', '11', 200),
    { kind: 'Unsupported', cmdId: '10', name: 'Put' },
  ],
  final: true,
};

const long: Message = {
  header: header('up', 3),
  commands: [
    status('1', 'SyncHdr', '0', 200),
    ...Array.from({ length: 2000 }, (_, i) => results(String(i + 2), '4', `./Vendor/Log/${i}`, `entry ${i} of a log`)),
  ],
  final: true,
};

/** Elements that no specification knows, as XML of a device writes them, and a DM account as text. */
const ODD_XML = `<?xml version="1.0" encoding="UTF-8"?>
<SyncML xmlns="SYNCML:SYNCML1.2" xmlns:v="urn:vendor">
  <SyncHdr>
    <VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1A</SessionID><MsgID>4</MsgID>
    <Target><LocURI>${SERVER}</LocURI></Target>
    <Source><LocURI>${DEVICE}</LocURI><LocName>device-1</LocName></Source>
    <Cred><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-basic</Type></Meta><Data>${BASIC.data}</Data></Cred>
    <v:Battery level="80">80 %</v:Battery>
  </SyncHdr>
  <SyncBody>
    <Status><CmdID>1</CmdID><MsgRef>3</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>
    <Replace><CmdID>2</CmdID>
      <Item><Source><LocURI>./DMAcc/Example</LocURI></Source>
        <Meta><Format xmlns="syncml:metinf">xml</Format><Type xmlns="syncml:metinf">application/vnd.syncml.dmtnds+xml</Type></Meta>
        <Data><![CDATA[${ACCOUNT}]]></Data></Item>
    </Replace>
    <v:Signal>-71 dBm · größer als gestern</v:Signal>
    <Final/>
  </SyncBody>
</SyncML>`;

const wbxml = (message: Message): Uint8Array => encodeMessage(message, 'wbxml');
/** Breaks off in the middle of credentials. */
const broken = concatBytes([wbxml(packageOne).subarray(0, 190), Uint8Array.of(0xc1, 0x00, 0x7f, 0x01, 0x01)]);

const ODD_KEY = 's-18';

export function oddSession(deviceId: string, now: number): { view: SessionView; records: readonly MessageRecord[] } {
  const startedAt = now - 3 * DAY;
  const record: SessionRecord = {
    key: ODD_KEY,
    deviceId,
    sessionId: '18',
    startedAt,
    endedAt: startedAt + 400,
    state: 'failed',
    detail: 'the last message cannot be decoded',
    clientAuthenticated: true,
    serverAuthenticated: false,
    encoding: 'wbxml',
    transport: 'HTTP',
    scheme: 'basic',
  };
  const contents: readonly (readonly [Direction, number, Uint8Array, 'wbxml' | 'xml'])[] = [
    ['up', 1, wbxml(packageOne), 'wbxml'],
    ['down', 2, wbxml(groups), 'wbxml'],
    ['up', 3, wbxml(answered), 'wbxml'],
    ['up', 3, wbxml(long), 'wbxml'],
    ['up', 3, new TextEncoder().encode(ODD_XML), 'xml'],
    ['up', 3, broken, 'wbxml'],
  ];
  const records = contents.map(
    ([direction, number, bytes, encoding], i): MessageRecord => ({
      key: `m-18-${i}`,
      sessionKey: ODD_KEY,
      at: startedAt + i * 37,
      direction,
      package: number,
      encoding,
      bytes,
    }),
  );
  return { view: sessionView(record, records), records };
}

/** The session in hand once more, as bytes. */
export const ordinaryMessages = (): readonly { readonly direction: Direction; readonly bytes: Uint8Array }[] =>
  ordinary.map(([direction, message]) => ({ direction, bytes: wbxml(message) }));

/** Key of a message: `m-1A-2`, with words behind it where a session repeats another. */
export function fakeBody(key: string, records: readonly MessageRecord[]): MessageBody {
  const odd = records.find(record => record.key === key);
  if (odd) return messageBody(odd);
  const [direction, message] = ordinary[Number(/^m-1A-(\d)/.exec(key)?.[1])] ?? [];
  if (!direction || !message) throw new Error(`the fake workbench has no message ${key}`);
  return messageBody({ key, sessionKey: 's', at: 0, direction, package: 1, encoding: 'wbxml', bytes: wbxml(message) });
}
