/** A DM server over real HTTP on loopback with an in-memory store, and virtual handsets for it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Secret } from '../../src-core/base/secret.ts';
import { buildDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import { DmServer, type ServerEvent } from '../../src-core/server/dm-server.ts';
import { type HttpBinding, startHttpBinding } from '../../src-core/server/http-binding.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { type Exchange, VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { DEFAULT_HANDSET, type HandsetIdentity } from '../../src-core/virtual/handset/identity.ts';

export const newNonce = (): Uint8Array => Uint8Array.from(randomBytes(16));

export async function startDmBench() {
  const store = openSqliteStore(':memory:');
  const events: ServerEvent[] = [];
  let server: DmServer | undefined;
  const http: HttpBinding = await startHttpBinding({
    host: '127.0.0.1',
    port: 0,
    handler: (...message) => {
      if (!server) throw new Error('not ready');
      return server.handle(...message);
    },
  });
  const dm = await DmServer.create({
    store,
    url: http.url,
    now: Date.now,
    newNonce,
    newKey: randomUUID,
    onEvent: event => events.push(event),
  });
  server = dm;
  return {
    store,
    http,
    dm,
    events,
    /** Makes an account on the server; the same as the device would have it. */
    async account(user: string, password = 'client-password'): Promise<DmAccount> {
      const account: DmAccount = {
        name: 'Workbench',
        serverId: 'dm.workbench',
        displayName: 'DM Workbench',
        serverUrl: http.url,
        client: { name: user, secret: Secret.ofText(password), nonce: newNonce() },
        server: { name: 'dm.workbench', secret: Secret.ofText('server-password'), nonce: newNonce() },
      };
      await store.putAccount({
        user,
        password: account.client.secret,
        clientNonce: account.client.nonce,
        serverId: account.serverId,
        serverPassword: account.server.secret,
        serverNonce: account.server.nonce,
        origin: 'test',
        createdAt: Date.now(),
      });
      return account;
    },
    handset(
      account: DmAccount | undefined,
      identity: Partial<HandsetIdentity> = {},
      exchange: Exchange = exchangeOverHttp,
    ) {
      const handset = new VirtualHandset({ ...DEFAULT_HANDSET, ...identity }, { now: Date.now, newNonce, exchange });
      if (account) handset.bootstrap(buildDmBootstrap(account));
      return handset;
    },
    async close() {
      await http.close();
      await store.close();
    },
  };
}

export type DmBench = Awaited<ReturnType<typeof startDmBench>>;
