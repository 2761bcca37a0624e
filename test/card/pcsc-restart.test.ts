/** The PC/SC process ends: what was under way says so, and another takes its place, at once first, then later and later. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { TransportError } from '../../src-core/base/errors.ts';
import { openPcscReaders } from '../../src-core/card/pcsc.ts';
import type { ReaderService, ReaderState } from '../../src-core/card/reader.ts';

const PROGRAM = join(import.meta.dirname, '../support/fake-pcsc-process.mjs');
const STEADY_MS = 30_000;

type Mode = 'lives' | 'dies' | 'hangs';

let service: ReaderService | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
});

/** @param modes of the first process, the second…; the last of all that follow */
async function bench(modes: readonly Mode[], steady = false) {
  const children: ChildProcess[] = [];
  const pauses: number[] = [];
  const start = () => {
    const mode = modes[Math.min(children.length, modes.length - 1)] ?? 'lives';
    const child = fork(PROGRAM, [mode], { serialization: 'advanced', execArgv: [] });
    children.push(child);
    return child;
  };
  /** Pauses are counted, not waited for; no process lasts long, unless all do. */
  const pause = async (ms: number, signal: AbortSignal) => {
    if (ms !== STEADY_MS) pauses.push(ms);
    else if (!steady) await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
  };
  const opened = await openPcscReaders({ start, pause });
  service = opened;
  const seen: { readonly readers: readonly ReaderState[]; readonly fault: TransportError | undefined }[] = [];
  opened.watch((readers, fault) => seen.push({ readers, fault }));
  await expect.poll(() => seen.at(-1)?.readers.length).toBe(1);
  return { service: opened, children, pauses, seen };
}

const readerOf = (child: ChildProcess | undefined) => `reader of ${child?.pid}`;

/** The watch, begun in the first process, shows the reader of this one. */
async function shows({ seen, children }: Awaited<ReturnType<typeof bench>>, nth: number): Promise<void> {
  const shown = () => children[nth] !== undefined && seen.at(-1)?.readers[0]?.name === readerOf(children[nth]);
  await expect.poll(shown, { timeout: 20_000 }).toBe(true);
}

describe('a PC/SC process that ends', () => {
  it('is followed by another at once: watches go on, what was under way says so, a card can be read again', async () => {
    const made = await bench(['lives']);
    const { service, children, pauses, seen } = made;
    const connection = await service.connect(readerOf(children[0]));
    expect(await connection.transmit(Uint8Array.of(0))).toEqual(Uint8Array.of(0x90, 0));
    await expect(connection.transmit(Uint8Array.of(0xde))).rejects.toMatchObject({
      name: 'TransportError',
      code: 'pcsc-crashed',
      message: expect.stringContaining('SIGKILL'),
      advice: expect.stringContaining('started again by itself'),
    });
    await shows(made, 1);
    expect(seen.map(({ readers, fault }) => [readers.length, fault?.code])).toEqual([
      [1, undefined],
      [0, 'pcsc-crashed'],
      [1, undefined],
    ]);
    // What belonged to the first stays broken; the card is connected anew.
    await expect(connection.transmit(Uint8Array.of(0))).rejects.toMatchObject({ code: 'pcsc-crashed' });
    await connection.disconnect();
    const again = await service.connect(readerOf(children[1]));
    expect(await again.transmit(Uint8Array.of(0))).toEqual(Uint8Array.of(0x90, 0));
    expect([children.length, pauses]).toEqual([2, []]);
  });

  it('as soon as it starts is started later and later, up to ten seconds; meanwhile calls say why', async () => {
    const made = await bench(['lives', ...Array<Mode>(9).fill('dies'), 'lives']);
    const { service, children, pauses, seen } = made;
    children[0]?.kill('SIGKILL');
    await expect.poll(() => seen.filter(({ fault }) => fault).length, { interval: 1 }).toBeGreaterThan(1);
    expect(seen.at(-1)?.fault?.message).toMatch(/SIGKILL|code 7/);
    await shows(made, 10);
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
    expect(await service.readers()).toHaveLength(1);
  });

  it('after a long life counts as the first: the next is started at once again', async () => {
    const made = await bench(['lives'], true);
    const { children, pauses } = made;
    for (let dead = 0; dead < 3; dead += 1) {
      children[dead]?.kill('SIGKILL');
      await shows(made, dead + 1);
    }
    expect(pauses).toEqual([]);
  });

  it('while it does not answer: whoever waits is told; nothing is started after the end of the service', async () => {
    const { service, children } = await bench(['lives', 'hangs']);
    children[0]?.kill('SIGKILL');
    await expect.poll(() => children.length).toBe(2);
    const waiting = service.readers();
    children[1]?.kill('SIGKILL');
    await expect(waiting).rejects.toMatchObject({ code: 'pcsc-crashed' });
    await expect.poll(() => children.length).toBe(3);
    const closing = service.close();
    children[2]?.kill('SIGKILL');
    await closing;
    await expect(service.readers()).rejects.toMatchObject({ code: 'pcsc-crashed' });
    expect(children).toHaveLength(3);
  });
});
