/** What is kept of cards: plans that are not complete, keys that went out, cards without room; what is removed is gone from the files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import type { BatchCardRecord, CardKeyRecord, CardPlanRecord, Store } from '../../src-core/store/contract.ts';
import { migrate } from '../../src-core/store/migrations.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';

const ICCID = '8988211000000304173';
const OTHER = '8988211000000304181';
const ADM = Secret.ofText('k3y-0f-a');
const PASSWORD = 'a password that a plan holds';
const PLAN: CardPlanRecord = { iccid: ICCID, profile: 'dm', name: 'this server', at: 10, content: PASSWORD };
const KEY: Omit<CardKeyRecord, 'key'> = {
  iccid: ICCID,
  salt: Uint8Array.of(1, 2),
  hash: Uint8Array.of(3, 4),
  state: 'presented',
  reference: 0x0a,
  presented: 1,
  triesBefore: 3,
};

let folder: string;
let store: Store;
const path = () => join(folder, 'db');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dmw-store-'));
  store = openSqliteStore(path());
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** In which files the bytes are. */
function filesWith(text: string): string[] {
  return readdirSync(folder).filter(name => readFileSync(join(folder, name)).includes(text));
}

describe('plans that are not complete', () => {
  it('are at most one for each bootstrap of a card, newest first, and of no other card', async () => {
    await store.cards.putPlan(PLAN);
    await store.cards.putPlan({ ...PLAN, profile: 'cp', at: 20 });
    await store.cards.putPlan({ ...PLAN, iccid: OTHER });
    const newer = { ...PLAN, at: 30, name: 'Erase', content: '{}' };
    await store.cards.putPlan(newer);
    expect(await store.cards.plans(ICCID)).toEqual([newer, { ...PLAN, profile: 'cp', at: 20 }]);
    await store.cards.removePlan(ICCID, 'dm');
    expect((await store.cards.plans(ICCID)).map(({ profile }) => profile)).toEqual(['cp']);
    expect(await store.cards.plans(OTHER)).toHaveLength(1);
  });
});

describe('a card without room for a second file', () => {
  it('is known by the next run of the program, however often it is told', async () => {
    await store.cards.putFull(ICCID);
    await store.cards.putFull(ICCID);
    await store.close();
    store = openSqliteStore(path());
    expect([await store.cards.isFull(ICCID), await store.cards.isFull(OTHER)]).toEqual([true, false]);
  });
});

describe('a key that was presented', () => {
  it('changes in its state, its tries and how often it went', async () => {
    const key = await store.cards.addKey(KEY);
    expect(await store.cards.keys(ICCID)).toEqual([{ key, ...KEY }]);
    const { triesBefore: _, ...without } = KEY;
    await store.cards.changeKey({ key, ...without, state: 'refused', presented: 2 });
    expect(await store.cards.keys(ICCID)).toEqual([{ key, ...without, state: 'refused', presented: 2 }]);
  });

  it('in a file of before is one of ADM1 that went once; one that waited for a person waits for a word', async () => {
    const old = join(folder, 'old');
    const db = new DatabaseSync(old);
    migrate(db, old, 11);
    db.exec(
      `INSERT INTO card_key (iccid, salt, hash, state, tries_before) VALUES ('${ICCID}', x'01', x'02', 'unanswered', NULL)`,
    );
    db.close();
    const opened = openSqliteStore(old);
    expect(await opened.cards.keys(ICCID)).toMatchObject([{ state: 'presented', reference: 0x0a, presented: 1 }]);
    await opened.close();
  });
});

describe('what was removed', () => {
  const row: BatchCardRecord = {
    line: 2,
    iccid: ICCID,
    adm: ADM,
    variables: {},
    secrets: { password: Secret.ofText(PASSWORD) },
    state: 'waiting',
    detail: '',
  };

  it.each<[string, (key: string) => Promise<void>]>([
    ['the key of a card that was verified', key => store.batches.putCards(key, [{ ...done(row), state: 'verified' }])],
    ['the keys of a list', key => store.batches.remove(key)],
  ])('%s: is nowhere in the files once the store has settled', async (_, remove) => {
    const key = await store.batches.add({ name: 'tray', createdAt: 1, unknownTries: false }, [row]);
    expect(filesWith(ADM.revealText())).not.toEqual([]);
    await remove(key);
    // A write that is under way when it settles is not lost.
    const other = store.cards.putFull(OTHER);
    await store.settle();
    await other;
    expect([...filesWith(ADM.revealText()), ...filesWith(PASSWORD)]).toEqual([]);
    expect(await store.cards.isFull(OTHER)).toBe(true);
  });

  it('a plan and a backup: are nowhere in the files once the store has settled', async () => {
    await store.cards.putPlan(PLAN);
    await store.cards.addBackup({ iccid: ICCID, at: 1, content: PASSWORD });
    await store.cards.removePlan(ICCID, 'dm');
    await store.cards.removeBackups(ICCID);
    await store.settle();
    expect(filesWith(PASSWORD)).toEqual([]);
  });

  it('is gone later where another program reads in the file: nobody waits for it', async () => {
    await store.cards.putPlan(PLAN);
    const reader = new DatabaseSync(path());
    reader.exec('BEGIN; SELECT * FROM card_plan');
    await store.cards.removePlan(ICCID, 'dm');
    await store.settle();
    expect(filesWith(PASSWORD)).not.toEqual([]);
    reader.exec('COMMIT');
    reader.close();
    await store.settle();
    expect(filesWith(PASSWORD)).toEqual([]);
  });

  function done({ adm: _, ...rest }: BatchCardRecord): BatchCardRecord {
    return { ...rest, secrets: {} };
  }
});
