/** Backups of cards in the SQLite store. */
import type { CardBackupRecord, CardStore } from './contract.ts';
import type { Row } from './rows.ts';
import type { SqliteAccess } from './sqlite-jobs.ts';

export class SqliteCards implements CardStore {
  readonly #db: SqliteAccess;

  constructor(db: SqliteAccess) {
    this.#db = db;
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
}

function backupOf({ key, iccid, at, content }: Row): CardBackupRecord {
  return { key: String(key), iccid: String(iccid), at: Number(at), content: String(content) };
}
