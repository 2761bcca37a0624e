import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import type { BatchCardRecord, Store } from '../../src-core/store/contract.ts';
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
    const older = await store.batches.add({ name: 'Monday', createdAt: 10 }, [SECOND, FIRST]);
    const newer = await store.batches.add({ name: 'Tuesday', createdAt: 20 }, []);
    expect(await store.batches.all()).toEqual([
      { key: newer, name: 'Tuesday', createdAt: 20 },
      { key: older, name: 'Monday', createdAt: 10 },
    ]);
    expect((await store.batches.cards(older)).map(({ line }) => line)).toEqual([2, 3]);
  });

  it('keep keys and passwords over a restart, and forget those of a card that is put without', async () => {
    const key = await store.batches.add({ name: 'Monday', createdAt: 10 }, [FIRST]);
    await store.close();
    store = openSqliteStore(join(folder, 'db'));
    const [kept] = await store.batches.cards(key);
    expect(kept?.adm?.revealText()).toBe('12345678');
    expect(kept?.secrets.password?.revealText()).toBe('hunter2');
    await store.batches.putCards(key, [VERIFIED]);
    expect(await store.batches.cards(key)).toEqual([VERIFIED]);
  });

  it('are removed with their cards, and no others', async () => {
    const [gone, kept] = [
      await store.batches.add({ name: 'Monday', createdAt: 10 }, [FIRST]),
      await store.batches.add({ name: 'Tuesday', createdAt: 20 }, [FIRST]),
    ];
    await store.batches.remove(gone);
    expect(await store.batches.cards(gone)).toEqual([]);
    expect((await store.batches.all()).map(({ key }) => key)).toEqual([kept]);
    expect(await store.batches.cards(kept)).toHaveLength(1);
  });
});
