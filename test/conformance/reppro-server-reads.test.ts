/** Elements that a server has to read (OMA-TS-DM_RepPro-V1_2_1 §6.1 to §6.6, the tables): each changes what it does. */
import { expect } from 'vitest';
import { EncodingError, ProtocolError } from '../../src-core/base/errors.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command, Draft, Message } from '../../src-core/syncml/message.ts';
import {
  alert,
  chal,
  codesIn,
  commandsIn,
  cred,
  DEVICE_ID,
  get,
  headerStatusIn,
  namesIn,
  replace,
  SERVER,
  SERVER_URL,
  SESSION_ID,
  statusesIn,
  text,
  WRONG,
} from './bench.ts';
import { renamed, xmlMessage } from './raw-message.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';

/** A device that was asked for ./A/B, or for what `work` says. */
function asked(...work: Draft[]): { device: ScriptedDevice; package2: Message; command: Command } {
  const device = new ScriptedDevice({ work: [work.length > 0 ? work : [get('./A/B')]] });
  const package2 = device.begin();
  const [command] = commandsIn(package2);
  if (!command) throw new Error('the server asked for nothing');
  return { device, package2, command };
}

/** Chunks of the Results to a command of package 2. */
function chunksOf({ last }: ScriptedDevice, { cmdId }: Command): (data: string, more: object) => Draft {
  const refs = { msgRef: last.header.msgId, cmdRef: cmdId, targetRefs: [], sourceRefs: [] };
  return (data, more) => ({ kind: 'Results', ...refs, items: [{ source: { uri: './A/B' }, data, ...more }] });
}

const generic = (format: string, type: string): Draft =>
  alert(1226, { source: { uri: './A' }, meta: { format, type }, data: 'done' });

requirement('REP-6.1-2', () => {
  const { device } = asked();
  const nonce = Uint8Array.of(7, 7);
  const again = device.send([device.headerStatus(401, chal('md5', nonce)), ...device.statusesOf(401)]);
  expect(again.header.cred).toEqual(cred('md5', SERVER, nonce));
});

requirement('REP-6.1-6', () => {
  const { device } = asked();
  device.send([device.headerStatus(), ...device.statusesOf(404)]);
  expect(device.statuses.map(([, { cmd, code }]) => `${cmd} ${code}`)).toEqual(['Get 404']);
});

requirement('REP-6.1-10', () => {
  const reply = new ScriptedDevice().begin();
  expect(statusesIn(reply).map(({ cmdRef }) => cmdRef)).toEqual(['1', '2']);
});

requirement('REP-6.1-14', () => {
  const { device, package2 } = asked(get('./A/B'), get('./A/C'));
  const [first, second] = commandsIn(package2) as [Command, Command];
  device.send([device.headerStatus(), device.status(second, 404), device.status(first, 200)]);
  expect(device.statuses.map(([command, { code }]) => [command, code])).toEqual([
    [second, 404],
    [first, 200],
  ]);
});

requirement('REP-6.1-18', () => {
  expect(headerStatusIn(new ScriptedDevice().begin())?.code).toBe(212);
  const wrong = { header: { cred: cred('md5', WRONG, Uint8Array.of(1)) } };
  expect(headerStatusIn(new ScriptedDevice().begin([], wrong))?.code).toBe(401);
});

requirement('REP-6.1-22', () => {
  const device = new ScriptedDevice({ work: [[get('./A/B')]] });
  expect(namesIn(device.begin([], { final: false }))).toEqual(['Alert 1222']);
  expect(namesIn(device.send([device.headerStatus()]))).toEqual(['Get']);
});

requirement('REP-6.1-26', () => {
  const message = decodeMessage(xmlMessage(''), 'xml');
  expect(message.header.source).toEqual({ uri: DEVICE_ID, name: 'device' });
});

requirement('REP-6.1-30', () => {
  expect(new ScriptedDevice().begin().header.target.uri).toBe(DEVICE_ID);
});

requirement('REP-6.1-34', () => {
  const { device, command } = asked();
  const chunk = chunksOf(device, command);
  device.send([device.headerStatus(), device.status(command), chunk('abc', { meta: { size: 6 }, moreData: true })], {
    final: false,
  });
  expect(device.results).toEqual([]);
  device.send([device.headerStatus(), chunk('def', {})]);
  expect(device.results.map(([, { items }]) => items.map(({ data }) => data))).toEqual([['abcdef']]);
});

requirement('REP-6.1-36', () => {
  const { device, package2 } = asked();
  const package4 = device.send([device.headerStatus(), ...device.statusesOf()]);
  expect([package2, package4].map(message => headerStatusIn(message)?.msgRef)).toEqual([1, 2]);
});

requirement('REP-6.1-40', () => {
  const { device, command } = asked();
  const status = device.status(command) as Extract<Draft, { kind: 'Status' }>;
  device.send([device.headerStatus(), { ...status, msgRef: 99 }], { final: false });
  expect(device.statuses).toEqual([]);
  device.send([device.headerStatus(), status]);
  expect(device.statuses).toHaveLength(1);
});

requirement('REP-6.1-43', () => {
  const reply = new ScriptedDevice().begin([], { header: { respURI: 'http://device.example/answers' } });
  expect(reply.header.target.uri).toBe('http://device.example/answers');
});

requirement('REP-6.1-46', () => {
  const { device, package2 } = asked();
  expect(package2.header.sessionId).toBe(SESSION_ID);
  expect(() => device.send([device.headerStatus()], { header: { sessionId: '1B' } })).toThrow(ProtocolError);
});

requirement('REP-6.1-50', () => {
  expect(headerStatusIn(new ScriptedDevice().begin())?.sourceRefs).toEqual([DEVICE_ID]);
});

requirement('REP-6.1-54', () => {
  const { device, command } = asked({
    kind: 'Copy',
    items: [{ source: { uri: './A/B' }, target: { uri: './A/C' } }],
  });
  const status = device.status(command) as Extract<Draft, { kind: 'Status' }>;
  device.send([device.headerStatus(), { ...status, sourceRefs: ['./A/B'] }]);
  expect(device.statuses.map(([, { sourceRefs }]) => sourceRefs)).toEqual([['./A/B']]);
});

requirement('REP-6.1-58', () => {
  expect(headerStatusIn(new ScriptedDevice().begin())?.targetRefs).toEqual([SERVER_URL]);
});

requirement('REP-6.1-62', () => {
  const { device, command } = asked(get('./A/B', './A/C'));
  const status = device.status(command) as Extract<Draft, { kind: 'Status' }>;
  const each = ['./A/B', './A/C'].map(uri => ({ ...status, targetRefs: [uri] }));
  device.send([device.headerStatus(), ...each]);
  expect(device.statuses.map(([, { targetRefs }]) => targetRefs)).toEqual([['./A/B'], ['./A/C']]);
});

requirement('REP-6.1-66', () => {
  const device = new ScriptedDevice();
  expect(headerStatusIn(device.begin([], { header: { verDTD: '9.9' } }))?.code).toBe(505);
  expect(device.over).toBe(true);
});

requirement('REP-6.1-70', () => {
  const device = new ScriptedDevice();
  expect(headerStatusIn(device.begin([], { header: { verProto: 'DM/9.9' } }))?.code).toBe(513);
  expect(device.over).toBe(true);
});

requirement('REP-6.2-2', () => {
  expect(decodeMessage(xmlMessage(''), 'xml').header.sessionId).toBe(SESSION_ID);
  expect(() => decodeMessage(renamed(xmlMessage(''), 'SyncML'), 'xml')).toThrow(EncodingError);
});

requirement('REP-6.2-6', () => {
  expect(decodeMessage(xmlMessage(''), 'xml').header.target.uri).toBe(SERVER_URL);
  expect(() => decodeMessage(renamed(xmlMessage(''), 'SyncHdr'), 'xml')).toThrow(EncodingError);
});

requirement('REP-6.2-10', () => {
  const message = xmlMessage('<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>');
  expect(decodeMessage(message, 'xml').commands).toHaveLength(1);
  expect(() => decodeMessage(renamed(message, 'SyncBody'), 'xml')).toThrow(EncodingError);
});

requirement('REP-6.3-2', () => {
  const { device, command } = asked();
  device.send([device.headerStatus(), device.status(command), device.resultOf(command, { data: ' <b>&amp; ' })]);
  expect(device.results[0]?.[1].items[0]?.data).toBe(' <b>&amp; ');
});

requirement('REP-6.3-6', () => {
  const { device, command } = asked();
  const results = device.resultOf(command, { source: { uri: './A/B' }, data: '1' }) as Extract<
    Draft,
    { kind: 'Results' }
  >;
  const two = { ...results, items: [...results.items, { source: { uri: './A/C' }, data: '2' }] };
  device.send([device.headerStatus(), device.status(command), two]);
  expect(device.results[0]?.[1].items.map(({ source, data }) => `${source?.uri}=${data}`)).toEqual([
    './A/B=1',
    './A/C=2',
  ]);
});

requirement('REP-6.3-10', () => {
  const { device, command } = asked();
  const meta = { format: 'int', type: 'text/plain' };
  device.send([device.headerStatus(), device.status(command), device.resultOf(command, { meta, data: '7' })]);
  expect(device.results[0]?.[1].items[0]?.meta).toEqual(meta);
});

requirement('REP-6.3-13', () => {
  const device = new ScriptedDevice();
  device.begin([{ ...generic('chr', 'Reversed-Domain-Name: com.example.update'), correlator: 'abc1234' } as Draft]);
  const taken = device.events.flatMap(event => (event.kind === 'alert' ? [event.alert.correlator] : []));
  expect(taken).toContain('abc1234');
});

requirement('REP-6.4-2', () => {
  const statusFor = (format: string) =>
    codesIn(new ScriptedDevice().begin([generic(format, 'Reversed-Domain-Name: com.example.update')]));
  expect(statusFor('chr').at(-1)).toBe('Alert 200');
  expect(statusFor('nonsense').at(-1)).toBe('Alert 415');
});

requirement('REP-6.4-5', () => {
  const device = new ScriptedDevice({ work: [[replace('./A/B', text(3000)), get('./A/B'), get('./A/C')]] });
  device.begin([], { header: { meta: { maxMsgSize: 900 } } });
  for (let i = 0; i < 8 && !device.over; i++) {
    const { bytes, message } = device.exchange([device.headerStatus(), ...device.statusesOf()]);
    expect(bytes.length, `message ${message.header.msgId}`).toBeLessThanOrEqual(900);
  }
  expect(device.over).toBe(true);
});

requirement('REP-6.4-8', () => {
  const device = new ScriptedDevice({ work: [[replace('./A/B', text(50))]] });
  device.begin([], { header: { meta: { maxMsgSize: 5000, maxObjSize: 49 } } });
  expect(device.unsent).toHaveLength(1);
});

requirement('REP-6.4-10', () => {
  const meta = "<Meta><MetInf xmlns='syncml:metinf'><Format>int</Format><Type>text/plain</Type></MetInf></Meta>";
  const item = `<Item><Source><LocURI>./A/B</LocURI></Source>${meta}<Data>7</Data></Item>`;
  const results = `<Results><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef>${item}</Results>`;
  const [command] = decodeMessage(xmlMessage(results), 'xml').commands;
  expect(command?.kind === 'Results' && command.items[0]?.meta).toEqual({ format: 'int', type: 'text/plain' });
});

requirement('REP-6.4-14', () => {
  const { device } = asked();
  const nonce = Uint8Array.of(5, 6);
  device.send([device.headerStatus(212, chal('md5', nonce)), ...device.statusesOf()]);
  expect(device.events).toContainEqual({ kind: 'nonce', side: 'server', nonce });
});

requirement('REP-6.4-18', () => {
  const { device, command } = asked();
  const chunk = chunksOf(device, command);
  device.send([device.headerStatus(), device.status(command), chunk('abc', { meta: { size: 7 }, moreData: true })], {
    final: false,
  });
  const reply = device.send([device.headerStatus(), chunk('def', {})]);
  expect(codesIn(reply)).toEqual(['Results 424']);
  expect(device.results).toEqual([]);
});

requirement('REP-6.4-22', () => {
  const types = (type: string) => type === 'Reversed-Domain-Name: com.example.update';
  const known = new ScriptedDevice({ alertTypes: types });
  known.begin([generic('chr', 'Reversed-Domain-Name: com.example.update')]);
  expect(known.alerts).toContain(1226);
  const unknown = new ScriptedDevice({ alertTypes: types });
  unknown.begin([generic('chr', 'Reversed-Domain-Name: com.example.other')]);
  expect(unknown.alerts).not.toContain(1226);
});

requirement('REP-6.5-2', () => {
  const { device, command } = asked();
  device.send([device.headerStatus(), device.status(command, 425)]);
  expect(device.statuses.map(([taken, { code }]) => [taken, code])).toEqual([[command, 425]]);
});

requirement('REP-6.6-12', () => {
  const device = new ScriptedDevice();
  expect(codesIn(device.begin())).toContain('Alert 200');
  expect(device.alerts).toEqual([1201]);
});

requirement('REP-6.6-14', () => {
  const { device, command } = asked();
  const item = { source: { uri: './A/B' }, data: 'b' };
  device.send([device.headerStatus(), device.status(command), device.resultOf(command, item)]);
  expect(device.results.map(([taken, { items }]) => [taken, items])).toEqual([[command, [item]]]);
});
