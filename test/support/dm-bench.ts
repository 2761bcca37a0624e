/** A DM server over real HTTP on loopback with an in-memory store, and virtual handsets for it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Secret } from '../../src-core/base/secret.ts';
import { buildDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import { DmServer, type DmServerOptions, type ServerEvent } from '../../src-core/server/dm-server.ts';
import { type HttpBinding, startHttpBinding } from '../../src-core/server/http-binding.ts';
import { SESSION_PARAMETER } from '../../src-core/server/transport.ts';
import { UNPROVEN_MESSAGE_BYTES } from '../../src-core/server/unproven.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import type { AuthScheme } from '../../src-core/syncml/credentials.ts';
import type { FirmwareScript } from '../../src-core/virtual/handset/firmware.ts';
import { type Exchange, VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { DEFAULT_HANDSET, type HandsetIdentity } from '../../src-core/virtual/handset/identity.ts';

export const newNonce = (): Uint8Array => Uint8Array.from(randomBytes(16));

export interface DmBenchOptions
  extends Partial<Pick<DmServerOptions, 'url' | 'now' | 'newNonce' | 'newKey' | 'limits' | 'hold' | 'onEvent'>> {
  readonly store?: Store;
}

export interface AccountOptions {
  readonly password?: string;
  readonly scheme?: AuthScheme;
  /** Of both sides; fresh ones without it. */
  readonly nonce?: Uint8Array;
}

export async function startDmBench(options: DmBenchOptions = {}) {
  const { store = openSqliteStore(':memory:'), now = Date.now } = options;
  const events: ServerEvent[] = [];
  let server: DmServer | undefined;
  const http: HttpBinding = await startHttpBinding({
    host: '127.0.0.1',
    port: 0,
    bodyLimit: session => server?.bodyLimit(session) ?? UNPROVEN_MESSAGE_BYTES,
    handler: message => {
      if (!server) throw new Error('not ready');
      return server.handle(message);
    },
  });
  const dm = await DmServer.create({
    url: http.url,
    newNonce,
    newKey: randomUUID,
    ...options,
    store,
    now,
    onEvent: event => {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  server = dm;
  return {
    store,
    http,
    dm,
    events,
    /** Hands messages to the server without HTTP. */
    direct: ((url, message, encoding) => {
      const session = new URL(url).searchParams.get(SESSION_PARAMETER);
      return dm.handle({ ...message, encoding, transport: 'memory', ...(session !== null && { session }) });
    }) satisfies Exchange,
    /** Makes an account on the server; the same as the device would have it. */
    async account(
      user: string,
      { password = 'client-password', scheme = 'md5', nonce }: AccountOptions = {},
    ): Promise<DmAccount> {
      const account: DmAccount = {
        name: 'Workbench',
        serverId: 'dm.workbench',
        displayName: 'DM Workbench',
        serverUrl: options.url ?? http.url,
        client: { scheme, name: user, secret: Secret.ofText(password), nonce: nonce ?? newNonce() },
        server: { scheme, name: 'dm.workbench', secret: Secret.ofText('server-password'), nonce: nonce ?? newNonce() },
      };
      await store.putAccount({
        user,
        password: account.client.secret,
        clientNonce: account.client.nonce,
        clientScheme: scheme,
        serverId: account.serverId,
        serverPassword: account.server.secret,
        serverNonce: account.server.nonce,
        serverScheme: scheme,
        origin: 'test',
        createdAt: now(),
        failures: 0,
      });
      return account;
    },
    handset(
      account: DmAccount | undefined,
      identity: Partial<HandsetIdentity> = {},
      exchange: Exchange = exchangeOverHttp,
      firmware?: FirmwareScript,
    ) {
      const ports = { now: Date.now, newNonce, exchange, ...(firmware && { firmware }) };
      const handset = new VirtualHandset({ ...DEFAULT_HANDSET, ...identity }, ports);
      if (account) handset.bootstrap(buildDmBootstrap(account));
      return handset;
    },
    async close() {
      await dm.close();
      await http.close();
      await store.close();
    },
  };
}

export type DmBench = Awaited<ReturnType<typeof startDmBench>>;
