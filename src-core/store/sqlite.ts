/** The embedded store: SQLite through node:sqlite, one file only the person can read, write-ahead log. */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { StoreError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { AccountRecord, DeviceRecord, MessageRecord, NodeRecord, SessionRecord, Store } from './contract.ts';

/** Migrations in order; `user_version` counts those done. Never edit one that was released. */
const MIGRATIONS = [
  `CREATE TABLE account (
     user TEXT PRIMARY KEY, password BLOB NOT NULL, client_nonce BLOB NOT NULL, server_id TEXT NOT NULL,
     server_password BLOB NOT NULL, server_nonce BLOB NOT NULL, origin TEXT NOT NULL, device_id TEXT, created_at INTEGER NOT NULL);
   CREATE TABLE device (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, manufacturer TEXT, model TEXT, user TEXT, last_seen INTEGER NOT NULL);
   CREATE TABLE node (
     device_id TEXT NOT NULL, uri TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (device_id, uri)) WITHOUT ROWID;
   CREATE TABLE session (
     key TEXT PRIMARY KEY, device_id TEXT NOT NULL, session_id TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
     state TEXT NOT NULL, detail TEXT NOT NULL, client_authenticated INTEGER NOT NULL, server_authenticated INTEGER NOT NULL,
     encoding TEXT NOT NULL, transport TEXT NOT NULL);
   CREATE INDEX session_by_device ON session (device_id, started_at DESC);
   CREATE TABLE message (
     key TEXT PRIMARY KEY, session_key TEXT NOT NULL, at INTEGER NOT NULL, direction TEXT NOT NULL, package INTEGER NOT NULL,
     encoding TEXT NOT NULL, bytes BLOB NOT NULL);
   CREATE INDEX message_by_session ON message (session_key);`,
];

type Row = Record<string, SQLOutputValue>;

/** @param path file, or `:memory:`. @throws StoreError where it cannot be opened or is from a newer version. */
export function openSqliteStore(path: string): Store {
  try {
    return new SqliteStore(open(path), path);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('open', `the database ${path} cannot be opened: ${(cause as Error).message}`, {
      advice: 'Check that the folder can be written, or choose another with --data',
      cause,
    });
  }
}

function open(path: string): DatabaseSync {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  }
  const db = new DatabaseSync(path);
  try {
    prepare(db, path);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

function prepare(db: DatabaseSync, path: string): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > MIGRATIONS.length) {
    throw new StoreError('newer', `the database ${path} was made by a newer version of the workbench`, {
      advice: 'Update the workbench, or choose another folder with --data',
    });
  }
  for (const [i, migration] of MIGRATIONS.entries())
    if (i >= version) db.exec(`BEGIN; ${migration} PRAGMA user_version = ${i + 1}; COMMIT;`);
}

class SqliteStore implements Store {
  readonly kind = 'SQLite';
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
  }

  async putAccount(account: AccountRecord): Promise<void> {
    this.#run('INSERT OR REPLACE INTO account VALUES (?,?,?,?,?,?,?,?,?)', [
      account.user,
      account.password.reveal(),
      account.clientNonce,
      account.serverId,
      account.serverPassword.reveal(),
      account.serverNonce,
      account.origin,
      account.deviceId ?? null,
      account.createdAt,
    ]);
  }

  async findAccount(user: string): Promise<AccountRecord | undefined> {
    return this.#all('SELECT * FROM account WHERE user = ?', [user]).map(accountOf)[0];
  }

  async accounts(): Promise<AccountRecord[]> {
    return this.#all('SELECT * FROM account ORDER BY created_at').map(accountOf);
  }

  async setNonce(user: string, side: 'client' | 'server', nonce: Uint8Array): Promise<void> {
    this.#run(`UPDATE account SET ${side}_nonce = ? WHERE user = ?`, [nonce, user]);
  }

  async bindAccount(user: string, deviceId: string): Promise<void> {
    this.#run('UPDATE account SET device_id = ? WHERE user = ?', [deviceId, user]);
  }

  async putDevice(device: DeviceRecord): Promise<void> {
    this.#run('INSERT OR REPLACE INTO device VALUES (?,?,?,?,?,?)', [
      device.id,
      device.name,
      device.manufacturer ?? null,
      device.model ?? null,
      device.user ?? null,
      device.lastSeen,
    ]);
  }

  async devices(): Promise<DeviceRecord[]> {
    return this.#all('SELECT * FROM device ORDER BY last_seen DESC').map(row => ({
      id: String(row.id),
      name: String(row.name),
      ...optional('manufacturer', row.manufacturer),
      ...optional('model', row.model),
      ...optional('user', row.user),
      lastSeen: Number(row.last_seen),
    }));
  }

  async putNodes(deviceId: string, nodes: readonly NodeRecord[], removed: readonly string[]): Promise<void> {
    this.#transaction(() => {
      for (const uri of removed) this.#run('DELETE FROM node WHERE device_id = ? AND uri = ?', [deviceId, uri]);
      for (const node of nodes) {
        this.#run('INSERT OR REPLACE INTO node VALUES (?,?,?)', [deviceId, node.uri, JSON.stringify(node)]);
      }
    });
  }

  async nodes(deviceId: string): Promise<NodeRecord[]> {
    return this.#all('SELECT fields FROM node WHERE device_id = ?', [deviceId]).map(
      row => JSON.parse(String(row.fields)) as NodeRecord,
    );
  }

  async putSession(session: SessionRecord): Promise<void> {
    this.#run('INSERT OR REPLACE INTO session VALUES (?,?,?,?,?,?,?,?,?,?,?)', [
      session.key,
      session.deviceId,
      session.sessionId,
      session.startedAt,
      session.endedAt ?? null,
      session.state,
      session.detail,
      Number(session.clientAuthenticated),
      Number(session.serverAuthenticated),
      session.encoding,
      session.transport,
    ]);
  }

  async sessions(deviceId: string, limit: number): Promise<SessionRecord[]> {
    const sql = 'SELECT * FROM session WHERE device_id = ? ORDER BY started_at DESC, rowid DESC LIMIT ?';
    return this.#all(sql, [deviceId, limit]).map(sessionOf);
  }

  async addMessages(messages: readonly MessageRecord[]): Promise<void> {
    this.#transaction(() => {
      for (const message of messages) {
        this.#run('INSERT INTO message VALUES (?,?,?,?,?,?,?)', [
          message.key,
          message.sessionKey,
          message.at,
          message.direction,
          message.package,
          message.encoding,
          message.bytes,
        ]);
      }
    });
  }

  async messages(sessionKey: string): Promise<MessageRecord[]> {
    return this.#all('SELECT * FROM message WHERE session_key = ? ORDER BY rowid', [sessionKey]).map(messageOf);
  }

  async message(key: string): Promise<MessageRecord | undefined> {
    return this.#all('SELECT * FROM message WHERE key = ?', [key]).map(messageOf)[0];
  }

  async size(): Promise<number> {
    const [row] = this.#all('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()');
    return Number(row?.bytes ?? 0);
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #transaction(work: () => void): void {
    this.#guard(() => this.#db.exec('BEGIN'));
    try {
      work();
      this.#guard(() => this.#db.exec('COMMIT'));
    } catch (error) {
      // SQLite has rolled back by itself after some errors (disk full).
      if (this.#db.isTransaction) this.#guard(() => this.#db.exec('ROLLBACK'));
      throw error;
    }
  }

  #run(sql: string, values: SQLInputValue[]): void {
    this.#guard(() => this.#statement(sql).run(...values));
  }

  #all(sql: string, values: SQLInputValue[] = []): Row[] {
    return this.#guard(() => this.#statement(sql).all(...values)) as Row[];
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw new StoreError('failed', `the database ${this.#path} failed: ${(cause as Error).message}`, { cause });
    }
  }
}

function accountOf(row: Row): AccountRecord {
  return {
    user: String(row.user),
    password: Secret.ofBytes(row.password as Uint8Array),
    clientNonce: row.client_nonce as Uint8Array,
    serverId: String(row.server_id),
    serverPassword: Secret.ofBytes(row.server_password as Uint8Array),
    serverNonce: row.server_nonce as Uint8Array,
    origin: String(row.origin),
    ...optional('deviceId', row.device_id),
    createdAt: Number(row.created_at),
  };
}

function sessionOf(row: Row): SessionRecord {
  return {
    key: String(row.key),
    deviceId: String(row.device_id),
    sessionId: String(row.session_id),
    startedAt: Number(row.started_at),
    ...(row.ended_at !== null && { endedAt: Number(row.ended_at) }),
    state: row.state as SessionRecord['state'],
    detail: String(row.detail),
    clientAuthenticated: row.client_authenticated === 1,
    serverAuthenticated: row.server_authenticated === 1,
    encoding: row.encoding as SessionRecord['encoding'],
    transport: String(row.transport),
  };
}

function messageOf(row: Row): MessageRecord {
  return {
    key: String(row.key),
    sessionKey: String(row.session_key),
    at: Number(row.at),
    direction: row.direction as MessageRecord['direction'],
    package: Number(row.package),
    encoding: row.encoding as MessageRecord['encoding'],
    bytes: row.bytes as Uint8Array,
  };
}

function optional<K extends string>(key: K, value: SQLOutputValue | undefined): { [P in K]?: string } {
  return (value === null || value === undefined ? {} : { [key]: String(value) }) as { [P in K]?: string };
}
