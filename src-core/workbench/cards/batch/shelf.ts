/** The batches that are kept, with their rows in hand. */
import { RequestError } from '../../../base/errors.ts';
import type { BatchCardRecord, BatchRecord, BatchStore } from '../../../store/contract.ts';
import type { BatchCounts } from './views.ts';

export interface Batch {
  readonly record: BatchRecord;
  /** By ICCID, in the order of the list. */
  readonly rows: Map<string, BatchCardRecord>;
  /** Undefined: to be counted again. */
  counts: BatchCounts | undefined;
}

export class BatchShelf {
  readonly #store: BatchStore;
  #loaded: Promise<Map<string, Batch>> | undefined;

  constructor(store: BatchStore) {
    this.#store = store;
  }

  /** Newest first. */
  async all(): Promise<Batch[]> {
    return [...(await this.#all()).values()];
  }

  /** @throws RequestError `unknown-batch`. */
  async find(key: string): Promise<Batch> {
    const batch = (await this.#all()).get(key);
    if (batch) return batch;
    throw new RequestError('unknown-batch', 'there is no such batch', { advice: 'Choose one of the list' });
  }

  async add(record: Omit<BatchRecord, 'key'>, rows: readonly BatchCardRecord[]): Promise<string> {
    const key = await this.#store.add(record, rows);
    const batch = { record: { key, ...record }, rows: byIccid(rows), counts: undefined };
    this.#loaded = this.#all().then(all => new Map([[key, batch], ...all]));
    return key;
  }

  /** Its rows take the place of those before. */
  async renew(record: BatchRecord, rows: readonly BatchCardRecord[]): Promise<void> {
    await this.#store.setCards(record.key, rows);
    await this.#store.change(record);
    (await this.#all()).set(record.key, { record, rows: byIccid(rows), counts: undefined });
  }

  async change(record: BatchRecord): Promise<void> {
    const { rows, counts } = await this.find(record.key);
    await this.#store.change(record);
    (await this.#all()).set(record.key, { record, rows, counts });
  }

  async remove(key: string): Promise<void> {
    await this.#store.remove(key);
    (await this.#all()).delete(key);
  }

  #all(): Promise<Map<string, Batch>> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  async #load(): Promise<Map<string, Batch>> {
    const all = new Map<string, Batch>();
    for (const record of await this.#store.all()) {
      const rows = (await this.#store.cards(record.key)).map(afterCrash);
      all.set(record.key, { record, rows: byIccid(rows), counts: undefined });
    }
    return all;
  }
}

export function countsOf(batch: Batch): BatchCounts {
  if (batch.counts) return batch.counts;
  const counts = { total: batch.rows.size, waiting: 0, writing: 0, interrupted: 0, verified: 0, failed: 0 };
  for (const { state } of batch.rows.values()) counts[state] += 1;
  batch.counts = counts;
  return counts;
}

function byIccid(rows: readonly BatchCardRecord[]): Map<string, BatchCardRecord> {
  return new Map(rows.map(row => [row.iccid, row]));
}

/** Nobody writes it any more: the program ended in the middle. */
function afterCrash(row: BatchCardRecord): BatchCardRecord {
  if (row.state !== 'writing') return row;
  return { ...row, state: 'interrupted', detail: 'the program ended while it was written' };
}
