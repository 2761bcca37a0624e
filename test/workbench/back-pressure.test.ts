import { describe, expect, test } from 'vitest';
import { drained, paced } from '../../src-core/workbench/back-pressure.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

async function* numbers(made: number[]): AsyncGenerator<number> {
  for (let i = 0; i < 3; i++) {
    made.push(i);
    yield i;
  }
}

describe('back-pressure', () => {
  test('the next item is made only when the one before is on its way', async () => {
    const made: number[] = [];
    const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
    let asked = 0;
    const stream = paced(numbers(made), () => gates[asked++]?.promise ?? Promise.resolve());
    expect(await stream.next()).toEqual({ value: 0, done: false });
    const second = stream.next();
    await Promise.resolve();
    expect([made, asked]).toEqual([[0], 1]);
    gates[0]?.resolve();
    expect([await second, made]).toEqual([{ value: 1, done: false }, [0, 1]]);
    await Promise.all([stream.return(undefined), gates[1]?.resolve()]);
    expect(made).toEqual([0, 1]);
  });

  test('a socket with much that waits holds the stream until it waits no more, or is gone', async () => {
    const socket: Mutable<Parameters<typeof drained>[0]> = {
      bufferedAmount: 5_000_000,
      readyState: 1,
      OPEN: 1,
    };
    let ready = 0;
    const first = drained(socket).then(() => ready++);
    await new Promise(resolve => setImmediate(resolve));
    expect(ready).toBe(0);
    socket.bufferedAmount = 1000;
    await first;
    socket.bufferedAmount = 5_000_000;
    const second = drained(socket).then(() => ready++);
    socket.readyState = 3;
    await second;
    expect(ready).toBe(2);
  });
});
