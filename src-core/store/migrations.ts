/** The SQLite store's tables: steps from an empty file to today's, counted by `user_version`. Never edit one that was released. */
import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { StoreError } from '../base/errors.ts';

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
  `ALTER TABLE account ADD COLUMN client_scheme TEXT NOT NULL DEFAULT 'md5';
   ALTER TABLE account ADD COLUMN server_scheme TEXT NOT NULL DEFAULT 'md5';
   ALTER TABLE account ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE account ADD COLUMN locked_until INTEGER;
   ALTER TABLE session ADD COLUMN scheme TEXT;
   CREATE TABLE tree_step (id INTEGER PRIMARY KEY, device_id TEXT NOT NULL, step TEXT NOT NULL);`,
  // Numbers instead of names: indexes are a third as large, and grow at one end but for the one by device.
  `CREATE TABLE numbered_session (
     key INTEGER PRIMARY KEY, device_hash INTEGER NOT NULL, device_id TEXT NOT NULL, session_id TEXT NOT NULL,
     started_at INTEGER NOT NULL, ended_at INTEGER, state TEXT NOT NULL, detail TEXT NOT NULL,
     client_authenticated INTEGER NOT NULL, server_authenticated INTEGER NOT NULL, encoding TEXT NOT NULL,
     transport TEXT NOT NULL, scheme TEXT);
   INSERT INTO numbered_session SELECT row_number() OVER (ORDER BY started_at, rowid), device_hash(device_id), device_id,
     session_id, started_at, ended_at, state, detail, client_authenticated, server_authenticated, encoding, transport, scheme
     FROM session;
   CREATE TABLE numbered_message (
     key INTEGER PRIMARY KEY, session_key INTEGER NOT NULL, at INTEGER NOT NULL, direction TEXT NOT NULL,
     package INTEGER NOT NULL, encoding TEXT NOT NULL, bytes BLOB NOT NULL);
   INSERT INTO numbered_message SELECT message.rowid, number, at, direction, package, encoding, bytes
     FROM message JOIN (SELECT key, row_number() OVER (ORDER BY started_at, rowid) AS number FROM session) AS numbers
     ON numbers.key = session_key;
   DROP TABLE message; ALTER TABLE numbered_message RENAME TO message;
   DROP TABLE session; ALTER TABLE numbered_session RENAME TO session;
   CREATE INDEX session_by_device ON session (device_hash);
   CREATE INDEX message_by_session ON message (session_key);`,
  `ALTER TABLE device ADD COLUMN abilities TEXT;
   CREATE TABLE job (id INTEGER PRIMARY KEY, device_hash INTEGER NOT NULL, device_id TEXT NOT NULL, done INTEGER NOT NULL,
     fields TEXT NOT NULL);
   CREATE INDEX job_by_device ON job (device_hash);
   CREATE INDEX job_undone ON job (id) WHERE done = 0;`,
  `CREATE TABLE snapshot (
     key INTEGER PRIMARY KEY, name TEXT NOT NULL, taken_at INTEGER NOT NULL, source TEXT NOT NULL, origin TEXT NOT NULL,
     nodes INTEGER NOT NULL, content BLOB NOT NULL);`,
  `CREATE TABLE card_backup (key INTEGER PRIMARY KEY, iccid TEXT NOT NULL, at INTEGER NOT NULL, content TEXT NOT NULL);
   CREATE INDEX card_backup_by_iccid ON card_backup (iccid);`,
  `CREATE TABLE card_batch (key INTEGER PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER NOT NULL);
   CREATE TABLE batch_card (
     batch INTEGER NOT NULL, line INTEGER NOT NULL, iccid TEXT NOT NULL, adm BLOB, variables TEXT NOT NULL, secrets TEXT,
     state TEXT NOT NULL, code TEXT, detail TEXT NOT NULL, at INTEGER, reader TEXT, tries_before INTEGER,
     PRIMARY KEY (batch, line)) WITHOUT ROWID;`,
  // What was asked never changes, and can be large: it is not in the row that is written with every answer.
  `CREATE TABLE job_spec (id INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE, spec TEXT NOT NULL);
   INSERT INTO job_spec SELECT id, json_extract(fields, '$.spec') FROM job;
   UPDATE job SET fields = json_remove(fields, '$.spec');`,
  'ALTER TABLE account ADD COLUMN freed_from TEXT;',
  `CREATE TABLE card_key (key INTEGER PRIMARY KEY, iccid TEXT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL,
     state TEXT NOT NULL, tries_before INTEGER);
   CREATE INDEX card_key_by_iccid ON card_key (iccid);`,
  `ALTER TABLE card_batch ADD COLUMN profile_name TEXT;
   ALTER TABLE card_batch ADD COLUMN profile BLOB;
   ALTER TABLE card_batch ADD COLUMN unknown_tries INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE batch_card ADD COLUMN mark TEXT;
   CREATE TABLE batch_trace (batch INTEGER NOT NULL, iccid TEXT NOT NULL, content BLOB NOT NULL);
   CREATE UNIQUE INDEX batch_trace_by_card ON batch_trace (batch, iccid);`,
  `CREATE TABLE card_plan (iccid TEXT NOT NULL, profile TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
     content TEXT NOT NULL, PRIMARY KEY (iccid, profile)) WITHOUT ROWID;
   CREATE TABLE card_full (iccid TEXT PRIMARY KEY) WITHOUT ROWID;`,
  `ALTER TABLE card_key ADD COLUMN reference INTEGER NOT NULL DEFAULT 10;
   ALTER TABLE card_key ADD COLUMN presented INTEGER NOT NULL DEFAULT 1;`,
];

/** What the index by device holds: names are too long for it. Never change it. */
export function deviceHash(deviceId: string): number {
  return crc32(deviceId);
}

/** Brings the database to today's tables, or to those of an earlier version. @throws StoreError where it is from a newer version. */
export function migrate(db: DatabaseSync, path: string, to = MIGRATIONS.length): void {
  db.function('device_hash', id => deviceHash(String(id)));
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > MIGRATIONS.length) {
    throw new StoreError('newer', `the database ${path} was made by a newer version of the workbench`, {
      advice: 'Update the workbench, or choose another folder with --data',
    });
  }
  for (const [i, migration] of MIGRATIONS.entries())
    if (i >= version && i < to) db.exec(`BEGIN; ${migration} PRAGMA user_version = ${i + 1}; COMMIT;`);
}
