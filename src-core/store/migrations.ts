/** The SQLite store's tables: steps from an empty file to today's, counted by `user_version`. Never edit one that was released. */
import type { DatabaseSync } from 'node:sqlite';
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
];

/** Brings the database to today's tables. @throws StoreError where it is from a newer version. */
export function migrate(db: DatabaseSync, path: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > MIGRATIONS.length) {
    throw new StoreError('newer', `the database ${path} was made by a newer version of the workbench`, {
      advice: 'Update the workbench, or choose another folder with --data',
    });
  }
  for (const [i, migration] of MIGRATIONS.entries())
    if (i >= version) db.exec(`BEGIN; ${migration} PRAGMA user_version = ${i + 1}; COMMIT;`);
}
