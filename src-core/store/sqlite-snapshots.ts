/** Snapshots of trees in the SQLite store. */
import type { SQLInputValue } from 'node:sqlite';
import type { NewSnapshot, SnapshotRecord, SnapshotStore } from './contract.ts';
import type { Row } from './rows.ts';

/** What the store lends: one statement each, errors and commits are its business. */
interface Access {
  write(sql: string, values: readonly SQLInputValue[], onRowId: (id: number | bigint) => void): Promise<void>;
  all(sql: string, ...values: SQLInputValue[]): Row[];
}

export class SqliteSnapshots implements SnapshotStore {
  readonly #db: Access;

  constructor(db: Access) {
    this.#db = db;
  }

  async add({ name, takenAt, source, origin, nodes, content }: NewSnapshot): Promise<string> {
    let key = '';
    const sql = 'INSERT INTO snapshot (name, taken_at, source, origin, nodes, content) VALUES (?,?,?,?,?,?)';
    await this.#db.write(sql, [name, takenAt, source, origin, nodes, content], id => (key = String(id)));
    return key;
  }

  async all(): Promise<SnapshotRecord[]> {
    const sql = `SELECT key, name, taken_at, source, origin, nodes, LENGTH(content) AS bytes FROM snapshot
       ORDER BY taken_at DESC, key DESC`;
    return this.#db.all(sql).map(recordOf);
  }

  async content(key: string): Promise<Uint8Array | undefined> {
    const [row] = this.#db.all('SELECT content FROM snapshot WHERE key = ?', Number(key));
    return row?.content as Uint8Array | undefined;
  }

  rename(key: string, name: string): Promise<void> {
    return this.#change('UPDATE snapshot SET name = ? WHERE key = ?', name, Number(key));
  }

  remove(key: string): Promise<void> {
    return this.#change('DELETE FROM snapshot WHERE key = ?', Number(key));
  }

  #change(sql: string, ...values: SQLInputValue[]): Promise<void> {
    return this.#db.write(sql, values, () => undefined);
  }
}

function recordOf(row: Row): SnapshotRecord {
  return {
    key: String(row.key),
    name: String(row.name),
    takenAt: Number(row.taken_at),
    source: row.source === 'device' ? 'device' : 'file',
    origin: String(row.origin),
    nodes: Number(row.nodes),
    bytes: Number(row.bytes),
  };
}
