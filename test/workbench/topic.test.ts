/** Who watches a state gets it at once, then what it has become: no more often than the rest between two allows. */
import { expect, it } from 'vitest';
import { Topic } from '../../src-core/workbench/topic.ts';

/** A count of changes that is followed; the rest between two states ends when the test says so. */
function follow() {
  const topic = new Topic();
  const stop = new AbortController();
  const resting: (() => void)[] = [];
  let changes = 0;
  let reads = 0;
  const read = () => {
    reads += 1;
    return changes;
  };
  const rest = (signal: AbortSignal) =>
    new Promise<void>(resolve => {
      resting.push(resolve);
      signal.addEventListener('abort', () => resolve());
    });
  const states = topic.states(read, stop.signal, { rest });
  return {
    stop,
    reads: () => reads,
    next: async () => (await states.next()).value,
    change(times: number) {
      for (let i = 0; i < times; i++) {
        changes += 1;
        topic.emit();
      }
    },
    rested: () => resting.shift()?.(),
  };
}

const turn = () => new Promise(resolve => setImmediate(resolve));

it('the first state comes at once, and a change after the rest does', async () => {
  const one = follow();
  expect(await one.next()).toBe(0);
  const next = one.next();
  await turn();
  one.rested();
  await turn();
  one.change(1);
  expect(await next).toBe(1);
});

it('however much changes in one rest, the latest state is read for it, and nothing is lost', async () => {
  const one = follow();
  await one.next();
  for (const soFar of [100, 200, 300]) {
    const next = one.next();
    await turn();
    const reads = one.reads();
    one.change(100);
    await turn();
    expect(one.reads()).toBe(reads);
    one.rested();
    expect(await next).toBe(soFar);
    expect(one.reads()).toBe(reads + 1);
  }
});

it('ends in the middle of a rest when nobody watches any more', async () => {
  const one = follow();
  await one.next();
  const next = one.next();
  await turn();
  one.stop.abort();
  expect(await next).toBeUndefined();
});
