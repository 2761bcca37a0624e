import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { StoreError } from '../../src-core/base/errors.ts';
import { Secret } from '../../src-core/base/secret.ts';
import type { AccountRecord, DeviceRecord, NewMessage, SessionRecord, Store } from '../../src-core/store/contract.ts';
import { migrate } from '../../src-core/store/migrations.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';

const ACCOUNT: AccountRecord = {
  user: 'device',
  password: Secret.ofBytes(fromHex('00FF41')),
  clientNonce: fromHex('0001'),
  clientScheme: 'hmac',
  serverId: 'dm.example',
  serverPassword: Secret.ofText('sérver-password'),
  serverNonce: new Uint8Array(),
  serverScheme: 'basic',
  origin: 'card 8988',
  createdAt: 1_767_323_045_678,
  failures: 0,
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
  key: '1',
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
const MESSAGE: NewMessage = {
  sessionKey: '1',
  at: 11,
  direction: 'up',
  package: 1,
  encoding: 'wbxml',
  bytes: fromHex('02A4016A00FF'),
};

const BROKEN: NewMessage = { ...MESSAGE, bytes: undefined as unknown as Uint8Array };

/** What the first release wrote. */
const FIRST_VERSION = `
  CREATE TABLE device (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, manufacturer TEXT, model TEXT, user TEXT, last_seen INTEGER NOT NULL);
  CREATE TABLE account (
    user TEXT PRIMARY KEY, password BLOB NOT NULL, client_nonce BLOB NOT NULL, server_id TEXT NOT NULL,
    server_password BLOB NOT NULL, server_nonce BLOB NOT NULL, origin TEXT NOT NULL, device_id TEXT, created_at INTEGER NOT NULL);
  CREATE TABLE session (
    key TEXT PRIMARY KEY, device_id TEXT NOT NULL, session_id TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
    state TEXT NOT NULL, detail TEXT NOT NULL, client_authenticated INTEGER NOT NULL, server_authenticated INTEGER NOT NULL,
    encoding TEXT NOT NULL, transport TEXT NOT NULL);
  CREATE TABLE message (
    key TEXT PRIMARY KEY, session_key TEXT NOT NULL, at INTEGER NOT NULL, direction TEXT NOT NULL, package INTEGER NOT NULL,
    encoding TEXT NOT NULL, bytes BLOB NOT NULL);
  CREATE INDEX session_by_device ON session (device_id, started_at DESC);
  CREATE INDEX message_by_session ON message (session_key);
  INSERT INTO account VALUES ('old', x'01', x'02', 'srv', x'03', x'04', 'card', 'IMEI:1', 7);
  INSERT INTO session VALUES ('k2', 'IMEI:1', '1B', 30, NULL, 'open', 'open', 0, 0, 'xml', 'HTTP');
  INSERT INTO session VALUES ('k1', 'IMEI:1', '1A', 10, 20, 'completed', 'it''s done; --', 1, 0, 'wbxml', 'HTTP');
  INSERT INTO message VALUES ('m2', 'k1', 11, 'up', 1, 'wbxml', x'02A4016A00FF');
  INSERT INTO message VALUES ('m1', 'k1', 12, 'down', 2, 'wbxml', x'00');
  INSERT INTO message VALUES ('m0', 'k2', 31, 'up', 1, 'xml', x'3C');
  PRAGMA user_version = 1;`;

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
    await store.bindAccount('device', undefined);
    expect(await store.findAccount('device')).not.toHaveProperty('deviceId');
    await store.bindAccount('device', 'IMEI:1');
    const expected = { ...ACCOUNT, clientNonce: fromHex('AA'), serverNonce: fromHex('BBCC'), deviceId: 'IMEI:1' };
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(expected));
  });

  it('an account that is freed remembers its last device until it has another', async () => {
    await store.putAccount(ACCOUNT);
    await store.bindAccount('device', undefined);
    expect(await store.findAccount('device')).not.toHaveProperty('freedFrom');
    await store.bindAccount('device', 'IMEI:1');
    for (let times = 0; times < 2; times++) await store.bindAccount('device', undefined);
    const freed = { ...ACCOUNT, freedFrom: 'IMEI:1' };
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(freed));
    await store.putAccount(freed);
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(freed));
    await store.bindAccount('device', 'IMEI:2');
    expect(revealed(await store.findAccount('device'))).toEqual(revealed({ ...ACCOUNT, deviceId: 'IMEI:2' }));
  });

  it('failures in a row, and until when they lock the account', async () => {
    await store.putAccount(ACCOUNT);
    await store.setFailures('device', 5, 1_767_323_105_678);
    const locked = { ...ACCOUNT, failures: 5, lockedUntil: 1_767_323_105_678 };
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(locked));
    await store.setFailures('device', 0, undefined);
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(ACCOUNT));
    await store.putAccount(locked);
    expect(revealed(await store.findAccount('device'))).toEqual(revealed(locked));
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
    await store.putNodes([
      { deviceId: 'IMEI:1', nodes: [node('./A', '1'), node('./B', '2')], removed: [] },
      { deviceId: 'IMEI:2', nodes: [node('./A', 'other')], removed: [] },
    ]);
    await store.putNodes([{ deviceId: 'IMEI:1', nodes: [node('./A', '3')], removed: ['./A', './B', './No'] }]);
    expect(await store.nodes('IMEI:1')).toEqual([node('./A', '3')]);
    expect(await store.nodes('IMEI:2')).toEqual([node('./A', 'other')]);
    expect(await store.nodes('IMEI:3')).toEqual([]);
  });

  it('steps of trees in order, until they are forgotten', async () => {
    const step = (session: string) => ({
      session,
      operations: ['./A', { uri: './B', value: 'é' }, { removed: './C' }],
    });
    await store.addTreeStep(1, 'IMEI:2', step('1'));
    await store.addTreeStep(2, 'IMEI:1', step('2'));
    await store.addTreeStep(7, 'IMEI:2', step('3'));
    expect(await store.treeSteps()).toEqual([
      { id: 1, deviceId: 'IMEI:2', step: step('1') },
      { id: 2, deviceId: 'IMEI:1', step: step('2') },
      { id: 7, deviceId: 'IMEI:2', step: step('3') },
    ]);
    const node = { uri: './A' };
    const unreadable = { uri: undefined as unknown as string };
    await expect(
      store.putNodes([
        { deviceId: 'IMEI:1', nodes: [node], removed: [] },
        { deviceId: 'IMEI:2', nodes: [unreadable], removed: [] },
      ]),
    ).rejects.toThrow(StoreError);
    expect([(await store.treeSteps()).length, await store.nodes('IMEI:1')]).toEqual([3, []]);
    await store.putNodes([{ deviceId: 'IMEI:1', nodes: [node], removed: [] }]);
    expect([(await store.treeSteps()).length, await store.nodes('IMEI:1')]).toEqual([3, [node]]);
    await store.forgetTreeSteps(2);
    expect((await store.treeSteps()).map(({ id }) => id)).toEqual([7]);
  });

  it('sessions, newest first, as many as asked for', async () => {
    const { endedAt: _, ...running } = SESSION;
    const open2: SessionRecord = {
      ...running,
      key: '2',
      startedAt: 30,
      state: 'open',
      clientAuthenticated: false,
      serverAuthenticated: true,
      encoding: 'xml',
    };
    await store.putSession(SESSION);
    await store.putSession(open2);
    await store.putSession({ ...SESSION, key: '3', deviceId: 'IMEI:2' });
    expect(await store.sessions('IMEI:1', 10)).toEqual([open2, SESSION]);
    expect(await store.sessions('IMEI:1', 1)).toEqual([open2]);
    await store.putSession({ ...open2, state: 'failed', endedAt: 40, scheme: 'md5' });
    expect((await store.sessions('IMEI:1', 1))[0]).toEqual({ ...open2, state: 'failed', endedAt: 40, scheme: 'md5' });
  });

  it('open sessions fail together, others stay as they are', async () => {
    const { endedAt: _, ...open } = { ...SESSION, key: '2', state: 'open' as const };
    await store.putSession(SESSION);
    await store.putSession(open);
    await store.failOpenSessions('the server stopped', 50);
    const failed = { ...open, state: 'failed', detail: 'the server stopped', endedAt: 50 };
    expect(await store.sessions('IMEI:1', 10)).toEqual([failed, SESSION]);
  });

  it('knows the sessions that proved nothing, oldest first, and the bytes of their messages', async () => {
    const unproven = { ...SESSION, clientAuthenticated: false };
    for (const session of [{ ...unproven, key: '10' }, SESSION, { ...unproven, key: '9' }])
      await store.putSession(session);
    await store.addMessages([MESSAGE, { ...MESSAGE, sessionKey: '10' }, { ...MESSAGE, sessionKey: '10' }]);
    expect(await store.unprovenSessions()).toEqual([
      { key: '9', bytes: 0 },
      { key: '10', bytes: 2 * MESSAGE.bytes.length },
    ]);
  });

  it('forgets sessions with their messages, and no others', async () => {
    await store.putSession(SESSION);
    await store.putSession({ ...SESSION, key: '2' });
    await store.addMessages([MESSAGE, { ...MESSAGE, sessionKey: '2' }]);
    await store.forgetSessions(['1', '9']);
    expect((await store.sessions('IMEI:1', 10)).map(({ key }) => key)).toEqual(['2']);
    expect([await store.messages('1'), (await store.messages('2')).length]).toEqual([[], 1]);
  });

  it('messages of a session in the order they came, bytes unchanged', async () => {
    const down: NewMessage = { ...MESSAGE, direction: 'down', package: 2, encoding: 'xml', bytes: new Uint8Array() };
    await store.addMessages([MESSAGE, down]);
    await store.addMessages([{ ...MESSAGE, sessionKey: '2' }]);
    const messages = await store.messages('1');
    expect(messages.map(({ key: _, ...message }) => message)).toEqual([MESSAGE, down]);
    expect(await Promise.all(messages.map(({ key }) => store.message(key)))).toEqual(messages);
    expect(await store.messages('1', messages[0]?.key)).toEqual(messages.slice(1));
    expect([await store.message('99'), await store.message('no'), await store.messages('no')]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });

  it('knows the last session, and takes no key that is no number', async () => {
    expect(await store.lastSessionKey()).toBe(0);
    const large = String(Date.UTC(2100, 0) * 2048);
    await store.putSession({ ...SESSION, key: large });
    await store.putSession(SESSION);
    expect(await store.lastSessionKey()).toBe(Number(large));
    expect((await store.sessions('IMEI:1', 9)).map(({ key }) => key)).toEqual([large, '1']);
    for (const key of ['', 'x', '-1', '1.5', '9007199254740993'])
      await expect(store.putSession({ ...SESSION, key }), key).rejects.toThrow(StoreError);
  });

  it('a batch that fails leaves nothing behind and the store works on', async () => {
    await store.addMessages([MESSAGE]);
    await expect(store.addMessages([MESSAGE, MESSAGE, BROKEN])).rejects.toThrow(
      expect.objectContaining({ name: 'StoreError', code: 'failed' }),
    );
    expect(await store.messages('1')).toHaveLength(1);
    await store.addMessages([MESSAGE]);
    expect(await store.messages('1')).toHaveLength(2);
  });

  it('of writes that come together one that fails harms no other', async () => {
    await store.addMessages([MESSAGE]);
    const outcomes = await Promise.allSettled([
      store.putDevice(DEVICE),
      store.addMessages([MESSAGE, BROKEN]),
      store.addMessages([{ ...MESSAGE, at: 12 }]),
      store.putDevice({ ...DEVICE, id: undefined as unknown as string }),
      store.putSession(SESSION),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await store.devices()).toEqual([DEVICE]);
    expect((await store.messages('1')).map(({ at }) => at)).toEqual([11, 12]);
    expect(await store.sessions('IMEI:1', 10)).toEqual([SESSION]);
  });

  it('reads see a write that is under way', async () => {
    const written = store.putDevice(DEVICE);
    expect(await store.devices()).toEqual([DEVICE]);
    await written;
    expect(await store.devices()).toEqual([DEVICE]);
  });

  it('closing keeps what was under way', async () => {
    const written = store.putDevice(DEVICE);
    await store.close();
    await expect(written).resolves.toBeUndefined();
  });

  it('says how large it is, and refuses work once closed', async () => {
    const before = await store.size();
    await store.addMessages([{ ...MESSAGE, bytes: new Uint8Array(1_000_000) }]);
    expect(before).toBeGreaterThan(0);
    expect((await store.size()) - before).toBeGreaterThan(900_000);
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
    expect(await store.messages('1')).toMatchObject([MESSAGE]);
  });

  it.each([
    ['acknowledged is there after the program was killed', 'await written; process.stdout.write("ready");', [DEVICE]],
    ['not yet acknowledged is not, and the rest is whole', 'process.kill(process.pid, "SIGKILL");', []],
  ])('a write %s', async (_name, then, expected) => {
    const source = pathToFileURL(join(import.meta.dirname, '../../src-core/store/sqlite.ts')).href;
    const program = `
      import { openSqliteStore } from ${JSON.stringify(source)};
      const store = openSqliteStore(${JSON.stringify(path())});
      const written = store.putDevice(${JSON.stringify(DEVICE)});
      ${then}
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    child.stdout.once('data', () => child.kill('SIGKILL'));
    expect((await ended)[1]).toBe('SIGKILL');
    store = openSqliteStore(path());
    expect(await store.devices()).toEqual(expected);
    await store.putDevice({ ...DEVICE, lastSeen: 9 });
    expect(await store.devices()).toEqual([{ ...DEVICE, lastSeen: 9 }]);
  });

  it('of the first version is brought up to date and keeps its data', async () => {
    const first = new DatabaseSync(path());
    first.exec(FIRST_VERSION);
    first.close();
    store = openSqliteStore(path());
    expect(revealed(await store.findAccount('old'))).toEqual({
      user: 'old',
      password: fromHex('01'),
      clientNonce: fromHex('02'),
      clientScheme: 'md5',
      serverId: 'srv',
      serverPassword: fromHex('03'),
      serverNonce: fromHex('04'),
      serverScheme: 'md5',
      origin: 'card',
      deviceId: 'IMEI:1',
      createdAt: 7,
      failures: 0,
    });
    const sessions = await store.sessions('IMEI:1', 9);
    expect(sessions).toMatchObject([{ key: '2', sessionId: '1B', state: 'open' }, SESSION]);
    expect((await store.messages('1')).map(({ at, bytes }) => [at, bytes])).toEqual([
      [11, MESSAGE.bytes],
      [12, fromHex('00')],
    ]);
    expect(await store.messages('2')).toHaveLength(1);
    await store.putSession({ ...SESSION, scheme: 'md5' });
    await store.putAccount(ACCOUNT);
    expect(await store.accounts()).toHaveLength(2);
  });

  it('with work of an earlier version, which kept what was asked and how far it came together', async () => {
    const file = path();
    const before = new DatabaseSync(file);
    migrate(before, file, 7);
    before.exec(`INSERT INTO job VALUES
      (3, 1, 'IMEI:1', 0, '{"spec":{"kind":"read","uri":"./é"},"state":"queued","progress":{"reads":2}}')`);
    before.close();
    store = openSqliteStore(file);
    const job = { id: 3, deviceId: 'IMEI:1', done: false, state: 'queued', spec: { kind: 'read', uri: './é' } };
    expect(await store.jobs.undone()).toEqual([{ ...job, progress: { reads: 2 } }]);
    await store.jobs.update({ ...job, done: true, progress: { reads: 3 } });
    expect(await store.jobs.get(3)).toEqual({ ...job, done: true, progress: { reads: 3 } });
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
