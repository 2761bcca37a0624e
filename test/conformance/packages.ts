/** Packages 1 to 4 of sessions with every kind of command, and what all of them must hold. */
import { expect } from 'vitest';
import type { Encoding } from '../../src-core/syncml/codec.ts';
import type { Command, Draft, Item, Message } from '../../src-core/syncml/message.ts';
import { alert, get } from './bench.ts';
import { ScriptedDevice } from './scripted-device.ts';
import { ScriptedServer } from './scripted-server.ts';

export const inBoth = (check: (encoding: Encoding) => void): void => {
  for (const encoding of ['wbxml', 'xml'] as const) check(encoding);
};
const target = (uri: string) => ({ target: { uri } });
const BYTES = Uint8Array.of(0, 0xff, 0x41);
const event = alert(1224, { data: 'org.example.event' });

/** Every command that a server sends. */
const COMMANDS: Draft[] = [
  get('./A/B'),
  { kind: 'Add', items: [{ ...target('./A/N'), meta: { format: 'int' }, data: '1' }] },
  { kind: 'Add', items: [{ ...target('./A/Bytes'), meta: { format: 'bin', type: 'image/png' }, data: BYTES }] },
  { kind: 'Replace', items: [{ ...target('./A/B'), data: 'new' }] },
  { kind: 'Delete', items: [target('./A/C')] },
  { kind: 'Copy', items: [{ source: { uri: './A/B' }, ...target('./A/Copy') }] },
  { kind: 'Exec', items: [target('./A/Run')] },
  { kind: 'Sequence', commands: [get('./A')] },
];

/** The server's packages 2 and 4, with a device that sends an event in packages 1 and 3. */
export const serverPackages = (encoding: Encoding, first = COMMANDS, second = COMMANDS) => {
  const device = new ScriptedDevice({ encoding, work: [first, second], meta: { maxMsgSize: 20_000 } });
  const package2 = device.begin([event]);
  const package4 = device.send([device.headerStatus(), ...device.statusesOf(), event]);
  return { package2, package4 };
};

/** The client's packages 1 and 3, with a server that sends all that needs an answer. */
export const clientPackages = (encoding: Encoding) => {
  const server = new ScriptedServer({ encoding, interactive: false });
  const package1 = server.start();
  const package3 = server.second([
    alert(1100, {}, { data: 'Hello' }),
    get('./A/B'),
    get('./A/Raw'),
    get('./No'),
    { kind: 'Replace', items: [{ ...target('./A/C'), data: 'new' }] },
  ]);
  return { package1, package3, again: server.next([get('./A/B')]) };
};

const inner = (command: Command): Command[] => [
  command,
  ...('commands' in command ? command.commands.flatMap(inner) : []),
];
const cmdIds = ({ commands }: Message): string[] => commands.flatMap(inner).map(({ cmdId }) => cmdId);
export const expectCmdIds = (message: Message): void => {
  const ids = cmdIds(message);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.filter(id => id === '' || id === '0')).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
};
export const itemsOf = (message: Message, kind: Command['kind']): Item[] =>
  message.commands.flatMap(command => (command.kind === kind && 'items' in command ? command.items : []));

export const expectTargets = (message: Message): void => {
  const kinds = ['Get', 'Add', 'Replace', 'Delete', 'Copy', 'Exec'] as const;
  const uris = kinds.map(kind => itemsOf(message, kind).map(item => item.target?.uri));
  expect(uris).toEqual([['./A/B'], ['./A/N', './A/Bytes'], ['./A/B'], ['./A/C'], ['./A/Copy'], ['./A/Run']]);
};
/** Bytes travel as such in WBXML and as base64 text in XML, and Meta says so. */
export const expectMeta = (message: Message, encoding: Encoding): void => {
  const [number, bytes] = itemsOf(message, 'Add');
  expect(number).toMatchObject({ meta: { format: 'int' }, data: '1' });
  const format = encoding === 'wbxml' ? 'bin' : 'b64';
  expect(bytes?.meta).toMatchObject({ format, type: 'image/png' });
  expect(bytes?.data).toEqual(encoding === 'wbxml' ? BYTES : Buffer.from(BYTES).toString('base64'));
};

/** Several messages of one package, from a server that has to cut an object. */
export const finals = (encoding: Encoding): { server: boolean[]; client: boolean[] } => {
  const device = new ScriptedDevice({
    encoding,
    meta: { maxMsgSize: 1500 },
    work: [[{ kind: 'Replace', items: [{ ...target('./A/B'), data: 'x'.repeat(2000) }] }]],
  });
  const server = [device.begin().final];
  while (server.at(-1) === false && server.length < 10) {
    const statuses = device.statusesOf(213);
    server.push(device.send([device.headerStatus(), ...statuses, alert(1222)], { final: false }).final);
  }
  const { package1, package3 } = clientPackages(encoding);
  return { server, client: [package1.final, package3.final] };
};
