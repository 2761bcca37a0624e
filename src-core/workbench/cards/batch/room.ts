/** Batches of cards: lists taken in as a whole, one of them at work, and what became of each card. Kept in the store. */
import { RequestError } from '../../../base/errors.ts';
import type { BatchCardRecord, BatchRecord } from '../../../store/contract.ts';
import { type AccountPorts, SERVER_ID } from '../../accounts.ts';
import type { ExportedFile } from '../../session-views.ts';
import { Topic } from '../../topic.ts';
import { bootstrapFacts } from '../plan-view.ts';
import { accountFor, addressOf, bootstrapOf, cardRecord, userTaken } from './account.ts';
import { type CardList, type ListDefaults, type ListedCard, type ListProblem, readCardList } from './list.ts';
import { renewed } from './renew.ts';
import { resultCsv, resultHtml } from './result.ts';
import { BatchRun, type CardAccess } from './run.ts';
import type { BatchesService } from './service.ts';
import type { BatchCounts, BatchesState, BatchPreview, BatchRows, BatchRowView, ImportedBatch } from './views.ts';

interface Batch {
  readonly record: BatchRecord;
  /** By ICCID, in the order of the list. */
  readonly rows: Map<string, BatchCardRecord>;
  counts: BatchCounts | undefined;
}

export interface BatchPorts extends AccountPorts {
  readonly cards: CardAccess;
  readonly serverUrl: string;
  readonly sleep: (ms: number) => Promise<void>;
  /** The program, for reports. */
  readonly by: string;
}

export class BatchesRoom implements BatchesService {
  readonly #ports: BatchPorts;
  readonly #changes = new Topic();
  readonly #rowChanges = new Topic<{ readonly key: string; readonly row: BatchCardRecord }>();
  #loaded: Promise<Map<string, Batch>> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #run: BatchRun | undefined;

  constructor(ports: BatchPorts) {
    this.#ports = ports;
  }

  watch(signal: AbortSignal): AsyncIterable<BatchesState> {
    return this.#changes.states(() => this.state(), signal);
  }

  async state(): Promise<BatchesState> {
    const batches = [...(await this.#all()).values()].map(batch => ({ ...batch.record, counts: countsOf(batch) }));
    const run = this.#run;
    return {
      batches,
      ...(run && {
        running: { key: run.key, places: run.places(), ...(run.halted !== undefined && { halted: run.halted }) },
      }),
    };
  }

  async *watchRows(key: string, signal: AbortSignal): AsyncGenerator<BatchRows> {
    const batch = await this.#find(key);
    const changes = this.#rowChanges.batches(signal);
    // Listens before the rows are read, so that no change falls between the two.
    let next = changes.next();
    try {
      yield { first: true, rows: [...batch.rows.values()].map(rowView) };
      for (let changed = await next; !changed.done; changed = await next) {
        next = changes.next();
        const rows = changed.value.filter(change => change.key === key).map(({ row }) => rowView(row));
        if (rows.length > 0) yield { first: false, rows };
      }
    } finally {
      await changes.return(undefined);
    }
  }

  async importList(name: string, text: string, defaults: ListDefaults = {}): Promise<ImportedBatch> {
    const list = await this.checkList(text, defaults);
    const { cards, problems } = list;
    if (problems.some(({ severity }) => severity === 'error')) return { resumed: false, cards: cards.length, problems };
    const { key, resumed } = await this.#inTurn(() => this.#take(name, cards));
    return { key, resumed, cards: cards.length, problems };
  }

  async #take(
    name: string,
    cards: readonly ListedCard[],
  ): Promise<{ readonly key: string; readonly resumed: boolean }> {
    const known = [...(await this.#all()).values()].find(batch => isSameTray(batch, cards));
    const key = known ? await this.#renew(known, cards) : await this.#add(name, cards);
    this.#changes.emit();
    return { key, resumed: known !== undefined };
  }

  /** All that is wrong with a list, also with regard to the accounts that exist. */
  async checkList(text: string, defaults: ListDefaults = {}): Promise<CardList> {
    const { cards, problems } = readCardList(text, defaults);
    const taken: ListProblem[] = [];
    for (const { line, iccid, variables } of cards) {
      if (variables.user === undefined) continue;
      const account = await this.#ports.store.findAccount(variables.user);
      if (account && account.origin !== `card ${iccid}`)
        taken.push({ line, column: 'user', text: userTaken(account.user, account.origin).message, severity: 'error' });
    }
    return { cards, problems: [...problems, ...taken].sort((a, b) => a.line - b.line) };
  }

  async preview(key: string, line: number): Promise<BatchPreview> {
    const row = [...(await this.#find(key)).rows.values()].find(candidate => candidate.line === line);
    if (row) return this.previewOf(row);
    throw new RequestError('unknown-line', `the batch has no card in line ${line}`, { advice: 'Choose a line of it' });
  }

  async previewOf(row: BatchCardRecord): Promise<BatchPreview> {
    const { account } = await accountFor(this.#ports, row);
    const address = addressOf(row, this.#ports.serverUrl);
    const bytes = bootstrapOf(account, address);
    return {
      line: row.line,
      iccid: row.iccid,
      user: account.user,
      serverId: account.serverId,
      address,
      bytes: bytes.length,
      diff: bootstrapFacts(bytes).map(text => ({ kind: 'new', text })),
    };
  }

  start(key: string, readers?: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#start(key, readers));
  }

  async #start(key: string, readers?: readonly string[]): Promise<void> {
    const batch = await this.#find(key);
    if (this.#run) throw running();
    const run = new BatchRun(
      {
        ...this.#ports,
        onRow: row => {
          batch.counts = undefined;
          this.#rowChanges.emit({ key, row });
        },
        onPlace: () => this.#changes.emit(),
      },
      { key, rows: batch.rows, readers },
    );
    this.#run = run;
    this.#changes.emit();
  }

  async stop(): Promise<void> {
    await this.#end(false);
  }

  /** Breaks off what is being written: it can be resumed. */
  async close(): Promise<void> {
    await this.#end(true);
  }

  async result(key: string, form: 'csv' | 'html'): Promise<ExportedFile> {
    const batch = await this.#find(key);
    const { name, createdAt } = batch.record;
    const { serverUrl, by, now } = this.#ports;
    const cards = [...batch.rows.values()];
    const counts = countsOf(batch);
    const result = { name, createdAt, cards, counts, serverUrl, serverId: SERVER_ID, by, now: now() };
    const base = name.replace(/\.csv$/i, '').replace(/[^\w.-]+/g, '-');
    return form === 'csv'
      ? { name: `${base}-result.csv`, type: 'text/csv', text: resultCsv(result) }
      : { name: `${base}-report.html`, type: 'text/html', text: resultHtml(result) };
  }

  remove(key: string): Promise<void> {
    return this.#inTurn(() => this.#remove(key));
  }

  async #remove(key: string): Promise<void> {
    await this.#find(key);
    if (this.#run?.key === key) throw running();
    await this.#ports.store.batches.remove(key);
    (await this.#all()).delete(key);
    this.#changes.emit();
  }

  /** What changes the set of batches, or takes one to work, never does so beside another such. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #end(atOnce: boolean): Promise<void> {
    const run = this.#run;
    if (!run) return;
    await run.stop(atOnce);
    if (this.#run === run) this.#run = undefined;
    this.#changes.emit();
  }

  async #add(name: string, cards: readonly ListedCard[]): Promise<string> {
    const rows = cards.map(cardRecord);
    const record = { name, createdAt: this.#ports.now() };
    const key = await this.#ports.store.batches.add(record, rows);
    const batch: Batch = { record: { key, ...record }, rows: byIccid(rows), counts: undefined };
    this.#loaded = this.#all().then(all => new Map([[key, batch], ...all]));
    return key;
  }

  async #renew(batch: Batch, cards: readonly ListedCard[]): Promise<string> {
    const { key } = batch.record;
    if (this.#run?.key === key) throw running();
    const rows: BatchCardRecord[] = [];
    for (const card of cards.map(cardRecord)) rows.push(await renewed(this.#ports, batch.rows.get(card.iccid), card));
    await this.#ports.store.batches.setCards(key, rows);
    (await this.#all()).set(key, { record: batch.record, rows: byIccid(rows), counts: undefined });
    return key;
  }

  async #find(key: string): Promise<Batch> {
    const batch = (await this.#all()).get(key);
    if (batch) return batch;
    throw new RequestError('unknown-batch', 'there is no such batch', { advice: 'Choose one of the list' });
  }

  #all(): Promise<Map<string, Batch>> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  async #load(): Promise<Map<string, Batch>> {
    const { batches } = this.#ports.store;
    const all = new Map<string, Batch>();
    for (const record of await batches.all()) {
      const rows = (await batches.cards(record.key)).map(afterCrash);
      all.set(record.key, { record, rows: byIccid(rows), counts: undefined });
    }
    return all;
  }
}

function byIccid(rows: readonly BatchCardRecord[]): Map<string, BatchCardRecord> {
  return new Map(rows.map(row => [row.iccid, row]));
}

function isSameTray({ rows }: Batch, cards: readonly ListedCard[]): boolean {
  return rows.size === cards.length && cards.every(({ iccid }) => rows.has(iccid));
}

/** Nobody writes it any more: the program ended in the middle. */
function afterCrash(row: BatchCardRecord): BatchCardRecord {
  if (row.state !== 'writing') return row;
  return { ...row, state: 'interrupted', detail: 'the program ended while it was written' };
}

function countsOf(batch: Batch): BatchCounts {
  if (batch.counts) return batch.counts;
  const counts = { total: batch.rows.size, waiting: 0, writing: 0, interrupted: 0, verified: 0, failed: 0 };
  for (const { state } of batch.rows.values()) counts[state] += 1;
  batch.counts = counts;
  return counts;
}

function rowView({ line, iccid, state, detail, at, reader }: BatchCardRecord): BatchRowView {
  return {
    line,
    iccid,
    state,
    text: detail,
    ...(at !== undefined && { at }),
    ...(reader !== undefined && { reader }),
  };
}

function running(): RequestError {
  return new RequestError('batch-running', 'a batch is at work', { advice: 'Stop it first' });
}
