import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import { readBootstrapAsHandset } from '../../src-core/card/handset-view.ts';
import {
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

  it('keeps a backup of what it writes over', async () => {
    const one = trayCard(1);
    await take([one]);
    await present(bench, A, one.card);
    expect(await bench.store.cards.backups(one.iccid)).toHaveLength(1);
  });
});
