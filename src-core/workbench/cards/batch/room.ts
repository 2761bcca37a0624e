/** Batches of cards: lists taken in as a whole, one of them at work, and what became of each card. Kept in the store. */
import { RequestError } from '../../../base/errors.ts';
import type { BatchCardRecord } from '../../../store/contract.ts';
import { type AccountPorts, SERVER_ID } from '../../accounts.ts';
import type { ExportedFile } from '../../session-views.ts';
import { Topic } from '../../topic.ts';
import { ListIntake, type ListOptions } from './intake.ts';
import { type CardList, cardRecord } from './list.ts';
import { type BatchResult, resultCsv, resultHtml } from './result.ts';
import { BatchRun, type CardAccess } from './run.ts';
import type { BatchesService } from './service.ts';
import { type Batch, BatchShelf, countsOf } from './shelf.ts';
import { type TraceForm, type TracePart, traceOf, tracesFrom } from './traces.ts';
import type { BatchesState, BatchPreview, BatchRows, BatchRowView, BatchView, ImportedBatch } from './views.ts';

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
  readonly #shelf: BatchShelf;
  readonly #intake: ListIntake;
  #last: Promise<unknown> = Promise.resolve();
  #run: BatchRun | undefined;

  constructor(ports: BatchPorts) {
    this.#ports = ports;
    this.#shelf = new BatchShelf(ports.store.batches);
    this.#intake = new ListIntake(ports, this.#shelf);
  }

  watch(signal: AbortSignal): AsyncIterable<BatchesState> {
    return this.#changes.states(() => this.state(), signal);
  }

  async state(): Promise<BatchesState> {
    const batches = (await this.#shelf.all()).map(batchView);
    const run = this.#run;
    if (!run) return { batches };
    const { key, halt } = run;
    return { batches, running: { key, places: run.places(), ...(halt && { halt }) } };
  }

  async *watchRows(key: string, signal: AbortSignal): AsyncGenerator<BatchRows> {
    const batch = await this.#shelf.find(key);
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

  async importList(name: string, text: string, options: ListOptions = {}): Promise<ImportedBatch> {
    const { cards, problems } = await this.checkList(text, options);
    if (problems.some(({ severity }) => severity === 'error')) return { resumed: false, cards: cards.length, problems };
    const { key, resumed } = await this.#inTurn(async () => {
      const known = await this.#intake.known(cards, options);
      if (known) this.#refuseRunning(known.record.key);
      const taken = await (known ? this.#intake.renew(known, cards, options) : this.#intake.add(name, cards, options));
      // Keys of the list before are nowhere afterwards.
      if (known) await this.#ports.store.settle();
      this.#changes.emit();
      return { key: taken, resumed: known !== undefined };
    });
    return { key, resumed, cards: cards.length, problems };
  }

  /** All that is wrong with a list, also with regard to the accounts that exist. */
  checkList(text: string, options: ListOptions = {}): Promise<CardList> {
    return this.#intake.check(text, options);
  }

  /** What the cards of a checked list would get. Nothing is kept. */
  async previews({ cards }: CardList, options: ListOptions): Promise<BatchPreview[]> {
    const profile = this.#intake.profile(options);
    const previews: BatchPreview[] = [];
    for (const card of cards) previews.push(await profile.preview(cardRecord(card)));
    return previews;
  }

  async preview(key: string, line: number): Promise<BatchPreview> {
    const batch = await this.#shelf.find(key);
    return this.#intake.profileOf(batch).preview(rowIn(batch, line));
  }

  allowUnknownTries(key: string, allowed: boolean): Promise<void> {
    return this.#inTurn(async () => {
      this.#refuseRunning(key);
      const { record } = await this.#shelf.find(key);
      await this.#shelf.change({ ...record, unknownTries: allowed });
      this.#changes.emit();
    });
  }

  start(key: string, readers?: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#start(key, readers));
  }

  async #start(key: string, readers?: readonly string[]): Promise<void> {
    const batch = await this.#shelf.find(key);
    if (this.#run) throw running();
    const { name, unknownTries } = batch.record;
    const profile = this.#intake.profileOf(batch);
    const ports = {
      ...this.#ports,
      onRow: (row: BatchCardRecord) => {
        batch.counts = undefined;
        this.#rowChanges.emit({ key, row });
      },
      onPlace: () => this.#changes.emit(),
    };
    this.#run = new BatchRun(ports, { key, name, profile, unknownTries, rows: batch.rows, readers });
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
    const result = await this.#result(key);
    const base = fileBase(result.name);
    return form === 'csv'
      ? { name: `${base}-result.csv`, type: 'text/csv', text: resultCsv(result) }
      : { name: `${base}-report.html`, type: 'text/html', text: resultHtml(result) };
  }

  async #result(key: string): Promise<BatchResult> {
    const batch = await this.#shelf.find(key);
    const { name, createdAt, profile } = batch.record;
    const { serverUrl, by, now } = this.#ports;
    const cards = [...batch.rows.values()];
    const document = profile?.name;
    return {
      name,
      createdAt,
      document,
      cards,
      counts: countsOf(batch),
      serverUrl,
      serverId: SERVER_ID,
      by,
      now: now(),
    };
  }

  async trace(key: string, line: number, form: TraceForm): Promise<ExportedFile> {
    return traceOf(this.#ports.store.batches, key, rowIn(await this.#shelf.find(key), line), form);
  }

  /** @param most characters in a part, about. */
  async traces(key: string, form: TraceForm, from = 0, most?: number): Promise<TracePart> {
    const { rows, record } = await this.#shelf.find(key);
    const batch = { key, name: record.name, base: fileBase(record.name) };
    return tracesFrom(this.#ports.store.batches, batch, [...rows.values()], { form, from, ...(most && { most }) });
  }

  remove(key: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#shelf.find(key);
      this.#refuseRunning(key);
      await this.#shelf.remove(key);
      await this.#ports.store.settle();
      this.#changes.emit();
    });
  }

  /** What changes the set of batches, or takes one to work, never does so beside another such. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  #refuseRunning(key: string): void {
    if (this.#run?.key === key) throw running();
  }

  /** The keys of the cards that are done are nowhere afterwards. */
  async #end(atOnce: boolean): Promise<void> {
    const run = this.#run;
    if (!run) return;
    await run.stop(atOnce);
    if (this.#run !== run) return;
    this.#run = undefined;
    this.#changes.emit();
    await this.#ports.store.settle();
  }
}

function rowIn({ rows }: Batch, line: number): BatchCardRecord {
  const row = [...rows.values()].find(candidate => candidate.line === line);
  if (row) return row;
  throw new RequestError('unknown-line', `the batch has no card in line ${line}`, { advice: 'Choose a line of it' });
}

function batchView(batch: Batch): BatchView {
  const { key, name, createdAt, profile, unknownTries } = batch.record;
  return { key, name, createdAt, unknownTries, ...(profile && { document: profile.name }), counts: countsOf(batch) };
}

function rowView({ line, iccid, state, detail, code, at, reader }: BatchCardRecord): BatchRowView {
  return {
    line,
    iccid,
    state,
    text: detail,
    ...(code !== undefined && { code }),
    ...(at !== undefined && { at }),
    ...(reader !== undefined && { reader }),
  };
}

/** Of the files that come out of a batch. */
function fileBase(name: string): string {
  return name.replace(/\.csv$/i, '').replace(/[^\w.-]+/g, '-');
}

function running(): RequestError {
  return new RequestError('batch-running', 'a batch is at work', { advice: 'Stop it first' });
}
