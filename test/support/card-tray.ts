/** A tray of virtual cards with the list that belongs to it, some of them faulty, and hands that put them into readers. */
import { Secret } from '../../src-core/base/secret.ts';
import { createInProcessReaders, type InProcessReaders } from '../../src-core/card/in-process.ts';
import { INS } from '../../src-core/encoding/apdu.ts';
import { luhnDigit } from '../../src-core/encoding/iccid.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import {
  blankSimProfile,
  blankUiccProfile,
  type DfProfile,
  readAfterPin1,
} from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc, type UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { BatchesRoom } from '../../src-core/workbench/cards/batch/room.ts';
import type { BatchCardState, PlaceStage } from '../../src-core/workbench/cards/batch/views.ts';
import { CardsRoom } from '../../src-core/workbench/cards/room.ts';

export const SERVER_URL = 'http://127.0.0.1:8080/dm';
const WORKING: ReadonlySet<PlaceStage> = new Set(['reading', 'writing', 'verifying']);

/** Kinds of faulty cards, in turn. */
export const FAULTS = [
  'wrong-key',
  'torn-and-back',
  'blocked',
  'last-try',
  'too-small',
  'torn-for-good',
  'another-card',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface TrayCard {
  readonly iccid: string;
  /** In the list. */
  readonly adm: string;
  readonly card: Uicc;
  readonly fault: Fault | undefined;
  readonly expected: { readonly state: BatchCardState; readonly triesLeft: number };
}

export function iccidOf(number: number): string {
  const account = `8988211${String(number).padStart(11, '0')}`;
  return account + luhnDigit(account);
}

export function admOf(number: number): string {
  return String(10_000_000 + number * 7919);
}

/** @param faultyEvery every so manieth card is faulty; 0: none. */
export function makeTray(size: number, faultyEvery: number): TrayCard[] {
  return Array.from({ length: size }, (_, i) => {
    const isFaulty = faultyEvery > 0 && i % faultyEvery === faultyEvery - 1;
    return trayCard(i + 1, isFaulty ? FAULTS[Math.floor(i / faultyEvery) % FAULTS.length] : undefined);
  });
}

export function trayCard(number: number, fault?: Fault): TrayCard {
  const [iccid, adm] = [iccidOf(number), admOf(number)];
  const adm1 = Secret.ofText(fault === 'wrong-key' ? '00000000' : adm);
  const card =
    fault === 'another-card'
      ? createUicc({ iccid: iccidOf(900_000 + number) })
      : fault === 'too-small'
        ? createUicc({ adm1, profile: smallProfile(iccid), free: 0 })
        : createUicc({ adm1, iccid, admTries: fault === 'blocked' ? 0 : fault === 'last-try' ? 1 : 3 });
  return { iccid, adm, card, fault, expected: EXPECTED[fault ?? 'none'] };
}

/** A SIM of the second generation with the key of its line, or another: it does not tell the tries of it. */
export function traySim(number: number, options: UiccOptions = {}): TrayCard {
  const [iccid, adm] = [iccidOf(number), admOf(number)];
  const profile = blankSimProfile(iccid);
  const card = createUicc({ profile, adm1: Secret.ofText(adm), habits: { classes: 'A0-only' }, ...options });
  return { iccid, adm, card, fault: undefined, expected: EXPECTED.none };
}

/** A card that is read after PIN1 only, which is 2580. */
export function trayLocked(number: number): TrayCard {
  const [iccid, adm] = [iccidOf(number), admOf(number)];
  const profile = readAfterPin1(blankUiccProfile(iccid));
  const keys = { adm1: Secret.ofText(adm), pin1: Secret.ofText('2580'), pinEnabled: true };
  return { iccid, adm, card: createUicc({ profile, ...keys }), fault: undefined, expected: EXPECTED.none };
}

/** How often a key or a PIN reached the card. */
export function countKeys({ card }: TrayCard): () => number {
  let count = 0;
  const transmit = card.transmit.bind(card);
  card.transmit = apdu => {
    if (apdu[1] === INS.verify && apdu.length > HEADER_AND_LC) count += 1;
    return transmit(apdu);
  };
  return () => count;
}

const HEADER_AND_LC = 5;

const EXPECTED: Readonly<Record<Fault | 'none', TrayCard['expected']>> = {
  none: { state: 'verified', triesLeft: 3 },
  'wrong-key': { state: 'failed', triesLeft: 2 },
  'torn-and-back': { state: 'verified', triesLeft: 3 },
  blocked: { state: 'failed', triesLeft: 0 },
  'last-try': { state: 'failed', triesLeft: 1 },
  'too-small': { state: 'failed', triesLeft: 3 },
  'torn-for-good': { state: 'interrupted', triesLeft: 3 },
  'another-card': { state: 'waiting', triesLeft: 3 },
};

export function csvOf(tray: readonly TrayCard[]): string {
  return ['iccid,adm', ...tray.map(({ iccid, adm }) => `${iccid},${adm}`)].join('\n');
}

function smallProfile(iccid: string): DfProfile {
  const shrink = (df: DfProfile): DfProfile => ({
    ...df,
    files: df.files.map(file =>
      file.kind === 'df' ? shrink(file) : file.fid === 0x6431 ? { ...file, size: 64 } : file,
    ),
  });
  return shrink(blankUiccProfile(iccid));
}

export interface Bench {
  readonly readers: InProcessReaders;
  readonly cards: CardsRoom;
  readonly room: BatchesRoom;
  readonly store: Store;
}

/** Rooms over readers of this process. Its clock goes on a millisecond with every look at it. */
export function batchBench(names: readonly string[], store = openSqliteStore(':memory:')): Bench {
  let time = Date.UTC(2026, 10, 24);
  let seed = 0;
  const readers = createInProcessReaders(names);
  const now = () => (time += 1);
  const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => (seed = (seed * 31 + 7) % 251));
  const cards = new CardsRoom({ store, now, random, newKey: () => String(seed) }, SERVER_URL);
  cards.attach(readers);
  const sleep = async () => undefined;
  const room = new BatchesRoom({ store, now, random, sleep, cards, serverUrl: SERVER_URL, by: 'a test' });
  return { readers, cards, room, store };
}

export async function closeBench({ room, cards, readers, store }: Bench): Promise<void> {
  await room.close();
  cards.close();
  await readers.close();
  await store.close();
}

/** Puts the card in and waits until it need not stay; what the reader shows then. */
export async function present(bench: Bench, reader: string, card: Uicc, tearAfter?: number): Promise<PlaceStage> {
  bench.readers.insert(reader, card);
  if (tearAfter !== undefined) card.tearAfter(tearAfter);
  return settled(bench, reader);
}

export async function settled({ room, readers }: Bench, reader: string): Promise<PlaceStage> {
  for (;;) {
    const holdsCard = (await readers.readers()).some(({ name, state }) => name === reader && state === 'present');
    const { running } = await room.state();
    const stage = running?.places.find(place => place.reader === reader)?.stage;
    if (stage === undefined) throw new Error(`no batch works at ${reader}`);
    const isBefore = holdsCard && (stage === 'empty' || stage === 'interrupted');
    if (!WORKING.has(stage) && !isBefore) return stage;
    await new Promise(resolve => setImmediate(resolve));
  }
}

/** In the middle of the write: the content is there in part, nothing leads to it. */
const TORN = 38;

/** Every card goes into the next free reader; a torn one that comes back does so at the end. */
export async function feedTray(
  bench: Bench,
  readers: readonly string[],
  tray: readonly TrayCard[],
): Promise<PlaceStage[]> {
  const shown: PlaceStage[] = [];
  const queue: { readonly card: Uicc; readonly torn: boolean }[] = tray.map(({ card, fault }) => ({
    card,
    torn: fault === 'torn-and-back' || fault === 'torn-for-good',
  }));
  const again = tray.filter(({ fault }) => fault === 'torn-and-back').map(({ card }) => ({ card, torn: false }));
  const feed = async (reader: string) => {
    for (let next = queue.shift() ?? again.shift(); next; next = queue.shift() ?? again.shift()) {
      shown.push(await present(bench, reader, next.card, next.torn ? TORN : undefined));
      bench.readers.remove(reader);
    }
  };
  await Promise.all(readers.map(feed));
  return shown;
}
