/** Elements that a client has to read (OMA-TS-DM_RepPro-V1_2_1 §6.1 to §6.6, the tables): each changes what it does. */
import { expect } from 'vitest';
import { EncodingError, ProtocolError } from '../../src-core/base/errors.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import type { Draft } from '../../src-core/syncml/message.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import {
  add,
  CLIENT,
  chal,
  codesIn,
  cred,
  DEVICE_ID,
  get,
  headerStatusIn,
  itemsIn,
  namesIn,
  replace,
  resultsIn,
  SERVER,
  SERVER_NONCE,
  SERVER_URL,
  SESSION_ID,
  statusesIn,
  text,
  WRONG,
} from './bench.ts';
import { EVERYTHING, ManagedDevice, remove } from './managed-device.ts';
import { renamed, xmlMessage } from './raw-message.ts';
import { requirement } from './require.ts';
import { ScriptedServer } from './scripted-server.ts';

const device = () => new ManagedDevice([interior('A', [leaf('B', 'b'), leaf('C', 'c')], EVERYTHING)]);

/** A Replace of ./A/B in two chunks, of which the first says the size of the whole. */
const chunks = (size: number): [Draft, Draft] => [
  replace('./A/B', 'abc', { meta: { format: 'chr', size }, moreData: true }),
  replace('./A/B', 'def'),
];

/** A client that sends ./A/B, too large for one message, and the first chunk of it. */
function sendingLarge(): { server: ScriptedServer; command: { kind: 'Results'; cmdId: string } } {
  const server = new ScriptedServer({ maxMsgSize: 5000 });
  server.tree.replace('./A/B', text(4000), 'device');
  const [results] = resultsIn(server.begin([get('./A/B')], { header: { meta: { maxMsgSize: 1000 } } }));
  if (!results?.items[0]?.moreData) throw new Error('the client sent the object whole');
  return { server, command: { kind: 'Results', cmdId: results.cmdId } };
}

requirement('REP-6.1-4', () => {
  const server = new ScriptedServer();
  server.start();
  const nonce = Uint8Array.of(7, 7);
  const again = server.send([server.headerStatus(401, chal('md5', nonce)), ...server.statusesOf(401)]);
  expect(again.header.cred).toEqual(cred('md5', CLIENT, nonce));
});

requirement('REP-6.1-8', () => {
  // A Status for Results that refuses them ends the object; the same for another command does not.
  const refused = sendingLarge();
  const status = { ...refused.server.status(refused.command as never, 413) } as Extract<Draft, { kind: 'Status' }>;
  expect(itemsIn(refused.server.next([status]))).toEqual([]);
  const other = sendingLarge();
  expect(itemsIn(other.server.next([{ ...status, cmd: 'Alert' }]))).toHaveLength(1);
});

requirement('REP-6.1-12', () => {
  expect(
    device()
      .statuses(get('./A/B'), get('./A/C'))
      .map(({ cmdRef }) => cmdRef),
  ).toEqual(['4', '5']);
});

requirement('REP-6.1-16', () => {
  // Only a Status with CmdRef 0 speaks of the header and its credentials.
  const server = new ScriptedServer();
  server.start();
  const refused = server.statusesOf(401);
  const header = { cred: cred('md5', { ...WRONG }, Uint8Array.of(1)) };
  expect(headerStatusIn(server.send([server.headerStatus(212), ...refused, get('./A')], { header }))?.code).toBe(401);
  expect(server.over).toBe(false);
});

requirement('REP-6.1-20', () => {
  const server = new ScriptedServer();
  const reply = server.begin([replace('./A/B', 'x')], { header: { cred: cred('md5', WRONG, Uint8Array.of(1)) } });
  expect([headerStatusIn(reply)?.code, ...statusesIn(reply).map(({ code }) => code)]).toEqual([401, 401]);
  expect(server.value('./A/B')).toBe('b');
});

requirement('REP-6.1-24', () => {
  expect(namesIn(new ScriptedServer().begin([get('./A')], { final: false }))).toEqual(['Alert 1222']);
  expect(namesIn(new ScriptedServer().begin([get('./A')], { final: true }))).toEqual([]);
});

requirement('REP-6.1-28', () => {
  expect(decodeMessage(xmlMessage(''), 'xml').header.source.name).toBe('device');
});

requirement('REP-6.1-32', () => {
  const managed = device();
  expect(managed.code(add('./A/D', 'd'))).toBe(200);
  expect(managed.read('./A/D')).toBe('d');
});

requirement('REP-6.1-38', () => {
  const server = new ScriptedServer();
  const messages = [server.begin([get('./A')]), server.next([get('./A')])];
  expect(messages.map(message => headerStatusIn(message)?.msgRef)).toEqual([1, 2]);
});

requirement('REP-6.1-42', () => {
  const status = (msgRef: string) =>
    `<Status><CmdID>1</CmdID>${msgRef}<CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>212</Data></Status>`;
  expect(decodeMessage(xmlMessage(status('<MsgRef>1</MsgRef>')), 'xml').commands[0]).toMatchObject({ msgRef: 1 });
  expect(() => decodeMessage(xmlMessage(status('')), 'xml')).toThrow(EncodingError);
});

requirement('REP-6.1-44', () => {
  const reply = new ScriptedServer().begin([get('./A')], { header: { respURI: 'http://dm.example/dm?s=1' } });
  expect(reply.header.target.uri).toBe('http://dm.example/dm?s=1');
});

requirement('REP-6.1-48', () => {
  const server = new ScriptedServer();
  expect(server.begin([get('./A')]).header.sessionId).toBe(SESSION_ID);
  expect(() => server.next([get('./A')], { header: { sessionId: '1B' } })).toThrow(ProtocolError);
});

requirement('REP-6.1-52', () => {
  expect(headerStatusIn(new ScriptedServer().begin([get('./A')]))?.sourceRefs).toEqual([SERVER_URL]);
});

requirement('REP-6.1-56', () => {
  const status =
    '<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>' +
    '<SourceRef>IMEI:1</SourceRef><Data>212</Data></Status>';
  expect(decodeMessage(xmlMessage(status), 'xml').commands[0]).toMatchObject({ sourceRefs: ['IMEI:1'] });
});

requirement('REP-6.1-60', () => {
  const reply = new ScriptedServer().begin([get('./A')]);
  expect(headerStatusIn(reply)?.targetRefs).toEqual([DEVICE_ID]);
});

requirement('REP-6.1-64', () => {
  const status =
    '<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Cmd>Replace</Cmd>' +
    '<TargetRef>./DevInfo/Man</TargetRef><TargetRef>./DevInfo/Mod</TargetRef><Data>200</Data></Status>';
  expect(decodeMessage(xmlMessage(status), 'xml').commands[0]).toMatchObject({
    targetRefs: ['./DevInfo/Man', './DevInfo/Mod'],
  });
});

requirement('REP-6.1-68', () => {
  const server = new ScriptedServer();
  expect(server.tryBegin([get('./A')], { header: { verDTD: '9.9' } })).toBeUndefined();
  expect(server.outcome).toBe('refused');
});

requirement('REP-6.1-72', () => {
  const server = new ScriptedServer();
  expect(server.tryBegin([get('./A')], { header: { verProto: 'DM/9.9' } })).toBeUndefined();
  expect(server.outcome).toBe('refused');
});

requirement('REP-6.2-4', () => {
  const message = xmlMessage('<Get><CmdID>1</CmdID></Get>');
  expect(decodeMessage(message, 'xml').commands).toHaveLength(1);
  expect(() => decodeMessage(renamed(message, 'SyncML'), 'xml')).toThrow(EncodingError);
});

requirement('REP-6.2-8', () => {
  const message = xmlMessage('<Get><CmdID>1</CmdID></Get>');
  expect(decodeMessage(message, 'xml').header.msgId).toBe(1);
  expect(() => decodeMessage(renamed(message, 'SyncHdr'), 'xml')).toThrow(EncodingError);
});

requirement('REP-6.2-12', () => {
  const message = xmlMessage('<Get><CmdID>1</CmdID></Get>');
  expect(decodeMessage(message, 'xml').final).toBe(true);
  expect(() => decodeMessage(renamed(message, 'SyncBody'), 'xml')).toThrow(EncodingError);
});

requirement('REP-6.3-4', () => {
  const managed = device();
  managed.answer(replace('./A/B', ' <b>&amp; '));
  expect(managed.read('./A/B')).toBe(' <b>&amp; ');
});

requirement('REP-6.3-8', () => {
  const managed = device();
  const items = ['B', 'C'].map(name => ({
    target: { uri: `./A/${name}` },
    meta: { format: 'chr' },
    data: `new ${name}`,
  }));
  expect(managed.codes({ kind: 'Replace', items })).toEqual([200, 200]);
  expect([managed.read('./A/B'), managed.read('./A/C')]).toEqual(['new B', 'new C']);
});

requirement('REP-6.3-12', () => {
  const managed = device();
  managed.answer(add('./A/D', '7', { meta: { format: 'int', type: 'text/x-number' } }));
  expect(managed.items('./A/D')[0]?.meta).toEqual({ format: 'int', type: 'text/x-number' });
});

requirement('REP-6.4-4', () => {
  const managed = device();
  managed.answer(add('./A/D', '7', { meta: { format: 'int', type: 'text/plain' } }));
  expect(managed.property('./A/D', 'Format')).toBe('int');
});

requirement('REP-6.4-6', () => {
  const server = new ScriptedServer({ maxMsgSize: 5000 });
  server.tree.replace('./A/B', text(3000), 'device');
  server.start();
  const header = { meta: { maxMsgSize: 900 } };
  let wire = server.exchange([server.headerStatus(), get('./A/B'), get('./A/C'), get('./A')], {
    header: {
      ...header,
      cred: cred('md5', SERVER, SERVER_NONCE),
    },
  });
  let messages = 0;
  for (; wire && messages < 20; messages++) {
    expect(wire.bytes.length).toBeLessThanOrEqual(900);
    if (wire.message.final) break;
    wire = server.exchange([server.headerStatus(), { kind: 'Alert', code: 1222, items: [] }], { header });
  }
  expect(messages).toBeGreaterThan(2);
});

requirement('REP-6.4-12', () => {
  const meta = "<Meta><MetInf xmlns='syncml:metinf'><Format>int</Format><Type>text/plain</Type></MetInf></Meta>";
  const item = `<Item><Target><LocURI>./A/D</LocURI></Target>${meta}<Data>7</Data></Item>`;
  const [command] = decodeMessage(xmlMessage(`<Add><CmdID>1</CmdID>${item}</Add>`), 'xml').commands;
  expect(command?.kind === 'Add' && command.items[0]?.meta).toEqual({ format: 'int', type: 'text/plain' });
});

requirement('REP-6.4-16', () => {
  const server = new ScriptedServer();
  server.begin([get('./A')]);
  expect(server.events).toContainEqual({ kind: 'nonce', side: 'client', nonce: Uint8Array.of(0x20) });
});

requirement('REP-6.4-20', () => {
  for (const [size, codes, value] of [
    [6, ['Replace 200'], 'abcdef'],
    [7, ['Replace 424'], 'b'],
  ] as const) {
    const [first, second] = chunks(size);
    const server = new ScriptedServer();
    server.begin([first], { final: false });
    expect(codesIn(server.next([second]))).toEqual(codes);
    expect(server.value('./A/B')).toBe(value);
  }
});

requirement('REP-6.4-24', () => {
  const managed = device();
  managed.answer(add('./A/D', 'd', { meta: { format: 'chr', type: 'text/x-test' } }));
  expect(managed.property('./A/D', 'Type')).toBe('text/x-test');
});

requirement('REP-6.5-4', () => {
  const server = new ScriptedServer();
  server.start();
  expect(server.trySend([server.headerStatus(500)])).toBeUndefined();
  expect(server.outcome).toBe('refused');
});

requirement('REP-6.6-2', () => {
  const managed = device();
  expect(managed.code(add('./A/D', 'd'))).toBe(200);
  expect(managed.children('./A')).toEqual(['B', 'C', 'D']);
});

requirement('REP-6.6-5', () => {
  const managed = device();
  expect(managed.code(remove('./A/B'))).toBe(200);
  expect(managed.children('./A')).toEqual(['C']);
});

requirement('REP-6.6-7', () => {
  const [item] = device().items('./A/B');
  expect(item).toMatchObject({ source: { uri: './A/B' }, data: 'b' });
});

requirement('REP-6.6-9', () => {
  const managed = device();
  expect(managed.code(replace('./A/B', 'new'))).toBe(200);
  expect(managed.read('./A/B')).toBe('new');
});

requirement('REP-6.6-11', () => {
  const managed = device();
  expect(managed.codes({ kind: 'Sequence', commands: [add('./A/D', 'd'), replace('./A/D', 'd2')] })).toEqual([
    200, 200, 200,
  ]);
  expect(managed.read('./A/D')).toBe('d2');
});
