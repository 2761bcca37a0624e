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

  async add({ name, createdAt }: Omit<BatchRecord, 'key'>, cards: readonly BatchCardRecord[]): Promise<string> {
    let key: number | bigint = 0;
    await this.#db.several(run => {
      key = run('INSERT INTO card_batch (name, created_at) VALUES (?,?)', name, createdAt).lastInsertRowid;
      for (const card of cards) put(run, key, card);
    });
    return String(key);
  }

  async all(): Promise<BatchRecord[]> {
    const rows = this.#db.all('SELECT * FROM card_batch ORDER BY key DESC');
    return rows.map(row => ({ key: String(row.key), name: String(row.name), createdAt: Number(row.created_at) }));
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

  remove(key: string): Promise<void> {
    return this.#db.several(run => {
      run('DELETE FROM batch_card WHERE batch = ?', Number(key));
      run('DELETE FROM card_batch WHERE key = ?', Number(key));
    });
  }
}

function put(run: Run, batch: number | bigint, card: BatchCardRecord): void {
  run(
    `INSERT OR REPLACE INTO batch_card (batch, line, iccid, adm, variables, secrets, state, code, detail, at, reader,
       tries_before) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
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
  };
}
