/** OMA-TS-DM_Security-V1_2_1 §5.1 and §5.3: credentials and who has to show them. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { newAccount } from '../../src-core/workbench/accounts.ts';
import {
  alert,
  CLIENT,
  CLIENT_NONCE,
  chal,
  codesIn,
  cred,
  get,
  headerStatusIn,
  namesIn,
  nonceIn,
  replace,
  SERVER,
  SERVER_NONCE,
  WRONG,
} from './bench.ts';
import { requirement } from './require.ts';
import { DEV_INFO, ScriptedDevice } from './scripted-device.ts';
import { ScriptedServer } from './scripted-server.ts';

const FRESH = Uint8Array.of(0x77, 0x78);
const LATER = Uint8Array.of(0x79);
const STALE = Uint8Array.of(9);

/** A server that shows `given`; the client answers its Replace. */
const serverShowing = (given = cred('md5', SERVER, STALE)) => {
  const server = new ScriptedServer();
  const reply = server.begin([replace('./A/B', 'new')], { header: { cred: given } });
  return { server, reply };
};
/** A device that shows `given` in package 1, to a server with work. */
const deviceShowing = (given = cred('md5', CLIENT, STALE)) => {
  const device = new ScriptedDevice({ work: [[get('./A')]] });
  const reply = device.begin([], { header: { cred: given } });
  return { device, reply };
};

requirement('SEC-5.1-1', async () => {
  const store = openSqliteStore(':memory:');
  const ports = { store, now: () => 0, random: (bytes: number) => Uint8Array.from(randomBytes(bytes)) };
  const passwords = ['1', '2', '3'].map(n => newAccount(ports, `card-${n}`, `card ${n}`).serverPassword.revealText());
  expect(new Set(passwords).size).toBe(3);
  await store.close();
});

requirement('SEC-5.3-1', () => {
  const { device, reply } = deviceShowing(cred('md5', WRONG, CLIENT_NONCE));
  expect(namesIn(reply)).toEqual([]);
  expect(device.events.map(({ kind }) => kind)).not.toContain('device-info');
  expect(device.alerts).toEqual([]);
});

requirement('SEC-5.3-2', () => {
  const { server, reply } = serverShowing(cred('md5', { ...WRONG, user: SERVER.user }, SERVER_NONCE));
  expect([codesIn(reply), server.value('./A/B')]).toEqual([['Replace 401'], 'b']);
});

requirement('SEC-5.3-5', () => {
  const device = new ScriptedDevice({ work: [[get('./A')]] });
  const reply = device.send([alert(1201), DEV_INFO]);
  expect([headerStatusIn(reply)?.code, namesIn(reply)]).toEqual([407, []]);
});

requirement('SEC-5.3-6', () => {
  expect(new ScriptedServer().start().header.cred).toEqual(cred('md5', CLIENT, CLIENT_NONCE));
});

requirement('SEC-5.3-7', () => {
  expect(new ScriptedDevice({ work: [[get('./A')]] }).begin().header.cred).toEqual(cred('md5', SERVER, SERVER_NONCE));
});

requirement('SEC-5.3-8', () => {
  const server = new ScriptedServer();
  server.begin([get('./A/B')]);
  const schemes = server.events.flatMap(event => (event.kind === 'authenticated' ? [[event.side, event.scheme]] : []));
  expect(schemes).toEqual([
    ['client', 'md5'],
    ['server', 'md5'],
  ]);
});

requirement('SEC-5.3-9', () => {
  const device = new ScriptedDevice();
  const challenge = device.send([alert(1201), DEV_INFO]);
  expect(headerStatusIn(challenge)?.chal?.meta.type).toBe('syncml:auth-md5');
  const reply = device.begin([], { header: { cred: cred('basic', CLIENT) } });
  expect([headerStatusIn(reply)?.code, device.outcome]).toEqual([401, 'refused']);
});

requirement('SEC-5.3-10', () => {
  const server = new ScriptedServer();
  const messages = [server.start()];
  const header = { cred: cred('md5', SERVER, SERVER_NONCE) };
  messages.push(server.send([server.headerStatus(200, chal('md5', FRESH)), get('./A/B')], { header }));
  messages.push(server.send([server.headerStatus(200, chal('md5', LATER)), get('./A/B')]));
  expect(messages.map(message => message.header.cred)).toEqual([
    cred('md5', CLIENT, CLIENT_NONCE),
    cred('md5', CLIENT, FRESH),
    cred('md5', CLIENT, LATER),
  ]);
});

requirement('SEC-5.3-11', () => {
  const device = new ScriptedDevice({ work: [[get('./A')], [get('./B')], [get('./C')]] });
  const messages = [device.begin()];
  for (const nonce of [FRESH, LATER]) {
    messages.push(device.send([device.headerStatus(200, chal('md5', nonce)), ...device.statusesOf()]));
  }
  expect(messages.map(message => message.header.cred)).toEqual([
    cred('md5', SERVER, SERVER_NONCE),
    cred('md5', SERVER, FRESH),
    cred('md5', SERVER, LATER),
  ]);
});

requirement('SEC-5.3.3-1', () => {
  const { reply } = deviceShowing();
  expect(headerStatusIn(reply)?.chal?.meta).toMatchObject({ format: 'b64', type: 'syncml:auth-md5' });
  expect(nonceIn(reply).length).toBeGreaterThan(0);
});

requirement('SEC-5.3.3-2', () => {
  const { reply } = serverShowing();
  expect(headerStatusIn(reply)?.chal?.meta).toMatchObject({ format: 'b64', type: 'syncml:auth-md5' });
  expect(nonceIn(reply).length).toBeGreaterThan(0);
});

requirement('SEC-5.3.3-3', () => {
  // The account's nonce is the last one; without an answer it stays the same.
  const first = new ScriptedServer().start().header.cred;
  const second = new ScriptedServer({ sessionId: '1B' }).start().header.cred;
  expect([first, second]).toEqual([cred('md5', CLIENT, CLIENT_NONCE), cred('md5', CLIENT, CLIENT_NONCE)]);
});

requirement('SEC-5.3.3-4', () => {
  const work = [[get('./A')]];
  const creds = [1, 2].map(() => new ScriptedDevice({ work }).begin().header.cred);
  expect(creds).toEqual([cred('md5', SERVER, SERVER_NONCE), cred('md5', SERVER, SERVER_NONCE)]);
});

requirement('SEC-5.3.3-5', () => {
  const { device, reply } = deviceShowing();
  expect([headerStatusIn(reply)?.code, device.over]).toEqual([401, false]);
  const again = device.begin([], { header: { cred: cred('md5', CLIENT, nonceIn(reply)) } });
  expect([headerStatusIn(again)?.code, namesIn(again)]).toEqual([212, ['Get']]);
});

requirement('SEC-5.3.3-6', () => {
  const { server, reply } = serverShowing();
  expect([headerStatusIn(reply)?.code, server.over]).toEqual([401, false]);
  const header = { cred: cred('md5', SERVER, nonceIn(reply)) };
  const again = server.send([server.headerStatus(), replace('./A/B', 'new')], { header });
  expect([headerStatusIn(again)?.code, codesIn(again), server.value('./A/B')]).toEqual([212, ['Replace 200'], 'new']);
});

requirement('SEC-5.3.3-7', () => {
  const { device, reply } = deviceShowing();
  expect(nonceIn(reply)).not.toEqual(CLIENT_NONCE);
  // That was the one more: a second failure is the end.
  const again = device.begin([], { header: { cred: cred('md5', CLIENT, STALE) } });
  expect([headerStatusIn(again)?.code, device.outcome]).toEqual([401, 'refused']);
});

requirement('SEC-5.3.3-8', () => {
  const { server, reply } = serverShowing();
  expect(nonceIn(reply)).not.toEqual(SERVER_NONCE);
  const header = { cred: cred('md5', SERVER, STALE) };
  server.trySend([server.headerStatus(), replace('./A/B', 'new')], { header });
  expect([server.outcome, server.value('./A/B')]).toEqual(['refused', 'b']);
});
