import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeldSessions, type WakeReason } from '../../src-core/server/held-sessions.ts';

const DEVICE = 'IMEI:1';
let holds: HeldSessions;
let changes: number;
let hangUp: () => void;
const onGone = (gone: () => void) => {
  hangUp = gone;
};

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
  changes = 0;
  holds = new HeldSessions(
    { patienceMs: 20_000, maximumMs: 60_000, quietMs: 5000, leastPatienceMs: 4000 },
    Date.now,
    () => changes++,
  );
});
afterEach(() => vi.useRealTimers());

/** What the device's message waits for, and how long it took. */
async function waited(then: () => unknown = () => {}, session = 'S1'): Promise<[WakeReason, number]> {
  const start = Date.now();
  let reason: WakeReason | undefined;
  void holds.wait(DEVICE, session, onGone).then(why => {
    reason = why;
  });
  await vi.advanceTimersByTimeAsync(0);
  await then();
  for (let i = 0; i < 100 && reason === undefined; i++) await vi.advanceTimersByTimeAsync(1000);
  if (reason === undefined) throw new Error('it waits for ever');
  return [reason, Date.now() - start];
}

describe('a session that is held', () => {
  it('waits for work, no longer than its device does', async () => {
    holds.hold(DEVICE);
    expect(await waited(() => holds.wake(DEVICE))).toEqual(['work', 1000]);
    expect(await waited()).toEqual(['patience', 20_000]);
    holds.hold(DEVICE, 3000);
    expect(await waited()).toEqual(['patience', 3000]);
  });

  it('is over when somebody lets go, and is never held for longer than the maximum', async () => {
    holds.hold(DEVICE);
    expect(holds.state(DEVICE)).toEqual({ since: 1000, gone: false });
    expect((await waited(() => holds.letGo(DEVICE)))[0]).toBe('over');
    expect([holds.state(DEVICE), changes]).toEqual([undefined, 2]);
    holds.hold(DEVICE);
    expect([(await waited())[0], (await waited())[0], (await waited())[0]]).toEqual(['patience', 'patience', 'over']);
    expect([holds.state(DEVICE), vi.getTimerCount()]).toEqual([undefined, 0]);
  });

  it('the device that hangs up is noticed', async () => {
    holds.hold(DEVICE);
    expect((await waited(() => hangUp()))[0]).toBe('gone');
    expect(holds.state(DEVICE)).toMatchObject({ gone: true });
    holds.wake(DEVICE);
    expect(holds.state(DEVICE)).toMatchObject({ gone: true });
  });

  it('a device that gave up and asks again is answered well before that from then on', async () => {
    holds.hold(DEVICE);
    await waited(async () => {
      await vi.advanceTimersByTimeAsync(10_000);
      hangUp();
    });
    expect(await waited()).toEqual(['patience', 7000]);
    expect(holds.state(DEVICE)).toMatchObject({ gone: false });
    holds.letGo(DEVICE);
    holds.hold(DEVICE);
    expect(await waited()).toEqual(['patience', 7000]);
  });

  it.each([0, 3900])('a connection that breaks after %i ms says nothing about patience', async ms => {
    holds.hold(DEVICE);
    await waited(async () => {
      await vi.advanceTimersByTimeAsync(ms);
      hangUp();
    });
    expect(await waited()).toEqual(['patience', 20_000]);
  });

  it('what a device showed is forgotten in its next session, and where a person says how long it waits', async () => {
    const giveUp = async () => {
      await vi.advanceTimersByTimeAsync(10_000);
      hangUp();
    };
    holds.hold(DEVICE);
    await waited(giveUp);
    // In a new session it did not ask again: it was out of coverage.
    expect(await waited(undefined, 'S2')).toEqual(['patience', 20_000]);
    await waited(giveUp, 'S2');
    expect(await waited(undefined, 'S2')).toEqual(['patience', 7000]);
    holds.hold(DEVICE, 15_000);
    expect(await waited(undefined, 'S2')).toEqual(['patience', 15_000]);
  });

  it.each([
    ['asks for it again', () => holds.hold(DEVICE)],
    ['gives it work', () => holds.wake(DEVICE)],
  ])('is held for the maximum from the last time that somebody %s', async (_, renew) => {
    holds.hold(DEVICE);
    await vi.advanceTimersByTimeAsync(50_000);
    renew();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(holds.state(DEVICE)).toBeDefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(holds.state(DEVICE)).toBeUndefined();
  });

  it('a device that has its answer and stays quiet is away, and that is told', async () => {
    holds.hold(DEVICE);
    const quiet = () => holds.isAway(DEVICE, heardAt);
    let heardAt = Date.now();
    await waited(() => expect(quiet()).toBe(false));
    heardAt = Date.now();
    const before = changes;
    await vi.advanceTimersByTimeAsync(4000);
    expect([quiet(), changes - before]).toEqual([false, 0]);
    await vi.advanceTimersByTimeAsync(1001);
    expect([quiet(), changes - before]).toEqual([true, 1]);
    holds.heard(DEVICE);
    heardAt = Date.now();
    expect(quiet()).toBe(false);
    expect(holds.isAway('IMEI:2', heardAt)).toBe(true);
    holds.letGo(DEVICE);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('all are let go when the program ends', async () => {
    holds.hold(DEVICE);
    holds.hold('IMEI:2');
    expect((await waited(() => holds.letAllGo()))[0]).toBe('over');
    expect([holds.state('IMEI:2'), vi.getTimerCount()]).toEqual([undefined, 0]);
  });

  it('without a hold nothing waits', async () => {
    expect(await holds.wait(DEVICE, 'S1', onGone)).toBe('over');
    holds.letGo(DEVICE);
    expect(changes).toBe(0);
  });
});
