/** Work that people ask for: what of it is done is what was recorded, and no more is recorded than needed. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import type { JobSpec } from '../../src-core/server/jobs/spec.ts';
import { DEVICE, replace, send, WorkBench } from './work-bench.ts';

let on: WorkBench;
beforeEach(async () => {
  on = await WorkBench.start();
});
afterEach(() => on.bench.close());

const failOnce = (write: 'add' | 'update') =>
  vi.spyOn(on.bench.store.jobs, write).mockRejectedValueOnce(new Error('disk full'));
const replaces = async () => (await on.sentCommands()).filter(one => one.startsWith('Replace'));

describe('what cannot be recorded has not happened', () => {
  it('work that was not recorded is not done', async () => {
    const handset = await on.knownHandset();
    failOnce('add');
    await expect(on.add(send(replace('15')))).rejects.toThrow('disk full');
    expect((await handset.connect()).outcome).toBe('completed');
    expect(await replaces()).toEqual([]);
  });

  it('work whose cancelling was not recorded is done, in its order', async () => {
    const handset = await on.knownHandset();
    const { workId } = await on.add(send(replace('15')));
    const later = await on.add(send(replace('16')));
    failOnce('update');
    await expect(on.bench.dm.live.cancel(DEVICE, workId)).rejects.toThrow('disk full');
    await handset.connect();
    expect(await replaces()).toHaveLength(2);
    const [first, second] = [await on.work(workId), await on.work(later.workId)];
    expect([first.state, second.state, (first.sentAt ?? 0) <= (second.sentAt ?? 0)]).toEqual([
      'answered',
      'answered',
      true,
    ]);
    expect(handset.tree.get('./Vendor/Display/Brightness', 'device').value).toBe('16');
  });

  it('work that was cancelled is not done', async () => {
    const handset = await on.knownHandset();
    const { workId } = await on.add(send(replace('15')));
    await on.bench.dm.live.cancel(DEVICE, workId);
    await handset.connect();
    expect([await replaces(), (await on.work(workId)).state]).toEqual([[], 'cancelled']);
  });
});

describe('work with many commands', () => {
  it('is written once, and how far it came with its answers, not with everything that is read back', async () => {
    const handset = await on.knownHandset();
    const add = (i: number): CommandInput => ({ kind: 'add', uri: `./Vendor/N${i}`, format: 'chr', value: 'v' });
    const update = vi.spyOn(on.bench.store.jobs, 'update');
    const asked = send(...Array.from({ length: 100 }, (_, i) => add(i)));
    let written = 0;
    const spec: JobSpec & { toJSON(): object } = { ...asked, toJSON: () => ({ ...asked, written: ++written }) };
    const { workId } = await on.add(spec);
    expect((await handset.connect()).outcome).toBe('completed');
    expect(await on.work(workId)).toMatchObject({ state: 'answered', done: true });
    expect(update.mock.calls.length).toBeGreaterThan(1);
    expect(update.mock.calls.length).toBeLessThan(6);
    expect([written, (await on.work(workId)).spec]).toEqual([1, { ...asked, written: 1 }]);
    expect(on.bench.dm.devices.get(DEVICE)?.tree.get('./Vendor/N99')?.value).toBe('v');
    const [session] = await on.bench.store.sessions(DEVICE, 1);
    const messages = await on.bench.store.messages(session?.key ?? '');
    expect(messages.filter(({ direction }) => direction === 'down').length).toBeLessThan(25);
  });
});
