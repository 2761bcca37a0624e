/** A write that was cut is completed by the next run of the program: the plan is kept from the first change until the card verified. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import type { ProfileId } from '../../src-core/card/profile-kind.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { createUicc, DEFAULT_ADM1, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { CardsRoom, THIS_SERVER } from '../../src-core/workbench/cards/room.ts';
import { admOf, batchBench, closeBench, csvOf, iccidOf, present, trayCard } from '../support/card-tray.ts';

const READER = 'reader';
const PASSWORD = 'the password of the card before';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmw-resume-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A run of the program over the file, or the store, with this card in its reader. */
async function run<T>(
  card: Uicc,
  work: (room: CardsRoom, insert: () => Promise<void>) => Promise<T>,
  { kept, serverUrl = 'http://127.0.0.1:8080/dm' }: { readonly kept?: Store; readonly serverUrl?: string } = {},
): Promise<T> {
  const store = kept ?? openSqliteStore(join(folder, 'dmw.db'));
  let last = 0;
  const ports = {
    store,
    now: () => Date.UTC(2026, 10, 24) + last++,
    random: (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + last++ * 7) & 0xff),
    newKey: () => `plan-${last++}`,
  };
  const room = new CardsRoom(ports, serverUrl);
  const readers = createInProcessReaders();
  room.attach(readers);
  const insert = async () => {
    readers.insert(READER, card);
    await expect.poll(() => room.readers()[0]?.state, { interval: 1 }).toBe('present');
  };
  try {
    await insert();
    return await work(room, insert);
  } finally {
    room.close();
    await readers.close();
    if (!kept) await store.close();
  }
}

const cp = (password: string) =>
  new TextEncoder().encode(
    `<wap-provisioningdoc><characteristic type="APPLICATION"><parm name="APPID" value="w7"/><characteristic type="APPAUTH">` +
      `<parm name="AAUTHSECRET" value="${password}"/></characteristic></characteristic></wap-provisioningdoc>`,
  );

/** The plan that is cut, as a run makes it. */
type MakePlan = (room: CardsRoom) => Promise<{ readonly id: string }>;

const CASES: readonly (readonly [string, ProfileId, readonly MakePlan[]])[] = [
  ['a first bootstrap', 'dm', [room => room.plan(READER, THIS_SERVER)]],
  ['another CP bootstrap in place of one', 'cp', [planCp('first'), planCp('second')]],
  ['an erasure', 'dm', [room => room.plan(READER, THIS_SERVER), room => room.planErase(READER)]],
];

function planCp(password: string): MakePlan {
  return room => room.planCp(READER, cp(password), `${password}.xml`);
}

describe('after a restart of the program', () => {
  it.each(CASES)(
    '%s is completed, whichever command it was cut after',
    async (_, bootstrap, plans) => {
      const [last, ...before] = plans.toReversed();
      if (!last) throw new Error('no plan');
      let begun = 0;
      for (let apdus = 1, whole = false; !whole; apdus += 1) {
        const card = createUicc();
        const store = openSqliteStore(':memory:');
        whole = await run(card, room => makeAndCut(room, card, before, last, apdus), { kept: store });
        begun += Number(await run(card, room => resumed(room, bootstrap, last), { kept: store }));
        await store.close();
      }
      expect(begun).toBeGreaterThan(5);
    },
    90_000,
  );

  it('another plan completes the card as well, and the kept one goes with its verification', async () => {
    const card = createUicc();
    const cut = await cutWrite(card);
    await run(card, async room => {
      await room.write((await room.planErase(READER)).id, DEFAULT_ADM1);
      expect(await room.unfinished(cut.iccid)).toEqual([]);
    });
  });

  it('a card that another program changed says that it must be planned anew', async () => {
    const card = createUicc();
    await cutWrite(card);
    await run(card, async room => {
      const { id } = await room.planResume(READER);
      // The pointers are no longer as the plan found or left them.
      await room.withCard(READER, async connection => {
        await connection.transmit(fromHex(`0020000A08${Buffer.from(DEFAULT_ADM1).toString('hex')}`));
        await connection.transmit(fromHex('00A4080C047F506430'));
        await connection.transmit(fromHex('00D600000630040402C0FE'));
      });
      await expect(room.write(id, DEFAULT_ADM1)).rejects.toMatchObject({
        code: 'card-changed',
        advice: expect.stringContaining('Make a new plan'),
      });
    });
  });

  it.each([
    ['no JSON', '{'],
    ['of an older version', '{"kind":"provision","files":[]}'],
    ['of another card', undefined],
  ])('a kept plan that is %s is refused, and the card can be planned anew', async (_, content) => {
    const card = createUicc();
    const { iccid } = await cutWrite(card);
    const store = openSqliteStore(join(folder, 'dmw.db'));
    const [kept] = await store.cards.plans(iccid);
    if (!kept) throw new Error('no plan is kept');
    const changed = content ?? kept.content.replaceAll(iccid, `${iccid.slice(0, -1)}0`);
    await store.cards.putPlan({ ...kept, content: changed });
    await store.close();
    await run(card, async room => {
      await expect(room.planResume(READER)).rejects.toMatchObject({
        code: 'plan-unreadable',
        advice: expect.stringContaining('Plan the card anew'),
      });
      await room.write((await room.plan(READER, THIS_SERVER)).id, DEFAULT_ADM1);
      expect(await room.unfinished(iccid)).toEqual([]);
    });
  });
});

describe('what is kept of a plan', () => {
  it('is there while the card is half written, and nowhere in the files once it is verified', async () => {
    const card = createUicc();
    const found = () => readdirSync(folder).some(name => readFileSync(join(folder, name)).includes('withdrawnDodf'));
    await run(card, async (room, insert) => {
      const { id } = await room.plan(READER, THIS_SERVER);
      card.tearAfter(20);
      await expect(room.write(id, DEFAULT_ADM1)).rejects.toMatchObject({ code: 'card-removed' });
      expect(found()).toBe(true);
      await insert();
      await room.write((await room.planResume(READER)).id, DEFAULT_ADM1);
      expect(found()).toBe(false);
    });
  });

  it('is kept for a card of a batch as well: completed by hand, or by the batch that sees it again', async () => {
    const bench = batchBench([READER]);
    const [byHand, byBatch] = [trayCard(1), trayCard(2)];
    const unfinished = async (number: number) => (await bench.cards.unfinished(iccidOf(number))).length;
    try {
      const { key = '' } = await bench.room.importList('tray.csv', csvOf([byHand, byBatch]));
      await bench.room.start(key);
      for (const { card } of [byHand, byBatch]) expect(await present(bench, READER, card, 38)).toBe('interrupted');
      expect([await unfinished(1), await unfinished(2)]).toEqual([1, 1]);
      expect(await present(bench, READER, byBatch.card)).toBe('verified');
      await bench.room.stop();
      bench.readers.remove(READER);
      bench.readers.insert(READER, byHand.card);
      await bench.cards.write((await bench.cards.planResume(READER)).id, admOf(1));
      expect([await unfinished(1), await unfinished(2)]).toEqual([0, 0]);
    } finally {
      await closeBench(bench);
    }
  });
});

describe('a card without room for a second file', () => {
  it('is known by the next run of the program: it plans in place, and no plan is kept that can never be completed', async () => {
    const card = createUicc({ free: 0 });
    await run(card, async room => room.write((await room.plan(READER, THIS_SERVER)).id, DEFAULT_ADM1));
    const moved = { serverUrl: 'http://moved.example/dm' };
    await run(
      card,
      async room => {
        const { id, iccid, gap } = await room.plan(READER, THIS_SERVER);
        expect(gap).toBe(false);
        await expect(room.write(id, DEFAULT_ADM1)).rejects.toMatchObject({ statusWord: 0x6a84 });
        expect(await room.unfinished(iccid)).toEqual([]);
      },
      moved,
    );
    await run(
      card,
      async room => {
        const { id, gap } = await room.plan(READER, THIS_SERVER);
        expect(gap).toBe(true);
        expect(await room.write(id, DEFAULT_ADM1)).toMatchObject({ stage: 'verified' });
      },
      moved,
    );
  });
});

describe('backups', () => {
  it('are deleted one by one or all of a card, and what they held is nowhere in the files', async () => {
    const card = createUicc();
    const found = () =>
      readdirSync(folder).some(name => {
        const bytes = readFileSync(join(folder, name));
        return bytes.includes(Buffer.from(PASSWORD).toString('hex').toUpperCase());
      });
    await run(card, async room => {
      for (const password of [PASSWORD, 'second', 'third'])
        await room.write((await room.planCp(READER, cp(password), 'cp.xml')).id, DEFAULT_ADM1);
      const { iccid } = await room.sheet(READER);
      const [third, second, first] = await room.backups(iccid);
      expect(found()).toBe(true);
      await expect(room.removeBackups('8900000000000000000', second?.key)).rejects.toMatchObject({
        code: 'unknown-backup',
      });
      await room.removeBackups(iccid, second?.key);
      expect(await room.backups(iccid)).toEqual([third, first]);
      await room.removeBackups(iccid);
      expect(await room.backups(iccid)).toEqual([]);
      expect(found()).toBe(false);
    });
  });
});

/** Carries out the plans before, and the last until it is cut. Whether it ended whole. */
async function makeAndCut(
  room: CardsRoom,
  card: Uicc,
  before: readonly MakePlan[],
  last: MakePlan,
  apdus: number,
): Promise<boolean> {
  for (const make of before.toReversed()) await room.write((await make(room)).id, DEFAULT_ADM1);
  const { id } = await last(room);
  card.tearAfter(apdus);
  return room.write(id, DEFAULT_ADM1).then(
    () => true,
    () => false,
  );
}

/** Whether there was something to complete; then the card is as the plan made it: the same again changes nothing. */
async function resumed(room: CardsRoom, bootstrap: ProfileId, last: MakePlan): Promise<boolean> {
  const { iccid } = await room.sheet(READER);
  const unfinished = await room.unfinished(iccid);
  expect(room.readers()[0]?.unfinished ?? []).toEqual(unfinished);
  if (unfinished.length === 0) {
    await expect(room.planResume(READER)).rejects.toMatchObject({ code: 'nothing-unfinished' });
    return false;
  }
  expect(unfinished).toMatchObject([{ bootstrap, profile: expect.stringMatching(/./) }]);
  const { id } = await room.planResume(READER, bootstrap);
  expect(room.state().provision[READER]?.stage).toBe('interrupted');
  expect(await room.write(id, DEFAULT_ADM1)).toMatchObject({ stage: 'verified' });
  expect(await room.unfinished(iccid)).toEqual([]);
  expect(room.readers()[0]).not.toHaveProperty('unfinished');
  expect(await last(room)).toMatchObject({ apdusToWrite: 0 });
  return true;
}

/** A write that ended in the middle, with its program. */
function cutWrite(card: Uicc): Promise<{ readonly iccid: string }> {
  return run(card, async room => {
    const { id, iccid } = await room.plan(READER, THIS_SERVER);
    card.tearAfter(20);
    await expect(room.write(id, DEFAULT_ADM1)).rejects.toMatchObject({ code: 'card-removed' });
    return { iccid };
  });
}
