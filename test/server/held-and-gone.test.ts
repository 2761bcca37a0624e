/** Devices that hang up while their session is held, or vanish at any message; the virtual handset over real HTTP. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransportError } from '../../src-core/base/errors.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import type { Exchange } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp, httpExchange } from '../../src-core/virtual/handset/http-exchange.ts';
import { BRIGHTNESS, DEVICE, replace, send, until, WorkBench } from './work-bench.ts';

let on: WorkBench;
beforeEach(async () => {
  on = await WorkBench.start();
});
afterEach(() => on.bench.close());

describe('a device that does not wait', () => {
  it('gives up and asks again: it gets the one answer, and sooner the next time', async () => {
    await on.restart({ hold: { leastPatienceMs: 1000 } });
    const impatient = httpExchange({ patienceMs: 1200 });
    const handset = await on.knownHandset((url, message, encoding) =>
      impatient(url, message, encoding).catch(async error => {
        await sleep(300);
        throw error;
      }),
    );
    on.bench.dm.live.hold(DEVICE, 30_000);
    const session = handset.connect();
    await until(
      'it gave up',
      () => on.bench.dm.live.held(DEVICE)?.state === 'waiting' && on.bench.dm.inSession(DEVICE),
    );
    await until('it is told', async () => {
      const [record] = await on.bench.store.sessions(DEVICE, 1);
      return record?.detail === 'held open, but the device hung up';
    });
    await until('it is back', () => on.isHeld);
    const { workId } = await on.add(send(replace('15')));
    await until('the work is done', () => on.isDone(workId));
    await until('it was kept going', async () => (await on.sentCommands()).includes('Get ./DevInfo/DevId'));
    on.bench.dm.live.letGo(DEVICE);
    expect((await session).outcome).toBe('completed');
    expect((await on.sentCommands()).filter(one => one.startsWith('Replace'))).toHaveLength(1);
    const [record] = await on.bench.store.sessions(DEVICE, 1);
    const up = (await on.bench.store.messages(record?.key ?? '')).filter(({ direction }) => direction === 'up');
    const numbers = up.map(({ bytes }) => decodeMessage(bytes, 'wbxml').header.msgId);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('vanishes: what is asked for then waits for its next session', async () => {
    await on.restart({ hold: { quietMs: 200 } });
    const coverage = new AbortController();
    const account = await on.bench.account('device');
    const handset = on.bench.handset(account, {}, httpExchange({ signal: coverage.signal }));
    await handset.connect();
    on.bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', () => on.isHeld);
    coverage.abort();
    await expect(session).rejects.toThrow(TransportError);
    await until('it was noticed', () => !on.isHeld);
    const { workId, held } = await on.add(send(replace('15')));
    expect([held, (await on.work(workId)).state]).toEqual([false, 'queued']);

    const next = await on.knownAgain(handset, account);
    const again = next.connect();
    await until('the work is done', () => on.isDone(workId));
    await until('the new session is held', () => on.isHeld);
    on.bench.dm.live.letGo(DEVICE);
    expect((await again).outcome).toBe('completed');
    const sessions = await on.bench.store.sessions(DEVICE, 2);
    expect(sessions.map(({ state, detail }) => [state, detail])).toEqual([
      ['completed', 'no more commands'],
      ['failed', 'the device began anew'],
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'vanishes at its message %i: the work is done once more in the next session, never lost',
    async at => {
      let messages = 0;
      const account = await on.bench.account('device');
      const fragile: Exchange = (url, message, encoding) => {
        if (++messages === at) return Promise.reject(new Error('out of coverage'));
        return exchangeOverHttp(url, message, encoding);
      };
      const handset = on.bench.handset(account);
      await handset.connect();
      const { workId } = await on.add(send(replace('15')));
      const second = await on.knownAgain(handset, account, fragile);
      on.bench.dm.live.hold(DEVICE, 50);
      const outcome = await Promise.race([
        second.connect().then(
          () => 'ended',
          () => 'broken',
        ),
        until('the work is done', async () => (await on.isDone(workId)) && messages > 6).then(() => 'done'),
      ]);
      expect(outcome).toBe('broken');
      on.bench.dm.live.letGo(DEVICE);
      const third = await on.knownAgain(second, account);
      expect((await third.connect()).outcome).toBe('completed');
      const { detail = '', ...done } = await on.work(workId);
      expect(done).toMatchObject({ state: 'answered', done: true });
      // The answer of the device was lost on its way: it is told that the command went out twice.
      expect(detail).toEqual(at === 2 ? expect.stringMatching(/^sent again/) : '');
      expect(third.tree.get(BRIGHTNESS, 'device').value).toBe('15');
      expect(on.bench.dm.devices.get(DEVICE)?.work.queued).toBe(0);
    },
  );
});

describe('a device that loses an answer, nobody holding its session', () => {
  // The new session takes the work before the old one is closed.
  it.each([
    [1, 1],
    [2, 0],
    [3, 0],
  ])('answer %i: its next session sends the command %i times', async (at, times) => {
    let lost = 0;
    let messages = 0;
    const handset = await on.knownHandset(async (url, message, encoding) => {
      const answer = await exchangeOverHttp(url, message, encoding);
      if (++messages === lost) throw new Error('out of coverage');
      return answer;
    });
    const { workId } = await on.add(send(replace('15')));
    [lost, messages] = [at, 0];
    await expect(handset.connect()).rejects.toThrow('out of coverage');
    expect((await handset.connect()).outcome).toBe('completed');
    expect((await on.sentCommands()).filter(one => one.startsWith('Replace'))).toHaveLength(times);
    const { state, done, progress } = await on.work(workId);
    expect([state, done, progress.statuses.map(({ path, code }) => [path, code])]).toEqual([
      'answered',
      true,
      [['1', 200]],
    ]);
  });
});
