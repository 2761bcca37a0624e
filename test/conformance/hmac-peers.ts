/** Scripted peers that work with HMAC, from the first message or because they are asked for it (DM Security §5.4). */

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Wire } from '../../src-core/session/wire.ts';
import type { Identity } from '../../src-core/syncml/credentials.ts';
import type { Draft } from '../../src-core/syncml/message.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { alert, CLIENT, CLIENT_NONCE, chal, cred, type Envelope, get, nonceIn, SERVER, SERVER_NONCE } from './bench.ts';
import { DEV_INFO, ScriptedDevice } from './scripted-device.ts';
import { ACCOUNT, ScriptedServer } from './scripted-server.ts';

export const N1 = Uint8Array.of(0x71);
export const N2 = Uint8Array.of(0x72);
const md5 = (...parts: (string | Uint8Array)[]): Buffer =>
  createHash('md5')
    .update(Buffer.concat(parts.map(part => Buffer.from(part))))
    .digest();
const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** The mac that §5.4.2 asks for, computed from the formula. */
export const macOf = ({ user, password }: Identity, nonce: Uint8Array, body: Uint8Array): string =>
  base64(md5(`${base64(md5(`${user}:`, password.reveal()))}:`, nonce, `:${base64(md5(body))}`));
export const headerOf = (identity: Identity, nonce: Uint8Array, { bytes }: Wire): string =>
  `algorithm=MD5, username="${identity.user}", mac=${macOf(identity, nonce, bytes)}`;

export const withHmac = {
  client: { ...ACCOUNT.client, scheme: 'hmac' },
  server: { ...ACCOUNT.server, scheme: 'hmac' },
} as const;

/** A server that works with HMAC from the first message, in a session of three messages each way. */
export const hmacServer = () => {
  const server = new ScriptedServer({ account: { ...ACCOUNT, ...withHmac } });
  const first = server.startWire();
  const say = (drafts: readonly Draft[], nonce: Uint8Array, next: Uint8Array, envelope: Envelope = {}) =>
    server.exchange([server.headerStatus(200, chal('hmac', next)), ...drafts], {
      hmac: { identity: SERVER, nonce },
      ...envelope,
    });
  const package3 = must(say([get('./A/B')], SERVER_NONCE, N1));
  const nonce = nonceIn(package3.message);
  return { server, first, package3, say, nonce };
};
/** A device that works with HMAC from the first message. */
export const hmacDevice = () => {
  const device = new ScriptedDevice({
    account: { clientScheme: 'hmac', serverScheme: 'hmac' },
    work: [[get('./A')], [get('./B')], [get('./C')]],
  });
  const say = (drafts: readonly Draft[], nonce: Uint8Array, envelope: Envelope = {}) =>
    device.exchange(drafts, { hmac: { identity: CLIENT, nonce }, ...envelope });
  const package2 = say([alert(1201), DEV_INFO], CLIENT_NONCE);
  const nonce = nonceIn(package2.message);
  const answers = (next: Uint8Array) => [device.headerStatus(200, chal('hmac', next)), ...device.statusesOf()];
  return { device, package2, say, nonce, answers };
};
export const must = (wire: Wire | undefined): Wire => {
  if (!wire) throw new Error('the client sent nothing');
  return wire;
};

/** A client that begins with MD5 and is asked for an HMAC. */
export const clientAskedForHmac = () => {
  const server = new ScriptedServer();
  server.start();
  const retry = must(server.exchange([server.headerStatus(401, chal('hmac', N1)), ...server.statusesOf(401)]));
  const header = { cred: cred('md5', SERVER, SERVER_NONCE) };
  const accepted = server.headerStatus(200, chal('hmac', N2));
  const next = must(server.exchange([accepted, ...server.statusesOf(), get('./A/B')], { header }));
  return { server, retry, next };
};
/** A server that begins with MD5 and is asked for an HMAC. */
export const serverAskedForHmac = () => {
  const device = new ScriptedDevice({ work: [[get('./A')], [get('./B')]] });
  device.begin();
  const retry = device.exchange([device.headerStatus(401, chal('hmac', N1)), ...device.statusesOf(401)]);
  const next = device.exchange([device.headerStatus(200, chal('hmac', N2)), ...device.statusesOf()]);
  return { device, retry, next };
};

/** Headers of one request of the handset's HTTP side, and what it makes of the answer's. */
export const overHttp = async (hmac: string): Promise<{ sent: string | undefined; received: string | undefined }> => {
  let sent: string | undefined;
  const http = createServer((request, response) => {
    sent = request.headers['x-syncml-hmac'] as string | undefined;
    request.resume().on('end', () => response.setHeader('x-syncml-hmac', 'answer').end('x'));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => http.once('listening', resolve));
  try {
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/dm`;
    const answer = await exchangeOverHttp(url, { bytes: Uint8Array.of(1), hmac }, 'wbxml');
    return { sent, received: answer.hmac };
  } finally {
    http.close();
    http.closeAllConnections();
  }
};
