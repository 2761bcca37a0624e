/** The work on one card of a batch: read, planned, written and verified in the reader that it was put into. */
import { CardError, describeError, RequestError, WorkbenchError } from '../../../base/errors.ts';
import { identifyCard } from '../../../card/layout.ts';
import { parsePin } from '../../../card/pin.ts';
import { type Plan, planCard } from '../../../card/provision.ts';
import type { CardConnection } from '../../../card/reader.ts';
import type { BatchCardRecord, BatchStore } from '../../../store/contract.ts';
import type { CardWriter } from '../card-writer.ts';
import type { HeldPins } from '../pins.ts';
import { wasRefused } from '../refused-keys.ts';
import { CardTrace } from './card-trace.ts';
import { isWanted, type Place, type PlaceEvent } from './machine.ts';
import type { BatchProfile, CardContent } from './profile.ts';

/** What a batch needs of the Cards room to work on a card. */
export interface CardHands {
  readonly writer: CardWriter;
  readonly pins: HeldPins;
  identified(reader: string, iccid: string): void;
  withCard<T>(
    reader: string,
    work: (connection: CardConnection) => Promise<T>,
    use?: { readonly signal?: AbortSignal },
  ): Promise<T>;
}

export interface JobPorts {
  readonly cards: CardHands;
  readonly store: { readonly batches: BatchStore };
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface JobBatch {
  readonly key: string;
  readonly name: string;
  readonly profile: BatchProfile;
  /** Cards that do not tell the tries of their key get it presented, once. */
  readonly unknownTries: boolean;
  /** By ICCID; the run puts in what becomes of them. */
  readonly rows: Map<string, BatchCardRecord>;
}

/** The reader that the card is in, as the run has it. */
export interface JobPlace {
  readonly reader: string;
  readonly signal: AbortSignal;
  now(): Place;
  /** The row that changed, if any. */
  apply(event: PlaceEvent): BatchCardRecord | undefined;
  isHalted(): boolean;
  /** The card took its key. */
  keyTaken(): void;
}

/** Another program may hold the card for a moment. */
const BUSY_TRIES = 20;
const BUSY_MS = 250;

const RESUMABLE: ReadonlySet<string> = new Set([
  'card-removed',
  'no-card',
  'card-mute',
  'write-cancelled',
  'batch-halted',
  'batch-duplicate',
  'reader-busy',
  'reader-unknown',
  'pcsc-absent',
  'pcsc-crashed',
  'readers-closed',
]);

interface Planned {
  readonly plan: Plan;
  readonly content: CardContent;
  /** Without a second file. */
  readonly inPlace: boolean;
}

interface Written {
  readonly plan: Plan;
  readonly bytes: number;
}

export class CardJob {
  readonly #ports: JobPorts;
  readonly #batch: JobBatch;
  readonly #place: JobPlace;
  readonly #trace = new CardTrace();
  /** Of the row that this work changed: what was said to its card is kept. */
  #changed: string | undefined;

  constructor(ports: JobPorts, batch: JobBatch, place: JobPlace) {
    this.#ports = ports;
    this.#batch = batch;
    this.#place = place;
  }

  /** Never rejects: what went wrong is told at the place and in the row. */
  async run(): Promise<void> {
    try {
      await this.#provision();
    } catch (error) {
      await this.#tellFailure(error);
    }
    await this.#keepTrace().catch(cause => console.error('the trace of a card was not kept:', cause));
  }

  async #provision(): Promise<void> {
    const { turn } = this.#place.now();
    const planned = await this.#withCard(connection => this.#plan(connection));
    if (!planned || !isWanted(this.#place.now())) return;
    const { content } = planned;
    const result = planned.plan.apdusToWrite > 0 ? await this.#write(planned, turn) : { plan: planned.plan, bytes: 0 };
    if (!result) return;
    const { plan, bytes } = result;
    if (bytes === 0) await content.keep();
    this.#apply({ kind: 'progress', stage: 'verifying', progress: 1 });
    await this.#ports.cards.writer.verify(plan, work => this.#withCard(work));
    const detail = bytes === 0 ? 'carried the bootstrap already' : `${bytes} bytes written`;
    const written = await content.written();
    await this.#keep({ kind: 'verified', detail, written, ...this.#stamp() });
  }

  /** Undefined where the card is none to be provisioned. */
  async #plan(connection: CardConnection): Promise<Planned | undefined> {
    const { cards } = this.#ports;
    const { reader } = this.#place;
    const { iccid } = await identifyCard(connection);
    cards.identified(reader, iccid);
    this.#apply({ kind: 'identified', iccid });
    const row = this.#batch.rows.get(iccid);
    if (!row || !isWanted(this.#place.now())) return undefined;
    const { pin } = row.secrets;
    if (pin) await cards.pins.take(reader, connection, parsePin(pin.revealText()), { iccid });
    const content = await this.#batch.profile.content(row);
    const { profile, document } = content;
    const inPlace = await cards.writer.inPlace(iccid);
    return { plan: await planCard(connection, document, { profile, inPlace }), content, inPlace };
  }

  /** Undefined where the key must not be presented. A card that turns out to have no room for two files is written in place. */
  async #write(planned: Planned, turn: number): Promise<Written | undefined> {
    const { plan, content, inPlace } = planned;
    try {
      return await this.#writePlan(planned, turn);
    } catch (error) {
      if (inPlace || !(await this.#ports.cards.writer.inPlace(plan.iccid))) throw error;
      const { profile, document } = content;
      const again = await this.#withCard(connection => planCard(connection, document, { profile, inPlace: true }));
      if (again.files.some(({ create }) => create !== undefined)) throw error;
      return this.#writePlan({ plan: again, content, inPlace: true }, turn);
    }
  }

  async #writePlan({ plan, content }: Planned, turn: number): Promise<Written | undefined> {
    const { iccid, admTriesLeft } = plan;
    const adm = this.#batch.rows.get(iccid)?.adm;
    if (!adm)
      throw new CardError('adm-missing', `the key of card ${iccid} is kept no more`, { advice: 'Read its list again' });
    await this.#keep({ kind: 'planned', triesLeft: admTriesLeft, ...this.#stamp() });
    if (this.#place.now().stage === 'failed') return undefined;
    const consents = admTriesLeft === null && this.#batch.unknownTries;
    const bytes = await this.#ports.cards.writer.write({
      plan,
      adm,
      name: `Batch ${this.#batch.name}`,
      withCard: work => this.#withCard(work),
      asPlanned: () => this.#place.now().turn === turn && this.#place.now().present,
      signal: this.#place.signal,
      ...(consents && { consent: { iccid } }),
      beforeKey: triesLeft => this.#refuseNow(triesLeft),
      beforeChange: async () => {
        this.#place.keyTaken();
        await content.keep();
      },
      onProgress: ({ done, total }) => this.#apply({ kind: 'progress', stage: 'writing', progress: done / total }),
    });
    return { plan, bytes };
  }

  /** Cards in other readers were on their way when it halted, or a second card of the ICCID came; consent is for cards that tell nothing. */
  #refuseNow(triesLeft: number | null): void {
    if (this.#place.isHalted())
      throw new RequestError('batch-halted', 'the batch was halted before the key was presented');
    const { twin } = this.#place.now();
    if (twin !== undefined)
      throw new RequestError('batch-duplicate', `a card of the same ICCID is in ${twin}: the key was not presented`);
    if (triesLeft === 1)
      throw new CardError('adm-last-try', 'the ADM key has one try left and is not presented in a batch', {
        advice: 'Provision this card by itself, where you can consent for it',
      });
  }

  async #withCard<T>(work: (connection: CardConnection) => Promise<T>): Promise<T> {
    const { reader, signal } = this.#place;
    const { cards, now, sleep } = this.#ports;
    for (let tried = 1; ; tried += 1) {
      try {
        return await cards.withCard(reader, connection => work(this.#trace.of(connection, now)), { signal });
      } catch (error) {
        const busy = error instanceof WorkbenchError && error.code === 'reader-busy';
        if (!busy || tried === BUSY_TRIES || signal.aborted) throw error;
        await sleep(BUSY_MS);
      }
    }
  }

  async #tellFailure(error: unknown): Promise<void> {
    const code = error instanceof WorkbenchError ? error.code : 'unexpected';
    if (code === 'unexpected') console.error('unexpected error in a batch:', error);
    const text = error instanceof WorkbenchError ? wordsFor(error) : 'unexpected error: the log says which';
    const failure = { code, text, resumable: RESUMABLE.has(code), refused: wasRefused(error), ...this.#stamp() };
    await this.#keep({ kind: 'failed', ...failure }).catch(cause =>
      console.error('the result of a card was not kept:', cause),
    );
  }

  #apply(event: PlaceEvent): BatchCardRecord | undefined {
    const row = this.#place.apply(event);
    if (row) this.#changed = row.iccid;
    return row;
  }

  async #keep(event: PlaceEvent): Promise<void> {
    const row = this.#apply(event);
    if (row) await this.#ports.store.batches.putCards(this.#batch.key, [row]);
  }

  async #keepTrace(): Promise<void> {
    if (this.#changed === undefined) return;
    await this.#ports.store.batches.putTrace(this.#batch.key, this.#changed, this.#trace.packed());
  }

  #stamp(): { readonly reader: string; readonly at: number } {
    return { reader: this.#place.reader, at: this.#ports.now() };
  }
}

/** What to do about it in a batch, where nobody is asked for a card. */
function wordsFor(error: WorkbenchError): string {
  return error.code === 'adm-unknown' ? UNKNOWN_TRIES : describeError(error);
}

const UNKNOWN_TRIES =
  'It does not tell how many tries its key has left: the key was not presented. Stop the batch, allow it for cards that do not tell, and insert the card again';
