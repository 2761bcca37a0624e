/** OMA-TS-DM_Protocol-V1_2_1 §3.2, §5, §8 and §8.1: addresses, phases of a session, and its abort. */
import { expect } from 'vitest';
import type { Command, Draft, Message } from '../../src-core/syncml/message.ts';
import {
  add,
  alert,
  CLIENT,
  codesIn,
  commandsIn,
  cred,
  get,
  headerStatusIn,
  itemsIn,
  namesIn,
  nonceIn,
  replace,
  resultsIn,
  WRONG,
} from './bench.ts';
import { requirement } from './require.ts';
import { DEV_INFO, ScriptedDevice } from './scripted-device.ts';
import { deviceTree, ScriptedServer } from './scripted-server.ts';

const target = (uri: string) => ({ target: { uri } });

/** URIs of nodes that a message names. */
const urisIn = ({ commands }: Pick<Message, 'commands'>): string[] =>
  commands
    .flatMap(command => ('items' in command ? command.items : []))
    .flatMap(({ source, target }) => [source?.uri, target?.uri].filter(uri => uri !== undefined));

/** All messages of a client in a session with every kind of answer, package 1 first. */
const wholeSession = (): Message[] => {
  const server = new ScriptedServer({
    alerts: [{ kind: 'Alert', code: 1224, items: [{ meta: { type: 'text/plain', format: 'chr' }, data: 'started' }] }],
  });
  const package1 = server.start();
  server.trySecond([get('./A', './A/B'), replace('./A/B', 'new'), alert(1100, {}, { data: 'Hello' })]);
  const package3 = server.answer({ kind: 'shown' });
  const again = server.next([{ kind: 'Exec', items: [target('./A/B')] }, get('./A/Raw')]);
  return [package1, ...(package3 ? [package3] : []), again];
};

requirement('PRO-3.2-1', () => {
  const uris = wholeSession().flatMap(urisIn);
  expect(uris).toContain('./A/B');
  expect(uris.filter(uri => !/^\.(\/[^/?]+)*(\?.*)?$/.test(uri))).toEqual([]);
});

requirement('PRO-3.2-2', () => {
  // With nothing else to do, the server asks for a node of its own choice.
  const uris = commandsIn(new ScriptedDevice().begin()).flatMap(command =>
    urisIn({ commands: [command] } as unknown as Message),
  );
  expect(uris.length).toBeGreaterThan(0);
  expect(uris.filter(uri => !/^\.(\/[^/?]+)+$/.test(uri))).toEqual([]);
});

requirement('PRO-5-1', () => {
  const server = new ScriptedServer();
  expect(codesIn(server.begin([add('./A/B', 'again'), add('./A/D', 'd'), add('./A/D', 'again')]))).toEqual([
    'Add 418',
    'Add 200',
    'Add 418',
  ]);
  expect(
    server.next([get('./A/D')]).commands.flatMap(command => ('items' in command ? command.items : [])),
  ).toMatchObject([{ source: { uri: './A/D' }, data: 'd' }]);
});

requirement('PRO-5-2', () => {
  const malformed = ['./A//B', './A/B/', './A/../A/B', './A/./B', './A/B?unknown=1', './A/B?prop=ACL?prop=ACL'];
  const server = new ScriptedServer();
  const codes = codesIn(server.begin(malformed.map(uri => get(uri))));
  expect(codes.filter(code => !/^Get 4\d\d$/.test(code))).toEqual([]);
  expect(codes).toHaveLength(malformed.length);
});

requirement('PRO-5-3', () => {
  const device = new ScriptedDevice({ work: [[get('./A//B'), get('./A/'), get('./A/../B'), get('./A/B')]] });
  expect(urisIn(device.begin()).filter(uri => !/^\.(\/[^/?]+)+$/.test(uri))).toEqual([]);
});

requirement('PRO-8-1', () => {
  const server = new ScriptedServer();
  server.begin([get('./A/B')]);
  expect(server.trySend([server.headerStatus()])).toBeUndefined();
  expect([server.over, server.outcome]).toEqual([true, 'completed']);
});

requirement('PRO-8-2', () => {
  const device = new ScriptedDevice({ work: [[get('./A')]] });
  const answers = [device.begin([], { header: { cred: cred('md5', WRONG) } })];
  answers.push(device.begin([], { header: { cred: cred('md5', CLIENT, nonceIn(device.last)) } }));
  answers.push(device.send([device.headerStatus()], { final: false }));
  answers.push(device.send([device.headerStatus(), ...device.statusesOf()]));
  const refs = answers.map(answer => headerStatusIn(answer)?.msgRef);
  expect(refs).toEqual([1, 2, 3, 4]);
  const stranger = new ScriptedDevice();
  expect(headerStatusIn(stranger.begin([], { header: { verProto: 'DM/9.9' } }))).toMatchObject({
    msgRef: 1,
    code: 513,
  });
});

/** Only in this order do all of them succeed and leave `2`. */
const IN_ORDER: Draft[] = [
  { kind: 'Delete', items: [target('./A/B')] },
  add('./A/B', '1'),
  replace('./A/B', '2'),
  { kind: 'Delete', items: [target('./A/C')] },
];

requirement('PRO-8-3', () => {
  const server = new ScriptedServer();
  const reply = server.begin([{ kind: 'Sequence', commands: [...IN_ORDER, get('./A/B'), replace('./A/B', '3')] }]);
  expect(codesIn(reply)).toEqual([
    'Sequence 200',
    'Delete 200',
    'Add 200',
    'Replace 200',
    'Delete 200',
    'Get 200',
    'Replace 200',
  ]);
  expect(resultsIn(reply)[0]?.items[0]?.data).toBe('2');
  expect(server.value('./A/B')).toBe('3');
});

requirement('PRO-8-4', () => {
  const server = new ScriptedServer();
  const reply = server.begin([{ kind: 'Atomic', commands: IN_ORDER }]);
  expect(codesIn(reply)).toEqual(['Atomic 200', 'Delete 200', 'Add 200', 'Replace 200', 'Delete 200']);
  expect([server.value('./A/B'), server.tree.has('./A/C')]).toEqual(['2', false]);
});

requirement('PRO-8-5', () => {
  const messages = wholeSession();
  const commands: Command[] = messages.flatMap(commandsIn);
  expect(new Set(commands.map(({ kind }) => kind))).toEqual(new Set(['Alert', 'Replace']));
  const replaced = commands.flatMap(command => (command.kind === 'Replace' ? command.items : []));
  expect(replaced.length).toBeGreaterThan(0);
  expect(replaced.filter(({ source }) => !source?.uri.startsWith('./DevInfo/'))).toEqual([]);
});

requirement('PRO-8.1.1-1', () => {
  const work = [[get('./A')]];
  const lost = new ScriptedDevice({ work });
  lost.begin();
  lost.send([lost.headerStatus()], { final: false });
  expect([lost.statuses, lost.outcome]).toEqual([[], undefined]);
  // The device comes back with a new session.
  const again = new ScriptedDevice({ work });
  expect(namesIn(again.begin([], { header: { sessionId: '1B' } }))).toEqual(['Get']);
  again.send([again.headerStatus(), ...again.statusesOf()], { header: { sessionId: '1B' } });
  expect([again.statuses.length, again.outcome]).toEqual([1, 'completed']);
});

requirement('PRO-8.1.1-2', () => {
  const tree = deviceTree();
  const lost = new ScriptedServer({ tree });
  const chunk = { ...target('./A/B'), meta: { size: 10 }, data: 'abcde', moreData: true };
  lost.begin([replace('./A/C', 'new'), { kind: 'Replace', items: [chunk] }], { final: false });
  // The server never answers; the next session finds what was executed and nothing of the object.
  const again = new ScriptedServer({ tree, sessionId: '1B' });
  again.start();
  const header = { sessionId: '1B' };
  const reply = again.second([get('./A/B'), get('./A/C')], { header });
  expect(itemsIn(reply).map(({ data }) => data)).toEqual(['b', 'new']);
});

requirement('PRO-8.1.2-1', () => {
  const device = new ScriptedDevice({ work: [[get('./A')], [get('./B')]] });
  device.begin();
  device.session.abort('shutdown');
  const reply = device.send([device.headerStatus(), ...device.statusesOf()]);
  expect([namesIn(reply), reply.final, device.over]).toEqual([['Alert 1223'], true, true]);
});

requirement('PRO-8.1.2-2', () => {
  const server = new ScriptedServer();
  server.begin([get('./A/B')]);
  const { message } = server.session.abort();
  expect([namesIn(message), message.final, server.over]).toEqual([['Alert 1223'], true, true]);
});

/** A device aborts a session in which the server has more to do. */
const aborted = () => {
  const device = new ScriptedDevice({ work: [[get('./A')], [get('./B')]] });
  device.begin();
  return device.send([device.headerStatus(), alert(1223)]);
};

requirement('PRO-8.1.2-3', () => {
  expect(codesIn(aborted())).toEqual(['Alert 200']);
});

requirement('PRO-8.1.2-4', () => {
  expect(headerStatusIn(aborted())).toMatchObject({ msgRef: 2, code: 200 });
});

requirement('PRO-8.1.2-5', () => {
  expect(commandsIn(aborted())).toEqual([]);
  const first = new ScriptedDevice({ work: [[get('./A')]] });
  const reply = first.send([alert(1201), DEV_INFO, alert(1223)], { header: { cred: cred('md5', WRONG) } });
  expect(commandsIn(reply)).toEqual([]);
});
