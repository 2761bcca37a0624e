/** One reader, several that want its card: each waits for its turn, nobody waits for another reader, and whoever gives up holds nobody up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { createUicc, DEFAULT_ADM1 } from '../../src-core/virtual/uicc/uicc.ts';
import { CardsRoom, THIS_SERVER } from '../../src-core/workbench/cards/room.ts';
import { Turns } from '../../src-core/workbench/cards/turns.ts';
import { iccidOf } from '../support/card-tray.ts';

const [A, B] = ['Reader A', 'Reader B'];

/** Lets everything go on that can. */
const settle = () => new Promise(resolve => setImmediate(resolve));

describe('turns', () => {
  it('come one after another at a reader, in the order of asking, whoever gives up in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ reader: fc.constantFrom(A, B), givesUp: fc.boolean() }), { maxLength: 12 }),
        async jobs => {
          const turns = new Turns();
          const at = new Map<string, number>();
          const order: number[] = [];
          const all = jobs.map(async ({ reader, givesUp }, i) => {
            const abort = new AbortController();
            const turn = turns.enter(reader, abort.signal);
            if (givesUp) abort.abort();
            const leave = await turn.catch(() => undefined);
            if (!leave) return;
            at.set(reader, (at.get(reader) ?? 0) + 1);
            expect(at.get(reader)).toBe(1);
            order.push(i);
            await settle();
            at.set(reader, 0);
            leave();
          });
          await Promise.all(all);
          for (const name of [A, B]) {
            const own = order.filter(i => jobs[i]?.reader === name);
            expect(own).toEqual(own.toSorted((a, b) => a - b));
          }
          for (const [i, { givesUp }] of jobs.entries()) if (!givesUp) expect(order).toContain(i);
        },
      ),
    );
  });

  it('of those that wait end with a cancel and with the end of the program; the one at work goes on', async () => {
    const turns = new Turns();
    const leave = await turns.enter(A);
    const abort = new AbortController();
    const cancelled = turns.enter(A, abort.signal);
    const waiting = turns.enter(A);
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'write-cancelled' });
    (await turns.enter(B))();
    turns.close();
    await expect(waiting).rejects.toMatchObject({ code: 'readers-closed' });
    await expect(turns.enter(B)).rejects.toMatchObject({ code: 'readers-closed' });
    leave();
  });
});

describe('a reader', () => {
  /** Two readers with a card each. */
  async function bench() {
    const store = openSqliteStore(':memory:');
    let last = 0;
    const random = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + last++ * 7) & 0xff);
    const room = new CardsRoom(
      { store, now: () => last++, random, newKey: () => `plan-${last++}` },
      'http://127.0.0.1/dm',
    );
    const readers = createInProcessReaders([A, B]);
    room.attach(readers);
    readers.insert(A, createUicc());
    readers.insert(B, createUicc({ iccid: iccidOf(2) }));
    await expect.poll(() => room.readers().map(({ state }) => state), { interval: 1 }).toEqual(['present', 'present']);
    const close = async () => {
      room.close();
      await readers.close();
      await store.close();
    };
    return { room, close };
  }

  it('serves sheets, a plan and a write that are asked for at once: none finds it busy', async () => {
    const { room, close } = await bench();
    const { id } = await room.plan(A, THIS_SERVER);
    const [, written] = await Promise.all([room.sheet(A), room.write(id, DEFAULT_ADM1), room.sheet(A), room.sheet(B)]);
    expect(written.stage).toBe('verified');
    expect((await room.sheet(A)).bootstrap).toBeDefined();
    await close();
  });

  it('takes no other plan in hand while a write of the one before runs, also where that began in between', async () => {
    const { room, close } = await bench();
    const { id } = await room.plan(A, THIS_SERVER);
    const other = room.planErase(A);
    const write = room.write(id, DEFAULT_ADM1);
    await expect(other).rejects.toMatchObject({ code: 'reader-at-work' });
    expect(await write).toMatchObject({ stage: 'verified' });
    expect(room.state().provision[A]?.plan.id).toBe(id);
    await close();
  });

  it('whose write waits for a sheet is cancelled at once; nothing was sent to the card', async () => {
    const { room, close } = await bench();
    const { id } = await room.plan(A, THIS_SERVER);
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    const held = room.withCard(A, () => hold);
    const write = room.write(id, DEFAULT_ADM1);
    await settle();
    room.cancel(id);
    await expect(write).rejects.toMatchObject({ code: 'write-cancelled' });
    expect(room.state().provision[A]?.stage).toBe('interrupted');
    letGo();
    await held;
    expect(await room.write(id, DEFAULT_ADM1)).toMatchObject({ stage: 'verified' });
    await close();
  });
});
