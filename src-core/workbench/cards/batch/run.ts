/** A batch at work: which reader holds which card, one card after another in each, and when no more are taken. */
import type { BatchCardRecord } from '../../../store/contract.ts';
import type { ReaderView } from '../../views.ts';
import { type CardHands, CardJob, type JobBatch, type JobPorts } from './card-job.ts';
import { EMPTY, HALTED, haltedPlace, MOST_REFUSED, type Place, type PlaceEvent, step } from './machine.ts';
import type { HaltView, PlaceView } from './views.ts';

/** What a batch needs of the Cards room. */
export interface CardAccess extends CardHands {
  readers(): readonly ReaderView[];
  /** Calls at once, on every change. */
  onChange(listener: () => void): () => void;
}

export interface RunPorts extends JobPorts {
  readonly cards: CardAccess;
  /** A card changed. */
  readonly onRow: (row: BatchCardRecord) => void;
  /** A place changed. */
  readonly onPlace: () => void;
}

export interface RunBatch extends JobBatch {
  /** Undefined: all readers. */
  readonly readers?: readonly string[] | undefined;
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
  /** Lines of the cards that refused their key since one took its own. */
  #refused: number[] = [];

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
  get halt(): HaltView | undefined {
    return this.#isHalted() ? { reason: HALTED, lines: this.#refused } : undefined;
  }

  places(): PlaceView[] {
    return [...this.#places].map(([reader, place]) => {
      const { present: _, twin: __, ...shown } = this.#isHalted() ? haltedPlace(place) : place;
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
    if (this.#isHalted()) {
      this.#apply(reader, { kind: 'halted' });
      return;
    }
    this.#apply(reader, { kind: 'inserted' });
    const job = this.#jobAt(reader)
      .run()
      .then(() => {
        this.#jobs.delete(reader);
        if (this.#next.has(reader)) this.#begin(reader);
        else this.#ports.onPlace();
      });
    this.#jobs.set(reader, job);
  }

  #jobAt(reader: string): CardJob {
    return new CardJob(this.#ports, this.#batch, {
      reader,
      signal: this.#abort.signal,
      now: () => this.#place(reader),
      apply: event => this.#apply(reader, event),
      isHalted: () => this.#isHalted(),
      keyTaken: () => {
        if (!this.#isHalted()) this.#refused = [];
      },
    });
  }

  #isHalted(): boolean {
    return this.#refused.length >= MOST_REFUSED;
  }

  /** The card that changed, if any. */
  #apply(reader: string, event: PlaceEvent): BatchCardRecord | undefined {
    if (event.kind === 'identified') return this.#identify(reader, event.iccid);
    const { iccid } = this.#place(reader);
    return this.#step(reader, iccid, event);
  }

  #identify(reader: string, iccid: string): BatchCardRecord | undefined {
    const elsewhere = this.#batch.rows.has(iccid) ? this.#whereElse(reader, iccid) : undefined;
    const row = this.#step(reader, iccid, { kind: 'identified', iccid, elsewhere });
    if (elsewhere !== undefined) this.#tellTwin(elsewhere, iccid, reader);
    return row;
  }

  /** Nobody works on the row of the other card now, or that work keeps it. */
  #tellTwin(reader: string, iccid: string, twin: string): void {
    const row = this.#step(reader, iccid, { kind: 'twin', reader: twin });
    if (!row) return;
    this.#ports.store.batches
      .putCards(this.key, [row])
      .catch(cause => console.error('what was found of a card was not kept:', cause));
  }

  #step(reader: string, iccid: string | undefined, event: PlaceEvent): BatchCardRecord | undefined {
    const before = iccid === undefined ? undefined : this.#batch.rows.get(iccid);
    const { place, row } = step(this.#place(reader), before, event);
    if (row) this.#batch.rows.set(row.iccid, row);
    if (row?.state === 'failed' && event.kind === 'failed' && event.refused) this.#refused.push(row.line);
    this.#setPlace(reader, place);
    if (row) this.#ports.onRow(row);
    return row;
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
