/** A key is presented to a card once, whatever becomes of the card, the reader or the program; what a write takes away is kept. */
import { afterEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { CardError } from '../../src-core/base/errors.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { INS } from '../../src-core/encoding/apdu.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { blankSimProfile, DEFAULT_ICCID } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import type { PresentConsent } from '../../src-core/workbench/cards/refused-keys.ts';
import { CardsRoom, THIS_SERVER } from '../../src-core/workbench/cards/room.ts';
import { iccidOf } from '../support/card-tray.ts';
import { expectLostTries } from '../support/lost-tries.ts';

const READER = 'reader';
const WRONG = '87654321';
const OTHER = '11223344';
const BOOTSTRAP = '3F007F506431';

const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** A run of the program over this store. */
function program(store = openSqliteStore(':memory:')) {
  if (!stores.includes(store)) stores.push(store);
  let last = 0;
  const ports = {
    store,
    now: () => Date.UTC(2026, 10, 24) + last++,
    random: (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + last++ * 7) & 0xff),
    newKey: () => `plan-${last++}`,
  };
  const room = new CardsRoom(ports, 'http://127.0.0.1:8080/dm');
  const readers = createInProcessReaders();
  room.attach(readers);
  const insert = async (card: Uicc) => {
    readers.insert(READER, card);
    await expect.poll(() => room.readers()[0]?.state).toBe('present');
    return (await room.plan(READER, THIS_SERVER)).id;
  };
  /** VERIFY commands that carry a key. */
  const presented = () => {
    const { apdus } = JSON.parse(room.trace(READER, 'json').text) as { apdus: { text: string }[] };
    return apdus.filter(({ text }) => text === 'VERIFY ADM1').length;
  };
  return { store, room, readers, insert, presented };
}

describe('a wrong key', () => {
  it('is known to the next run of the program, for its card alone, and not kept itself', async () => {
    expectLostTries(2);
    const card = createUicc();
    const first = program();
    const plan = await first.insert(card);
    await expect(first.room.write(plan, WRONG)).rejects.toMatchObject({ code: 'adm-wrong' });
    await expect(first.room.write(plan, WRONG)).rejects.toMatchObject({ code: 'adm-known-wrong' });
    const second = program(first.store);
    await expect(second.room.write(await second.insert(card), WRONG)).rejects.toMatchObject({
      code: 'adm-known-wrong',
    });
    expect([first.presented(), second.presented(), card.admTriesLeft]).toEqual([1, 0, 2]);

    const other = createUicc({ iccid: iccidOf(7) });
    await expect(second.room.write(await second.insert(other), WRONG)).rejects.toMatchObject({ code: 'adm-wrong' });
    const kept = await first.store.cards.keys((await second.room.sheet(READER)).iccid);
    expect(kept).toMatchObject([{ state: 'refused', triesBefore: 3 }]);
    expect(Buffer.from(kept[0]?.hash ?? []).toString('latin1')).not.toContain(WRONG);
  });

  it.each([
    ['in the same run', false],
    ['in the next run', true],
  ])('whose answer was lost with the card counts as presented, %s', async (_, restarted) => {
    expectLostTries(1);
    const card = createUicc();
    const first = program();
    const plan = await first.insert(card);
    pullAtKey(card);
    await expect(first.room.write(plan, WRONG)).rejects.toMatchObject({ code: 'card-removed' });
    const second = restarted ? program(first.store) : first;
    const before = second.presented();
    await expect(second.room.write(await second.insert(card), WRONG)).rejects.toMatchObject({
      code: 'adm-unanswered',
      message: expect.stringContaining('a try is gone: most likely it is wrong'),
      details: { presented: 1 },
    });
    expect([second.presented() - before, card.admTriesLeft]).toEqual([0, 2]);
    // The right one still goes.
    await second.room.write(await second.insert(card), DEFAULT_ADM1);
  });
});

/** The key reaches the card, its answer does not come back. */
async function loseAnswer(
  card: Uicc,
  { room, insert }: ReturnType<typeof program>,
  key: string,
  consent?: PresentConsent,
): Promise<void> {
  const plan = await insert(card);
  const transmit = card.transmit.bind(card);
  card.transmit = apdu => {
    const answer = transmit(apdu);
    if (apdu[1] === INS.verify && apdu.length > 5) throw new CardError('card-removed', 'pulled');
    return answer;
  };
  await expect(room.write(plan, key, consent)).rejects.toMatchObject({ code: 'card-removed' });
  card.transmit = transmit;
}

describe('a key for a SIM, which tells no tries', () => {
  const consent = { iccid: DEFAULT_ICCID };
  const sim = () => createUicc({ profile: blankSimProfile(DEFAULT_ICCID), habits: { classes: 'A0-only' } });

  it('whose answer was lost goes again only with a word that says how often it went: the same word never counts twice', async () => {
    expectLostTries(2);
    const card = sim();
    const first = program();
    await loseAnswer(card, first, WRONG, consent);
    const second = program(first.store);
    // However often a person repeats the first word, the card is left alone.
    for (let i = 0; i < 4; i += 1)
      await expect(second.room.write(await second.insert(card), WRONG, consent)).rejects.toMatchObject({
        code: 'adm-unanswered',
        advice: expect.stringContaining(`--consent ${DEFAULT_ICCID}:1`),
      });
    await expect(second.room.write(await second.insert(card), WRONG)).rejects.toMatchObject({ code: 'adm-unknown' });
    expect([second.presented(), card.admTriesLeft]).toEqual([0, 2]);
    const once = { ...consent, presented: 1 };
    await loseAnswer(card, second, WRONG, once);
    const third = program(first.store);
    for (const word of [consent, once, once])
      await expect(third.room.write(await third.insert(card), WRONG, word)).rejects.toMatchObject({
        code: 'adm-unanswered',
        details: { presented: 2 },
      });
    expect([third.presented(), card.admTriesLeft]).toEqual([0, 1]);
  });

  it('goes when it is right and was consented to anew; nothing of it is kept', async () => {
    const card = sim();
    const run = program();
    const { room, insert, store } = run;
    await loseAnswer(card, run, DEFAULT_ADM1, consent);
    const plan = await insert(card);
    await expect(room.write(plan, DEFAULT_ADM1, consent)).rejects.toMatchObject({ code: 'adm-unanswered' });
    expect(await room.write(plan, DEFAULT_ADM1, { ...consent, presented: 1 })).toMatchObject({ stage: 'verified' });
    expect(await store.cards.keys(DEFAULT_ICCID)).toEqual([]);
  });
});

describe('a right key', () => {
  it('whose answer was lost is presented again, for it cost no try; nothing of it is kept', async () => {
    const card = createUicc();
    const { room, insert, store } = program();
    const plan = await insert(card);
    pullAtKey(card);
    await expect(room.write(plan, DEFAULT_ADM1)).rejects.toMatchObject({ code: 'card-removed' });
    await insert(card);
    const { iccid } = await room.sheet(READER);
    expect(await store.cards.keys(iccid)).toMatchObject([{ state: 'presented' }]);
    await room.write((await room.plan(READER, THIS_SERVER)).id, DEFAULT_ADM1);
    expect(await store.cards.keys(iccid)).toEqual([]);
  });

  it('whose answer was lost is no suspect for the try that another key cost after it', async () => {
    expectLostTries(2);
    const card = createUicc();
    const run = program();
    await loseAnswer(card, run, DEFAULT_ADM1);
    await expect(run.room.write(await run.insert(card), WRONG)).rejects.toMatchObject({ code: 'adm-wrong' });
    await expect(run.room.write(await run.insert(card), OTHER)).rejects.toMatchObject({ code: 'adm-wrong' });
    const next = program(run.store);
    const consent = { iccid: (await run.room.sheet(READER)).iccid };
    expect(await next.room.write(await next.insert(card), DEFAULT_ADM1, consent)).toMatchObject({ stage: 'verified' });
  });

  it('whose answer was lost is for a person to decide where nobody knows who cost the try, never refused for ever', async () => {
    expectLostTries(2);
    const card = createUicc();
    const run = program();
    await loseAnswer(card, run, DEFAULT_ADM1);
    // The answer to this one is lost too: either may have cost it.
    await loseAnswer(card, run, WRONG);
    for (const key of [DEFAULT_ADM1, WRONG])
      await expect(run.room.write(await run.insert(card), key)).rejects.toMatchObject({ code: 'adm-unanswered' });
    // A third one: what its refusal costs says nothing of the two.
    await expect(run.room.write(await run.insert(card), OTHER)).rejects.toMatchObject({ code: 'adm-wrong' });
    expect(card.admTriesLeft).toBe(1);
    const { iccid } = await run.room.sheet(READER);
    await expect(run.room.write(await run.insert(card), DEFAULT_ADM1, { iccid })).rejects.toMatchObject({
      code: 'adm-unanswered',
    });
    const word = { iccid, presented: 1 };
    expect(await run.room.write(await run.insert(card), DEFAULT_ADM1, word)).toMatchObject({ stage: 'verified' });
    // The card took another one: what was only likely is known now.
    await expect(run.room.write((await run.room.planErase(READER)).id, WRONG, word)).rejects.toMatchObject({
      code: 'adm-known-wrong',
    });
  });

  it('that opened the card unheard leaves a counter that says nothing of a wrong one before it', async () => {
    expectLostTries(1);
    const card = createUicc();
    const run = program();
    await loseAnswer(card, run, WRONG);
    await loseAnswer(card, run, DEFAULT_ADM1);
    expect(card.admTriesLeft).toBe(3);
    await expect(run.room.write(await run.insert(card), WRONG)).rejects.toMatchObject({ code: 'adm-unanswered' });
    expect(card.admTriesLeft).toBe(3);
  });
});

describe('a backup', () => {
  it('has what was on the card right before the write, not what the plan read', async () => {
    const card = createUicc();
    const { room, readers, insert, store } = program();
    await room.write(await insert(card), DEFAULT_ADM1);
    const { iccid } = await room.sheet(READER);
    const erase = await room.planErase(READER);
    // Another program changes a byte of the bootstrap.
    const connection = await readers.connect(READER);
    await connection.transmit(Uint8Array.from([0, 0x20, 0, 0x0a, 8, ...Secret.ofText(DEFAULT_ADM1).reveal()]));
    await connection.transmit(fromHex('00A4080C047F506431'));
    await connection.transmit(fromHex('00D6002001AB'));
    await connection.disconnect();
    const now = Buffer.from(card.file(BOOTSTRAP)).toString('hex').toUpperCase();
    await room.write(erase.id, DEFAULT_ADM1);
    const [newest] = await store.cards.backups(iccid);
    const backup = JSON.parse(newest?.content ?? '{}');
    expect(backup.files[0]).toEqual({ path: BOOTSTRAP, bytes: now });
    expect(backup.document).toBe(now.replace(/(FF)+$/, ''));
  });

  it('is not made again in the middle of a write: the one of before is what restore takes', async () => {
    const card = createUicc();
    const { room, readers, insert, store } = program();
    await room.write(await insert(card), DEFAULT_ADM1);
    const { iccid } = await room.sheet(READER);
    const before = card.file(BOOTSTRAP);
    const erase = await room.planErase(READER);
    // ICCID, both pointers and the content are read, the key is presented, the pointer is selected and loses its first byte.
    card.tearAfter(2 + 4 + 17 + 2 + 2);
    await expect(room.write(erase.id, DEFAULT_ADM1)).rejects.toMatchObject({ code: 'card-removed' });
    expect(await store.cards.backups(iccid)).toHaveLength(2);
    readers.insert(READER, card);
    await room.write(erase.id, DEFAULT_ADM1);
    const [newest, ...others] = await store.cards.backups(iccid);
    expect(others).toHaveLength(1);
    await room.write((await room.planRestore(READER, newest?.key ?? '')).id, DEFAULT_ADM1);
    expect(Buffer.from(card.file(BOOTSTRAP))).toEqual(Buffer.from(before));
  });
});

/** ICCID and both pointers are read, tries too; the key is taken and its answer is lost. */
function pullAtKey(card: Uicc): void {
  card.tearAfter(2 + 4 + 2);
}

describe('a card that another program holds', () => {
  it('is read beside it where that shares it, and says so; nothing is planned or written', async () => {
    const { room, readers, insert } = program();
    await insert(createUicc());
    const other = await readers.connect(READER, 'shared');
    const sheet = await room.sheet(READER);
    expect(sheet.problems[0]).toMatch(/^Another program uses this card/);
    await expect(room.plan(READER, THIS_SERVER)).rejects.toMatchObject({ code: 'reader-busy' });
    await other.disconnect();
    expect((await room.sheet(READER)).problems).toEqual([]);
    const alone = await readers.connect(READER);
    await expect(room.sheet(READER)).rejects.toMatchObject({ code: 'reader-busy' });
    await alone.disconnect();
  });
});

describe('the account of a card', () => {
  it('keeps what the server learnt of it between plan and write', async () => {
    const card = createUicc();
    const { store, room, insert } = program();
    await room.write(await insert(card), DEFAULT_ADM1);
    const { id } = await room.plan(READER, THIS_SERVER);
    const user = `card-${DEFAULT_ICCID}`;
    await store.bindAccount(user, 'IMEI:490154203237518');
    await store.setNonce(user, 'client', Uint8Array.of(9, 9, 9));
    await store.setFailures(user, 3, 12345);
    const before = await store.findAccount(user);
    await room.write(id, DEFAULT_ADM1);
    expect(await store.findAccount(user)).toEqual(before);
    expect(before).toMatchObject({ deviceId: 'IMEI:490154203237518', failures: 3, lockedUntil: 12345 });
  });
});
