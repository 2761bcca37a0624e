/** OMA-TS-DM_Protocol-V1_2_1 §6: packages of several messages. */
import { expect } from 'vitest';
import type { Draft } from '../../src-core/syncml/message.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import {
  alert,
  codesIn,
  commandsIn,
  get,
  headerStatusIn,
  namesIn,
  replace,
  resultsIn,
  statusesIn,
  text,
} from './bench.ts';
import { chunksOf, dataItems, isOpen, LARGE, sentByClient, sentByServer } from './large-objects.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';
import { ScriptedServer } from './scripted-server.ts';

const TWELVE = Array.from({ length: 12 }, (_, i) => ({ uri: `./A/${i}`, data: `${i} ${text(100)}` }));
const twelveReplaces: Draft[] = TWELVE.map(({ uri, data }) => replace(uri, data));

/** A client with twelve leaves, whose answer to Gets of all needs several messages. */
const twelveResults = () => {
  const leaves = TWELVE.map(({ data }, i) => leaf(String(i), data));
  const tree = new ManagementTree([interior('A', leaves, { acl: 'Get=*' })], { now: () => 0 });
  return sentByClient(
    TWELVE.map(({ uri }) => get(uri)),
    { tree },
  );
};

/** A server that waits for the answers of package 2, and a device that sends the first part of them. */
const halfAnswered = (...more: Draft[]) => {
  const device = new ScriptedDevice({ work: [[get('./A'), get('./B')], [get('./C')]] });
  device.begin();
  const answers = [device.headerStatus(), ...device.statusesOf()];
  const rest = answers.slice(2);
  return { device, reply: device.send([...answers.slice(0, 2), ...more], { final: false }), rest };
};

/** The server begins a large object that a client of ours has to ask for. */
const [FIRST, SECOND, THIRD] = chunksOf({ target: { uri: './A/B' } }).map(
  (item): Draft => ({ kind: 'Replace', items: [item] }),
);
const begun = (...before: Draft[][]) => {
  if (!FIRST || !SECOND || !THIRD) throw new Error('an object has three chunks');
  const server = new ScriptedServer();
  server.start();
  for (const drafts of before) server.second(drafts);
  const reply = before.length > 0 ? server.next([FIRST], { final: false }) : server.second([FIRST], { final: false });
  return { server, reply, rest: [SECOND, THIRD] as const };
};

requirement('PRO-6.1-1', () => {
  const messages = sentByServer([twelveReplaces]);
  expect(messages.length).toBeGreaterThan(2);
  expect(dataItems(messages)).toEqual(TWELVE.map(({ uri, data }) => ({ target: { uri }, data })));
});

requirement('PRO-6.1-2', () => {
  const messages = twelveResults();
  expect(messages.length).toBeGreaterThan(2);
  expect(dataItems(messages).map(({ source, data, moreData }) => ({ uri: source?.uri, data, moreData }))).toEqual(
    TWELVE.map(row => ({ ...row, moreData: undefined })),
  );
});

requirement('PRO-6.1-3', () => {
  const inner = [replace('./A/1', text(120)), replace('./A/2', text(120))];
  const groups = (['Sequence', 'Atomic', 'Sequence'] as const).map((kind): Draft => ({ kind, commands: inner }));
  const messages = sentByServer([groups]);
  const sent = messages.flatMap(commandsIn).filter(({ kind }) => kind === 'Sequence' || kind === 'Atomic');
  expect(sent.map(command => ('commands' in command ? command.commands.length : 0))).toEqual([2, 2, 2]);
  expect(messages.filter(message => commandsIn(message).length > 0).length).toBeGreaterThan(1);
});

requirement('PRO-6.1-4', () => {
  const { device, reply, rest } = halfAnswered();
  expect(namesIn(reply)).toEqual(['Alert 1222']);
  expect(namesIn(device.send([device.headerStatus(), ...rest]))).toEqual(['Get']);
});

requirement('PRO-6.1-5', () => {
  const { reply } = halfAnswered(alert(1224, { data: 'org.example.event' }));
  expect(codesIn(reply)).toEqual(['Alert 200']);
});

requirement('PRO-6.1-6', () => {
  const messages = twelveResults();
  const alerts = messages.flatMap(statusesIn).filter(({ cmd }) => cmd === 'Alert');
  expect(alerts.map(({ msgRef, code }) => [msgRef, code])).toEqual(messages.slice(1).map((_, i) => [i + 2, 200]));
});

requirement('PRO-6.1-7', () => {
  const device = new ScriptedDevice({ work: [[get('./A/B')]] });
  const [command] = commandsIn(device.begin());
  if (!command) throw new Error('no Get');
  const results = device.resultOf(command, { source: { uri: './A/B' }, data: 'b' });
  const reply = device.send([device.headerStatus(), device.status(command), results]);
  expect(device.results).toHaveLength(1);
  expect(statusesIn(reply)).toEqual([]);
});

requirement('PRO-6.2-1', () => {
  const messages = sentByServer([[replace('./A/B', LARGE)]]);
  const last = messages.findIndex(message => !isOpen(message));
  expect(last).toBeGreaterThan(1);
  expect(messages[last]?.final).toBe(true);
});

requirement('PRO-6.2-2', () => {
  const messages = twelveResults();
  expect(messages.length).toBeGreaterThan(2);
  expect(messages.at(-1)?.final).toBe(true);
  expect(messages.flatMap(resultsIn)).toHaveLength(12);
});

requirement('PRO-6.2-3', () => {
  const open = sentByServer([[replace('./A/B', LARGE)]]).filter(isOpen);
  expect(open.length).toBeGreaterThan(1);
  expect(open.map(({ final }) => final)).toEqual(open.map(() => false));
});

requirement('PRO-6.2-4', () => {
  const earlier = twelveResults().slice(0, -1);
  expect(earlier.length).toBeGreaterThan(1);
  expect(earlier.map(({ final }) => final)).toEqual(earlier.map(() => false));
});

requirement('PRO-6.2-5', () => {
  const { server, reply, rest } = begun();
  const second = server.next([rest[0]], { final: false });
  const third = server.next([rest[1]], { final: true });
  expect([reply.final, second.final, third.final]).toEqual([false, false, true]);
});

requirement('PRO-6.2-6', () => {
  const { server, reply, rest } = begun([get('./A/B')]);
  const second = server.next([rest[0]], { final: false });
  const third = server.next([rest[1]], { final: true });
  expect([reply.final, second.final, third.final]).toEqual([false, false, true]);
});

requirement('PRO-6.2-7', () => {
  expect(namesIn(begun().reply)).toEqual(['Alert 1222']);
});

requirement('PRO-6.2-8', () => {
  const device = new ScriptedDevice();
  expect(namesIn(device.begin([], { final: false }))).toEqual(['Alert 1222']);
});

requirement('PRO-6.2-9', () => {
  const { device, reply } = halfAnswered();
  expect(reply.commands.map(({ kind }) => kind)).toEqual(['Status', 'Alert']);
  expect(reply.final).toBe(false);
  // The same once more: it goes on until the device says Final.
  expect(device.send([device.headerStatus()], { final: false }).commands.map(({ kind }) => kind)).toEqual([
    'Status',
    'Alert',
  ]);
});

requirement('PRO-6.2-10', () => {
  const { reply } = halfAnswered();
  expect(headerStatusIn(reply)).toMatchObject({ code: 200, msgRef: 2, cmdRef: '0', cmd: 'SyncHdr' });
  expect(namesIn(reply)).toContain('Alert 1222');
});

requirement('PRO-6.2-11', () => {
  expect(namesIn(halfAnswered().reply)).toEqual(['Alert 1222']);
});

requirement('PRO-6.2-12', () => {
  expect(halfAnswered().reply.final).toBe(false);
});

requirement('PRO-6.2-13', () => {
  const messages = sentByServer([twelveReplaces, [replace('./A/B', LARGE)], [get('./A')]]);
  expect(messages.filter(isOpen).length).toBeGreaterThan(1);
  for (const message of messages) expect(message.final).toBe(!isOpen(message));
});
