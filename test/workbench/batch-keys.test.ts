/** Keys and PINs of a batch: who gets one presented, how often, and what ends it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import { INS } from '../../src-core/encoding/apdu.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import {
  type Bench,
  batchBench,
  closeBench,
  countKeys,
  csvOf,
  present,
  settled,
  type TrayCard,
  trayCard,
  trayLocked,
  traySim,
} from '../support/card-tray.ts';
import { expectLostTries } from '../support/lost-tries.ts';

const A = 'Reader A';
const B = 'Reader B';
const WRONG = { adm1: Secret.ofText('00000000') };

let bench: Bench;
let key: string;
beforeEach(() => {
  bench = batchBench([A, B]);
});
afterEach(() => closeBench(bench));

async function take(text: string, options: Parameters<Bench['room']['importList']>[2] = {}): Promise<void> {
  await bench.room.stop();
  for (const reader of [A, B]) bench.readers.remove(reader);
  const imported = await bench.room.importList('tray.csv', text, options);
  expect(imported.problems).toEqual([]);
  key = imported.key ?? '';
  await bench.room.start(key);
}

async function rowOf({ iccid }: TrayCard) {
  return (await bench.store.batches.cards(key)).find(row => row.iccid === iccid);
}

/** What the card shows, and taken out again. */
async function feed({ card }: TrayCard, reader = A): Promise<string> {
  const stage = await present(bench, reader, card);
  bench.readers.remove(reader);
  return stage;
}

describe('cards that do not tell the tries of their key', () => {
  it('get none without consent for the batch, and say what to do', async () => {
    const sims = [traySim(1), traySim(2)];
    const keys = sims.map(countKeys);
    await take(csvOf(sims));
    for (const sim of sims) expect(await feed(sim)).toBe('failed');
    expect(keys.map(count => count())).toEqual([0, 0]);
    expect(await rowOf(sims[0] ?? traySim(1))).toMatchObject({
      state: 'failed',
      code: 'adm-unknown',
      detail: expect.stringContaining('Stop the batch, allow it for cards that do not tell'),
    });
    expect((await bench.room.state()).running?.halt).toBeUndefined();
  });

  it('get it once each where a person consents, before or after they were tried; the consent is kept with the batch', async () => {
    const sims = [traySim(1), traySim(2)] as const;
    const keys = sims.map(countKeys);
    await take(csvOf(sims));
    expect(await feed(sims[0])).toBe('failed');
    await expect(bench.room.allowUnknownTries(key, true)).rejects.toMatchObject({ code: 'batch-running' });
    await bench.room.stop();
    await bench.room.allowUnknownTries(key, true);
    expect(await bench.store.batches.all()).toMatchObject([{ key, unknownTries: true }]);
    await bench.room.start(key);
    for (const sim of sims) expect(await feed(sim)).toBe('verified');
    for (const sim of sims) expect(await feed(sim)).toBe('already-done');
    expect(keys.map(count => count())).toEqual([1, 1]);
    expect((await bench.room.state()).batches).toMatchObject([{ unknownTries: true }]);
  });

  it('are asked for anew with a list that is read again', async () => {
    const sim = traySim(1);
    await take(csvOf([sim]), { unknownTries: true });
    await take(csvOf([sim]));
    expect((await bench.room.state()).batches).toMatchObject([{ unknownTries: false }]);
    expect(await feed(sim)).toBe('failed');
  });

  it('never get a wrong key twice, and three of them halt the batch', async () => {
    expectLostTries(3);
    const sims = [1, 2, 3, 4].map(number => traySim(number, WRONG));
    const keys = sims.map(countKeys);
    await take(csvOf(sims), { unknownTries: true });
    for (const sim of sims.slice(0, 2)) {
      expect(await feed(sim)).toBe('failed');
      expect(await feed(sim)).toBe('failed');
    }
    expect((await bench.room.state()).running?.halt).toBeUndefined();
    expect(await feed(sims[2] ?? traySim(3))).toBe('failed');
    expect((await bench.room.state()).running?.halt?.lines).toEqual([2, 3, 4]);
    expect(await feed(sims[3] ?? traySim(4))).toBe('halted');
    await take(csvOf(sims), { unknownTries: true });
    for (const sim of sims.slice(0, 3)) expect(await feed(sim)).toBe('failed');
    expect(keys.map(count => count())).toEqual([1, 1, 1, 0]);
  });

  it('that are blocked by the key of the list count as refused', async () => {
    expectLostTries(3);
    const sims = [1, 2, 3].map(number => traySim(number, { ...WRONG, admTries: 1 }));
    await take(csvOf(sims), { unknownTries: true });
    for (const sim of sims) expect(await feed(sim)).toBe('failed');
    expect((await bench.room.state()).running?.halt?.lines).toEqual([2, 3, 4]);
  });

  it('do not get the key again whose answer was lost', async () => {
    const sim = traySim(1);
    const keys = countKeys(sim);
    await take(csvOf([sim]), { unknownTries: true });
    const transmit = sim.card.transmit.bind(sim.card);
    sim.card.transmit = apdu => {
      if (apdu[1] === INS.verify) sim.card.tearAfter(1);
      return transmit(apdu);
    };
    expect(await feed(sim)).toBe('interrupted');
    sim.card.transmit = transmit;
    expect(await feed(sim)).toBe('failed');
    expect(await feed(sim)).toBe('failed');
    expect(keys()).toBe(1);
    expect(await rowOf(sim)).toMatchObject({ state: 'failed', code: 'adm-unanswered' });
  });

  it('are not those that tell of one last try: these are never included', async () => {
    const last = trayCard(1, 'last-try');
    const keys = countKeys(last);
    await take(csvOf([last]), { unknownTries: true });
    expect(await feed(last)).toBe('failed');
    expect([keys(), last.card.admTriesLeft, (await rowOf(last))?.code]).toEqual([0, 1, 'adm-last-try']);
  });

  it('nor one that tells it only when the key is about to go out', async () => {
    const last = trayCard(1, 'last-try');
    const keys = countKeys(last);
    let asked = 0;
    const transmit = last.card.transmit.bind(last.card);
    last.card.transmit = apdu => {
      const isQuestion = apdu[1] === INS.verify && apdu.length === 4;
      if (isQuestion) asked += 1;
      return isQuestion && asked === 1 ? Uint8Array.of(0x6d, 0x00) : transmit(apdu);
    };
    await take(csvOf([last]), { unknownTries: true });
    expect(await feed(last)).toBe('failed');
    expect(asked).toBe(2);
    expect([keys(), last.card.admTriesLeft, (await rowOf(last))?.code]).toEqual([0, 1, 'adm-last-try']);
  });
});

describe('cards that are read after PIN1 only', () => {
  const list = (cards: readonly TrayCard[], pins: readonly string[]) =>
    ['iccid,adm,pin', ...cards.map(({ iccid, adm }, i) => `${iccid},${adm},${pins[i]}`)].join('\n');

  it('are provisioned with the PIN of their line, which is gone afterwards and shown nowhere', async () => {
    const [locked, open] = [trayLocked(1), trayCard(2)];
    await take(list([locked, open], ['2580', '']));
    expect((await rowOf(locked))?.secrets.pin?.revealText()).toBe('2580');
    for (const one of [locked, open]) expect(await feed(one)).toBe('verified');
    expect(locked.card.pinTriesLeft).toBe(3);
    expect((await rowOf(locked))?.secrets).toEqual({});
    const files = await Promise.all([
      bench.room.result(key, 'csv'),
      bench.room.result(key, 'html'),
      bench.room.traces(key, 'text'),
      bench.room.traces(key, 'json'),
    ]);
    const said = files.map(({ text }) => text).join('\n');
    expect(said).toContain('VERIFY');
    for (const secret of ['2580', Buffer.from('2580').toString('hex'), locked.adm]) expect(said).not.toContain(secret);
  });

  it('fail without it, and a wrong one goes out once', async () => {
    expectLostTries(1);
    const [without, wrong] = [trayLocked(1), trayLocked(2)];
    const keys = countKeys(wrong);
    await take(list([without, wrong], ['', '1111']));
    expect(await feed(without)).toBe('failed');
    expect(await feed(wrong)).toBe('failed');
    expect(await feed(wrong)).toBe('failed');
    expect([await rowOf(without), await rowOf(wrong)].map(row => row?.code)).toEqual(['pin-needed', 'pin-wrong']);
    await take(list([without, wrong], ['2580', '1111']));
    expect(await feed(without)).toBe('verified');
    expect(await feed(wrong)).toBe('failed');
    expect([keys(), wrong.card.pinTriesLeft]).toEqual([1, 2]);
    await take(list([without, wrong], ['2580', '2580']));
    expect(await feed(wrong)).toBe('verified');
  });

  it('halt the batch after three wrong PINs in a row', async () => {
    expectLostTries(3);
    const cards = [1, 2, 3].map(trayLocked);
    await take(list(cards, ['1111', '2222', '3333']));
    for (const card of cards) expect(await feed(card)).toBe('failed');
    expect((await bench.room.state()).running?.halt?.lines).toEqual([2, 3, 4]);
  });

  it('have a PIN of 4 to 8 digits in the list, which a problem does not quote', async () => {
    const { problems, key: none } = await bench.room.importList('a.csv', list([trayLocked(1)], ['98a7']));
    expect(none).toBeUndefined();
    expect(problems).toMatchObject([{ line: 2, column: 'pin', severity: 'error' }]);
    expect(JSON.stringify(problems)).not.toContain('98a7');
  });
});

describe('two cards of the same ICCID', () => {
  const other = trayCard;

  it('in two readers: nothing is done to the second, and the result of the first says that there were two', async () => {
    const first = trayCard(1);
    await take(csvOf([first]));
    expect(await present(bench, A, first.card)).toBe('verified');
    const clone = other(1);
    const keys = countKeys(clone);
    expect(await present(bench, B, clone.card)).toBe('duplicate');
    const { places = [] } = (await bench.room.state()).running ?? {};
    expect(places.map(({ reader, stage, text }) => [reader, stage, text.split(':', 1)[0]])).toEqual([
      [A, 'duplicate', 'Verified'],
      [B, 'duplicate', 'Nothing was done to it'],
    ]);
    expect(places.map(({ text }) => text).join()).toContain('one of the two may be a copy. Put both aside');
    expect(keys()).toBe(0);
    expect(await rowOf(first)).toMatchObject({
      state: 'verified',
      detail: expect.stringMatching(/bytes written; a second card with this ICCID was in Reader B$/),
    });
    bench.readers.remove(A);
    expect(await settled(bench, A)).toBe('empty');
    bench.readers.remove(B);
    expect(await present(bench, B, clone.card)).toBe('already-done');
  });

  it('both before their key: neither gets it, and each can go on alone', async () => {
    const [first, clone] = [trayCard(1), other(1)];
    const keys = [first, clone].map(countKeys);
    await take(csvOf([first]));
    const gate = Promise.withResolvers<void>();
    const isFull = bench.store.cards.isFull.bind(bench.store.cards);
    const reached = Promise.withResolvers<void>();
    bench.store.cards.isFull = async iccid => {
      reached.resolve();
      await gate.promise;
      return isFull(iccid);
    };
    bench.readers.insert(A, first.card);
    await reached.promise;
    expect(await present(bench, B, clone.card)).toBe('duplicate');
    gate.resolve();
    expect(await settled(bench, A)).toBe('duplicate');
    expect(keys.map(count => count())).toEqual([0, 0]);
    expect((await rowOf(first))?.state).toBe('waiting');
    for (const reader of [A, B]) bench.readers.remove(reader);
    expect(await present(bench, A, first.card)).toBe('verified');
  });

  it('the first already at its key: it is kept back, or where it is out the card is finished', async () => {
    const [first, clone] = [trayCard(1), other(1)];
    await take(csvOf([first]));
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const addKey = bench.store.cards.addKey.bind(bench.store.cards);
    bench.store.cards.addKey = async record => {
      reached.resolve();
      await gate.promise;
      return addKey(record);
    };
    bench.readers.insert(A, first.card);
    await reached.promise;
    expect(await present(bench, B, clone.card)).toBe('duplicate');
    gate.resolve();
    expect(await settled(bench, A)).toBe('duplicate');
    expect(await rowOf(first)).toMatchObject({ state: 'verified', detail: expect.stringContaining('a second card') });
  });
});

describe('a tray of cards with memory for one file', () => {
  const small = (number: number): TrayCard => {
    const { iccid, adm } = trayCard(number);
    return { ...trayCard(number), card: createUicc({ iccid, adm1: Secret.ofText(adm), free: 0 }) };
  };

  it('is written in place while each card is in, and known for it from then on', async () => {
    const tray = [1, 2].map(small);
    const list = (password: string) =>
      ['iccid,adm,password', ...tray.map(({ iccid, adm }) => `${iccid},${adm},${password}`)].join('\n');
    await take(list('first'));
    for (const one of tray) expect(await feed(one)).toBe('verified');
    const keys = tray.map(countKeys);
    await take(list('second'));
    for (const one of tray) expect(await feed(one)).toBe('verified');
    expect(keys.map(count => count())).toEqual([2, 2]);
    await take(list('third'));
    for (const one of tray) expect(await feed(one)).toBe('verified');
    expect(keys.map(count => count())).toEqual([3, 3]);
    for (const { iccid } of tray) expect(await bench.store.cards.isFull(iccid)).toBe(true);
  });
});
