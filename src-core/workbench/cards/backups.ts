/** What was on cards before they were written. Backups hold passwords of before: people can delete them. */
import { RequestError } from '../../base/errors.ts';
import type { CardBackup } from '../../card/provision.ts';
import type { CardBackupRecord, Store } from '../../store/contract.ts';
import type { CardBackupView } from '../views.ts';

export class CardBackups {
  readonly #store: Pick<Store, 'cards' | 'settle'>;

  constructor(store: Pick<Store, 'cards' | 'settle'>) {
    this.#store = store;
  }

  /** Newest first. */
  async of(iccid: string): Promise<CardBackupView[]> {
    return (await this.#store.cards.backups(iccid)).map(({ key, at, content }) => {
      const { files, document, profile = 'dm' } = JSON.parse(content) as CardBackup;
      return {
        key,
        at,
        bootstrap: profile,
        hasBootstrap: document !== undefined,
        files: files.map(({ path }) => path),
      };
    });
  }

  /** @throws RequestError `unknown-backup`. */
  async get(key: string): Promise<{ readonly backup: CardBackup; readonly at: number }> {
    const { content, at } = await this.#record(key);
    return { backup: JSON.parse(content) as CardBackup, at };
  }

  /** One of this card, or all. @throws RequestError `unknown-backup`. */
  async remove(iccid: string, key: string | undefined): Promise<void> {
    if (key === undefined) await this.#store.cards.removeBackups(iccid);
    else if ((await this.#record(key)).iccid !== iccid) throw unknownBackup();
    else await this.#store.cards.removeBackup(key);
    await this.#store.settle();
  }

  async #record(key: string): Promise<CardBackupRecord> {
    const record = await this.#store.cards.backup(key);
    if (record) return record;
    throw unknownBackup();
  }
}

function unknownBackup(): RequestError {
  return new RequestError('unknown-backup', 'there is no such backup', { advice: 'Choose one of the list' });
}
