/** The embedded store: SQLite through node:sqlite, one file only the person can read, write-ahead log, group commit. */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StoreError } from '../base/errors.ts';
import type {
  AccountRecord,
  DeviceRecord,
  MessageRecord,
  NewMessage,
  NodeChange,
  NodeRecord,
  SessionQuery,
  SessionRecord,
  SessionSummary,
  SnapshotStore,
  Store,
  TreeStepRecord,
} from './contract.ts';
import { GroupCommit } from './group-commit.ts';
import { deviceHash, migrate } from './migrations.ts';
import { accountOf, deviceOf, messageOf, type Row, sessionOf, summaryOf } from './rows.ts';
import { numberOfSessions, pageOfSessions } from './session-query.ts';
import { SqliteBatches } from './sqlite-batches.ts';
import { SqliteCards } from './sqlite-cards.ts';
import { type SqliteAccess, SqliteJobs } from './sqlite-jobs.ts';
import { SqliteSnapshots } from './sqlite-snapshots.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

/** Another program is at the same file that long at most. */
const BUSY_MS = 5000;

/**
 * NORMAL: a commit does not wait for the disk; the group commit does, and nobody else. Pages of 8 KiB hold a few messages each, where 4 KiB leave much room unused.
 * Keys that are taken out of a row are overwritten with it. The log is copied into the database every 16 MiB, and cut to that: pages that every session touches are copied less often.
 */
const SETTINGS = `
  PRAGMA page_size = 8192;
  PRAGMA secure_delete = ON;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = ${BUSY_MS};
  PRAGMA wal_autocheckpoint = 2048;
  PRAGMA journal_size_limit = 16777216;`;

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
    db.exec(SETTINGS);
    migrate(db, path);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

class SqliteStore implements Store {
  readonly kind = 'SQLite';
  readonly snapshots: SnapshotStore;
  readonly #access: SqliteAccess = {
    write: (sql, ...values) => this.#write(sql, ...values),
    several: work => this.#commit.several(() => work((sql, ...values) => this.#statement(sql).run(...values))),
    all: (sql, ...values) => this.#all(sql, ...values),
  };
  readonly jobs = new SqliteJobs(this.#access);
  readonly cards = new SqliteCards(this.#access);
  readonly batches = new SqliteBatches(this.#access);
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #log: WriteAheadLog;
  readonly #commit: GroupCommit;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    this.#log = new WriteAheadLog(path);
    this.#commit = new GroupCommit(
      db,
      cause => this.#failure(cause),
      () => this.#log.sync(),
    );
    this.snapshots = new SqliteSnapshots({
      write: (sql, values, onRowId) =>
        this.#commit.one(() => onRowId(this.#statement(sql).run(...values).lastInsertRowid)),
      all: (sql, ...values) => this.#all(sql, ...values),
    });
  }

  putAccount(account: AccountRecord): Promise<void> {
    return this.#write(
      `INSERT OR REPLACE INTO account (user, password, client_nonce, client_scheme, server_id, server_password, server_nonce,
         server_scheme, origin, device_id, freed_from, created_at, failures, locked_until) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
      account.user,
      account.password.reveal(),
      account.clientNonce,
      account.clientScheme,
      account.serverId,
      account.serverPassword.reveal(),
      account.serverNonce,
      account.serverScheme,
      account.origin,
      account.deviceId ?? null,
      account.freedFrom ?? null,
      account.createdAt,
      account.failures,
      account.lockedUntil ?? null,
    );
  }

  async findAccount(user: string): Promise<AccountRecord | undefined> {
    const row = this.#get('SELECT * FROM account WHERE user = ?', user);
    return row && accountOf(row);
  }

  async accounts(): Promise<AccountRecord[]> {
    return this.#all('SELECT * FROM account ORDER BY created_at').map(accountOf);
  }

  setNonce(user: string, side: 'client' | 'server', nonce: Uint8Array): Promise<void> {
    return this.#write(`UPDATE account SET ${side}_nonce = ? WHERE user = ?`, nonce, user);
  }

  bindAccount(user: string, deviceId: string | undefined): Promise<void> {
    const sql = `UPDATE account SET freed_from = iif(?1 IS NULL, coalesce(device_id, freed_from), NULL), device_id = ?1
       WHERE user = ?2`;
    return this.#write(sql, deviceId ?? null, user);
  }

  setFailures(user: string, failures: number, lockedUntil: number | undefined): Promise<void> {
    const sql = 'UPDATE account SET failures = ?, locked_until = ? WHERE user = ?';
    return this.#write(sql, failures, lockedUntil ?? null, user);
  }

  putDevice(device: DeviceRecord): Promise<void> {
    return this.#write(
      'INSERT OR REPLACE INTO device (id, name, manufacturer, model, user, last_seen, abilities) VALUES (?,?,?,?,?,?,?)',
      device.id,
      device.name,
      device.manufacturer ?? null,
      device.model ?? null,
      device.user ?? null,
      device.lastSeen,
      device.abilities === undefined ? null : JSON.stringify(device.abilities),
    );
  }

  async devices(): Promise<DeviceRecord[]> {
    return this.#all('SELECT * FROM device ORDER BY last_seen DESC').map(deviceOf);
  }

  addTreeStep(id: number, deviceId: string, step: TreeStepRecord): Promise<void> {
    return this.#write(
      'INSERT INTO tree_step (id, device_id, step) VALUES (?,?,?)',
      id,
      deviceId,
      JSON.stringify(step),
    );
  }

  async treeSteps(): Promise<{ readonly id: number; readonly deviceId: string; readonly step: TreeStepRecord }[]> {
    return this.#all('SELECT * FROM tree_step ORDER BY id').map(row => ({
      id: Number(row.id),
      deviceId: String(row.device_id),
      step: JSON.parse(String(row.step)) as TreeStepRecord,
    }));
  }

  forgetTreeSteps(upTo: number): Promise<void> {
    return this.#write('DELETE FROM tree_step WHERE id <= ?', upTo);
  }

  putNodes(changes: readonly NodeChange[]): Promise<void> {
    return this.#commit.several(() => {
      const remove = this.#statement('DELETE FROM node WHERE device_id = ? AND uri = ?');
      const put = this.#statement('INSERT OR REPLACE INTO node (device_id, uri, fields) VALUES (?,?,?)');
      for (const { deviceId, nodes, removed } of changes) {
        for (const uri of removed) remove.run(deviceId, uri);
        for (const node of nodes) put.run(deviceId, node.uri, JSON.stringify(node));
      }
    });
  }

  async nodes(deviceId: string): Promise<NodeRecord[]> {
    const rows = this.#all('SELECT fields FROM node WHERE device_id = ?', deviceId);
    return rows.map(row => JSON.parse(String(row.fields)) as NodeRecord);
  }

  async lastSessionKey(): Promise<number> {
    const row = this.#get('SELECT MAX(key) AS last FROM session');
    return Number(row?.last ?? 0);
  }

  putSession(session: SessionRecord): Promise<void> {
    return this.#commit.one(() =>
      this.#statement(
        `INSERT INTO session (key, device_hash, device_id, session_id, started_at, ended_at, state, detail,
           client_authenticated, server_authenticated, encoding, transport, scheme) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
         ON CONFLICT DO UPDATE SET ended_at = excluded.ended_at, state = excluded.state, detail = excluded.detail,
           client_authenticated = excluded.client_authenticated, server_authenticated = excluded.server_authenticated,
           scheme = excluded.scheme`,
      ).run(
        sessionNumber(session.key),
        deviceHash(session.deviceId),
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
        session.scheme ?? null,
      ),
    );
  }

  failOpenSessions(detail: string, at: number): Promise<void> {
    return this.#write(
      `UPDATE session SET state = 'failed', detail = ?, ended_at = ? WHERE state = 'open'`,
      detail,
      at,
    );
  }

  async unprovenSessions(): Promise<{ readonly key: string; readonly bytes: number }[]> {
    const sql = `SELECT key, (SELECT TOTAL(LENGTH(bytes)) FROM message WHERE session_key = session.key) AS bytes
       FROM session WHERE client_authenticated = 0 ORDER BY key`;
    return this.#all(sql).map(({ key, bytes }) => ({ key: String(key), bytes: Number(bytes) }));
  }

  forgetSessions(keys: readonly string[]): Promise<void> {
    return this.#commit.several(() => {
      for (const key of keys) {
        this.#statement('DELETE FROM message WHERE session_key = ?').run(Number(key));
        this.#statement('DELETE FROM session WHERE key = ?').run(Number(key));
      }
    });
  }

  async sessions(deviceId: string, limit: number): Promise<SessionRecord[]> {
    const sql = 'SELECT * FROM session WHERE device_hash = ? AND device_id = ? ORDER BY key DESC LIMIT ?';
    return this.#all(sql, deviceHash(deviceId), deviceId, limit).map(sessionOf);
  }

  async findSessions(query: SessionQuery, limit: number): Promise<SessionSummary[]> {
    const { sql, values } = pageOfSessions(query, limit);
    return this.#all(sql, ...values).map(summaryOf);
  }

  async countSessions(query: SessionQuery): Promise<number> {
    const { sql, values } = numberOfSessions(query);
    return Number(this.#get(sql, ...values)?.number ?? 0);
  }

  addMessages(messages: readonly NewMessage[]): Promise<void> {
    return this.#commit.one(() => {
      const add = this.#statement(
        'INSERT INTO message (session_key, at, direction, package, encoding, bytes) VALUES (?,?,?,?,?,?)',
      );
      const added: SQLInputValue[] = [];
      try {
        for (const { sessionKey, at, direction, package: part, encoding, bytes } of messages)
          added.push(add.run(Number(sessionKey), at, direction, part, encoding, bytes).lastInsertRowid);
      } catch (error) {
        // Undone by hand: a savepoint would copy every page that messages go to.
        for (const key of added) this.#statement('DELETE FROM message WHERE key = ?').run(key);
        throw error;
      }
    });
  }

  async messages(sessionKey: string, after = '0'): Promise<MessageRecord[]> {
    const sql = 'SELECT * FROM message WHERE session_key = ? AND key > ? ORDER BY key';
    return this.#all(sql, Number(sessionKey), Number(after)).map(messageOf);
  }

  async message(key: string): Promise<MessageRecord | undefined> {
    const row = this.#get('SELECT * FROM message WHERE key = ?', Number(key));
    return row && messageOf(row);
  }

  async settle(): Promise<void> {
    // Nobody waits for a program that reads at the same time: this stops the event loop.
    this.#commit.between(() =>
      this.#db.exec(`PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = ${BUSY_MS};`),
    );
  }

  async size(): Promise<number> {
    const row = this.#get('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()');
    return Number(row?.bytes ?? 0);
  }

  async close(): Promise<void> {
    await this.#commit.flush();
    this.#log.close();
    this.#db.close();
  }

  #write(sql: string, ...values: SQLInputValue[]): Promise<void> {
    return this.#commit.one(() => this.#statement(sql).run(...values));
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#read(() => this.#statement(sql).all(...values));
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#read(() => this.#statement(sql).get(...values));
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #failure(cause: unknown): StoreError {
    return new StoreError('failed', `the database ${this.#path} failed: ${(cause as Error).message}`, { cause });
  }
}

/** SQLite would choose a number of its own for what is none. */
function sessionNumber(key: string): number {
  const number = Number(key);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${JSON.stringify(key)} is no key of a session`);
  return number;
}
