import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import type { NewSnapshot, Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';

const BEFORE: NewSnapshot = {
  name: "before; it's --",
  takenAt: 10,
  source: 'device',
  origin: 'IMEI:1',
  nodes: 3,
  content: fromHex('1F8B00FF'),
};
const AFTER: NewSnapshot = { ...BEFORE, name: 'after', takenAt: 20, source: 'file', origin: 'after.json' };

describe('snapshots in the store', () => {
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

  it('come newest first, without their content', async () => {
    const keys = [await store.snapshots.add(BEFORE), await store.snapshots.add(AFTER)];
    expect(await store.snapshots.all()).toEqual([
      { key: keys[1], name: 'after', takenAt: 20, source: 'file', origin: 'after.json', nodes: 3, bytes: 4 },
      { key: keys[0], name: "before; it's --", takenAt: 10, source: 'device', origin: 'IMEI:1', nodes: 3, bytes: 4 },
    ]);
  });

  it('keep their bytes, also after the store was closed', async () => {
    const key = await store.snapshots.add(BEFORE);
    await store.close();
    store = openSqliteStore(join(folder, 'db'));
    expect(Buffer.from((await store.snapshots.content(key)) ?? []).toString('hex')).toBe('1f8b00ff');
  });

  it('get another name, and go', async () => {
    const [kept, gone] = [await store.snapshots.add(BEFORE), await store.snapshots.add(AFTER)];
    await store.snapshots.rename(kept, 'other');
    await store.snapshots.remove(gone);
    expect((await store.snapshots.all()).map(({ key, name }) => [key, name])).toEqual([[kept, 'other']]);
    expect(await store.snapshots.content(gone)).toBeUndefined();
  });

  it.each(['', 'x', '99'])('there is none by the key %j', async key => {
    expect(await store.snapshots.content(key)).toBeUndefined();
  });
});
