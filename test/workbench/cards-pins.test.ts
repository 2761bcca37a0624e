/** PIN1 of a card in a reader: entered once, presented again while it stays in, forgotten when it leaves, a refused one never again. */
import { afterEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { blankUiccProfile, DEFAULT_ICCID, readAfterPin1 } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1, type Uicc, type UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';
import { CardsRoom, THIS_SERVER } from '../../src-core/workbench/cards/room.ts';
import { iccidOf } from '../support/card-tray.ts';
import { expectLostTries } from '../support/lost-tries.ts';

const READER = 'reader';
const PIN = '1234';
const WRONG = '4321';

const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

function lockedCard(options: UiccOptions = {}, iccid = DEFAULT_ICCID): Uicc {
  return createUicc({ profile: readAfterPin1(blankUiccProfile(iccid)), pinEnabled: true, ...options });
}

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
    readers.remove(READER);
    readers.insert(READER, card);
    await expect.poll(() => room.readers()[0]?.state).toBe('present');
  };
  const traced = () => room.trace(READER, 'json').text;
  /** PINs that went to the cards. */
  const presented = () => traced().match(/"text": "VERIFY PIN1",/g)?.length ?? 0;
  return { store, room, readers, insert, traced, presented };
}

describe('PIN1 of the card in a reader', () => {
  it('is entered once, and presented again in every connection: sheet, plan, write, verify', async () => {
    const { room, insert, presented, traced, store } = program();
    await insert(lockedCard());
    expect((await room.sheet(READER)).pin1).toMatchObject({ enabled: true, triesLeft: 3, needed: true });
    await expect(room.plan(READER, THIS_SERVER)).rejects.toMatchObject({
      code: 'pin-needed',
      details: { triesLeft: 3 },
    });
    expect(await room.unlock(READER, PIN)).toEqual({ iccid: DEFAULT_ICCID, presented: true });
    expect(room.readers()[0]).toMatchObject({ unlocked: true, iccid: DEFAULT_ICCID });
    expect((await room.sheet(READER)).pin1.needed).toBe(false);
    const plan = await room.plan(READER, THIS_SERVER);
    expect(await room.write(plan.id, DEFAULT_ADM1)).toMatchObject({ stage: 'verified' });
    expect(presented()).toBe(5);
    expect(traced()).not.toContain('31323334');
    expect(await store.cards.keys(DEFAULT_ICCID)).toEqual([]);
  });

  it('is forgotten when the card leaves, also where the same one comes back', async () => {
    const card = lockedCard();
    const { room, insert, presented } = program();
    await insert(card);
    await room.unlock(READER, PIN);
    await insert(card);
    await expect(room.plan(READER, THIS_SERVER)).rejects.toMatchObject({ code: 'pin-needed' });
    expect([room.readers()[0]?.unlocked, presented()]).toEqual([undefined, 1]);
  });

  it('that is missing for a write leaves the plan in hand: after it the same plan is written', async () => {
    const card = lockedCard();
    const { room, insert } = program();
    await insert(card);
    await room.unlock(READER, PIN);
    const { id } = await room.plan(READER, THIS_SERVER);
    await insert(card);
    await expect(room.write(id, DEFAULT_ADM1)).rejects.toMatchObject({ code: 'pin-needed' });
    expect(room.state().provision[READER]?.stage).toBe('planned');
    await room.unlock(READER, PIN);
    expect(await room.write(id, DEFAULT_ADM1)).toMatchObject({ stage: 'verified' });
  });

  it('is not presented where the card asks nobody for it', async () => {
    const { room, insert, presented } = program();
    await insert(lockedCard({ pinEnabled: false }));
    expect(await room.unlock(READER, WRONG)).toEqual({ iccid: DEFAULT_ICCID, presented: false });
    expect([room.readers()[0]?.unlocked, presented()]).toEqual([undefined, 0]);
  });

  it('that was changed meanwhile is told, forgotten, and not presented again', async () => {
    expectLostTries(1);
    const card = lockedCard();
    const { room, readers, insert, presented } = program();
    await insert(card);
    await room.unlock(READER, PIN);
    const other = await readers.connect(READER);
    await other.transmit(fromHex('00240001' + '10' + '31323334FFFFFFFF' + '35363738FFFFFFFF'));
    await other.disconnect();
    await expect(room.sheet(READER)).rejects.toMatchObject({ code: 'pin-wrong', details: { triesLeft: 2 } });
    expect((await room.sheet(READER)).pin1).toMatchObject({ triesLeft: 2, needed: true });
    await expect(room.unlock(READER, PIN)).rejects.toMatchObject({ code: 'adm-known-wrong' });
    expect(presented()).toBe(2);
    expect(await room.unlock(READER, '5678')).toMatchObject({ presented: true });
  });

  it('opens the card also where it is read beside another program', async () => {
    const { room, readers, insert } = program();
    await insert(lockedCard());
    await room.unlock(READER, PIN);
    const other = await readers.connect(READER, 'shared');
    const sheet = await room.sheet(READER);
    expect([sheet.pin1.needed, sheet.problems.length]).toEqual([false, 1]);
    await other.disconnect();
  });
});

describe('a wrong PIN1', () => {
  it('does not go out again, by the next run of the program either; to another card it does', async () => {
    expectLostTries(2);
    const card = lockedCard();
    const first = program();
    await first.insert(card);
    await expect(first.room.unlock(READER, WRONG)).rejects.toMatchObject({ code: 'pin-wrong' });
    await expect(first.room.unlock(READER, WRONG)).rejects.toMatchObject({ code: 'adm-known-wrong' });
    const second = program(first.store);
    await second.insert(card);
    await expect(second.room.unlock(READER, WRONG)).rejects.toMatchObject({ code: 'adm-known-wrong' });
    expect([first.presented(), second.presented(), card.pinTriesLeft]).toEqual([1, 0, 2]);
    await second.insert(lockedCard({}, iccidOf(7)));
    await expect(second.room.unlock(READER, WRONG)).rejects.toMatchObject({ code: 'pin-wrong' });
  });

  it('is no wrong ADM key of the same eight digits', async () => {
    expectLostTries(1);
    const card = lockedCard();
    const { room, insert } = program();
    await insert(card);
    await expect(room.unlock(READER, DEFAULT_ADM1)).rejects.toMatchObject({ code: 'pin-wrong' });
    await room.unlock(READER, PIN);
    expect(await room.write((await room.plan(READER, THIS_SERVER)).id, DEFAULT_ADM1)).toMatchObject({
      stage: 'verified',
    });
  });

  it('whose answer was lost with the card counts as presented', async () => {
    expectLostTries(1);
    const card = lockedCard();
    const { room, insert, presented } = program();
    await insert(card);
    // ICCID, MF, tries; the PIN is taken and its answer is lost.
    card.tearAfter(2 + 1 + 1 + 1);
    await expect(room.unlock(READER, WRONG)).rejects.toMatchObject({ code: 'card-removed' });
    await insert(card);
    const unanswered = { code: 'adm-unanswered', details: { presented: 1 } };
    await expect(room.unlock(READER, WRONG)).rejects.toMatchObject(unanswered);
    await expect(room.unlock(READER, WRONG, { iccid: DEFAULT_ICCID })).rejects.toMatchObject(unanswered);
    expect([presented(), card.pinTriesLeft]).toEqual([1, 2]);
    await room.unlock(READER, PIN);
    await expect(room.unlock(READER, WRONG)).rejects.toMatchObject({ code: 'adm-known-wrong' });
  });

  it('at the last try goes out only where a person consents for this very card', async () => {
    const card = lockedCard({ pinTries: 1, pin1: Secret.ofText('0000') });
    const { room, insert } = program();
    await insert(card);
    await expect(room.unlock(READER, '0000')).rejects.toMatchObject({ code: 'pin-last-try' });
    await expect(room.unlock(READER, '0000', { iccid: iccidOf(7) })).rejects.toMatchObject({ code: 'pin-last-try' });
    expect(await room.unlock(READER, '0000', { iccid: DEFAULT_ICCID })).toMatchObject({ presented: true });
    expect(card.pinTriesLeft).toBe(3);
  });
});
