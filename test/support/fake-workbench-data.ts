/** What the fake workbench shows: one busy device, one that failed, one never seen; a card and its plan. */
import type { DeviceNode } from '../../src-core/tree/device-tree.ts';
import type { MessageView, SessionView, StatusView } from '../../src-core/workbench/message-views.ts';
import type {
  ApduView,
  CardSheetView,
  DeviceView,
  PlanView,
  ProfileView,
  ReaderView,
  StoryStep,
  WorkbenchStatus,
} from '../../src-core/workbench/views.ts';
import { fakeBody, oddSession } from './fake-messages.ts';

const START = Date.now() - 8000;
const DAY = 86_400_000;
const ICCID = '8988211000000304172';

export const status: WorkbenchStatus = {
  version: '0.1.0',
  dmServer: { url: 'http://192.168.1.20:8080/dm', listening: true },
  pcsc: { state: 'running', detail: 'Virtual PCD 00 00 · 8988…4172' },
  ports: [{ path: '/tmp/dmw-cable-A', heldBy: 'virtual handset' }],
  store: { kind: 'SQLite', bytes: 14_200_000 },
};

export const devices: readonly DeviceView[] = [
  {
    id: 'IMEI:493005100592800',
    name: 'Virtual handset 1',
    manufacturer: 'Device Factory, Inc.',
    model: 'SmartPhone2000',
    account: 'dm.example',
    reachability: 'in-session',
    detail: 'in session · as dm.example (MD5)',
    virtual: true,
    lastSeen: START,
    nodeCount: 41,
    queued: 0,
  },
  {
    id: 'IMEI:352099001761499',
    name: 'SmartPhone2000',
    reachability: 'seen',
    detail: 'session 18 completed · as tester · 3 queued',
    virtual: false,
    lastSeen: START - 720_000,
    nodeCount: 214,
    queued: 3,
  },
  {
    id: 'IMEI:352099001761481',
    name: 'Tracker T4 of the northern depot, second shelf · 352099001761481',
    reachability: 'failed',
    detail: 'last session failed: 401 credentials of the device do not fit',
    virtual: false,
    lastSeen: START - DAY,
    nodeCount: 0,
    queued: 0,
  },
  {
    id: 'user:gateway-lab-7',
    name: 'Gateway lab 7',
    reachability: 'never',
    detail: 'never connected · bootstrap on card 8988…0417',
    virtual: false,
    nodeCount: 0,
    queued: 0,
  },
];

const ACLS: Readonly<Record<string, string>> = {
  '.': 'Get=*&Add=dm.example',
  './DevInfo': 'Get=*',
  './DMAcc/Example/AppAuth': 'Get=dm.example&Replace=dm.example',
  './Vendor': 'Add=dm.example&Delete=dm.example&Get=*&Replace=dm.example+backup.example',
};

const LONG_NOTE =
  'First line of a long note that a device keeps for its owner.\nSecond line: it does not fit into the row of the tree, so the row says so and the properties panel shows all of it, down to the last word.';

const LEAVES: readonly (readonly [uri: string, format: string, value?: string, type?: string])[] = [
  ['.', 'node'],
  ['./DevInfo', 'node', undefined, 'urn:oma:mo:oma-dm-devinfo:1.0'],
  ['./DevInfo/DevId', 'chr', 'IMEI:493005100592800'],
  ['./DevInfo/Man', 'chr', 'Device Factory, Inc.'],
  ['./DevInfo/Mod', 'chr', 'SmartPhone2000'],
  ['./DevInfo/DmV', 'chr', '1.2'],
  ['./DevInfo/Lang', 'chr', 'en-US'],
  ['./DevDetail', 'node', undefined, 'urn:oma:mo:oma-dm-devdetail:1.0'],
  ['./DevDetail/DevTyp', 'chr', 'phone'],
  ['./DevDetail/OEM', 'chr', 'Device Factory, Inc.'],
  ['./DevDetail/FwV', 'chr', '1.0.4'],
  ['./DevDetail/SwV', 'chr', '2026.11'],
  ['./DevDetail/HwV', 'chr', 'rev C'],
  ['./DevDetail/LrgObj', 'bool', 'true'],
  ['./DevDetail/URI', 'node'],
  ['./DevDetail/URI/MaxDepth', 'chr', '0'],
  ['./DevDetail/URI/MaxTotLen', 'chr', '127'],
  ['./DevDetail/URI/MaxSegLen', 'chr', '32'],
  ['./DMAcc', 'node'],
  ['./DMAcc/Example', 'node', undefined, 'urn:oma:mo:oma-dm-dmacc:1.0'],
  ['./DMAcc/Example/AppID', 'chr', 'w7'],
  ['./DMAcc/Example/ServerID', 'chr', 'dm.example'],
  ['./DMAcc/Example/Name', 'chr', 'Example DM'],
  ['./DMAcc/Example/AppAddr', 'node'],
  ['./DMAcc/Example/AppAddr/1', 'node'],
  ['./DMAcc/Example/AppAddr/1/Addr', 'chr', 'http://192.168.1.20:8080/dm'],
  ['./DMAcc/Example/AppAddr/1/AddrType', 'chr', 'URI'],
  ['./DMAcc/Example/AppAuth', 'node'],
  ['./DMAcc/Example/AppAuth/1', 'node'],
  ['./DMAcc/Example/AppAuth/1/AAuthLevel', 'chr', 'SRVCRED'],
  ['./DMAcc/Example/AppAuth/1/AAuthType', 'chr', 'DIGEST'],
  ['./DMAcc/Example/AppAuth/1/AAuthName', 'chr', 'dm.example'],
  ['./DMAcc/Example/AppAuth/1/AAuthSecret', 'chr'],
  ['./Inbox', 'node', undefined, 'urn:oma:mo:oma-dm-inbox:1.0'],
  ['./Vendor', 'node'],
  ['./Vendor/Clock', 'int', '1'],
  ['./Vendor/Note', 'chr', LONG_NOTE],
  [
    './Vendor/Icon',
    'b64',
    Buffer.from('DM Workbench icon, 48 bytes of nothing much.\x00\x01\xfe\xff', 'latin1').toString('base64'),
  ],
  [
    './Vendor/Policy',
    'xml',
    '<policy version="2"><rule id="1"><allow>camera</allow><deny/></rule></policy>',
    'text/xml',
  ],
  ['./Vendor/Enabled', 'bool', 'false'],
  ['./Vendor/Ratio', 'float', '0.75'],
];

export const tree: readonly DeviceNode[] = LEAVES.map(([uri, format, value, type]): DeviceNode => {
  const acl = ACLS[uri];
  return {
    uri,
    format,
    ...(format === 'node' ? (type ? { type } : {}) : { type: type ?? 'text/plain' }),
    ...(value === undefined ? {} : { value }),
    ...(acl === undefined ? {} : { acl }),
    tstamp: '2026-11-23T22:14:07Z',
    verNo: uri.length % 5,
    readAt: START,
    session: '1A',
    history: uri === './DevDetail/FwV' ? [{ value: '1.0.3', readAt: START - DAY, session: '19' }] : [],
  };
});

/** `n` nodes, ten to a branch, for looking at a tree of the size that a gateway has. */
export function bigTree(n: number): DeviceNode[] {
  const common = { readAt: START, session: '1A', history: [] };
  const nodes: DeviceNode[] = [{ uri: '.', format: 'node', ...common }];
  for (let i = 0; nodes.length < n; i += 1) {
    const branch = `./Big/${Math.floor(i / 1000)}/${Math.floor(i / 10) % 100}`;
    nodes.push({ uri: `${branch}/Leaf${i % 10}`, format: 'int', value: String(i), ...common });
  }
  return nodes;
}

const ok = (code: number, text: string, cmd: string, cmdRef: string): StatusView => ({
  code,
  text,
  cmd,
  cmdRef,
  ok: true,
});

const messages: readonly Omit<MessageView, 'key' | 'encoding'>[] = [
  {
    at: START,
    direction: 'up',
    package: 1,
    msgId: 1,
    bytes: 528,
    commands: [
      { name: 'Alert', cmdId: '1', subject: '1201', items: 0 },
      { name: 'Replace', cmdId: '2', subject: './DevInfo', items: 5 },
    ],
    statuses: [],
    tookMs: 0,
  },
  {
    at: START + 4,
    direction: 'down',
    package: 2,
    msgId: 1,
    bytes: 338,
    commands: [{ name: 'Get', cmdId: '4', subject: './DevDetail?list=StructData', items: 1 }],
    statuses: [
      ok(212, 'Authentication accepted', 'SyncHdr', '0'),
      ok(200, 'OK', 'Alert', '1'),
      ok(200, 'OK', 'Replace ./DevInfo', '2'),
    ],
    tookMs: 4,
  },
  {
    at: START + 45,
    direction: 'up',
    package: 3,
    msgId: 2,
    bytes: 1238,
    commands: [{ name: 'Results', cmdId: '3', subject: './DevDetail', items: 11 }],
    statuses: [ok(212, 'Authentication accepted', 'SyncHdr', '0'), ok(200, 'OK', 'Get ./DevDetail', '4')],
    tookMs: 41,
  },
  {
    at: START + 47,
    direction: 'down',
    package: 4,
    msgId: 2,
    bytes: 296,
    commands: [{ name: 'Replace', cmdId: '3', subject: './Vendor/Enabled', items: 1 }],
    statuses: [ok(200, 'OK', 'SyncHdr', '0'), ok(200, 'OK', 'Results', '3')],
    tookMs: 2,
  },
  {
    at: START + 85,
    direction: 'up',
    package: 3,
    msgId: 3,
    bytes: 214,
    commands: [],
    statuses: [
      ok(200, 'OK', 'SyncHdr', '0'),
      { code: 425, text: 'Permission denied', cmd: 'Replace ./Vendor/Enabled', cmdRef: '3', ok: false },
    ],
    tookMs: 38,
  },
  {
    at: START + 88,
    direction: 'down',
    package: 4,
    msgId: 3,
    bytes: 104,
    commands: [],
    statuses: [ok(200, 'OK', 'SyncHdr', '0')],
    tookMs: 3,
  },
];

const session: SessionView = {
  key: 's-1A',
  deviceId: 'IMEI:493005100592800',
  sessionId: '1A',
  startedAt: START,
  state: 'open',
  detail: 'as dm.example',
  authenticated: { client: true, server: true, scheme: 'MD5' },
  encoding: 'wbxml',
  transport: 'HTTP',
  messages: messages.map((m, i) => ({ ...m, key: `m-1A-${i}`, encoding: 'wbxml' })),
};

const odd = oddSession(session.deviceId, START);

export const sessions: readonly SessionView[] = [
  session,
  {
    ...session,
    key: 's-19',
    sessionId: '19',
    startedAt: START - DAY,
    state: 'completed',
    detail: 'completed: no more commands',
    messages: session.messages.slice(0, 3).map(m => ({ ...m, key: `${m.key}-old`, at: m.at - DAY })),
  },
  odd.view,
];

export const bodyOf = (key: string) => fakeBody(key, odd.records);

export const failedSession: SessionView = {
  ...session,
  key: 's-F',
  deviceId: 'IMEI:352099001761481',
  sessionId: '07',
  startedAt: START - DAY,
  state: 'failed',
  detail: '401 Invalid credentials: user "tracker", MD5 digest does not fit the nonce',
  authenticated: { client: false, server: false, scheme: 'MD5' },
  messages: session.messages.slice(0, 1).map(m => ({ ...m, key: `${m.key}-failed` })),
};

export const readers: readonly ReaderView[] = [
  {
    name: 'Virtual PCD 00 00',
    transport: 'pcscd',
    state: 'present',
    atr: '3B9F96801FC78031A073BE21136743200718000001A5',
    iccid: ICCID,
  },
  { name: 'HID Global OMNIKEY 3121 USB [OMNIKEY 3121 Smart Card Reader] 01 00', transport: 'pcscd', state: 'empty' },
];

export const profiles: readonly ProfileView[] = [
  { id: 'example', name: 'Example DM', serverId: 'dm.example', serverUrl: 'http://192.168.1.20:8080/dm' },
  { id: 'field', name: 'Field trial, spring', serverId: 'dm.field.example', serverUrl: 'https://dm.field.example/dm' },
];

const ACCESS = 'READ: always; UPDATE: ADM1';
const PLAIN_FILE = {
  structure: 'transparent',
  lifeCycle: 'activated',
  words: 'transparent, no SFI, activated',
} as const;
const FACTS = ['ServerID dm.example', 'AppAddr http://192.168.1.20:8080/dm', 'CLCRED  AAuthSecret •••'];

export const sheet: CardSheetView = {
  reader: 'Virtual PCD 00 00',
  atr: '3B9F96801FC78031A073BE21136743200718000001A5',
  atrWords: ['direct convention, T=0', 'historical bytes: category 80, card capabilities', 'UICC, logical channels'],
  iccid: ICCID,
  applications: [
    { aid: 'A0000000871002FF44FF128900000100', label: 'USIM' },
    { aid: 'A000000063504B43532D3135', label: 'PKCS-15', path: '3F007F50' },
  ],
  files: [
    {
      ...{ path: '2F00', what: 'EF DIR: applications', size: 76, used: 62, structure: 'linear fixed', sfi: 30 },
      ...{ records: { length: 38, count: 2 }, words: 'linear fixed, 2 records of 38 bytes, SFI 30, activated' },
    },
    {
      path: '2FE2',
      what: 'EF ICCID',
      size: 10,
      used: 10,
      ...PLAIN_FILE,
      sfi: 2,
      words: 'transparent, SFI 2, activated',
    },
    { path: '7F50/5031', what: 'EF ODF: directory of directories', size: 64, used: 12, ...PLAIN_FILE, access: ACCESS },
    { path: '7F50/6430', what: 'EF DODF: data objects', size: 128, used: 28, ...PLAIN_FILE, access: ACCESS },
    { path: '7F50/6431', what: 'EF DM_Bootstrap', size: 1024, used: 412, ...PLAIN_FILE, access: ACCESS },
  ],
  pin1: { enabled: false, triesLeft: 3, needed: false, words: 'disabled: nobody is asked for it' },
  bootstrap: {
    bytes: 412,
    serverId: 'old-operator.example',
    serverUrl: 'http://dm.old-operator.example/',
    detail: 'One DM account.',
    facts: FACTS,
  },
  admTriesLeft: 3,
  problems: [],
};

export const provisionedSheet: CardSheetView = {
  ...sheet,
  bootstrap: {
    bytes: 618,
    serverId: 'dm.example',
    serverUrl: 'http://192.168.1.20:8080/dm',
    detail: 'One DM account.',
    facts: FACTS,
  },
};

export const plan: PlanView = {
  id: 'plan-0',
  kind: 'provision',
  gap: false,
  reader: 'Virtual PCD 00 00',
  iccid: ICCID,
  profile: 'Example DM',
  files: [
    {
      path: '7F50/5031',
      what: 'EF ODF: directory of directories',
      onCard: 12,
      willBe: 12,
      apdus: 0,
      change: 'unchanged',
    },
    { path: '7F50/6431', what: 'EF DM_Bootstrap', onCard: 412, willBe: 618, apdus: 5, change: 'change' },
    {
      path: '7F50/6430',
      what: 'EF DODF: points to the bootstrap; last',
      onCard: 28,
      willBe: 28,
      apdus: 1,
      change: 'change',
    },
  ],
  diff: [
    { kind: 'note', text: 'EF DODF · offset 18' },
    { kind: 'old', text: '301A 30040C02444D 30060604672B0701 A10A300804063F007F50 6431' },
    { kind: 'new', text: '301A 30040C02444D 30060604672B0701 A10A300804063F007F50 6432' },
    { kind: 'note', text: 'EF DM_Bootstrap → ./Inbox → DMAcc “Example”' },
    { kind: 'same', text: 'AppID      w7' },
    { kind: 'old', text: 'ServerID   old-operator.example  AppAddr  http://dm.old-operator.example/' },
    { kind: 'new', text: 'ServerID   dm.example            AppAddr  http://192.168.1.20:8080/dm' },
    { kind: 'new', text: 'AAuthLevel SRVCRED  AAuthType DIGEST  AAuthName dm.example  AAuthSecret •••' },
    { kind: 'new', text: 'AAuthLevel CLCRED   AAuthType DIGEST  AAuthName device      AAuthSecret •••' },
  ],
  key: 'ADM1',
  admTriesLeft: 3,
  apdusToWrite: 6,
  apdusToVerify: 9,
  estimate: { apdus: 27, bytes: 2_940, ms: 1_920 },
};

export const apdus: readonly ApduView[] = [
  ['SELECT 2FE2', '00A40004022FE2', '621A8202412183022FE2', '9000', 'normal ending', 48],
  ['READ BINARY 2FE2, 10 bytes from 0', '00B000000A', '98881201000000031427', '9000', 'normal ending', 47],
  [
    'SELECT application A000000063504B43532D3135',
    '00A4040C0CA000000063504B43532D3135',
    '',
    '9000',
    'normal ending',
    51,
  ],
  [
    'READ BINARY 5031, 256 bytes from 0',
    '00B0000000',
    'A70A300804063F007F506430FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF',
    '9000',
    'normal ending',
    49,
  ],
  [
    'VERIFY ADM1: how many tries are left',
    '0020000A',
    '',
    '63C3',
    'verification failed or not tried yet, 3 tries left',
    48,
  ],
].map(([text, command, response, statusWord, meaning, ms], i) => ({
  at: START + i * 50,
  text: String(text),
  command: String(command),
  response: String(response),
  statusWord: String(statusWord),
  ok: /^(90|61)/.test(String(statusWord)),
  meaning: String(meaning),
  ms: Number(ms),
}));

export const storySteps: readonly StoryStep[] = [
  { name: 'Build the bootstrap', ok: true, ms: 3, detail: 'DM profile for dm.example, 618 bytes of WBXML' },
  {
    name: 'Write it on a card',
    ok: true,
    ms: 1830,
    detail: 'Virtual PCD 00 00 through pcscd: 6 APDUs written, 9 to verify',
  },
  { name: 'Handset reads the card', ok: true, ms: 412, detail: 'EF.DIR → PKCS#15 → ODF → DODF → EF DM_Bootstrap' },
  {
    name: 'Handset connects to the server',
    ok: true,
    ms: 96,
    detail: 'HTTP, WBXML, both sides authenticated with MD5',
  },
  { name: 'Server reads the tree', ok: true, ms: 122, detail: '41 nodes in 6 messages' },
  {
    name: 'Handset on a serial cable',
    ok: true,
    ms: 240,
    detail: 'Device Factory SmartPhone2000, IMEI 493005100592800',
  },
];

export const failedStep: StoryStep = {
  name: 'Handset connects to the server',
  ok: false,
  ms: 31,
  detail:
    'The server refused the credentials with 401: the digest does not fit. Look at the session in the Devices room.',
};
