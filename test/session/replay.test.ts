import { describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import { ClientSession } from '../../src-core/session/client-session.ts';
import { ServerSession, type ServerWork } from '../../src-core/session/server-session.ts';
import { encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command, Draft, Message } from '../../src-core/syncml/message.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { leaf } from '../../src-core/tree/node.ts';

/** Both ends against each other in memory: no time, no randomness, no I/O. */
const NONCE = Uint8Array.of(1, 2, 3);
const ACCOUNT: DmAccount = {
  name: 'A',
  serverId: 'srv',
  displayName: 'A',
  serverUrl: 'http://dm.example/dm',
  client: { name: 'dev', secret: Secret.ofText('pw'), nonce: NONCE },
  server: { name: 'srv', secret: Secret.ofText('spw'), nonce: NONCE },
};

function bench(packages: Draft[][], account: DmAccount = ACCOUNT) {
  const tree = new ManagementTree([leaf('x', '1'), leaf('y', '2', { acl: 'Replace=srv' })], { now: () => 0 });
  const client = new ClientSession({
    tree,
    account,
    deviceId: 'IMEI:1',
    devInfo: [{ source: { uri: './DevInfo/Man' }, data: 'M' }],
    sessionId: '1A',
    newNonce: () => NONCE,
    maxMsgSize: 5000,
  });
  const work: ServerWork = { next: () => packages.shift() ?? [], onStatus: () => {}, onResults: () => {} };
  const first = client.start();
  const server = new ServerSession(first, {
    account: {
      client: { user: 'dev', password: Secret.ofText('pw') },
      clientNonce: NONCE,
      server: { user: 'srv', password: Secret.ofText('spw') },
      serverNonce: NONCE,
    },
    work,
    serverUrl: 'http://dm.example/dm',
    newNonce: () => NONCE,
    maxMsgSize: 5000,
  });
  return { client, server, tree, first };
}

/** All messages of a session, in order. */
function play({ client, server, first }: ReturnType<typeof bench>): Message[] {
  const messages = [first];
  for (let sent: Message | undefined = first; sent; ) {
    const { reply } = server.receive(sent);
    messages.push(reply);
    sent = client.receive(reply).reply;
    if (sent) messages.push(sent);
  }
  return messages;
}

const brief = (command: Command): string =>
  command.kind === 'Status' ? `${command.cmd}#${command.msgRef}/${command.cmdRef}=${command.code}` : command.kind;
const table = (messages: readonly Message[]) =>
  messages.map(({ header, commands, final }) => [
    header.msgId,
    header.cred ? 'cred' : '',
    commands.map(brief).join(' '),
    final,
  ]);

const get = (uri: string): Draft => ({ kind: 'Get', items: [{ target: { uri } }] });

describe('a whole session', () => {
  it('has the statuses, references and credentials of the specification', () => {
    const setup = bench([
      [get('./x'), get('./none'), get('./y')],
      [
        { kind: 'Replace', items: [{ target: { uri: './x' }, data: '9' }] },
        { kind: 'Atomic', commands: [get('./x')] },
      ],
    ]);
    expect(table(play(setup))).toEqual([
      [1, 'cred', 'Alert Replace', true],
      [1, 'cred', 'SyncHdr#1/0=212 Alert#1/1=200 Replace#1/2=200 Get Get Get', true],
      [2, '', 'SyncHdr#1/0=212 Get#1/4=200 Results Get#1/5=404 Get#1/6=425', true],
      [2, '', 'SyncHdr#2/0=200 Replace Atomic', true],
      [3, '', 'SyncHdr#2/0=200 Replace#2/2=200 Atomic#2/3=406', true],
      [3, '', 'SyncHdr#3/0=200', true],
    ]);
    expect(setup.tree.get('./x', 'device').value).toBe('9');
  });

  it('replays byte for byte', () => {
    const bytes = () =>
      play(bench([[get('./x')]])).map(message => Buffer.from(encodeMessage(message, 'wbxml')).toString('hex'));
    expect(bytes()).toEqual(bytes());
  });

  it('a stale nonce is challenged once: package 1 again, then 212', () => {
    const stale = { ...ACCOUNT, client: { ...ACCOUNT.client, nonce: Uint8Array.of(9) } };
    expect(table(play(bench([], stale)))).toEqual([
      [1, 'cred', 'Alert Replace', true],
      [1, '', 'SyncHdr#1/0=401 Alert#1/1=401 Replace#1/2=401', true],
      [2, 'cred', 'SyncHdr#1/0=200 Alert Replace', true],
      // Without work one Get lets the handset judge the server.
      [2, 'cred', 'SyncHdr#2/0=212 Alert#2/2=200 Replace#2/3=200 Get', true],
      [3, '', 'SyncHdr#2/0=212 Get#2/4=404', true],
      [3, '', 'SyncHdr#3/0=200', true],
    ]);
  });

  it('a server that cannot prove itself gets 401 for every command, and nothing is done', () => {
    const other = { ...ACCOUNT, server: { ...ACCOUNT.server, secret: Secret.ofText('other') } };
    const setup = bench([[{ kind: 'Replace', items: [{ target: { uri: './x' }, data: '9' }] }]], other);
    const messages = play(setup);
    expect(table(messages)[2]).toEqual([2, '', 'SyncHdr#1/0=401 Replace#1/4=401', true]);
    expect(setup.tree.get('./x', 'device').value).toBe('1');
    expect(setup.client.state).toBe('ended');
  });
});

describe('what has no place in a session', () => {
  const changed = (header: Partial<Message['header']>, more: Partial<Message> = {}) => {
    const { server, first } = bench([]);
    return server.receive({ ...first, ...more, header: { ...first.header, ...header } }).reply;
  };

  it.each([
    ['another protocol', { verProto: 'DM/9.9' }, 513],
    ['another DTD', { verDTD: '9.9' }, 505],
    ['no credentials', { cred: undefined }, 407],
  ])('%s is answered on the header', (_what, header, code) => {
    expect(changed(header).commands[0]).toMatchObject({ cmd: 'SyncHdr', code });
  });

  it.each([
    ['another SessionID', { sessionId: '2B' }, 'session-id'],
    ['a MsgID that was there', { msgId: 0 }, 'msg-id'],
  ])('%s is refused', (_what, header, code) => {
    expect(() => changed(header)).toThrow(expect.objectContaining({ name: 'ProtocolError', code }));
  });

  it('a message without Final asks for the next one, before any command', () => {
    expect(changed({}, { final: false }).commands.at(-1)).toMatchObject({ kind: 'Alert', code: 1222 });
  });

  it('an abort (1223) ends it', () => {
    const { server, first } = bench([[get('./x')]]);
    const abort: Command = { kind: 'Alert', cmdId: '9', code: 1223, items: [] };
    const { reply, events } = server.receive({ ...first, commands: [abort] });
    expect(reply.commands.map(brief)).toEqual(['SyncHdr#1/0=212', 'Alert#1/9=200']);
    expect(events.at(-1)).toMatchObject({ kind: 'ended', outcome: 'aborted' });
  });
});
