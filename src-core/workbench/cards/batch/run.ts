/** A batch at work: cards that appear in the readers are planned, written and verified, one after another in each reader. */
import { CardError, describeError, RequestError, WorkbenchError } from '../../../base/errors.ts';
import { identifyCard } from '../../../card/layout.ts';
import { backupOf, type CardState, type Plan, planCard, verifyPlan, writePlan } from '../../../card/provision.ts';
import type { CardConnection } from '../../../card/reader.ts';
import type { BatchCardRecord } from '../../../store/contract.ts';
import type { AccountPorts } from '../../accounts.ts';
import type { ReaderView } from '../../views.ts';
import type { RefusedKeys } from '../refused-keys.ts';
import { accountFor, addressOf, bootstrapOf } from './account.ts';
import {
  costsTry,
  EMPTY,
  HALTED,
  haltedPlace,
  isWanted,
  MOST_REFUSED,
  type Place,
  type PlaceEvent,
  step,
} from './machine.ts';
import type { PlaceView } from './views.ts';

/** What a batch needs of the Cards room. */
export interface CardAccess {
  readonly refused: RefusedKeys;
  readers(): readonly ReaderView[];
  /** Calls at once, on every change. */
  onChange(listener: () => void): () => void;
  identified(reader: string, iccid: string): void;
  withCard<T>(reader: string, work: (connection: CardConnection) => Promise<T>): Promise<T>;
}

export interface RunPorts extends AccountPorts {
  readonly cards: CardAccess;
  readonly serverUrl: string;
  readonly sleep: (ms: number) => Promise<void>;
  /** A card changed. */
  readonly onRow: (row: BatchCardRecord) => void;
  /** A place changed. */
  readonly onPlace: () => void;
}

export interface RunBatch {
  readonly key: string;
  /** By ICCID; the run puts in what becomes of them. */
  readonly rows: Map<string, BatchCardRecord>;
  /** Undefined: all readers. */
  readonly readers?: readonly string[] | undefined;
}

/** Another program, or the page's own card sheet, may hold the card for a moment. */
const BUSY_TRIES = 20;
const BUSY_MS = 250;

const RESUMABLE: ReadonlySet<string> = new Set([
  'card-removed',
  'no-card',
  'card-mute',
  'write-cancelled',
  'batch-halted',
  'reader-busy',
  'reader-unknown',
  'pcsc-absent',
]);

interface Planned {
  readonly plan: Plan;
  /** Of the server, as the plan has it. */
  readonly address: string;
  /** To be called when the card takes it, and before it carries it: until then the account is as the card has it. */
  readonly keepAccount: () => Promise<void>;
}

export class BatchRun {
  readonly #ports: RunPorts;
  readonly #batch: RunBatch;
  readonly #places = new Map<string, Place>();
  readonly #jobs = new Map<string, Promise<void>>();
  /** Readers that got another card while the one before was being finished. */
  readonly #next = new Set<string>();
  readonly #abort = new AbortController();
  readonly #unwatch: () => void;
  /** Keys that cards refused since one took its own. */
  #refusedInRow = 0;

  constructor(ports: RunPorts, batch: RunBatch) {
    this.#ports = ports;
    this.#batch = batch;
    this.#unwatch = ports.cards.onChange(() => this.#look());
    this.#look();
  }

  get key(): string {
    return this.#batch.key;
  }

  /** Why it takes no more cards. */
  get halted(): string | undefined {
    return this.#refusedInRow >= MOST_REFUSED ? HALTED : undefined;
  }

  places(): PlaceView[] {
    return [...this.#places].map(([reader, place]) => {
      const { present: _, ...shown } = this.halted === undefined ? place : haltedPlace(place);
      return { reader, ...shown };
    });
  }

  /** Cards that are being written are finished, or broken off where `atOnce`; they can be resumed. */
  async stop(atOnce = false): Promise<void> {
    this.#unwatch();
    this.#next.clear();
    if (atOnce) this.#abort.abort();
    await this.idle();
  }

  /** Resolves when no reader works on a card. */
  async idle(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.all(this.#jobs.values());
  }

  #look(): void {
    const readers = this.#ports.cards.readers();
    const { readers: wanted } = this.#batch;
    for (const { name, state } of readers) {
      if (wanted && !wanted.includes(name)) continue;
      if (!this.#places.has(name)) this.#setPlace(name, EMPTY);
      this.#see(name, state === 'present' || state === 'mute');
    }
    for (const name of this.#places.keys()) {
      if (readers.some(reader => reader.name === name)) continue;
      this.#see(name, false);
      if (!this.#jobs.has(name) && this.#places.delete(name)) this.#ports.onPlace();
    }
  }

  #see(reader: string, present: boolean): void {
    const place = this.#place(reader);
    if (this.#jobs.has(reader)) {
      if (!present && place.present) {
        this.#apply(reader, { kind: 'removed' });
        this.#next.delete(reader);
      } else if (present && !place.present) this.#next.add(reader);
      else if (!present) this.#next.delete(reader);
      return;
    }
    if (present && !place.present) this.#begin(reader);
    else if (!present && place.present) this.#apply(reader, { kind: 'removed' });
  }

  #begin(reader: string): void {
    this.#next.delete(reader);
    if (this.halted !== undefined) {
      this.#apply(reader, { kind: 'halted' });
      return;
    }
    this.#apply(reader, { kind: 'inserted' });
    const job = this.#provision(reader)
      .catch(error => this.#tellFailure(reader, error))
      .then(() => {
        this.#jobs.delete(reader);
        if (this.#next.has(reader)) this.#begin(reader);
        else this.#ports.onPlace();
      });
    this.#jobs.set(reader, job);
  }

  async #provision(reader: string): Promise<void> {
    const { turn } = this.#place(reader);
    const planned = await this.#withCard(reader, connection => this.#plan(reader, connection));
    if (!planned) return;
    const { plan, address, keepAccount } = planned;
    const bytes = plan.apdusToWrite > 0 ? await this.#write(reader, planned, turn) : 0;
    if (bytes === undefined) return;
    if (bytes === 0) await keepAccount();
    this.#apply(reader, { kind: 'progress', stage: 'verifying', progress: 1 });
    await this.#withCard(reader, connection => verifyPlan(connection, plan));
    const detail = bytes === 0 ? 'carried the bootstrap already' : `${bytes} bytes written`;
    await this.#keep(this.#apply(reader, { kind: 'verified', detail, address, reader, at: this.#ports.now() }));
  }

  /** Undefined where the card is none to be provisioned. */
  async #plan(reader: string, connection: CardConnection): Promise<Planned | undefined> {
    const { iccid } = await identifyCard(connection);
    this.#ports.cards.identified(reader, iccid);
    this.#apply(reader, { kind: 'identified', iccid, elsewhere: this.#whereElse(reader, iccid) });
    const row = this.#batch.rows.get(iccid);
    if (!row || !isWanted(this.#place(reader))) return undefined;
    const { account, changed } = await accountFor(this.#ports, row);
    const address = addressOf(row, this.#ports.serverUrl);
    const plan = await planCard(connection, bootstrapOf(account, address));
    const keepAccount = async () => {
      if (changed) await this.#ports.store.putAccount(account);
    };
    return { plan, address, keepAccount };
  }

  /** Bytes written; undefined where the key must not be presented. */
  async #write(reader: string, { plan, keepAccount }: Planned, turn: number): Promise<number | undefined> {
    const { iccid, admTriesLeft } = plan;
    const adm = this.#batch.rows.get(iccid)?.adm;
    if (!adm)
      throw new CardError('adm-missing', `the key of card ${iccid} is kept no more`, { advice: 'Read its list again' });
    const { refused } = this.#ports.cards;
    const guard = refused.guard(iccid, adm);
    await this.#keep(this.#apply(reader, { kind: 'planned', triesLeft: admTriesLeft, reader, at: this.#ports.now() }));
    if (this.#place(reader).stage === 'failed') return undefined;
    await refused.check(iccid, adm);
    const asPlanned = this.#place(reader).turn === turn && this.#place(reader).present;
    try {
      const { bytesWritten } = await this.#withCard(reader, connection =>
        writePlan(connection, plan, adm, {
          asPlanned,
          signal: this.#abort.signal,
          beforeKey: async triesLeft => {
            this.#refuseHalted();
            await guard.beforeKey(triesLeft);
          },
          beforeChange: async now => {
            if (this.halted === undefined) this.#refusedInRow = 0;
            await guard.accepted();
            await this.#backUp(plan, now);
            await keepAccount();
          },
          onProgress: ({ done, total }) =>
            this.#apply(reader, { kind: 'progress', stage: 'writing', progress: done / total }),
        }),
      );
      return bytesWritten;
    } catch (error) {
      await guard.failed(error);
      throw error;
    }
  }

  /** Cards in other readers were on their way when it halted. */
  #refuseHalted(): void {
    if (this.halted === undefined) return;
    throw new RequestError('batch-halted', 'the batch was halted before the key was presented');
  }

  async #backUp(plan: Plan, now: CardState | undefined): Promise<void> {
    if (!now) return;
    const backup = backupOf(plan, this.#ports.now(), now);
    await this.#ports.store.cards.addBackup({ iccid: plan.iccid, at: backup.at, content: JSON.stringify(backup) });
  }

  async #withCard<T>(reader: string, work: (connection: CardConnection) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.#ports.cards.withCard(reader, work);
      } catch (error) {
        const busy = error instanceof WorkbenchError && error.code === 'reader-busy';
        if (!busy || tried === BUSY_TRIES || this.#abort.signal.aborted) throw error;
        await this.#ports.sleep(BUSY_MS);
      }
    }
  }

  async #tellFailure(reader: string, error: unknown): Promise<void> {
    const code = error instanceof WorkbenchError ? error.code : 'unexpected';
    if (code === 'unexpected') console.error('unexpected error in a batch:', error);
    const text = error instanceof WorkbenchError ? describeError(error) : 'unexpected error: the log says which';
    const failure = { code, text, resumable: RESUMABLE.has(code), reader, at: this.#ports.now() };
    const row = this.#apply(reader, { kind: 'failed', ...failure });
    await this.#keep(row).catch(cause => console.error('the result of a card was not kept:', cause));
  }

  /** The card that changed, if any. */
  #apply(reader: string, event: PlaceEvent): BatchCardRecord | undefined {
    const before = this.#place(reader);
    const iccid = event.kind === 'identified' ? event.iccid : before.iccid;
    const { place, row } = step(before, iccid === undefined ? undefined : this.#batch.rows.get(iccid), event);
    if (row) this.#batch.rows.set(row.iccid, row);
    if (row?.state === 'failed' && costsTry(row.code)) this.#refusedInRow += 1;
    this.#setPlace(reader, place);
    if (row) this.#ports.onRow(row);
    return row;
  }

  async #keep(row: BatchCardRecord | undefined): Promise<void> {
    if (row) await this.#ports.store.batches.putCards(this.#batch.key, [row]);
  }

  #place(reader: string): Place {
    return this.#places.get(reader) ?? EMPTY;
  }

  #setPlace(reader: string, place: Place): void {
    this.#places.set(reader, place);
    this.#ports.onPlace();
  }

  #whereElse(reader: string, iccid: string): string | undefined {
    return [...this.#places].find(([name, place]) => name !== reader && place.present && place.iccid === iccid)?.[0];
  }
}
