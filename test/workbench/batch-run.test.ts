import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import { readBootstrapAsHandset } from '../../src-core/card/handset-view.ts';
import { BatchesRoom } from '../../src-core/workbench/cards/batch/room.ts';
import {
  admOf,
  type Bench,
  batchBench,
  closeBench,
  csvOf,
  FAULTS,
  feedTray,
  makeTray,
  present,
  SERVER_URL,
  settled,
  type TrayCard,
  trayCard,
} from '../support/card-tray.ts';
import { expectLostTries } from '../support/lost-tries.ts';

const A = 'Reader A';
const B = 'Reader B';

describe('a batch of cards', () => {
  let bench: Bench;
  let key: string;
  beforeEach(() => {
    bench = batchBench([A, B]);
  });
  afterEach(() => closeBench(bench));

  const take = async (tray: readonly TrayCard[], text = csvOf(tray)) => {
    const imported = await bench.room.importList('tray.csv', text);
    expect(imported.problems).toEqual([]);
    key = imported.key ?? '';
    await bench.room.start(key);
    return imported;
  };
  const rowOf = async ({ iccid }: TrayCard) => (await bench.store.batches.cards(key)).find(row => row.iccid === iccid);
  const accountOn = async (card: TrayCard, reader = A) => {
    const bytes = await bench.cards.withCard(reader, readBootstrapAsHandset);
    return { card: card.iccid, account: readDmBootstrap(bytes).accounts[0] };
  };

  it('ends with every result right, whatever is wrong with a card, and costs no try but for a wrong key', async () => {
    expectLostTries(2);
    const tray = makeTray(28, 2);
    expect(new Set(tray.flatMap(({ fault }) => fault ?? []))).toEqual(new Set(FAULTS));
    await take(tray);
    await feedTray(bench, [A, B], tray);
    for (const one of tray) {
      const row = await rowOf(one);
      expect([one.fault, row?.state, one.card.admTriesLeft]).toEqual([
        one.fault,
        one.expected.state,
        one.expected.triesLeft,
      ]);
      expect(row?.adm === undefined).toBe(one.expected.state === 'verified');
    }
    const { batches } = await bench.room.state();
    expect(batches[0]?.counts).toEqual({ total: 28, verified: 16, failed: 8, interrupted: 2, waiting: 2, writing: 0 });
  });

  it('shows a wrong card, one that is done, and the same ICCID in two readers as what they are', async () => {
    const [first, second] = [trayCard(1), trayCard(2)];
    await take([first, second]);
    expect(await present(bench, A, trayCard(3).card)).toBe('wrong-card');
    bench.readers.remove(A);
    expect(await present(bench, A, first.card)).toBe('verified');
    expect(await present(bench, B, trayCard(1).card)).toBe('duplicate');
    bench.readers.remove(A);
    bench.readers.remove(B);
    expect(await present(bench, A, first.card)).toBe('already-done');
    expect(await settled(bench, B)).toBe('empty');
  });

  it('presents a refused key never again: not when the card comes back, not from the same list', async () => {
    expectLostTries(1);
    const wrong = trayCard(1, 'wrong-key');
    await take([wrong]);
    expect(await present(bench, A, wrong.card)).toBe('failed');
    bench.readers.remove(A);
    expect(await present(bench, A, wrong.card)).toBe('failed');
    await bench.room.stop();
    bench.readers.remove(A);
    expect(await take([wrong])).toMatchObject({ resumed: true });
    expect(await present(bench, A, wrong.card)).toBe('failed');
    expect(wrong.card.admTriesLeft).toBe(2);
    await bench.room.stop();
    bench.readers.remove(A);
    await take([wrong], `iccid,adm\n${wrong.iccid},00000000`);
    expect(await present(bench, A, wrong.card)).toBe('verified');
    expect(wrong.card.admTriesLeft).toBe(3);
  });

  it('does not present a key that cost a try just before the program ended', async () => {
    expectLostTries(1);
    const wrong = trayCard(1, 'wrong-key');
    await take([wrong]);
    const put = bench.store.batches.putCards.bind(bench.store.batches);
    // The store takes nothing more after the mark that the key goes out: the program is gone.
    bench.store.batches.putCards = async (batch, rows) => {
      if (rows.some(({ state }) => state === 'writing')) await put(batch, rows);
    };
    await present(bench, A, wrong.card);
    bench.readers.remove(A);
    await bench.room.close();
    bench.store.batches.putCards = put;
    bench = { ...batchBench([A, B], bench.store) };
    expect((await rowOf(wrong))?.state).toBe('writing');
    await bench.room.start(key);
    expect(await present(bench, A, wrong.card)).toBe('failed');
    expect(wrong.card.admTriesLeft).toBe(2);
    expect(await rowOf(wrong)).toMatchObject({ state: 'failed', code: 'adm-wrong' });
  });

  it.each([2, 9, 29, 32, 33, 34, 36, 41, 42, 44, 46, 60])(
    'goes on after the card was pulled at command %i',
    async at => {
      const one = trayCard(1);
      await take([one]);
      const stage = await present(bench, A, one.card, at);
      bench.readers.remove(A);
      if (stage !== 'verified') expect(stage).toBe('interrupted');
      expect(await present(bench, B, one.card)).toBe(stage === 'verified' ? 'already-done' : 'verified');
      expect(one.card.admTriesLeft).toBe(3);
    },
  );

  it('does not present a wrong key again whose answer was lost', async () => {
    expectLostTries(1);
    const wrong = trayCard(1, 'wrong-key');
    await take([wrong]);
    expect(await present(bench, A, wrong.card, 33)).toBe('interrupted');
    bench.readers.remove(A);
    expect(await present(bench, A, wrong.card)).toBe('failed');
    expect(wrong.card.admTriesLeft).toBe(2);
  });

  it('gives a card what its line says, and the rest as for any card', async () => {
    const [plain, listed] = [trayCard(1), trayCard(2)];
    const text = [
      'iccid,adm,user,password,server_id,address',
      `${plain.iccid},${plain.adm},,,,`,
      `${listed.iccid},${listed.adm},meter-{{iccid:-4}},pass word,north,http://north.example/dm`,
    ].join('\n');
    await take([plain, listed], text);
    await present(bench, A, plain.card);
    const first = (await accountOn(plain)).account;
    expect([first?.serverUrl, first?.client.name]).toEqual([SERVER_URL, `card-${plain.iccid}`]);
    bench.readers.remove(A);
    await present(bench, A, listed.card);
    const { account } = await accountOn(listed);
    expect([account?.serverUrl, account?.serverId, account?.client.name, account?.client.secret.revealText()]).toEqual([
      'http://north.example/dm',
      'north',
      `meter-${listed.iccid.slice(-4)}`,
      'pass word',
    ]);
    expect(await bench.store.findAccount(`meter-${listed.iccid.slice(-4)}`)).toMatchObject({ serverId: 'north' });
    expect((await rowOf(listed))?.secrets).toEqual({});
  });

  it('leaves a card alone that has what a changed list says, and writes what it has not', async () => {
    const one = trayCard(1);
    const list = (columns: string, cells: string) => `iccid,adm${columns}\n${one.iccid},${one.adm}${cells}`;
    const again = async (text: string, reader = A) => {
      await bench.room.stop();
      bench.readers.remove(reader);
      await take([one], text);
      return present(bench, reader, one.card);
    };
    await take([one], list(',password', ',hunter2'));
    expect(await present(bench, A, one.card)).toBe('verified');
    expect(await again(list(',password', ',hunter2'))).toBe('already-done');
    expect(await again(list(',address', `,${SERVER_URL}`))).toBe('already-done');
    expect(await again(list(',password', ',hunter3'))).toBe('verified');
    expect((await accountOn(one)).account?.client.secret.revealText()).toBe('hunter3');
    expect(await again(list(',address', ',http://north.example/dm'))).toBe('verified');
    expect((await accountOn(one)).account?.serverUrl).toBe('http://north.example/dm');
    expect(await again(list(',server_id,address', ',north,http://north.example/dm'))).toBe('verified');
    expect((await accountOn(one)).account?.serverId).toBe('north');
  });

  it('writes a card again whose server has another address than then', async () => {
    const one = trayCard(1);
    await take([one]);
    expect(await present(bench, A, one.card)).toBe('verified');
    await bench.room.close();
    bench.readers.remove(A);
    const { store, cards } = bench;
    const random = (bytes: number) => new Uint8Array(bytes);
    const ports = { store, cards, random, now: () => 0, sleep: async () => undefined, by: 'a test' };
    bench = { ...bench, room: new BatchesRoom({ ...ports, serverUrl: 'https://moved.example/dm' }) };
    await take([one]);
    expect(await present(bench, A, one.card)).toBe('verified');
    expect((await accountOn(one)).account?.serverUrl).toBe('https://moved.example/dm');
  });

  it('leaves the account as the card has it where the card does not take the key', async () => {
    expectLostTries(1);
    const [right, wrong] = [trayCard(1), '00000000'];
    const list = (adm: string, password: string) => `iccid,adm,password\n${right.iccid},${adm},${password}`;
    await take([right], list(right.adm, 'before'));
    expect(await present(bench, A, right.card)).toBe('verified');
    const password = async () => (await bench.store.findAccount(`card-${right.iccid}`))?.password.revealText();
    await bench.room.stop();
    bench.readers.remove(A);
    await take([right], list(wrong, 'after'));
    expect(await present(bench, A, right.card)).toBe('failed');
    expect(await password()).toBe('before');
    await bench.room.stop();
    bench.readers.remove(A);
    await take([right], list(right.adm, 'after'));
    expect(await present(bench, A, right.card)).toBe('verified');
    expect(await password()).toBe('after');
  });

  it('halts after three refused keys in a row, says so at every reader, and goes on when it is started again', async () => {
    expectLostTries(3);
    const tray = [1, 2, 3, 4, 5].map(number => trayCard(number));
    const shifted = tray.map(({ iccid }, i) => `${iccid},${i === 4 ? tray[4]?.adm : admOf(100 + i)}`);
    await take(tray, ['iccid,adm', ...shifted].join('\n'));
    for (const { card } of tray.slice(0, 3)) {
      expect((await bench.room.state()).running?.halt).toBeUndefined();
      expect(await present(bench, A, card)).toBe('failed');
      bench.readers.remove(A);
    }
    const { running } = await bench.room.state();
    expect(running?.halt).toEqual({
      reason: expect.stringContaining('3 keys in a row were refused'),
      lines: [2, 3, 4],
    });
    expect(running?.places.map(({ reader, stage }) => [reader, stage])).toEqual([
      [A, 'halted'],
      [B, 'halted'],
    ]);
    for (const { card } of tray.slice(3)) {
      expect(await present(bench, A, card)).toBe('halted');
      expect(card.admTriesLeft).toBe(3);
      bench.readers.remove(A);
    }
    expect((await bench.room.state()).batches[0]?.counts).toMatchObject({ failed: 3, waiting: 2 });
    await bench.room.stop();
    await bench.room.start(key);
    expect((await bench.room.state()).running).toMatchObject({ key });
    expect((await bench.room.state()).running?.halt).toBeUndefined();
    const last = tray[4] ?? trayCard(5);
    expect(await present(bench, A, last.card)).toBe('verified');
  });

  it('keeps back the key of a card that was on its way when the batch halted', async () => {
    expectLostTries(3);
    const tray = [1, 2, 3, 4].map(number => trayCard(number, number === 4 ? undefined : 'wrong-key'));
    const [late = trayCard(4)] = tray.slice(3);
    await take(tray);
    const gate = Promise.withResolvers<void>();
    const keys = bench.store.cards.keys.bind(bench.store.cards);
    bench.store.cards.keys = async iccid => {
      if (iccid === late.iccid) await gate.promise;
      return keys(iccid);
    };
    bench.readers.insert(B, late.card);
    for (const { card } of tray.slice(0, 3)) {
      await present(bench, A, card);
      bench.readers.remove(A);
    }
    gate.resolve();
    await bench.room.stop();
    expect(late.card.admTriesLeft).toBe(3);
    expect(await rowOf(late)).toMatchObject({ state: 'interrupted', code: 'batch-halted' });
    await bench.room.start(key);
    expect(await settled(bench, B)).toBe('verified');
  });

  it('stays halted where a key that was out already is taken afterwards', async () => {
    expectLostTries(3);
    const tray = [1, 2, 3, 4].map(number => trayCard(number, number === 4 ? undefined : 'wrong-key'));
    const [late = trayCard(4)] = tray.slice(3);
    await take(tray);
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const addKey = bench.store.cards.addKey.bind(bench.store.cards);
    bench.store.cards.addKey = async record => {
      if (record.iccid === late.iccid) reached.resolve();
      if (record.iccid === late.iccid) await gate.promise;
      return addKey(record);
    };
    bench.readers.insert(B, late.card);
    await reached.promise;
    for (const { card } of tray.slice(0, 3)) {
      await present(bench, A, card);
      bench.readers.remove(A);
    }
    gate.resolve();
    expect(await settled(bench, B)).toBe('verified');
    expect((await bench.room.state()).running?.halt).toBeDefined();
  });

  it('does not halt where a card takes its key in between', async () => {
    expectLostTries(4);
    const tray = [1, 2, 3, 4, 5].map(number => trayCard(number, number === 3 ? undefined : 'wrong-key'));
    await take(tray);
    for (const { card } of tray) {
      await present(bench, A, card);
      bench.readers.remove(A);
    }
    const { running, batches } = await bench.room.state();
    expect(running?.halt).toBeUndefined();
    expect(batches[0]?.counts).toMatchObject({ failed: 4, verified: 1 });
  });

  it('asks for the same card once where it was pulled', async () => {
    const one = trayCard(1);
    await take([one]);
    expect(await present(bench, A, one.card, 38)).toBe('interrupted');
    await bench.room.stop();
    const text = (await rowOf(one))?.detail ?? '';
    bench.readers.remove(A);
    await bench.room.start(key);
    expect(await present(bench, A, one.card, 38)).toBe('interrupted');
    const [place] = (await bench.room.state()).running?.places ?? [];
    expect(place?.text.match(/Insert the same card again/g)).toHaveLength(1);
    expect(text).toContain('pulled');
  });

  it('keeps a backup of what it writes over', async () => {
    const one = trayCard(1);
    await take([one]);
    await present(bench, A, one.card);
    expect(await bench.store.cards.backups(one.iccid)).toHaveLength(1);
  });
});
