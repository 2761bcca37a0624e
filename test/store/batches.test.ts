import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import type { BatchCardRecord, BatchRecord, Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';

const FIRST: BatchCardRecord = {
  line: 2,
  iccid: '8988211000000304173',
  adm: Secret.ofText('12345678'),
  variables: { user: "o'brien" },
  secrets: { password: Secret.ofText('hunter2') },
  state: 'waiting',
  detail: '',
};
const SECOND: BatchCardRecord = { ...FIRST, line: 3, iccid: '8988211000000304181', variables: {}, secrets: {} };
const VERIFIED: BatchCardRecord = {
  line: 2,
  iccid: FIRST.iccid,
  variables: FIRST.variables,
  secrets: {},
  state: 'verified',
  detail: 'carries the bootstrap',
  at: 1000,
  reader: 'reader 1',
  triesBefore: 3,
  mark: '0123',
};
const MONDAY = { name: 'Monday', createdAt: 10, unknownTries: false };
const TUESDAY: Omit<BatchRecord, 'key'> = {
  name: 'Tuesday',
  createdAt: 20,
  profile: { name: 'settings.xml', document: Uint8Array.of(3, 11, 106, 0) },
  unknownTries: true,
};

describe('batches in the store', () => {
  let folder: string;
  let store: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dmw-store-'));
    store = openSqliteStore(join(folder, 'db'));
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('come newest first, their cards in the order of the list', async () => {
    const older = await store.batches.add(MONDAY, [SECOND, FIRST]);
    const newer = await store.batches.add(TUESDAY, []);
    expect(await store.batches.all()).toEqual([
      { key: newer, ...TUESDAY },
      { key: older, ...MONDAY },
    ]);
    expect((await store.batches.cards(older)).map(({ line }) => line)).toEqual([2, 3]);
  });

  it('keep keys and passwords over a restart, and forget those of a card that is put without', async () => {
    const key = await store.batches.add(MONDAY, [FIRST]);
    await store.close();
    store = openSqliteStore(join(folder, 'db'));
    const [kept] = await store.batches.cards(key);
    expect(kept?.adm?.revealText()).toBe('12345678');
    expect(kept?.secrets.password?.revealText()).toBe('hunter2');
    await store.batches.putCards(key, [VERIFIED]);
    expect(await store.batches.cards(key)).toEqual([VERIFIED]);
  });

  it('keep what their cards get and what was consented to, until it is changed', async () => {
    const key = await store.batches.add(TUESDAY, []);
    await store.close();
    store = openSqliteStore(join(folder, 'db'));
    expect(await store.batches.all()).toEqual([{ key, ...TUESDAY }]);
    await store.batches.change({ key, ...TUESDAY, unknownTries: false });
    expect(await store.batches.all()).toEqual([{ key, ...TUESDAY, unknownTries: false }]);
  });

  it('keep one trace of each card', async () => {
    const key = await store.batches.add(MONDAY, [FIRST]);
    expect(await store.batches.trace(key, FIRST.iccid)).toBeUndefined();
    for (const content of [Uint8Array.of(1), Uint8Array.of(2, 3)])
      await store.batches.putTrace(key, FIRST.iccid, content);
    expect(await store.batches.trace(key, FIRST.iccid)).toEqual(Uint8Array.of(2, 3));
    expect(await store.batches.trace(key, SECOND.iccid)).toBeUndefined();
  });

  it('are removed with their cards, and no others', async () => {
    const [gone, kept] = [await store.batches.add(MONDAY, [FIRST]), await store.batches.add(TUESDAY, [FIRST])];
    for (const key of [gone, kept]) await store.batches.putTrace(key, FIRST.iccid, Uint8Array.of(1));
    await store.batches.remove(gone);
    expect(await store.batches.cards(gone)).toEqual([]);
    expect((await store.batches.all()).map(({ key }) => key)).toEqual([kept]);
    expect(await store.batches.cards(kept)).toHaveLength(1);
    expect(await store.batches.trace(gone, FIRST.iccid)).toBeUndefined();
    expect(await store.batches.trace(kept, FIRST.iccid)).toBeDefined();
  });
});
