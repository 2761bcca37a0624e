/** Jobs in the SQLite store: a row each, what is not searched for as JSON. */
import type { SQLInputValue } from 'node:sqlite';
import type { JobRecord, JobStore } from './contract.ts';
import { deviceHash } from './migrations.ts';
import type { Row } from './rows.ts';

/** The database as the store lets others use it. */
export interface SqliteAccess {
  write(sql: string, ...values: SQLInputValue[]): Promise<void>;
  all(sql: string, ...values: SQLInputValue[]): Row[];
}

export class SqliteJobs implements JobStore {
  readonly #db: SqliteAccess;

  constructor(db: SqliteAccess) {
    this.#db = db;
  }

  put({ id, deviceId, done, ...fields }: JobRecord): Promise<void> {
    return this.#db.write(
      'INSERT OR REPLACE INTO job (id, device_hash, device_id, done, fields) VALUES (?,?,?,?,?)',
      id,
      deviceHash(deviceId),
      deviceId,
      Number(done),
      JSON.stringify(fields),
    );
  }

  async undone(): Promise<JobRecord[]> {
    return this.#db.all('SELECT * FROM job WHERE done = 0 ORDER BY id').map(jobOf);
  }

  async ofDevice(deviceId: string, limit: number): Promise<JobRecord[]> {
    const sql = 'SELECT * FROM job WHERE device_hash = ? AND device_id = ? ORDER BY id DESC LIMIT ?';
    return this.#db.all(sql, deviceHash(deviceId), deviceId, limit).map(jobOf);
  }

  async get(id: number): Promise<JobRecord | undefined> {
    return this.#db.all('SELECT * FROM job WHERE id = ?', id).map(jobOf)[0];
  }

  async lastId(): Promise<number> {
    return Number(this.#db.all('SELECT MAX(id) AS last FROM job')[0]?.last ?? 0);
  }

  trim(deviceId: string, keep: number): Promise<void> {
    const hash = deviceHash(deviceId);
    const old = `SELECT id FROM job WHERE device_hash = ? AND device_id = ? AND done = 1 ORDER BY id DESC LIMIT -1 OFFSET ?`;
    return this.#db.write(`DELETE FROM job WHERE id IN (${old})`, hash, deviceId, keep);
  }
}

function jobOf({ id, device_id, done, fields }: Row): JobRecord {
  return { ...JSON.parse(String(fields)), id: Number(id), deviceId: String(device_id), done: done === 1 };
}
