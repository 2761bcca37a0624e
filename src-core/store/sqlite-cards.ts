/** Backups of cards, plans that are not complete, and keys that were presented to them, in the SQLite store. */
import type { CardBackupRecord, CardKeyRecord, CardPlanRecord, CardStore } from './contract.ts';
import type { Row } from './rows.ts';
import type { SqliteAccess } from './sqlite-jobs.ts';

export class SqliteCards implements CardStore {
  readonly #db: SqliteAccess;

  constructor(db: SqliteAccess) {
    this.#db = db;
  }

  async addKey(record: Omit<CardKeyRecord, 'key'>): Promise<string> {
    const { iccid, salt, hash, state, reference, presented, triesBefore } = record;
    let key: number | bigint = 0;
    const sql = `INSERT INTO card_key (iccid, salt, hash, state, reference, presented, tries_before) VALUES (?,?,?,?,?,?,?)`;
    await this.#db.several(run => {
      key = run(sql, iccid, salt, hash, state, reference, presented, triesBefore ?? null).lastInsertRowid;
    });
    return String(key);
  }

  async keys(iccid: string): Promise<CardKeyRecord[]> {
    return this.#db.all('SELECT * FROM card_key WHERE iccid = ? ORDER BY key', iccid).map(keyOf);
  }

  changeKey({ key, state, presented, triesBefore }: CardKeyRecord): Promise<void> {
    const sql = 'UPDATE card_key SET state = ?, presented = ?, tries_before = ? WHERE key = ?';
    return this.#db.write(sql, state, presented, triesBefore ?? null, Number(key));
  }

  removeKey(key: string): Promise<void> {
    return this.#db.write('DELETE FROM card_key WHERE key = ?', Number(key));
  }

  addBackup({ iccid, at, content }: Omit<CardBackupRecord, 'key'>): Promise<void> {
    return this.#db.write('INSERT INTO card_backup (iccid, at, content) VALUES (?,?,?)', iccid, at, content);
  }

  async backups(iccid: string): Promise<CardBackupRecord[]> {
    return this.#db.all('SELECT * FROM card_backup WHERE iccid = ? ORDER BY key DESC', iccid).map(backupOf);
  }

  async backup(key: string): Promise<CardBackupRecord | undefined> {
    return this.#db.all('SELECT * FROM card_backup WHERE key = ?', Number(key)).map(backupOf)[0];
  }

  removeBackup(key: string): Promise<void> {
    return this.#db.write('DELETE FROM card_backup WHERE key = ?', Number(key));
  }

  removeBackups(iccid: string): Promise<void> {
    return this.#db.write('DELETE FROM card_backup WHERE iccid = ?', iccid);
  }

  putPlan({ iccid, profile, name, at, content }: CardPlanRecord): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO card_plan (iccid, profile, name, at, content) VALUES (?,?,?,?,?)';
    return this.#db.write(sql, iccid, profile, name, at, content);
  }

  async plans(iccid: string): Promise<CardPlanRecord[]> {
    return this.#db.all('SELECT * FROM card_plan WHERE iccid = ? ORDER BY at DESC, profile', iccid).map(planOf);
  }

  removePlan(iccid: string, profile: string): Promise<void> {
    return this.#db.write('DELETE FROM card_plan WHERE iccid = ? AND profile = ?', iccid, profile);
  }

  putFull(iccid: string): Promise<void> {
    return this.#db.write('INSERT OR IGNORE INTO card_full (iccid) VALUES (?)', iccid);
  }

  async isFull(iccid: string): Promise<boolean> {
    return this.#db.all('SELECT 1 FROM card_full WHERE iccid = ?', iccid).length > 0;
  }
}

function planOf({ iccid, profile, name, at, content }: Row): CardPlanRecord {
  return {
    iccid: String(iccid),
    profile: String(profile),
    name: String(name),
    at: Number(at),
    content: String(content),
  };
}

function backupOf({ key, iccid, at, content }: Row): CardBackupRecord {
  return { key: String(key), iccid: String(iccid), at: Number(at), content: String(content) };
}

function keyOf({ key, iccid, salt, hash, state, reference, presented, tries_before: triesBefore }: Row): CardKeyRecord {
  return {
    key: String(key),
    iccid: String(iccid),
    salt: salt as Uint8Array,
    hash: hash as Uint8Array,
    // In files of before also `unanswered`.
    state: state === 'refused' ? state : 'presented',
    reference: Number(reference),
    presented: Number(presented),
    ...(triesBefore !== null && { triesBefore: Number(triesBefore) }),
  };
}
