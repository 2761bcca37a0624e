import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { StoreError } from '../../src-core/base/errors.ts';
import { Secret } from '../../src-core/base/secret.ts';
import type {
  AccountRecord,
  DeviceRecord,
  MessageRecord,
  SessionRecord,
  Store,
} from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';

const ACCOUNT: AccountRecord = {
  user: 'device',
  password: Secret.ofBytes(fromHex('00FF41')),
  clientNonce: fromHex('0001'),
  serverId: 'dm.example',
  serverPassword: Secret.ofText('sérver-password'),
  serverNonce: new Uint8Array(),
  origin: 'card 8988',
  createdAt: 1_767_323_045_678,
};
const DEVICE: DeviceRecord = {
  id: 'IMEI:1',
  name: 'Phone',
  manufacturer: 'M',
  model: 'm',
  user: 'device',
  lastSeen: 5,
};
const SESSION: SessionRecord = {
  key: 'k1',
  deviceId: 'IMEI:1',
  sessionId: '1A',
  startedAt: 10,
  endedAt: 20,
  state: 'completed',
  detail: "it's done; --",
  clientAuthenticated: true,
  serverAuthenticated: false,
  encoding: 'wbxml',
  transport: 'HTTP',
};
const MESSAGE: MessageRecord = {
  key: 'm1',
  sessionKey: 'k1',
  at: 11,
  direction: 'up',
  package: 1,
  encoding: 'wbxml',
  bytes: fromHex('02A4016A00FF'),
};

/** Secrets compare by their bytes. */
const revealed = (account: AccountRecord | undefined) =>
  account && { ...account, password: account.password.reveal(), serverPassword: account.serverPassword.reveal() };

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmw-store-'));
});
afterEach(async () => {
  await store?.close().catch(() => undefined);
  rmSync(folder, { recursive: true });
});

/** What every store must do. */
describe.each([
  ['SQLite in memory', () => openSqliteStore(':memory:')],
  ['SQLite in a file', () => openSqliteStore(join(folder, 'new', 'bench.db'))],
])('contract: %s', (_name, open) => {
  beforeEach(() => {
    store = open();
  });

  it('accounts', async () => {
    await store.putAccount(ACCOUNT);
    await store.putAccount({ ...ACCOUNT, user: 'older', deviceId: 'IMEI:1', createdAt: 1 });
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(ACCOUNT));
    expect((await store.accounts()).map(({ user }) => user)).toEqual(['older', 'device']);
    expect(await store.findAccount("device' OR 1")).toBeUndefined();
    await store.putAccount({ ...ACCOUNT, origin: 'again' });
    expect((await store.findAccount('device'))?.origin).toBe('again');
    expect(await store.accounts()).toHaveLength(2);
  });

  it('nonces and the device of an account change alone', async () => {
    await store.putAccount(ACCOUNT);
    await store.setNonce('device', 'client', fromHex('AA'));
    await store.setNonce('device', 'server', fromHex('BBCC'));
    await store.bindAccount('device', 'IMEI:1');
    const expected = { ...ACCOUNT, clientNonce: fromHex('AA'), serverNonce: fromHex('BBCC'), deviceId: 'IMEI:1' };
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(expected));
  });

  it('an account shows no password', async () => {
    await store.putAccount({ ...ACCOUNT, password: Secret.ofText('sérver-password') });
    const account = await store.findAccount('device');
    expect(account?.password.revealText()).toBe('sérver-password');
    for (const shown of [
      JSON.stringify(account),
      inspect(account, { depth: 9, showHidden: true }),
      `${account?.password}`,
    ])
      expect(shown).not.toContain('sérver');
  });

  it('devices, the one seen last first', async () => {
    const bare: DeviceRecord = { id: 'IMEI:2', name: 'IMEI:2', lastSeen: 6 };
    await store.putDevice(DEVICE);
    await store.putDevice(bare);
    expect(await store.devices()).toEqual([bare, DEVICE]);
    await store.putDevice({ ...DEVICE, lastSeen: 7 });
    expect(await store.devices()).toEqual([{ ...DEVICE, lastSeen: 7 }, bare]);
  });

  it('nodes by device; what is removed and put again is there', async () => {
    const node = (uri: string, value: string) => ({
      uri,
      format: 'chr',
      value,
      history: [{ value: 'é', readAt: 1, session: 's' }],
    });
    await store.putNodes('IMEI:1', [node('./A', '1'), node('./B', '2')], []);
    await store.putNodes('IMEI:2', [node('./A', 'other')], []);
    await store.putNodes('IMEI:1', [node('./A', '3')], ['./A', './B', './No']);
    expect(await store.nodes('IMEI:1')).toEqual([node('./A', '3')]);
    expect(await store.nodes('IMEI:2')).toEqual([node('./A', 'other')]);
    expect(await store.nodes('IMEI:3')).toEqual([]);
  });

  it('sessions, newest first, as many as asked for', async () => {
    const { endedAt: _, ...running } = SESSION;
    const open2: SessionRecord = {
      ...running,
      key: 'k2',
      startedAt: 30,
      state: 'open',
      clientAuthenticated: false,
      serverAuthenticated: true,
      encoding: 'xml',
    };
    await store.putSession(SESSION);
    await store.putSession(open2);
    await store.putSession({ ...SESSION, key: 'k3', deviceId: 'IMEI:2' });
    expect(await store.sessions('IMEI:1', 10)).toEqual([open2, SESSION]);
    expect(await store.sessions('IMEI:1', 1)).toEqual([open2]);
    await store.putSession({ ...open2, state: 'failed', endedAt: 40 });
    expect((await store.sessions('IMEI:1', 1))[0]).toEqual({ ...open2, state: 'failed', endedAt: 40 });
  });

  it('messages of a session in the order they came, bytes unchanged', async () => {
    const down: MessageRecord = {
      ...MESSAGE,
      key: 'm0',
      direction: 'down',
      package: 2,
      encoding: 'xml',
      bytes: new Uint8Array(),
    };
    await store.addMessages([MESSAGE, down]);
    await store.addMessages([{ ...MESSAGE, key: 'm2', sessionKey: 'other' }]);
    expect(await store.messages('k1')).toEqual([MESSAGE, down]);
    expect(await store.message('m1')).toEqual(MESSAGE);
    expect(await store.message('no')).toBeUndefined();
  });

  it('a batch that fails leaves nothing behind and the store works on', async () => {
    await store.addMessages([MESSAGE]);
    const batch = [{ ...MESSAGE, key: 'm2' }, MESSAGE];
    await expect(store.addMessages(batch)).rejects.toThrow(
      expect.objectContaining({ name: 'StoreError', code: 'failed' }),
    );
    expect(await store.message('m2')).toBeUndefined();
    await store.addMessages([{ ...MESSAGE, key: 'm2' }]);
    expect(await store.messages('k1')).toHaveLength(2);
  });

  it('says how large it is, and refuses work once closed', async () => {
    const before = await store.size();
    await store.addMessages([{ ...MESSAGE, bytes: new Uint8Array(100_000) }]);
    expect(before).toBeGreaterThan(0);
    expect((await store.size()) - before).toBeGreaterThan(90_000);
    await store.close();
    const refused = expect.objectContaining({ name: 'StoreError' });
    await expect(store.accounts()).rejects.toThrow(refused);
    await expect(store.addMessages([MESSAGE])).rejects.toThrow(refused);
  });
});

describe('SQLite file', () => {
  const path = () => join(folder, 'bench.db');
  const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

  it('only the person can read what is in it', async () => {
    writeFileSync(path(), '', { mode: 0o644 });
    store = openSqliteStore(path());
    await store.putAccount(ACCOUNT);
    expect(readdirSync(folder)).toContain('bench.db-wal');
    for (const file of readdirSync(folder)) expect([file, mode(join(folder, file))]).toEqual([file, '600']);
    await store.close();
    store = openSqliteStore(join(folder, 'made', 'bench.db'));
    expect(mode(join(folder, 'made'))).toBe('700');
  });

  it('keeps its data when opened again', async () => {
    store = openSqliteStore(path());
    await store.putAccount(ACCOUNT);
    await store.putDevice(DEVICE);
    await store.addMessages([MESSAGE]);
    await store.close();
    store = openSqliteStore(path());
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(ACCOUNT));
    expect(await store.devices()).toEqual([DEVICE]);
    expect(await store.message('m1')).toEqual(MESSAGE);
  });

  it('of a newer version is refused and stays as it is', () => {
    const newer = new DatabaseSync(path());
    newer.exec('CREATE TABLE future (x); PRAGMA user_version = 99');
    newer.close();
    expect(() => openSqliteStore(path())).toThrow(
      expect.objectContaining({ name: 'StoreError', code: 'newer', advice: expect.any(String) }),
    );
    const after = new DatabaseSync(path());
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    expect(after.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'").get()).toEqual({ n: 1 });
    after.close();
  });

  it.each([
    ['a folder that is a file', () => join(folder, 'file', 'bench.db')],
    ['a folder in the place of the file', () => join(folder, 'folder')],
    ['a file that is no database', () => join(folder, 'file')],
  ])('%s: StoreError open with advice', (_name, at) => {
    writeFileSync(join(folder, 'file'), 'this is no database, and long enough to be told from one');
    mkdirSync(join(folder, 'folder'));
    const opened = () => openSqliteStore(at());
    expect(opened).toThrow(StoreError);
    expect(opened).toThrow(
      expect.objectContaining({
        code: 'open',
        advice: expect.stringContaining('--data'),
        message: expect.stringContaining(at()),
      }),
    );
    expect(readFileSync(join(folder, 'file'), 'utf8')).toMatch(/^this is no database/);
  });
});
