/** Card readers of all services, whoever is in them, and what was said to each card. */
import { CardError } from '../../base/errors.ts';
import type { CardAccess, CardConnection, ReaderService } from '../../card/reader.ts';
import { type ApduTrace, traceConnection } from '../../card/trace.ts';
import type { ApduView, ReaderView } from '../views.ts';
import type { HeldPins } from './pins.ts';
import { Turns } from './turns.ts';

const APDUS_KEPT = 500;

/** How a card is used. */
export interface CardUse {
  readonly access?: CardAccess;
  /** Ends the wait for others that use the reader. */
  readonly signal?: AbortSignal;
}

export class CardReaders {
  readonly #now: () => number;
  readonly #turns = new Turns();
  readonly #changed: () => void;
  readonly #pins: HeldPins;
  readonly #services = new Map<ReaderService, { readonly stop: () => void; readers: readonly ReaderView[] }>();
  readonly #iccids = new Map<string, string>();
  /** Counts the cards that left each reader. */
  readonly #insertions = new Map<string, number>();
  readonly #uses = new Map<string, number>();
  readonly #traces = new Map<string, ApduView[]>();
  readonly #counts = new Map<string, number>();

  constructor(now: () => number, changed: () => void, pins: HeldPins) {
    this.#now = now;
    this.#changed = changed;
    this.#pins = pins;
  }

  /** Adds a source of readers; its readers come and go by themselves. */
  attach(service: ReaderService): void {
    const entry = { stop: service.watch(readers => this.#saw(service, readers)), readers: [] };
    this.#services.set(service, entry);
  }

  detach(service: ReaderService): void {
    this.#services.get(service)?.stop();
    this.#services.delete(service);
    this.#changed();
  }

  all(): ReaderView[] {
    return [...this.#services.values()].flatMap(({ readers }) =>
      readers.map(reader => {
        const iccid = this.#iccids.get(reader.name);
        const unlocked = this.#pins.holds(reader.name) && ({ unlocked: true } as const);
        return { ...reader, ...(iccid !== undefined && { iccid }), ...unlocked };
      }),
    );
  }

  /** The card in this reader said who it is. */
  identified(reader: string, iccid: string): void {
    this.#iccids.set(reader, iccid);
    this.#changed();
  }

  /** When others of this program are done with the reader: connects to the card, traces what is said, and lets go of it again. */
  async withCard<T>(
    reader: string,
    work: (connection: CardConnection) => Promise<T>,
    { access, signal }: CardUse = {},
  ): Promise<T> {
    const leave = await this.#turns.enter(reader, signal);
    try {
      this.#uses.set(reader, this.uses(reader) + 1);
      const service = await this.#serviceOf(reader);
      const connection = await service.connect(reader, access);
      const traced = traceConnection(connection, this.#now, entry => this.#trace(reader, entry));
      try {
        // Others that share the card have their files selected: who uses it so presents the PIN where it disturbs nobody.
        if (access !== 'shared') await this.#pins.open(reader, traced);
        return await work(traced);
      } finally {
        await traced.disconnect();
      }
    } finally {
      leave();
    }
  }

  /** Another number once a card has left the reader, or the reader the machine. */
  insertion(reader: string): number {
    return this.#insertions.get(reader) ?? 0;
  }

  /** Connections to the cards in this reader so far. */
  uses(reader: string): number {
    return this.#uses.get(reader) ?? 0;
  }

  /** Commands sent through a reader so far. */
  apdus(reader: string): number {
    return this.#counts.get(reader) ?? 0;
  }

  trace(reader: string): readonly ApduView[] {
    return this.#traces.get(reader) ?? [];
  }

  close(): void {
    this.#turns.close();
    for (const { stop } of this.#services.values()) stop();
  }

  #saw(service: ReaderService, readers: Parameters<Parameters<ReaderService['watch']>[0]>[0]): void {
    const entry = this.#services.get(service);
    if (!entry) return;
    const there = new Set(readers.filter(({ state }) => state === 'present').map(({ name }) => name));
    for (const { name } of entry.readers) if (!there.has(name)) this.#left(name);
    entry.readers = readers.map(({ name, state, atr }): ReaderView => {
      const { transport } = service;
      return { name, transport, state, ...(atr && { atr: Buffer.from(atr).toString('hex').toUpperCase() }) };
    });
    this.#changed();
  }

  /** Whoever was in it is unknown from now on. */
  #left(reader: string): void {
    this.#pins.forget(reader);
    this.#iccids.delete(reader);
    this.#insertions.set(reader, this.insertion(reader) + 1);
  }

  async #serviceOf(reader: string): Promise<ReaderService> {
    for (const service of this.#services.keys()) {
      const readers = await service.readers().catch(() => []);
      if (readers.some(({ name }) => name === reader)) return service;
    }
    throw new CardError('reader-unknown', `reader ${reader} is not there`, {
      advice: 'Plug it in, or choose another reader',
    });
  }

  #trace(reader: string, entry: ApduTrace): void {
    this.#counts.set(reader, this.apdus(reader) + 1);
    const iccid = this.#iccids.get(reader);
    const told = iccid === undefined ? entry : { ...entry, iccid };
    this.#traces.set(reader, [...this.trace(reader), told].slice(-APDUS_KEPT));
    this.#changed();
  }
}
