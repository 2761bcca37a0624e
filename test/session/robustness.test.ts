/** What goes wrong in sessions and how each end bears it: lost answers, aborts, versions, broken objects. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import type { ClientSession } from '../../src-core/session/client-session.ts';
import { DM_1_1, DM_1_2, DM_1_3 } from '../../src-core/session/versions.ts';
import type { Wire } from '../../src-core/session/wire.ts';
import type { Command, Draft, Item } from '../../src-core/syncml/message.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { ACCOUNT } from '../support/dm-account.ts';
import {
  clientSession,
  describeMessage,
  run,
  SERVER_ACCOUNT,
  serverSession,
  wireOf,
} from '../support/memory-session.ts';

type AlertDraft = Extract<Draft, { kind: 'Alert' }>;

const target = (uri: string) => ({ target: { uri } });
const get = (uri: string): Draft => ({ kind: 'Get', items: [target(uri)] });
const tree = () =>
  new ManagementTree([interior('A', [leaf('B', 'b')], { acl: 'Add=*&Get=*&Replace=*&Delete=*' })], { now: () => 0 });

/** Both ends after package 2: the client has its answer ready. */
function begun(packages: Draft[][] = [[get('./A/B')]], client: ClientSession = clientSession(ACCOUNT, tree())) {
  const first = client.start();
  const { session, told } = serverSession(first, packages);
  const down = session.receive(first).reply;
  const up = client.receive(down).reply;
  if (!up) throw new Error('the client said nothing');
  return { client, session, told, first, down, up };
}

/** The peer's message with these commands instead of its own, its header kept. */
const saying = ({ message }: Wire, msgId: number, commands: readonly Command[], final = true): Wire =>
  wireOf({ header: { ...message.header, msgId }, commands, final });

describe('retransmission', () => {
  it('the device’s last message again: the same bytes, and nothing happens twice', () => {
    const { session, told, up } = begun();
    const answer = session.receive(up);
    const before = [...told];
    const again = session.receive({ ...up, bytes: Uint8Array.from(up.bytes) });
    expect(toHex(again.reply.bytes)).toBe(toHex(answer.reply.bytes));
    expect([again.repeated, again.events, told]).toEqual([true, [], before]);
  });

  it('also for package 1, and for the last message after the end', () => {
    const { session, first, down, up } = begun([]);
    expect(toHex(serverSession(first, []).session.receive(first).reply.bytes)).toBe(toHex(down.bytes));
    const last = session.receive(up);
    expect(session.state).toBe('ended');
    expect(toHex(session.receive(up).reply.bytes)).toBe(toHex(last.reply.bytes));
  });

  it('a message that could not be answered is judged again: sent twice, it gives a stranger nothing', () => {
    const first = clientSession(ACCOUNT, tree()).start();
    const narrow = wireOf({
      ...first.message,
      header: { ...first.message.header, cred: undefined, meta: { maxMsgSize: 1 } },
    });
    const { session, told } = serverSession(narrow, [[get('./A/B')]]);
    const tooSmall = expect.objectContaining({ name: 'ProtocolError', code: 'max-msg-size' });
    expect(() => session.receive(narrow)).toThrow(tooSmall);
    expect(() => session.receive(narrow)).toThrow(tooSmall);
    expect(told).toEqual([]);
  });

  it('the same MsgID with other bytes is no retransmission', () => {
    const { session, up } = begun([[get('./A/B')], [get('./A')]]);
    session.receive(up);
    expect(() => session.receive(saying(up, 2, []))).toThrow(expect.objectContaining({ code: 'msg-id' }));
  });

  it('the server’s last message again: the device answers with the same bytes and executes nothing twice', () => {
    const add: Draft = { kind: 'Add', items: [{ ...target('./A/N'), meta: { format: 'chr' }, data: 'x' }] };
    const { client, down, up } = begun([[add]]);
    const again = client.receive(down).reply;
    expect(again && toHex(again.bytes)).toBe(toHex(up.bytes));
    expect(describeMessage(up.message)).toContain('Add ./A/N 200');
  });
});

describe('abort', () => {
  it('by the server: alert 1223, statuses, no commands, final', () => {
    const { session, client, up } = begun([[get('./A/B')], [get('./A')]]);
    session.abort('the server shuts down');
    const { reply, events } = session.receive(up);
    expect(describeMessage(reply.message)).toBe('2 [1 Status 2/0 SyncHdr 200] [2 Alert 1223] final');
    expect(events.at(-1)).toEqual({ kind: 'ended', outcome: 'aborted', reason: 'the server shuts down' });
    expect(client.receive(reply)).toMatchObject({ events: [{ kind: 'ended', outcome: 'aborted' }] });
  });

  it('by the device: alert 1223, final; the server answers with statuses only', () => {
    const { session, client } = begun([[get('./A/B')], [get('./A')]]);
    const abort = client.abort();
    expect(describeMessage(abort.message)).toBe('3 [1 Alert 1223] final');
    expect(describeMessage(session.receive(abort).reply.message)).toBe(
      '2 cred [1 Status 3/0 SyncHdr 200] [2 Status 3/1 Alert 200] final',
    );
    expect([session.state, client.state]).toEqual(['ended', 'ended']);
  });
});

describe('a question', () => {
  const confirm: Draft = { kind: 'Alert', code: 1101, items: [{}, { data: 'Go on?' }] };
  const asking = () => {
    const client = clientSession(ACCOUNT, tree());
    const first = client.start();
    const { session } = serverSession(first, [[confirm]]);
    const down = session.receive(first).reply;
    expect(client.receive(down).question?.text).toBe('Go on?');
    return { client, session, down };
  };

  it('answered in the wrong kind stays, and the right answer goes on', () => {
    const { client } = asking();
    expect(() => client.answer({ kind: 'text', text: 'yes' })).toThrow(
      expect.objectContaining({ name: 'RequestError' }),
    );
    const { reply } = client.answer({ kind: 'confirmed', yes: true });
    expect(reply && describeMessage(reply.message)).toContain('Alert 200] final');
  });

  it('repeated by the server is the same question', () => {
    const { client, down } = asking();
    expect(client.receive(down).question?.text).toBe('Go on?');
  });

  it('is over when the device aborts', () => {
    const { client, session, down } = asking();
    expect(describeMessage(session.receive(client.abort()).reply.message)).toContain('Alert 200');
    expect(client.receive(down)).toEqual({ events: [] });
    expect(() => client.answer({ kind: 'confirmed', yes: true })).toThrow(
      expect.objectContaining({ code: 'nothing-asked' }),
    );
  });
});

describe('versions', () => {
  it.each([
    ['1.1.2', DM_1_1, 'SYNCML:SYNCML1.1'],
    ['1.2', DM_1_2, 'SYNCML:SYNCML1.2'],
    ['1.3', DM_1_3, 'SYNCML:SYNCML1.2'],
  ])('DM %s: a whole session, answered in the same version', (_name, version, namespace) => {
    const client = clientSession(ACCOUNT, tree(), { versions: [version], encoding: 'xml' });
    const { bytes, told } = run(client, [[get('./A/B')]], { server: { encoding: 'xml' } });
    expect(told).toEqual(['Get ./A/B 200', 'Get ./A/B = b']);
    for (const one of bytes) {
      const text = new TextDecoder().decode(one);
      expect(text).toContain(`<VerDTD>${version.verDTD}</VerDTD><VerProto>${version.verProto}</VerProto>`);
      expect(text).toContain(`xmlns="${namespace}"`);
    }
  });

  it.each([
    ['513', { verDTD: '1.2', verProto: 'DM/2.0' }],
    ['505', { verDTD: '2.0', verProto: 'DM/2.0' }],
  ])('%s: the device goes on with the next version it speaks', (code, unknown) => {
    const client = clientSession(ACCOUNT, tree(), { versions: [unknown, DM_1_2] });
    const first = client.start();
    const refusal = serverSession(first, []).session.receive(first).reply;
    expect(describeMessage(refusal.message)).toBe(`1 [1 Status 1/0 SyncHdr ${code}] final`);
    const second = client.receive(refusal).reply;
    expect(second?.message.header).toMatchObject({ ...DM_1_2, msgId: 2 });
    expect(second && describeMessage(second.message)).toBe('2 cred [1 Alert 1201] [2 Replace ./DevInfo/Man] final');
  });
});

describe('large objects that break', () => {
  const chunk = (cmdId: string, item: Partial<Item>, more: boolean): Command => ({
    kind: 'Add',
    cmdId,
    items: [{ ...target('./A/big'), ...item, ...(more && { moreData: true }) }],
  });
  const size = (bytes: number) => ({ meta: { format: 'chr', type: 'text/plain', size: bytes } });
  /** What the client answers to one message after another. */
  const answers = (...messages: readonly (readonly [readonly Command[], boolean])[]) => {
    const device = tree();
    const { client, down } = begun([[get('./A/B')]], clientSession(ACCOUNT, device, { maxObjSize: 50 }));
    const replies = messages.map(([commands, final], i) => {
      const { reply } = client.receive(saying(down, i + 2, commands, final));
      return reply ? describeMessage(reply.message).replace(/\[1 Status \d+\/0 SyncHdr 200\] /, '') : 'nothing';
    });
    return { replies, device };
  };

  it.each<[string, (readonly [readonly Command[], boolean])[], string[]]>([
    [
      'the size does not match: 424, nothing done',
      [
        [[chunk('2', { ...size(9), data: 'abcd' }, true)], false],
        [[chunk('2', { data: 'efgh' }, false)], true],
      ],
      ['3 [2 Status 2/2 Add ./A/big 213] [3 Alert 1222]', '4 [2 Status 3/2 Add ./A/big 424] final'],
    ],
    [
      'another command before its end: alert 1225 names the object',
      [
        [[chunk('2', { ...size(8), data: 'abcd' }, true)], false],
        [[{ kind: 'Get', cmdId: '2', items: [target('./A/B')] }], true],
      ],
      [
        '3 [2 Status 2/2 Add ./A/big 213] [3 Alert 1222]',
        '4 [2 Alert 1225] [3 Status 3/2 Get ./A/B 200] [4 Results 3/2 ./A/B=b] final',
      ],
    ],
    [
      'no Size in the first chunk: 411',
      [[[chunk('2', { data: 'abcd' }, true)], false]],
      ['3 [2 Status 2/2 Add ./A/big 411] [3 Alert 1222]'],
    ],
    [
      'more than the device takes, said at once: 416',
      [[[chunk('2', { ...size(51), data: 'abcd' }, true)], false]],
      ['3 [2 Status 2/2 Add ./A/big 416] [3 Alert 1222]'],
    ],
    [
      'more than the device takes in one message: 413',
      [[[chunk('2', { data: 'x'.repeat(51) }, false)], true]],
      ['3 [2 Status 2/2 Add ./A/big 413] final'],
    ],
    [
      'all well: one command',
      [
        [[chunk('2', { ...size(8), data: 'abcd' }, true)], false],
        [[chunk('2', { data: 'efgh' }, false)], true],
      ],
      ['3 [2 Status 2/2 Add ./A/big 213] [3 Alert 1222]', '4 [2 Status 3/2 Add ./A/big 200] final'],
    ],
  ])('%s', (name, messages, expected) => {
    const { replies, device } = answers(...messages);
    expect(replies).toEqual(expected);
    expect(device.has('./A/big')).toBe(name.startsWith('all well'));
  });

  it('a chunk of ours that the device refuses ends the object, and the work hears of it', () => {
    const client = clientSession(ACCOUNT, tree(), { maxMsgSize: 700 });
    const first = client.start();
    const { session, told } = serverSession(first, [
      [{ kind: 'Add', items: [{ ...target('./A/big'), meta: { format: 'chr' }, data: 'x'.repeat(1500) }] }],
      [get('./A/B')],
    ]);
    const down = session.receive(first).reply;
    const up = client.receive(down).reply;
    if (!up) throw new Error('the client said nothing');
    const refused = up.message.commands.map(command =>
      command.kind === 'Status' && command.cmd === 'Add' ? { ...command, code: 420 } : command,
    );
    expect(describeMessage(session.receive(saying(up, 2, refused, false)).reply.message)).toBe(
      '2 [1 Status 2/0 SyncHdr 200] [2 Status 2/3 Alert 200] [3 Get ./A/B] final',
    );
    expect(told).toEqual(['Add ./A/big 420']);
  });
});

describe('authentication schemes over a whole session', () => {
  const account = (scheme: 'none' | 'basic' | 'md5' | 'hmac') => ({
    client: { ...ACCOUNT, client: { ...ACCOUNT.client, scheme }, server: { ...ACCOUNT.server, scheme } },
    server: { ...SERVER_ACCOUNT, clientScheme: scheme, serverScheme: scheme },
  });

  it.each(['none', 'basic', 'md5', 'hmac'] as const)('%s both ways', scheme => {
    const { client, server } = account(scheme);
    const { told, events } = run(clientSession(client, tree()), [[get('./A/B')], [get('./A')]], { account: server });
    expect(told).toEqual(['Get ./A/B 200', 'Get ./A/B = b', 'Get ./A 200', 'Get ./A = B']);
    expect(events.client.at(-1)).toMatchObject({ kind: 'ended', outcome: 'completed' });
    expect(events.server).toContainEqual({ kind: 'authenticated', side: 'client', scheme });
  });

  it('HMAC: every message carries one over its own bytes, every header is answered 200 with the next nonce', () => {
    const { client, server } = account('hmac');
    const device = clientSession(client, tree());
    const first = device.start();
    expect(first.hmac).toMatch(/^algorithm=MD5, username="device", mac=/);
    expect(first.message.header.cred).toBeUndefined();
    const { session } = serverSession(first, [[get('./A/B')]], server);
    const down = session.receive(first).reply;
    expect(describeMessage(down.message)).toMatch(/^1 \[1 Status 1\/0 SyncHdr 200 chal:20\]/);
    const up = device.receive(down).reply;
    expect(up && describeMessage(up.message)).toMatch(/^2 \[1 Status 1\/0 SyncHdr 200 chal:10\]/);
  });

  it('HMAC: one changed byte on the way ends the session', () => {
    const { client, server } = account('hmac');
    const device = clientSession(client, tree());
    const first = device.start();
    const { session, told } = serverSession(first, [[get('./A/B')]], server);
    const up = device.receive(session.receive(first).reply).reply;
    if (!up) throw new Error('the client said nothing');
    const changed = wireOf({ ...up.message, header: { ...up.message.header, target: { uri: 'http://evil.example' } } });
    const { reply, events } = session.receive({ ...changed, ...(up.hmac !== undefined && { hmac: up.hmac }) });
    expect(describeMessage(reply.message)).toMatch(/SyncHdr 401/);
    expect(events.at(-1)).toMatchObject({ kind: 'ended', outcome: 'refused' });
    expect(told).toEqual([]);
  });

  it('HMAC: nothing of a message counts whose HMAC is wrong, neither where it redirects nor that it aborts', () => {
    const { client, server } = account('hmac');
    const begin = () => {
      const device = clientSession(client, tree());
      const first = device.start();
      const { session } = serverSession(first, [[get('./A/B')], [get('./A')]], server);
      const second = device.receive(session.receive(first).reply).reply;
      if (!second) throw new Error('the client said nothing');
      return { device, session, down: session.receive(second).reply };
    };
    const abort: Command = { kind: 'Alert', cmdId: '9', code: 1223, items: [] };
    const forgeries: ((wire: Wire) => Wire)[] = [
      ({ message }) => wireOf({ ...message, header: { ...message.header, respURI: 'http://evil.example/' } }),
      ({ message }) => wireOf({ ...message, header: { ...message.header, meta: { maxMsgSize: 64 } } }),
      ({ message }) => wireOf({ ...message, commands: [...message.commands, abort] }),
    ];
    for (const forge of forgeries) {
      const { device, down } = begin();
      const { reply, events } = device.receive({ ...forge(down), ...(down.hmac !== undefined && { hmac: down.hmac }) });
      expect(reply?.message.header.target.uri).toBe('http://dm.example/dm');
      expect(events.at(-1)).toMatchObject({ kind: 'ended', outcome: 'refused' });
    }
  });

  it('a server that wants MD5 refuses basic with a challenge, and the device comes again with MD5', () => {
    const { client } = account('basic');
    const { ladder, told } = run(clientSession({ ...client, server: ACCOUNT.server }, tree()), [[get('./A/B')]]);
    expect(ladder[1]).toBe(
      '< 1 [1 Status 1/0 SyncHdr 401 chal:20] [2 Status 1/1 Alert 401] [3 Status 1/2 Replace 401] final',
    );
    expect(told).toEqual(['Get ./A/B 200', 'Get ./A/B = b']);
  });

  it('a device configured for MD5 never answers a basic challenge with its password', () => {
    const client = clientSession(ACCOUNT, tree());
    const first = client.start();
    const { message } = serverSession(first, [], { ...SERVER_ACCOUNT, clientNonce: Uint8Array.of(9) }).session.receive(
      first,
    ).reply;
    const chal = { meta: { format: 'b64', type: 'syncml:auth-basic' } };
    const asksBasic = message.commands.map(one => (one.kind === 'Status' && one.chal ? { ...one, chal } : one));
    const exchange = client.receive(wireOf({ ...message, commands: asksBasic }));
    expect(exchange.reply).toBeUndefined();
    expect(exchange.events.at(-1)).toMatchObject({ kind: 'ended', outcome: 'refused' });
  });
});

describe('alerts', () => {
  const event: Item = { meta: { type: 'text/plain', format: 'chr' }, data: 'door open' };
  const generic: Item = {
    source: { uri: './A' },
    meta: { type: 'Reversed-Domain-Name: org.example.alert', format: 'chr', mark: 'critical' },
    data: '1',
  };

  it('client events and generic alerts go out with package 1 and are told whole', () => {
    const alerts: AlertDraft[] = [
      { kind: 'Alert', code: 1224, items: [event] },
      { kind: 'Alert', code: 1226, correlator: 'abc', items: [generic] },
    ];
    const { ladder, events } = run(clientSession(ACCOUNT, tree(), { alerts }), []);
    expect(ladder[0]).toBe('> 1 cred [1 Alert 1201] [2 Replace ./DevInfo/Man] [3 Alert 1224] [4 Alert 1226] final');
    expect(ladder[1]).toContain('[4 Status 1/3 Alert 200] [5 Status 1/4 Alert 200]');
    const told = events.server.filter(one => one.kind === 'alert').map(one => one.alert);
    expect(told).toMatchObject([
      { code: 1201 },
      { code: 1224, items: [event] },
      { code: 1226, correlator: 'abc', items: [generic] },
    ]);
  });

  it.each<[string, Item[], number]>([
    ['without an Item', [], 412],
    ['without a Type', [{ ...generic, meta: { format: 'chr' } }], 412],
    ['in a format that is none', [{ ...generic, meta: { ...generic.meta, format: 'money' } }], 415],
  ])('a generic alert %s: the server refuses it, and a device of ours does not send it', (_name, items, code) => {
    const { session, up } = begun();
    const alert: Command = { kind: 'Alert', cmdId: '9', code: 1226, items };
    const { reply } = session.receive(saying(up, 2, [...up.message.commands, alert]));
    expect(describeMessage(reply.message)).toContain(`Status 2/9 Alert ${code}]`);
    expect(() => clientSession().alert({ kind: 'Alert', code: 1226, items })).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'invalid-alert' }),
    );
  });
});
