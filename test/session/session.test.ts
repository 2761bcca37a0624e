import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import type { SessionEvent } from '../../src-core/session/events.ts';
import type { Wire } from '../../src-core/session/wire.ts';
import { md5Digest } from '../../src-core/syncml/credentials.ts';
import type { Command, Draft, Message } from '../../src-core/syncml/message.ts';
import { ACCOUNT } from '../support/dm-account.ts';
import {
  clientSession,
  describeMessage,
  deviceTree,
  run,
  SERVER_ACCOUNT,
  serverSession,
  wireOf,
  wrong,
} from '../support/memory-session.ts';

const target = (uri: string) => ({ target: { uri } });
const get = (...uris: string[]): Draft => ({ kind: 'Get', items: uris.map(target) });
/** CmdIDs from `first` on, children after their group. */
const withIds = (draft: Draft, first: number): Command =>
  draft.kind === 'Atomic' || draft.kind === 'Sequence'
    ? { ...draft, cmdId: String(first), commands: draft.commands.map((inner, i) => withIds(inner, first + 1 + i)) }
    : ({ ...draft, cmdId: String(first) } as Command);
const WORK: Draft[][] = [
  [
    get('./A', './A/Key'),
    { kind: 'Atomic', commands: [{ kind: 'Delete', items: [target('./A/B')] }] },
    { kind: 'Exec', items: [target('./A/B')] },
  ],
  [
    { kind: 'Replace', items: [{ ...target('./A/B'), data: 'new' }] },
    get('./A/B'),
    get('./A/Raw'),
    { kind: 'Copy', items: [{ ...target('./A/C'), source: { uri: './A/B' } }] },
    { kind: 'Alert', code: 1100, items: [{}, { data: 'Hello' }] },
  ],
];
const words = (events: readonly SessionEvent[]) =>
  events.map(event => {
    if (event.kind === 'nonce') return `nonce ${event.side} ${toHex(event.nonce)}`;
    if (event.kind === 'refused') return `refused ${event.side} ${event.code}${event.final ? ' final' : ''}`;
    if (event.kind === 'authenticated') return `authenticated ${event.side}`;
    return event.kind === 'ended' ? `ended ${event.outcome}: ${event.reason}` : event.kind;
  });

describe('a whole session, both ends in memory', () => {
  it('message by message', () => {
    const tree = deviceTree();
    const { ladder, told, events } = run(clientSession(ACCOUNT, tree), WORK);
    expect(ladder).toEqual([
      '> 1 cred [1 Alert 1201] [2 Replace ./DevInfo/Man] final',
      '< 1 cred [1 Status 1/0 SyncHdr 212 chal:20] [2 Status 1/1 Alert 200] [3 Status 1/2 Replace 200] [4 Get ./A ./A/Key] [5 Atomic(Delete ./A/B)] [7 Exec ./A/B] final',
      '> 2 [1 Status 1/0 SyncHdr 212 chal:10] [2 Status 1/4 Get ./A 200] [3 Results 1/4 ./A=B/Raw/Key] [4 Status 1/4 Get ./A/Key 425] [5 Status 1/5 Atomic 507] [6 Status 1/6 Delete ./A/B 425] [7 Status 1/7 Exec ./A/B 406] final',
      '< 2 [1 Status 2/0 SyncHdr 200] [2 Replace ./A/B] [3 Get ./A/B] [4 Get ./A/Raw] [5 Copy ./A/C] [6 Alert 1100] final',
      "> 3 [1 Status 2/0 SyncHdr 200] [2 Status 2/2 Replace ./A/B 200] [3 Status 2/3 Get ./A/B 200] [4 Results 2/3 ./A/B=new] [5 Status 2/4 Get ./A/Raw 200] [6 Results 2/4 ./A/Raw=h'00ff41'] [7 Status 2/5 Copy ./A/C 200] [8 Status 2/6 Alert 200] final",
      '< 3 [1 Status 3/0 SyncHdr 200] final',
    ]);
    expect(told).toEqual([
      'Get ./A ./A/Key 200',
      'Get ./A ./A/Key = B/Raw/Key',
      'Get ./A ./A/Key 425',
      'Atomic(Delete ./A/B) 507',
      'Delete ./A/B 425',
      'Exec ./A/B 406',
      'Replace ./A/B 200',
      'Get ./A/B 200',
      'Get ./A/B = new',
      'Get ./A/Raw 200',
      "Get ./A/Raw = h'00ff41'",
      'Copy ./A/C 200',
      'Alert 1100 200',
    ]);
    expect(words(events.client)).toEqual([
      'authenticated client',
      'nonce server 10',
      'authenticated server',
      'nonce client 20',
      'ended completed: the server has no more commands',
    ]);
    expect(words(events.server)).toEqual([
      'nonce client 20',
      'authenticated client',
      'alert',
      'device-info',
      'authenticated server',
      'nonce server 10',
      'ended completed: no more commands',
    ]);
    // The Atomic was refused whole, the Replace done.
    expect(tree.get('./A/B', 'device')).toMatchObject({ value: 'new', verNo: 1 });
  });

  it('headers: who speaks to whom, in which session', () => {
    const wire = clientSession().start();
    const first = wire.message;
    const reply = serverSession(wire, WORK).session.receive(wire).reply.message;
    const common = { verDTD: '1.2', verProto: 'DM/1.2', sessionId: '1A', msgId: 1 };
    const cred = { format: 'b64', type: 'syncml:auth-md5' };
    expect(first.header).toEqual({
      ...common,
      target: { uri: 'http://dm.example/dm' },
      source: { uri: 'IMEI:1', name: 'device' },
      cred: { meta: cred, data: md5Digest(SERVER_ACCOUNT.client, ACCOUNT.client.nonce) },
      meta: { maxMsgSize: 5000 },
    });
    expect(reply.header).toEqual({
      ...common,
      target: { uri: 'IMEI:1' },
      source: { uri: 'http://dm.example/dm', name: 'dm.example' },
      cred: { meta: cred, data: md5Digest(SERVER_ACCOUNT.server, ACCOUNT.server.nonce) },
      meta: { maxMsgSize: 6000, maxObjSize: 100_000 },
    });
    expect(reply.commands[0]).toMatchObject({
      cmd: 'SyncHdr',
      targetRefs: ['http://dm.example/dm'],
      sourceRefs: ['IMEI:1'],
    });
  });

  it('the same again gives the same bytes, and the same received bytes the same answers', () => {
    const first = run(clientSession(), WORK);
    expect(first.bytes.length).toBe(6);
    expect(run(clientSession(), WORK).bytes.map(bytes => toHex(bytes))).toEqual(first.bytes.map(bytes => toHex(bytes)));
  });

  it('without work one Get lets the device judge the server, then it is over', () => {
    const { ladder } = run(clientSession(), []);
    expect(ladder).toEqual([
      '> 1 cred [1 Alert 1201] [2 Replace ./DevInfo/Man] final',
      '< 1 cred [1 Status 1/0 SyncHdr 212 chal:20] [2 Status 1/1 Alert 200] [3 Status 1/2 Replace 200] [4 Get ./DevInfo/DevId] final',
      '> 2 [1 Status 1/0 SyncHdr 212 chal:10] [2 Status 1/4 Get ./DevInfo/DevId 404] final',
      '< 2 [1 Status 2/0 SyncHdr 200] final',
    ]);
  });
});

describe('authentication', () => {
  const stale = Uint8Array.of(9);

  it('a stale nonce of the device: 401 and a challenge, package 1 again, on it goes', () => {
    const { ladder, events, told } = run(clientSession({ ...ACCOUNT, client: { ...ACCOUNT.client, nonce: stale } }), [
      [get('./A/B')],
    ]);
    expect(ladder.slice(0, 4)).toEqual([
      '> 1 cred [1 Alert 1201] [2 Replace ./DevInfo/Man] final',
      '< 1 [1 Status 1/0 SyncHdr 401 chal:20] [2 Status 1/1 Alert 401] [3 Status 1/2 Replace 401] final',
      '> 2 cred [1 Status 1/0 SyncHdr 200] [2 Alert 1201] [3 Replace ./DevInfo/Man] final',
      '< 2 cred [1 Status 2/0 SyncHdr 212 chal:21] [2 Status 2/2 Alert 200] [3 Status 2/3 Replace 200] [4 Get ./A/B] final',
    ]);
    expect(told).toEqual(['Get ./A/B 200', 'Get ./A/B = b']);
    // The challenge came from nobody known yet: its nonce is used, not kept (DM Security §5.3.4).
    expect(words(events.client).slice(0, 5)).toEqual([
      'refused client 401',
      'authenticated client',
      'nonce server 10',
      'authenticated server',
      'nonce client 21',
    ]);
  });

  it('no credentials: 407, a challenge, and nothing taken; then they come', () => {
    const client = clientSession();
    const { message } = client.start();
    const { cred: _, ...header } = message.header;
    const first = wireOf({ ...message, header });
    const { session } = serverSession(first, WORK);
    const exchange = session.receive(first);
    expect(describeMessage(exchange.reply.message)).toBe(
      '1 [1 Status 1/0 SyncHdr 407 chal:20] [2 Status 1/1 Alert 407] [3 Status 1/2 Replace 407] final',
    );
    expect(words(exchange.events)).toEqual(['refused client 407']);
    const { reply } = client.receive(exchange.reply);
    expect(reply && describeMessage(reply.message)).toBe(
      '2 cred [1 Status 1/0 SyncHdr 200] [2 Alert 1201] [3 Replace ./DevInfo/Man] final',
    );
    expect(reply && describeMessage(session.receive(reply).reply.message)).toMatch(
      /^2 cred \[1 Status 2\/0 SyncHdr 212 chal:21\]/,
    );
  });

  it.each([
    ['a wrong password', ACCOUNT.client.name, SERVER_ACCOUNT],
    ['a user nobody knows', 'nobody', 'unknown'],
  ] as const)('%s: two times 401, statuses only, over', (_name, name, account) => {
    const { ladder, events, told } = run(
      clientSession({ ...ACCOUNT, client: { ...ACCOUNT.client, name, secret: wrong } }),
      WORK,
      { account },
    );
    expect(ladder).toEqual([
      '> 1 cred [1 Alert 1201] [2 Replace ./DevInfo/Man] final',
      '< 1 [1 Status 1/0 SyncHdr 401 chal:20] [2 Status 1/1 Alert 401] [3 Status 1/2 Replace 401] final',
      '> 2 cred [1 Status 1/0 SyncHdr 200] [2 Alert 1201] [3 Replace ./DevInfo/Man] final',
      '< 2 [1 Status 2/0 SyncHdr 401 chal:21] [2 Status 2/2 Alert 401] [3 Status 2/3 Replace 401] final',
    ]);
    expect(told).toEqual([]);
    expect(words(events.client).slice(-2)).toEqual([
      'refused client 401 final',
      `ended refused: the server refused "${name}" twice: user name or password is wrong`,
    ]);
    expect(words(events.server).slice(-2)).toEqual([
      'refused client 401 final',
      'ended refused: the device could not prove who it is',
    ]);
    expect(words(events.server)).not.toContain('device-info');
  });

  it('a stale nonce of the server: its commands go out again with new credentials', () => {
    const { ladder, told } = run(clientSession({ ...ACCOUNT, server: { ...ACCOUNT.server, nonce: stale } }), [
      [get('./A/B')],
    ]);
    expect(ladder.slice(2)).toEqual([
      '> 2 [1 Status 1/0 SyncHdr 401 chal:10] [2 Status 1/4 Get 401] final',
      '< 2 cred [1 Status 2/0 SyncHdr 200] [2 Get ./A/B] final',
      '> 3 [1 Status 2/0 SyncHdr 212 chal:11] [2 Status 2/2 Get ./A/B 200] [3 Results 2/2 ./A/B=b] final',
      '< 3 [1 Status 3/0 SyncHdr 200] final',
    ]);
    expect(told).toEqual(['Get ./A/B 200', 'Get ./A/B = b']);
  });

  it('a server with a wrong password gets 401 for everything, and nothing happens to the tree', () => {
    const tree = deviceTree();
    const before = tree.subtree('.', 'device');
    const packages: Draft[][] = [[get('./A'), { kind: 'Delete', items: [target('./A')] }]];
    const { ladder, told, events } = run(
      clientSession({ ...ACCOUNT, server: { ...ACCOUNT.server, secret: wrong } }, tree),
      packages,
    );
    expect(ladder.slice(2)).toEqual([
      '> 2 [1 Status 1/0 SyncHdr 401 chal:10] [2 Status 1/4 Get 401] [3 Status 1/5 Delete 401] final',
      '< 2 cred [1 Status 2/0 SyncHdr 200] [2 Get ./A] [3 Delete ./A] final',
      '> 3 [1 Status 2/0 SyncHdr 401 chal:11] [2 Status 2/2 Get 401] [3 Status 2/3 Delete 401] final',
      '< 3 [1 Status 3/0 SyncHdr 200] final',
    ]);
    expect(tree.subtree('.', 'device')).toEqual(before);
    expect(told).toEqual([]);
    expect(words(events.client).at(-1)).toBe('ended refused: the server could not prove who it is');
    expect(words(events.server).at(-1)).toBe(
      'ended refused: the device refused "dm.example" twice: user name or password is wrong',
    );
  });

  it('a server that gives no credentials gets 407', () => {
    const client = clientSession();
    const first = client.start();
    const { reply } = serverSession(first, WORK).session.receive(first);
    const { cred: _, ...header } = reply.message.header;
    const answer = client.receive(wireOf({ ...reply.message, header })).reply;
    expect(answer && describeMessage(answer.message)).toBe(
      '2 [1 Status 1/0 SyncHdr 407 chal:10] [2 Status 1/4 Get 407] [3 Status 1/5 Atomic 407] [4 Status 1/7 Exec 407] final',
    );
  });
});

describe('what has no place in a session', () => {
  const begin = () => {
    const client = clientSession();
    const first = client.start();
    const { session, told } = serverSession(first, WORK);
    const { reply } = session.receive(first);
    const second = client.receive(reply).reply;
    if (!second) throw new Error('the client said nothing');
    return { session, told, first, second };
  };
  const withHeader = ({ message }: Wire, header: Partial<Message['header']>): Wire =>
    wireOf({ ...message, header: { ...message.header, ...header } });
  const withCommands = ({ message }: Wire, ...more: Command[]): Wire =>
    wireOf({ ...message, commands: [...message.commands, ...more] });
  const refused = (code: string) => expect.objectContaining({ name: 'ProtocolError', status: 400, code });

  it.each([
    ['another SessionID', { sessionId: '1B' }, 'session-id'],
    ['the MsgID of the last message', { msgId: 1 }, 'msg-id'],
    ['MsgID 0', { msgId: 0 }, 'msg-id'],
  ])('%s: refused, and the session goes on', (_name, header, code) => {
    const { session, second } = begin();
    expect(() => session.receive(withHeader(second, header))).toThrow(refused(code));
    expect(describeMessage(session.receive(second).reply.message)).toMatch(
      /^2 \[1 Status 2\/0 SyncHdr 200\] \[2 Replace/,
    );
  });

  it.each([
    ['VerProto DM/2.0', { verProto: 'DM/2.0' }, 513],
    ['VerDTD 1.1 with DM/1.2', { verDTD: '1.1' }, 513],
    ['VerDTD 2.0', { verDTD: '2.0', verProto: 'DM/2.0' }, 505],
  ])('%s: %o answers %i and ends', (_name, header, code) => {
    const first = withHeader(clientSession().start(), header);
    const { session } = serverSession(first, WORK);
    const { reply, events } = session.receive(first);
    expect(describeMessage(reply.message)).toBe(`1 [1 Status 1/0 SyncHdr ${code}] final`);
    expect(words(events)).toEqual([expect.stringMatching(/^ended refused: .* is not supported$/)]);
    expect(session.state).toBe('ended');
    const told = clientSession();
    told.start();
    expect(words(told.receive(reply).events)).toEqual([
      `ended refused: the server answered ${code}: it speaks no version of ours`,
    ]);
  });

  it('after the end: refused by the server, without effect on the client', () => {
    const client = clientSession();
    const first = client.start();
    const { session } = serverSession(first, []);
    const second = client.receive(session.receive(first).reply).reply ?? first;
    const { reply } = session.receive(second);
    expect(() => session.receive(withHeader(first, { msgId: 3 }))).toThrow(refused('session-over'));
    client.receive(reply);
    expect([client.state, client.receive(reply)]).toEqual(['ended', { events: [] }]);
  });

  const alert = (code: number): Command => ({ kind: 'Alert', cmdId: '9', code, items: [] });
  it('alert 1223 of the device ends the session', () => {
    const { session, second } = begin();
    const { reply, events } = session.receive(withCommands(second, alert(1223)));
    expect(describeMessage(reply.message)).toBe('2 [1 Status 2/0 SyncHdr 200] [2 Status 2/9 Alert 200] final');
    expect(words(events).at(-1)).toBe('ended aborted: the device aborted the session');
    expect(session.state).toBe('ended');
  });

  it('alert 1223 of the server ends it for the device, which executes nothing and answers nothing', () => {
    const tree = deviceTree();
    const client = clientSession(ACCOUNT, tree);
    const first = client.start();
    const { reply } = serverSession(first, [[{ kind: 'Delete', items: [target('./A')] }]]).session.receive(first);
    const exchange = client.receive(withCommands(reply, alert(1223)));
    expect([exchange.reply, words(exchange.events).at(-1)]).toEqual([
      undefined,
      'ended aborted: the server aborted the session',
    ]);
    expect(tree.has('./A')).toBe(true);
  });

  it('a package that goes on: 1222 asks for its next message, and no command goes out before', () => {
    const { session, second, told } = begin();
    const { header, commands: all } = second.message;
    const [head, ...rest] = all;
    const part = (msgId: number, commands: readonly Command[], final: boolean) =>
      session.receive(wireOf({ header: { ...header, msgId }, commands, final }));
    expect(describeMessage(part(2, head ? [head] : [], false).reply.message)).toBe(
      '2 [1 Status 2/0 SyncHdr 200] [2 Alert 1222]',
    );
    expect(told).toEqual([]);
    expect(describeMessage(part(3, rest, true).reply.message)).toMatch(
      /^3 \[1 Status 3\/0 SyncHdr 200\] \[2 Replace \.\/A\/B\]/,
    );
    expect(told).toHaveLength(6);
  });

  it.each<[string, Command, number]>([
    ['Get', { kind: 'Get', cmdId: '9', items: [target('./A')] }, 405],
    ['Atomic', { kind: 'Atomic', cmdId: '9', commands: [] }, 405],
    ['Alert', alert(1224), 412],
    ['Alert', alert(1100), 406],
  ])('%s from the device is answered %o', (name, command, code) => {
    const { session, second } = begin();
    const { reply } = session.receive(withCommands(second, command));
    expect(describeMessage(reply.message)).toContain(`[2 Status 2/9 ${name} ${code}]`);
  });

  it('answers to commands nobody sent change nothing', () => {
    const { session, second, told } = begin();
    const stray: Command[] = [
      {
        kind: 'Status',
        cmdId: '8',
        msgRef: 1,
        cmdRef: '77',
        cmd: 'Get',
        targetRefs: [],
        sourceRefs: [],
        code: 200,
        items: [],
      },
      { kind: 'Results', cmdId: '9', msgRef: 7, cmdRef: '4', targetRefs: [], sourceRefs: [], items: [] },
    ];
    const { message } = second;
    session.receive(wireOf({ ...message, commands: [...message.commands.slice(0, 1), ...stray] }));
    expect(told).toEqual([]);
  });
});

describe('the client answers every command', () => {
  /** What the client answers to these commands, which no server of ours would send in part. */
  const send = (...drafts: Draft[]): string => {
    const client = clientSession();
    const first = client.start();
    const { message } = serverSession(first, WORK).session.receive(first).reply;
    const statuses = message.commands.filter(({ kind }) => kind === 'Status');
    const commands = drafts.map((draft, i): Command => withIds(draft, i + 4));
    const { reply } = client.receive(wireOf({ ...message, commands: [...statuses, ...commands] }));
    return reply ? `> ${describeMessage(reply.message)}` : '';
  };
  it.each<[string, Draft, string]>([
    ['Add', { kind: 'Add', items: [{ ...target('./A/N'), data: 'x' }] }, 'Add ./A/N 200'],
    ['Add of what is there', { kind: 'Add', items: [{ ...target('./A/B'), data: 'x' }] }, 'Add ./A/B 418'],
    [
      'Add of an unknown format',
      { kind: 'Add', items: [{ ...target('./A/N'), meta: { format: 'money' }, data: 'x' }] },
      'Add ./A/N 415',
    ],
    ['Replace of an interior node', { kind: 'Replace', items: [{ ...target('./A'), data: 'x' }] }, 'Replace ./A 405'],
    [
      'Replace of a property',
      { kind: 'Replace', items: [{ ...target('./A/B?prop=ACL'), data: 'Get=*' }] },
      'Replace ./A/B?prop=ACL 425',
    ],
    ['Delete', { kind: 'Delete', items: [target('./A/Raw')] }, 'Delete ./A/Raw 200'],
    ['Delete without the right', { kind: 'Delete', items: [target('./A/B')] }, 'Delete ./A/B 425'],
    ['Get of what is not there', get('./No'), 'Get ./No 404'],
    ['Get of a malformed URI', get('./A//B'), 'Get ./A//B 400'],
    ['Get without a target', { kind: 'Get', items: [{}] }, 'Get 412'],
    ['Get of an unknown list', get('./A?list=Trees'), 'Get ./A?list=Trees 406'],
    [
      'Sequence',
      { kind: 'Sequence', commands: [get('./A')] },
      'Sequence 200] [3 Status 1/5 Get ./A 200] [4 Results 1/5 ./A=B/Raw/Key',
    ],
  ])('%s', (_name, draft, answer) => {
    expect(send(draft)).toBe(`> 2 [1 Status 1/0 SyncHdr 212 chal:10] [2 Status 1/4 ${answer}] final`);
  });

  it.each([
    ['./A/B?prop=Format', 'chr'],
    ['./A/B?prop=ACL', 'Get=*&Replace=*'],
    ['./A/Raw?prop=Size', '3'],
  ])('Get of %s', (uri, value) => {
    expect(send(get(uri))).toContain(`[2 Status 1/4 Get ${uri} 200] [3 Results 1/4 ${uri}=${value}]`);
  });

  it('later messages go where RespURI says', () => {
    const client = clientSession();
    const first = client.start();
    const { reply } = serverSession(first, WORK).session.receive(first);
    const { header } = reply.message;
    const redirected = wireOf({ ...reply.message, header: { ...header, respURI: 'http://dm.example/2' } });
    const answer = client.receive(redirected).reply;
    expect(answer?.message.header.target).toEqual({ uri: 'http://dm.example/2' });
  });
});
