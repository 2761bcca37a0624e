/** Jobs in the SQLite store: what was asked in one row each, how far it has come in another; what is not searched for as JSON. */
import type { SQLInputValue, StatementResultingChanges } from 'node:sqlite';
import type { JobRecord, JobStore } from './contract.ts';
import { deviceHash } from './migrations.ts';
import type { Row } from './rows.ts';

export type Run = (sql: string, ...values: SQLInputValue[]) => StatementResultingChanges;

/** The database as the store lets others use it: errors and commits are its business. */
export interface SqliteAccess {
  write(sql: string, ...values: SQLInputValue[]): Promise<void>;
  /** Several statements as one write. */
  several(work: (run: Run) => void): Promise<void>;
  all(sql: string, ...values: SQLInputValue[]): Row[];
}

const JOBS = 'SELECT * FROM job JOIN job_spec USING (id)';

export class SqliteJobs implements JobStore {
  readonly #db: SqliteAccess;

  constructor(db: SqliteAccess) {
    this.#db = db;
  }

  add(record: JobRecord): Promise<void> {
    return this.#db.several(run => insert(run, record));
  }

  /** Where adding it failed it is added now. */
  update(record: JobRecord): Promise<void> {
    const { id, deviceId: _device, spec: _spec, done, ...fields } = record;
    return this.#db.several(run => {
      const sql = 'UPDATE job SET done = ?, fields = ? WHERE id = ?';
      if (run(sql, Number(done), JSON.stringify(fields), id).changes === 0) insert(run, record);
    });
  }

  async undone(): Promise<JobRecord[]> {
    return this.#db.all(`${JOBS} WHERE done = 0 ORDER BY id`).map(jobOf);
  }

  async ofDevice(deviceId: string, limit: number): Promise<JobRecord[]> {
    const sql = `${JOBS} WHERE device_hash = ? AND device_id = ? ORDER BY id DESC LIMIT ?`;
    return this.#db.all(sql, deviceHash(deviceId), deviceId, limit).map(jobOf);
  }

  async get(id: number): Promise<JobRecord | undefined> {
    return this.#db.all(`${JOBS} WHERE id = ?`, id).map(jobOf)[0];
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

function insert(run: Run, { id, deviceId, done, spec, ...fields }: JobRecord): void {
  run(
    'INSERT INTO job (id, device_hash, device_id, done, fields) VALUES (?,?,?,?,?)',
    id,
    deviceHash(deviceId),
    deviceId,
    Number(done),
    JSON.stringify(fields),
  );
  run('INSERT INTO job_spec (id, spec) VALUES (?,?)', id, JSON.stringify(spec));
}

function jobOf({ id, device_id, done, spec, fields }: Row): JobRecord {
  return {
    ...JSON.parse(String(fields)),
    spec: JSON.parse(String(spec)),
    id: Number(id),
    deviceId: String(device_id),
    done: done === 1,
  };
}
