import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';

let store: Store;
beforeEach(() => {
  store = openSqliteStore(':memory:');
});
afterEach(() => store.close());

describe('jobs', () => {
  const job = (id: number, deviceId = 'IMEI:1', more = {}) => ({
    id,
    deviceId,
    done: false,
    spec: { é: [id] },
    ...more,
  });

  it('are found by device, newest first, and by what is not done, oldest first', async () => {
    expect([await store.jobs.lastId(), await store.jobs.get(1)]).toEqual([0, undefined]);
    for (const one of [job(1), job(2, 'IMEI:2'), job(3, 'IMEI:1', { done: true })]) await store.jobs.add(one);
    expect(await store.jobs.ofDevice('IMEI:1', 9)).toEqual([job(3, 'IMEI:1', { done: true }), job(1)]);
    expect(await store.jobs.ofDevice('IMEI:1', 1)).toEqual([job(3, 'IMEI:1', { done: true })]);
    expect(await store.jobs.undone()).toEqual([job(1), job(2, 'IMEI:2')]);
    await store.jobs.update(job(1, 'IMEI:1', { done: true, state: 'answered' }));
    expect([await store.jobs.get(1), await store.jobs.undone(), await store.jobs.lastId()]).toEqual([
      job(1, 'IMEI:1', { done: true, state: 'answered' }),
      [job(2, 'IMEI:2')],
      3,
    ]);
  });

  it('that could not be added are added with their first progress', async () => {
    await store.jobs.update(job(4, 'IMEI:1', { state: 'sent' }));
    expect(await store.jobs.undone()).toEqual([job(4, 'IMEI:1', { state: 'sent' })]);
  });

  it('that are done are forgotten one day, those that wait never, nor those of others', async () => {
    for (let id = 1; id <= 6; id++) await store.jobs.add(job(id, 'IMEI:1', { done: id !== 2 }));
    await store.jobs.add(job(7, 'IMEI:2', { done: true }));
    await store.jobs.trim('IMEI:1', 2);
    expect((await store.jobs.ofDevice('IMEI:1', 9)).map(({ id }) => id)).toEqual([6, 5, 2]);
    expect(await store.jobs.get(7)).toBeDefined();
    await expect(store.jobs.add(job(6))).rejects.toThrow('UNIQUE');
    await store.jobs.add(job(1));
    expect(await store.jobs.get(1)).toEqual(job(1));
  });

  it('what was asked is written once, however often the work comes further', async () => {
    let written = 0;
    const spec = { toJSON: () => ({ asked: ++written }) };
    await store.jobs.add({ ...job(1), spec });
    for (let step = 1; step <= 5; step++) await store.jobs.update({ ...job(1), spec, step, done: step === 5 });
    expect(written).toBe(1);
    await store.jobs.update({ ...job(1, 'IMEI:2'), spec: { other: true }, step: 6 });
    expect(await store.jobs.get(1)).toEqual({ ...job(1), spec: { asked: 1 }, step: 6 });
  });
});
