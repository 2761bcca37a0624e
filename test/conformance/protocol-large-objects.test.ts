/** OMA-TS-DM_Protocol-V1_2_1 §7: large objects. */
import { expect } from 'vitest';
import type { Encoding } from '../../src-core/syncml/codec.ts';
import type { Command, Draft, Item } from '../../src-core/syncml/message.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { DEFAULT_HANDSET, factoryTree } from '../../src-core/virtual/handset/identity.ts';
import { alert, codesIn, commandsIn, get, namesIn, replace, resultsIn, statusesIn, text } from './bench.ts';
import { chunksOf, dataItems, isOpen, joined, LARGE, sentByClient, sentByServer } from './large-objects.ts';
import { inBoth } from './packages.ts';
import { requirement } from './require.ts';
import { ScriptedDevice } from './scripted-device.ts';
import { ScriptedServer } from './scripted-server.ts';

const TARGET = { target: { uri: './A/B' } };
const replaced = (item: Item | undefined): Draft => ({ kind: 'Replace', items: item ? [item] : [] });

/** The server sends an object in three chunks; `until` of them have gone, and `size` is what it says. */
const toClient = (until: number, size?: number) => {
  const chunks = chunksOf(TARGET, LARGE, size).map(replaced);
  const server = new ScriptedServer();
  server.start();
  const replies = chunks.slice(0, until).map((chunk, i) => {
    const final = i === 2;
    return i === 0 ? server.second([chunk], { final }) : server.next([chunk], { final });
  });
  return { server, replies, last: replies[replies.length - 1] ?? server.last };
};

/** The device answers a Get with Results in chunks. */
const toServer = (until: number, size?: number) => {
  const device = new ScriptedDevice({ work: [[get('./A/B')]], maxObjSize: 100_000 });
  const [command] = commandsIn(device.begin());
  if (!command) throw new Error('no Get');
  const chunks = chunksOf({ source: { uri: './A/B' } }, LARGE, size).map(item => device.resultOf(command, item));
  const status = device.status(command);
  const replies = chunks.slice(0, until).map((chunk, i) => {
    const first = i === 0 ? [status] : [];
    return device.send([device.headerStatus(), ...first, chunk], { final: i === 2 });
  });
  return { device, command, replies, last: replies[replies.length - 1] ?? device.last };
};

/** A generic alert of the device in chunks, in package 1. */
const alertToServer = (size?: number) => {
  const meta = { type: 'Reversed-Domain-Name: org.example.log', format: 'chr' };
  const device = new ScriptedDevice();
  const [first, second, third] = chunksOf({ source: { uri: './Log' }, meta }, LARGE, size).map(item =>
    alert(1226, item),
  );
  if (!first || !second || !third) throw new Error('an object has three chunks');
  device.begin([first], { final: false });
  device.send([device.headerStatus(), second], { final: false });
  return { device, reply: device.send([device.headerStatus(), third]) };
};

const largeLeaf = (size = LARGE.length) =>
  new ManagementTree(
    [interior('A', [leaf('B', text(size)), leaf('C', 'c'), leaf('D', 'd')], { acl: 'Get=*&Replace=*' })],
    { now: () => 0 },
  );
/** A client answers with the large leaf between two small ones. */
const clientChunks = (encoding: Encoding) => {
  const messages = sentByClient([get('./A/C'), get('./A/B'), get('./A/D')], { tree: largeLeaf(), encoding });
  const chunks = dataItems(messages).filter(({ source }) => source?.uri === './A/B');
  return { messages, chunks };
};
/** A server sends the large object between two small ones. */
const WORK: Draft[] = [replace('./A/C', 'c'), replace('./A/B', LARGE), replace('./A/D', 'd')];
const serverChunks = (encoding: Encoding) => {
  const messages = sentByServer([WORK, [get('./A')]], { encoding });
  const chunks = dataItems(messages).filter(({ target }) => target?.uri === './A/B');
  return { messages, chunks };
};
/** Between the first and the last chunk: what each message has of answers' and commands' Items. */
const betweenChunks = ({ messages, chunks }: ReturnType<typeof serverChunks>) => {
  const has = (items: readonly Item[], { commands }: { commands: readonly Command[] }) =>
    commands.some(command => 'items' in command && command.items.some(item => items.includes(item)));
  const first = messages.findIndex(message => has(chunks, message));
  const last = messages.findLastIndex(message => has(chunks, message));
  return messages
    .slice(first, last + 1)
    .map(message => dataItems([message]).map(({ data }) => chunks.some(chunk => chunk.data === data)));
};

requirement('PRO-7-1', () => {
  const { device } = toServer(3);
  expect(device.results.map(([, { items }]) => items[0]?.data)).toEqual([LARGE]);
});

requirement('PRO-7-2', () => {
  inBoth(encoding => {
    const { chunks } = serverChunks(encoding);
    expect(chunks.length).toBeGreaterThan(2);
    expect(joined(chunks)).toBe(LARGE);
  });
});

requirement('PRO-7-3', () => {
  const { replies } = toServer(2);
  expect(replies.map(codesIn)).toEqual([['Results 213'], ['Results 213']]);
});

requirement('PRO-7-4', () => {
  const { replies } = toClient(2);
  expect(replies.map(codesIn)).toEqual([['Replace 213'], ['Replace 213']]);
});

requirement('PRO-7-5', () => {
  expect(toServer(2).replies.map(namesIn)).toEqual([['Alert 1222'], ['Alert 1222']]);
});

requirement('PRO-7-6', () => {
  expect(toClient(2).replies.map(namesIn)).toEqual([['Alert 1222'], ['Alert 1222']]);
});

requirement('PRO-7-7', () => {
  const { device, reply } = alertToServer();
  expect(codesIn(reply)).toEqual(['Alert 200']);
  expect(device.alerts).toEqual([1201, 1226]);
});

requirement('PRO-7-8', () => {
  const { server, last } = toClient(3);
  expect(statusesIn(last)).toMatchObject([{ cmd: 'Replace', code: 200, targetRefs: ['./A/B'] }]);
  expect(server.value('./A/B')).toBe(LARGE);
});

requirement('PRO-7-9', () => {
  const { device } = toServer(2);
  expect(device.results).toEqual([]);
});

requirement('PRO-7-10', () => {
  expect(toClient(2).server.value('./A/B')).toBe('b');
});

requirement('PRO-7-11', () => {
  const fits = sentByServer([[replace('./A/B', text(300)), get('./A')]]);
  expect(fits.filter(isOpen)).toEqual([]);
});

requirement('PRO-7-12', () => {
  const fits = sentByClient([get('./A/B'), get('./A/C')], { tree: largeLeaf(300) });
  expect(dataItems(fits).map(({ data }) => data)).toEqual([text(300), 'c']);
  expect(fits.filter(isOpen)).toEqual([]);
});

requirement('PRO-7-13', () => {
  inBoth(encoding => {
    const { chunks } = serverChunks(encoding);
    expect(chunks.map(({ moreData }) => moreData === true)).toEqual(chunks.map((_, i) => i < chunks.length - 1));
  });
});

requirement('PRO-7-14', () => {
  inBoth(encoding => {
    const { chunks } = clientChunks(encoding);
    expect(chunks.map(({ moreData }) => moreData === true)).toEqual(chunks.map((_, i) => i < chunks.length - 1));
  });
});

requirement('PRO-7-15', () => {
  inBoth(encoding => {
    const { messages, chunks } = serverChunks(encoding);
    const order = dataItems(messages).map(({ target }) => target?.uri);
    expect(order).toEqual(['./A/C', ...chunks.map(() => './A/B'), './A/D']);
  });
});

requirement('PRO-7-16', () => {
  inBoth(encoding => {
    const { messages, chunks } = clientChunks(encoding);
    const order = dataItems(messages).map(({ source }) => source?.uri);
    expect(order).toEqual(['./A/C', ...chunks.map(() => './A/B'), './A/D']);
  });
});

requirement('PRO-7-17', () => {
  inBoth(encoding => {
    const messages = betweenChunks(serverChunks(encoding));
    expect(messages.length).toBeGreaterThan(2);
    expect(messages.every(items => items.filter(chunk => chunk).length === 1)).toBe(true);
  });
});

requirement('PRO-7-18', () => {
  inBoth(encoding => {
    const messages = betweenChunks(clientChunks(encoding));
    expect(messages.length).toBeGreaterThan(2);
    expect(messages.every(items => items.filter(chunk => chunk).length === 1)).toBe(true);
  });
});

requirement('PRO-7-19', () => {
  inBoth(encoding => {
    // The chunk ends what the server asks for: nothing of it comes after a chunk with more to come.
    const open = serverChunks(encoding).messages.filter(isOpen);
    expect(open.length).toBeGreaterThan(1);
    const names = open.slice(1).map(namesIn);
    expect(names).toEqual(names.map(() => ['Replace']));
    expect(open.every(({ commands }) => commands.at(-1)?.kind === 'Replace')).toBe(true);
  });
});

requirement('PRO-7-20', () => {
  inBoth(encoding => {
    const open = clientChunks(encoding).messages.filter(isOpen);
    expect(open.length).toBeGreaterThan(1);
    const kinds = open.map(({ commands }) => commands.at(-1)?.kind);
    expect(kinds).toEqual(kinds.map(() => 'Results'));
    expect(open.slice(1).map(message => resultsIn(message).length)).toEqual(open.slice(1).map(() => 1));
  });
});

requirement('PRO-7-21', () => {
  const tree = new ManagementTree(factoryTree(DEFAULT_HANDSET), { now: () => 0 });
  expect(tree.get('./DevDetail/LrgObj', { serverId: 'any.example' })).toMatchObject({ format: 'bool', value: 'true' });
});

requirement('PRO-7-22', () => {
  const device = new ScriptedDevice({ work: [WORK], meta: { maxMsgSize: 5000, maxObjSize: 1000 } });
  expect(dataItems([device.begin()]).map(({ data }) => data)).toEqual(['c', 'd']);
  expect(device.unsent.map(([draft]) => draft)).toEqual([WORK[1]]);
});

requirement('PRO-7-23', () => {
  const server = new ScriptedServer({ tree: largeLeaf(), meta: { maxMsgSize: 6000, maxObjSize: 1000 } });
  const reply = server.begin([get('./A/B'), get('./A/C')]);
  expect(dataItems([reply]).map(({ data }) => data)).toEqual(['c']);
  expect(codesIn(reply)).toEqual(['Get 413', 'Get 200']);
});

requirement('PRO-7-24', () => {
  inBoth(encoding => {
    expect(serverChunks(encoding).chunks[0]?.meta?.size).toBe(LARGE.length);
  });
});

requirement('PRO-7-25', () => {
  inBoth(encoding => {
    expect(clientChunks(encoding).chunks[0]?.meta?.size).toBe(LARGE.length);
  });
});

requirement('PRO-7-26', () => {
  inBoth(encoding => {
    const [, ...later] = serverChunks(encoding).chunks;
    expect(later.map(({ meta }) => meta?.size)).toEqual(later.map(() => undefined));
  });
});

requirement('PRO-7-27', () => {
  inBoth(encoding => {
    const [, ...later] = clientChunks(encoding).chunks;
    expect(later.map(({ meta }) => meta?.size)).toEqual(later.map(() => undefined));
  });
});

requirement('PRO-7-28', () => {
  expect(codesIn(alertToServer(LARGE.length + 1).reply)).toEqual(['Alert 424']);
  expect(codesIn(toServer(3, LARGE.length - 1).last)).toEqual(['Results 424']);
});

requirement('PRO-7-29', () => {
  expect(codesIn(toClient(3, LARGE.length + 1).last)).toEqual(['Replace 424']);
  expect(codesIn(toClient(3, LARGE.length - 1).last)).toEqual(['Replace 424']);
});

requirement('PRO-7-30', () => {
  expect(alertToServer(LARGE.length + 1).device.alerts).toEqual([1201]);
  expect(toServer(3, LARGE.length - 1).device.results).toEqual([]);
});

requirement('PRO-7-31', () => {
  expect(toClient(3, LARGE.length + 1).server.value('./A/B')).toBe('b');
});

requirement('PRO-7-32', () => {
  const { device } = toServer(2);
  const reply = device.send([device.headerStatus(), alert(1224, { data: 'org.example.event' })], { final: false });
  const [broken] = commandsIn(reply).filter(command => command.kind === 'Alert' && command.code === 1225);
  expect(broken).toMatchObject({ kind: 'Alert', code: 1225, items: [{ source: { uri: './A/B' } }] });
});

requirement('PRO-7-33', () => {
  const { server } = toClient(2);
  const reply = server.next([replace('./A/C', 'new')]);
  const [broken] = commandsIn(reply);
  expect(broken).toMatchObject({ kind: 'Alert', code: 1225, items: [TARGET] });
});

requirement('PRO-7-34', () => {
  const { device } = toServer(2);
  device.send([device.headerStatus()]);
  expect(device.results).toEqual([]);
});

requirement('PRO-7-35', () => {
  const { server } = toClient(2);
  expect(codesIn(server.next([replace('./A/C', 'new')]))).toEqual(['Replace 200']);
  expect([server.value('./A/B'), server.value('./A/C')]).toEqual(['b', 'new']);
});
