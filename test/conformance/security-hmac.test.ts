import { expect } from 'vitest';
import { startHttpBinding } from '../../src-core/server/http-binding.ts';
import { MEDIA_TYPE } from '../../src-core/syncml/codec.ts';
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
import {
  clientAskedForHmac,
  headerOf,
  hmacDevice,
  hmacServer,
  macOf,
  must,
  N1,
  N2,
  overHttp,
  serverAskedForHmac,
  withHmac,
} from './hmac-peers.ts';
import { requirement } from './require.ts';
import { DEV_INFO, ScriptedDevice } from './scripted-device.ts';
import { ACCOUNT, ScriptedServer } from './scripted-server.ts';

requirement('SEC-5.4-1', () => {
  const { retry, next } = clientAskedForHmac();
  expect(retry.hmac).toBe(headerOf(CLIENT, N1, retry));
  expect(next.hmac).toBe(headerOf(CLIENT, N2, next));
});

requirement('SEC-5.4-2', () => {
  const { retry, next } = serverAskedForHmac();
  expect(retry.hmac).toBe(headerOf(SERVER, N1, retry));
  expect(next.hmac).toBe(headerOf(SERVER, N2, next));
});

requirement('SEC-5.4.1-1', async () => {
  const { first } = hmacServer();
  expect(first.hmac).toBeDefined();
  expect(await overHttp(first.hmac ?? '')).toEqual({ sent: first.hmac, received: 'answer' });
});

requirement('SEC-5.4.1-2', async () => {
  const { package2 } = hmacDevice();
  const given: (string | undefined)[] = [];
  const binding = await startHttpBinding({
    host: '127.0.0.1',
    port: 0,
    handler: async ({ hmac }) => {
      given.push(hmac);
      return { bytes: package2.bytes, ...(package2.hmac !== undefined && { hmac: package2.hmac }) };
    },
  });
  try {
    const headers = { 'content-type': MEDIA_TYPE.wbxml, 'x-syncml-hmac': 'given' };
    const response = await fetch(binding.url, { method: 'POST', headers, body: Uint8Array.of(1) });
    expect(response.headers.get('x-syncml-hmac')).toBe(headerOf(SERVER, SERVER_NONCE, package2));
    expect(given).toEqual(['given']);
  } finally {
    await binding.close();
  }
});

requirement('SEC-5.4.1-3', () => {
  const { first, package3 } = hmacServer();
  expect([first, package3].map(({ message }) => message.header.cred)).toEqual([undefined, undefined]);
});

requirement('SEC-5.4.1-4', () => {
  const { package2, say, nonce, answers } = hmacDevice();
  const package4 = say(answers(N1), nonce);
  expect([package2, package4].map(({ message }) => message.header.cred)).toEqual([undefined, undefined]);
});

requirement('SEC-5.4.1-5', () => {
  const { retry } = clientAskedForHmac();
  expect([retry.message.header.cred, retry.hmac]).toEqual([undefined, headerOf(CLIENT, N1, retry)]);
});

requirement('SEC-5.4.1-6', () => {
  const { retry } = serverAskedForHmac();
  expect([retry.message.header.cred, retry.hmac]).toEqual([undefined, headerOf(SERVER, N1, retry)]);
});

requirement('SEC-5.4.1-7', () => {
  const device = new ScriptedDevice({ account: { clientScheme: 'hmac' }, work: [[get('./A')]] });
  const challenge = device.send([alert(1201), DEV_INFO]);
  expect(headerStatusIn(challenge)?.chal?.meta.type).toBe('syncml:auth-MAC');
  const reply = device.begin([], { header: { cred: cred('basic', CLIENT) } });
  expect([headerStatusIn(reply)?.code, namesIn(reply), device.outcome]).toEqual([401, [], 'refused']);
});

requirement('SEC-5.4.1-8', () => {
  const server = new ScriptedServer({ account: { ...ACCOUNT, server: withHmac.server } });
  const challenge = server.begin([replace('./A/B', 'new')], { header: { cred: cred('basic', SERVER) } });
  expect(headerStatusIn(challenge)?.chal?.meta.type).toBe('syncml:auth-MAC');
  const header = { cred: cred('md5', SERVER, nonceIn(challenge)) };
  server.trySend([server.headerStatus(), replace('./A/B', 'new')], { header });
  expect([server.outcome, server.value('./A/B')]).toEqual(['refused', 'b']);
});

requirement('SEC-5.4.2-1', () => {
  for (const encoding of ['wbxml', 'xml'] as const) {
    const first = new ScriptedServer({ encoding, account: { ...ACCOUNT, ...withHmac } }).startWire();
    expect(first.hmac).toContain(`mac=${macOf(CLIENT, CLIENT_NONCE, first.bytes)}`);
  }
});

requirement('SEC-5.4.2-2', () => {
  const { package2 } = hmacDevice();
  expect(package2.hmac).toContain(`mac=${macOf(SERVER, SERVER_NONCE, package2.bytes)}`);
  expect(headerStatusIn(package2.message)?.code).toBe(200);
});

requirement('SEC-5.4.3-1', () => {
  const { server, first, package3, say, nonce } = hmacServer();
  const again = must(say([get('./A/B')], nonce, N2));
  expect([first, package3, again].every(({ hmac }) => hmac !== undefined)).toBe(true);
  expect(server.over).toBe(false);
});

requirement('SEC-5.4.3-2', () => {
  const { package2, say, nonce, answers } = hmacDevice();
  expect([package2, say(answers(N1), nonce)].every(({ hmac }) => hmac !== undefined)).toBe(true);
});

requirement('SEC-5.4.3-3', () => {
  expect(hmacServer().first.hmac).toMatch(/(^|, *)username="device"(,|$)/);
});

requirement('SEC-5.4.3-4', () => {
  expect(hmacDevice().package2.hmac).toMatch(/(^|, *)username="dm\.example"(,|$)/);
});

requirement('SEC-5.4.3-5', () => {
  expect(hmacServer().first.hmac).toMatch(/(^|, *)mac=[A-Za-z0-9+/]{22}==(,|$)/);
});

requirement('SEC-5.4.3-6', () => {
  expect(hmacDevice().package2.hmac).toMatch(/(^|, *)mac=[A-Za-z0-9+/]{22}==(,|$)/);
});

requirement('SEC-5.4.3-7', () => {
  const { say, nonce } = hmacServer();
  const second = must(say([get('./A/B')], nonce, N2));
  expect(second.hmac).toBe(headerOf(CLIENT, N2, second));
  const third = must(say([get('./A/C')], nonceIn(second.message), N1));
  expect(third.hmac).toBe(headerOf(CLIENT, N1, third));
});

requirement('SEC-5.4.3-8', () => {
  const { say, nonce, answers } = hmacDevice();
  const second = say(answers(N1), nonce);
  expect(second.hmac).toBe(headerOf(SERVER, N1, second));
  const third = say(answers(N2), nonceIn(second.message));
  expect(third.hmac).toBe(headerOf(SERVER, N2, third));
});

requirement('SEC-5.4.3-9', () => {
  expect(headerStatusIn(hmacDevice().package2.message)?.code).toBe(200);
});

requirement('SEC-5.4.3-10', () => {
  expect(headerStatusIn(hmacServer().package3.message)?.code).toBe(200);
});

requirement('SEC-5.4.3-11', () => {
  const status = headerStatusIn(hmacDevice().package2.message);
  expect(status?.chal?.meta).toMatchObject({
    format: 'b64',
    type: 'syncml:auth-MAC',
    nextNonce: expect.stringMatching(/./),
  });
});

requirement('SEC-5.4.3-12', () => {
  const status = headerStatusIn(hmacServer().package3.message);
  expect(status?.chal?.meta).toMatchObject({
    format: 'b64',
    type: 'syncml:auth-MAC',
    nextNonce: expect.stringMatching(/./),
  });
});

requirement('SEC-5.4.3-13', () => {
  const { first, package3 } = hmacServer();
  expect(first.hmac).toBe(headerOf(CLIENT, CLIENT_NONCE, first));
  expect(package3.hmac).toBe(headerOf(CLIENT, N1, package3));
});

requirement('SEC-5.4.3-14', () => {
  const { package2, say, nonce, answers } = hmacDevice();
  expect(package2.hmac).toBe(headerOf(SERVER, SERVER_NONCE, package2));
  const package4 = say(answers(N1), nonce);
  expect(package4.hmac).toBe(headerOf(SERVER, N1, package4));
});

requirement('SEC-5.4.3-15', () => {
  const { device, answers } = hmacDevice();
  const reply = device.send(answers(N1));
  expect([headerStatusIn(reply)?.code, namesIn(reply), device.outcome]).toEqual([401, [], 'refused']);
  // A status without the next nonce is no answer to an HMAC either.
  const other = hmacDevice();
  other.say([other.device.headerStatus(200), ...other.device.statusesOf()], other.nonce);
  expect(other.device.outcome).toBe('refused');
});

requirement('SEC-5.4.3-16', () => {
  const { server } = hmacServer();
  server.exchange([server.headerStatus(200, chal('hmac', N2)), replace('./A/B', 'new')]);
  expect([server.outcome, server.value('./A/B')]).toEqual(['refused', 'b']);
  const other = hmacServer();
  other.server.exchange([other.server.headerStatus(200), replace('./A/B', 'new')], {
    hmac: { identity: SERVER, nonce: other.nonce },
  });
  expect([other.server.outcome, other.server.value('./A/B')]).toEqual(['refused', 'b']);
});

requirement('SEC-5.4.4-1', () => {
  const { server, package3, say, nonce } = hmacServer();
  const second = must(say([get('./A/B')], nonce, N2));
  expect([headerOf(CLIENT, N1, package3), headerOf(CLIENT, N2, second)]).toEqual([package3.hmac, second.hmac]);
  // The nonces that it gives are new each time, too.
  expect(nonceIn(second.message)).not.toEqual(nonce);
  expect(server.over).toBe(false);
});

requirement('SEC-5.4.4-2', () => {
  const { package2, say, nonce, answers } = hmacDevice();
  const second = say(answers(N1), nonce);
  expect([headerOf(SERVER, SERVER_NONCE, package2), headerOf(SERVER, N1, second)]).toEqual([
    package2.hmac,
    second.hmac,
  ]);
  expect(nonceIn(second.message)).not.toEqual(nonce);
});

requirement('SEC-5.4.4-3', () => {
  const wrong = [
    { identity: { ...WRONG, user: CLIENT.user }, nonce: undefined },
    { identity: CLIENT, nonce: CLIENT_NONCE },
  ];
  for (const { identity, nonce: used } of wrong) {
    const { device, nonce, answers } = hmacDevice();
    const { message } = device.exchange(answers(N1), { hmac: { identity, nonce: used ?? nonce } });
    expect([headerStatusIn(message)?.code, namesIn(message), device.outcome]).toEqual([401, [], 'refused']);
    expect(device.statuses).toEqual([]);
  }
});

requirement('SEC-5.4.4-4', () => {
  const wrong = [
    { identity: { ...WRONG, user: SERVER.user }, nonce: undefined },
    { identity: SERVER, nonce: SERVER_NONCE },
  ];
  for (const { identity, nonce: used } of wrong) {
    const { server, say, nonce } = hmacServer();
    say([replace('./A/B', 'new')], nonce, N2, { hmac: { identity, nonce: used ?? nonce } });
    expect([server.outcome, server.value('./A/B')]).toEqual(['refused', 'b']);
  }
});

requirement('SEC-5.4.4-5', () => {
  const { package2, say, nonce, answers } = hmacDevice();
  const second = say(answers(N1), nonce);
  const third = say(answers(N2), nonceIn(second.message));
  const codes = [package2, second, third].map(({ message }) => headerStatusIn(message)?.code);
  expect(codes).toEqual([200, 200, 200]);
});

requirement('SEC-5.4.4-6', () => {
  const { package3, say, nonce } = hmacServer();
  const second = must(say([get('./A/B')], nonce, N2));
  const third = must(say([get('./A/B')], nonceIn(second.message), N1));
  const codes = [package3, second, third].map(({ message }) => headerStatusIn(message)?.code);
  expect(codes).toEqual([200, 200, 200]);
});

requirement('SEC-5.4.5-1', () => {
  const device = new ScriptedDevice({ account: { clientScheme: 'hmac' }, work: [[get('./A')]] });
  const challenge = device.send([alert(1201), DEV_INFO]);
  const reply = device.begin([], { header: { cred: cred('md5', CLIENT, nonceIn(challenge)) } });
  expect([headerStatusIn(reply)?.code, codesIn(reply), device.outcome]).toEqual([
    401,
    ['Alert 401', 'Replace 401'],
    'refused',
  ]);
});
