/** Batches of cards in the SQLite store. Keys and passwords are there for as long as their card needs them. */
import { Secret } from '../base/secret.ts';
import type { BatchCardRecord, BatchRecord, BatchStore } from './contract.ts';
import type { Row } from './rows.ts';
import type { Run, SqliteAccess } from './sqlite-jobs.ts';

type Access = Pick<SqliteAccess, 'several' | 'all'>;

export class SqliteBatches implements BatchStore {
  readonly #db: Access;

  constructor(db: Access) {
    this.#db = db;
  }

  async add(batch: Omit<BatchRecord, 'key'>, cards: readonly BatchCardRecord[]): Promise<string> {
    const sql = 'INSERT INTO card_batch (name, created_at, profile_name, profile, unknown_tries) VALUES (?,?,?,?,?)';
    let key: number | bigint = 0;
    await this.#db.several(run => {
      key = run(sql, batch.name, batch.createdAt, ...choices(batch)).lastInsertRowid;
      for (const card of cards) put(run, key, card);
    });
    return String(key);
  }

  change(batch: BatchRecord): Promise<void> {
    const sql = 'UPDATE card_batch SET profile_name = ?, profile = ?, unknown_tries = ? WHERE key = ?';
    return this.#db.several(run => void run(sql, ...choices(batch), Number(batch.key)));
  }

  async all(): Promise<BatchRecord[]> {
    return this.#db.all('SELECT * FROM card_batch ORDER BY key DESC').map(batchOf);
  }

  async cards(key: string): Promise<BatchCardRecord[]> {
    return this.#db.all('SELECT * FROM batch_card WHERE batch = ? ORDER BY line', Number(key)).map(cardOf);
  }

  putCards(key: string, cards: readonly BatchCardRecord[]): Promise<void> {
    return this.#db.several(run => {
      for (const card of cards) put(run, Number(key), card);
    });
  }

  setCards(key: string, cards: readonly BatchCardRecord[]): Promise<void> {
    return this.#db.several(run => {
      run('DELETE FROM batch_card WHERE batch = ?', Number(key));
      for (const card of cards) put(run, Number(key), card);
    });
  }

  putTrace(key: string, iccid: string, content: Uint8Array): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO batch_trace (batch, iccid, content) VALUES (?,?,?)';
    return this.#db.several(run => void run(sql, Number(key), iccid, content));
  }

  async trace(key: string, iccid: string): Promise<Uint8Array | undefined> {
    const sql = 'SELECT content FROM batch_trace WHERE batch = ? AND iccid = ?';
    const [row] = this.#db.all(sql, Number(key), iccid);
    return row?.content as Uint8Array | undefined;
  }

  remove(key: string): Promise<void> {
    return this.#db.several(run => {
      run('DELETE FROM batch_trace WHERE batch = ?', Number(key));
      run('DELETE FROM batch_card WHERE batch = ?', Number(key));
      run('DELETE FROM card_batch WHERE key = ?', Number(key));
    });
  }
}

function choices({ profile, unknownTries }: Omit<BatchRecord, 'key'>) {
  return [profile?.name ?? null, profile?.document ?? null, unknownTries ? 1 : 0] as const;
}

function batchOf(row: Row): BatchRecord {
  const { profile_name: name, profile: document } = row;
  return {
    key: String(row.key),
    name: String(row.name),
    createdAt: Number(row.created_at),
    ...(document !== null && { profile: { name: String(name), document: document as Uint8Array } }),
    unknownTries: row.unknown_tries === 1,
  };
}

function put(run: Run, batch: number | bigint, card: BatchCardRecord): void {
  run(
    `INSERT OR REPLACE INTO batch_card (batch, line, iccid, adm, variables, secrets, state, code, detail, at, reader,
       tries_before, mark) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    batch,
    card.line,
    card.iccid,
    card.adm?.reveal() ?? null,
    JSON.stringify(card.variables),
    secretsText(card.secrets),
    card.state,
    card.code ?? null,
    card.detail,
    card.at ?? null,
    card.reader ?? null,
    card.triesBefore ?? null,
    card.mark ?? null,
  );
}

function secretsText(secrets: BatchCardRecord['secrets']): string | null {
  const entries = Object.entries(secrets).map(([name, secret]) => [name, secret.revealText()]);
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries));
}

function cardOf(row: Row): BatchCardRecord {
  const secrets = row.secrets === null ? {} : (JSON.parse(String(row.secrets)) as Record<string, string>);
  return {
    line: Number(row.line),
    iccid: String(row.iccid),
    ...(row.adm !== null && { adm: Secret.ofBytes(row.adm as Uint8Array) }),
    variables: JSON.parse(String(row.variables)) as Record<string, string>,
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, Secret.ofText(text)])),
    state: row.state as BatchCardRecord['state'],
    ...(row.code !== null && { code: String(row.code) }),
    detail: String(row.detail),
    ...(row.at !== null && { at: Number(row.at) }),
    ...(row.reader !== null && { reader: String(row.reader) }),
    ...(row.tries_before !== null && { triesBefore: Number(row.tries_before) }),
    ...(row.mark !== null && { mark: String(row.mark) }),
  };
}
