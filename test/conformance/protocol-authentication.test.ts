/** OMA-TS-DM_Protocol-V1_2_1 §9: authentication in a session. */
import { expect } from 'vitest';
import type { Message } from '../../src-core/syncml/message.ts';
import {
  alert,
  CLIENT,
  chal,
  codesIn,
  commandsIn,
  cred,
  get,
  headerStatusIn,
  namesIn,
  nonceIn,
  replace,
  SERVER,
  SERVER_NONCE,
  statusesIn,
  WRONG,
} from './bench.ts';
import { requirement } from './require.ts';
import { DEV_INFO, ScriptedDevice } from './scripted-device.ts';
import { ACCOUNT, ScriptedServer } from './scripted-server.ts';

const FRESH = Uint8Array.of(0x77, 0x78);
const LATER = Uint8Array.of(0x79);
const RESP_URI = 'http://dm.example/dm?s=7';
const basicAccount = { ...ACCOUNT, client: { ...ACCOUNT.client, scheme: 'basic' as const } };
const kindsIn = ({ commands }: Message) => new Set(commands.map(({ kind }) => kind));

/** A client that the server challenges in package 2; returns what it says then. */
const challenged = (code: 401 | 407 = 401, header: Partial<Message['header']> = {}) => {
  const server = new ScriptedServer();
  server.start();
  const status = server.headerStatus(code, chal('md5', FRESH));
  return { server, reply: server.send([status, ...server.statusesOf(code)], { header }) };
};

/** A server that the client challenges in package 3; returns what it says then. */
const challengedServer = (header: Partial<Message['header']> = {}) => {
  const device = new ScriptedDevice({ work: [[get('./A'), replace('./B', 'b')]] });
  device.begin();
  const status = device.headerStatus(401, chal('md5', FRESH));
  return { device, reply: device.send([status, ...device.statusesOf(401)], { header }) };
};

/** A device whose credentials are wrong, or missing. */
const refusedDevice = (given: Message['header']['cred'] = cred('md5', WRONG)) => {
  const device = new ScriptedDevice({ work: [[get('./A')]] });
  const header = given ? { cred: given } : {};
  return device.send([alert(1201), DEV_INFO], { header });
};

/** A server whose credentials are wrong; what the client answers to its commands. */
const refusedServer = (given = cred('md5', { ...WRONG, user: SERVER.user }, SERVER_NONCE)) =>
  new ScriptedServer().begin([get('./A/B'), replace('./A/B', 'new'), alert(1100, {}, { data: 'Hello' })], {
    header: { cred: given },
  });

/** The nonce that the session says to keep for `side`. */
const keptNonce = ({ events }: ScriptedDevice | ScriptedServer, side: 'client' | 'server') =>
  events.flatMap(event => (event.kind === 'nonce' && event.side === side ? [event.nonce] : [])).at(-1);

requirement('PRO-9-1', () => {
  for (const given of [undefined, cred('md5', WRONG, SERVER_NONCE)]) {
    const server = new ScriptedServer();
    server.start();
    const statuses = [server.headerStatus(212, chal('md5', FRESH)), ...server.statusesOf()];
    expect(server.trySend(statuses, { header: given ? { cred: given } : {} })).toBeUndefined();
    expect(server.over).toBe(true);
  }
});

requirement('PRO-9-2', () => {
  for (const code of [401, 407] as const) {
    const { reply } = challenged(code);
    expect([namesIn(reply), reply.final]).toEqual([['Alert 1201', 'Replace'], true]);
  }
});

requirement('PRO-9-3', () => {
  const first = commandsIn(new ScriptedServer().start());
  const withoutIds = (message: readonly { cmdId: string }[]) => message.map(({ cmdId: _, ...command }) => command);
  expect(withoutIds(commandsIn(challenged().reply))).toEqual(withoutIds(first));
});

requirement('PRO-9-4', () => {
  expect(challenged().reply.header.cred).toEqual(cred('md5', CLIENT, FRESH));
});

requirement('PRO-9.1-1', () => {
  expect(headerStatusIn(refusedDevice())).toMatchObject({ code: 401, chal: { meta: { type: 'syncml:auth-md5' } } });
  const missing = new ScriptedDevice().send([alert(1201), DEV_INFO]);
  expect(headerStatusIn(missing)).toMatchObject({ code: 407, chal: { meta: { type: 'syncml:auth-md5' } } });
});

requirement('PRO-9.1-2', () => {
  expect(headerStatusIn(refusedServer())).toMatchObject({ code: 401, chal: { meta: { type: 'syncml:auth-md5' } } });
  const server = new ScriptedServer();
  server.start();
  const missing = server.send([server.headerStatus(212, chal('md5', FRESH)), get('./A/B')]);
  expect(headerStatusIn(missing)).toMatchObject({ code: 407, chal: { meta: { type: 'syncml:auth-md5' } } });
});

requirement('PRO-9.1-3', () => {
  const server = new ScriptedServer();
  const package3 = server.begin([get('./A/B')]);
  expect(package3.header.cred).toBeUndefined();
  const nonce = keptNonce(server, 'client') ?? SERVER_NONCE;
  const next = new ScriptedServer({ account: { ...ACCOUNT, client: { ...ACCOUNT.client, nonce } } });
  expect(next.start().header.cred).toEqual(cred('md5', CLIENT, Uint8Array.of(0x20)));
});

requirement('PRO-9.1-4', () => {
  const device = new ScriptedDevice({ work: [[get('./A')]] });
  device.begin();
  const closing = device.send([device.headerStatus(212, chal('md5', FRESH)), ...device.statusesOf()]);
  expect(closing.header.cred).toBeUndefined();
  const serverNonce = keptNonce(device, 'server') ?? SERVER_NONCE;
  const next = new ScriptedDevice({ account: { serverNonce }, work: [[get('./A')]] });
  expect(next.begin().header.cred).toEqual(cred('md5', SERVER, FRESH));
});

requirement('PRO-9.1-5', () => {
  const server = new ScriptedServer();
  const first = server.start();
  const header = { cred: cred('md5', SERVER, SERVER_NONCE) };
  const next = server.send([server.headerStatus(200), ...server.statusesOf(), get('./A/B')], { header });
  expect(next.header.cred).toEqual(first.header.cred);
});

requirement('PRO-9.1-6', () => {
  const device = new ScriptedDevice({ work: [[get('./A')], [get('./B')]] });
  const package2 = device.begin();
  const package4 = device.send([device.headerStatus(200), ...device.statusesOf()]);
  expect(package4.header.cred).toEqual(package2.header.cred);
});

requirement('PRO-9.1-7', () => {
  const server = new ScriptedServer();
  server.start();
  const header = { cred: cred('md5', SERVER, SERVER_NONCE) };
  const status = server.headerStatus(200, chal('md5', FRESH));
  expect(server.send([status, ...server.statusesOf(), get('./A/B')], { header }).header.cred).toEqual(
    cred('md5', CLIENT, FRESH),
  );
  const later = server.send([server.headerStatus(200, chal('md5', LATER)), get('./A/B')]);
  expect(later.header.cred).toEqual(cred('md5', CLIENT, LATER));
});

requirement('PRO-9.1-8', () => {
  const device = new ScriptedDevice({ work: [[get('./A')], [get('./B')]] });
  device.begin();
  const package4 = device.send([device.headerStatus(200, chal('md5', FRESH)), ...device.statusesOf()]);
  expect(package4.header.cred).toEqual(cred('md5', SERVER, FRESH));
});

requirement('PRO-9.1-9', () => {
  for (const scheme of ['basic', 'hmac'] as const) {
    const server = new ScriptedServer();
    server.begin([get('./A/B')]);
    const answer = server.exchange([server.headerStatus(401, chal(scheme, FRESH)), get('./A/B')]);
    expect([answer, server.over]).toEqual([undefined, true]);
  }
});

requirement('PRO-9.1-10', () => {
  for (const scheme of ['basic', 'hmac'] as const) {
    const device = new ScriptedDevice({ work: [[get('./A')], [get('./B')], [get('./C')]] });
    device.begin();
    device.send([device.headerStatus(212), ...device.statusesOf()]);
    const { message, hmac } = device.exchange([
      device.headerStatus(401, chal(scheme, FRESH)),
      ...device.statusesOf(401),
    ]);
    expect([message.header.cred, hmac, namesIn(message), device.over]).toEqual([undefined, undefined, [], true]);
  }
});

requirement('PRO-9.1-11', () => {
  expect(kindsIn(refusedDevice())).toEqual(new Set(['Status']));
});

requirement('PRO-9.1-12', () => {
  expect(kindsIn(refusedServer())).toEqual(new Set(['Status']));
});

requirement('PRO-9.1-13', () => {
  expect(codesIn(refusedDevice())).toEqual(['Alert 401', 'Replace 401']);
  const device = new ScriptedDevice();
  const group = { kind: 'Atomic', commands: [] } as const;
  expect(codesIn(device.send([alert(1201), DEV_INFO, alert(1226), get('./A'), group]))).toEqual([
    'Alert 407',
    'Replace 407',
    'Alert 407',
    'Get 407',
    'Atomic 407',
  ]);
});

requirement('PRO-9.1-14', () => {
  expect(codesIn(refusedServer())).toEqual(['Get 401', 'Replace 401', 'Alert 401']);
});

requirement('PRO-9.1-15', () => {
  expect(headerStatusIn(challenged().reply)).toMatchObject({ msgRef: 1, cmdRef: '0', cmd: 'SyncHdr' });
});

requirement('PRO-9.1-16', () => {
  expect(headerStatusIn(challengedServer().reply)).toMatchObject({ msgRef: 2, cmdRef: '0', cmd: 'SyncHdr' });
});

requirement('PRO-9.1-17', () => {
  const { server, reply } = challenged();
  expect([reply.header.sessionId, reply.header.msgId]).toEqual(['1A', 2]);
  expect(server.over).toBe(false);
});

requirement('PRO-9.1-18', () => {
  const { device, reply } = challengedServer();
  expect([reply.header.sessionId, reply.header.msgId]).toEqual(['1A', 2]);
  expect(device.over).toBe(false);
});

requirement('PRO-9.1-19', () => {
  expect(challenged(401, { respURI: RESP_URI }).reply.header.target.uri).toBe(RESP_URI);
});

requirement('PRO-9.1-20', () => {
  expect(challengedServer({ respURI: 'http://device.example/7' }).reply.header.target.uri).toBe(
    'http://device.example/7',
  );
});

requirement('PRO-9.2-1', () => {
  for (const code of [401, 407] as const)
    expect(challenged(code).reply.header.cred).toEqual(cred('md5', CLIENT, FRESH));
});

requirement('PRO-9.2-2', () => {
  const { reply } = challengedServer();
  expect(reply.header.cred).toEqual(cred('md5', SERVER, FRESH));
  expect(namesIn(reply)).toEqual(['Get', 'Replace']);
});

requirement('PRO-9.4.1-1', () => {
  const server = new ScriptedServer({ account: basicAccount });
  server.start();
  const again = server.send([server.headerStatus(407, chal('basic')), ...server.statusesOf(407)]);
  expect(again.header.cred).toEqual(cred('basic', CLIENT));
  expect(namesIn(again)).toEqual(['Alert 1201', 'Replace']);
});

requirement('PRO-9.4.2-1', () => {
  // Basic was agreed upon; the server asks for the stronger MD5.
  const server = new ScriptedServer({ account: basicAccount });
  server.start();
  const again = server.send([server.headerStatus(407, chal('md5', FRESH)), ...server.statusesOf(407)]);
  expect(again.header.cred).toEqual(cred('md5', CLIENT, FRESH));
  expect(namesIn(again)).toEqual(['Alert 1201', 'Replace']);
});

requirement('PRO-9.4.2-2', () => {
  // The server's nonce of this session, then a session with what the client kept: both ends agree.
  const device = new ScriptedDevice();
  const nonce = nonceIn(device.begin());
  expect(keptNonce(device, 'client')).toEqual(nonce);
  const { server } = challenged();
  const header = { cred: cred('md5', SERVER, SERVER_NONCE) };
  server.send([server.headerStatus(212, chal('md5', nonce)), ...server.statusesOf(), get('./A/B')], { header });
  const kept = keptNonce(server, 'client') ?? SERVER_NONCE;
  const next = new ScriptedServer({ account: { ...ACCOUNT, client: { ...ACCOUNT.client, nonce: kept } } });
  expect(next.start().header.cred).toEqual(cred('md5', CLIENT, nonce));
  expect(statusesIn(device.last).every(({ code }) => code === 200)).toBe(true);
});
