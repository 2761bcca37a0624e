/** The contract of a serial link, on both: a real port on a pseudo-terminal pair, and the cable in memory. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { concatBytes, toHex } from '../../src-core/base/bytes.ts';
import type { TransportError } from '../../src-core/base/errors.ts';
import type { SerialLink } from '../../src-core/handset/link.ts';
import { openSerialPort } from '../../src-core/handset/serial-port.ts';
import { createMemoryCable } from '../../src-core/virtual/cable/memory.ts';
import { createPtyPair } from '../../src-core/virtual/cable/socat.ts';
import { sleep, transportError } from './far-end.ts';

interface Bench {
  readonly near: SerialLink;
  readonly far: SerialLink;
  unplug(): Promise<void>;
  end(): Promise<void>;
}

async function ptyBench(): Promise<Bench> {
  const pair = await createPtyPair();
  const near = await openSerialPort(pair.a);
  const far = await openSerialPort(pair.b);
  return {
    near,
    far,
    unplug: () => pair.close(),
    async end() {
      await Promise.all([near.close(), far.close()]);
      await pair.close();
      expect(existsSync(dirname(pair.a))).toBe(false);
      expect(() => process.kill(pair.pid, 0)).toThrow('ESRCH');
    },
  };
}

async function memoryBench(): Promise<Bench> {
  const { a, b, unplug } = createMemoryCable();
  return {
    near: a,
    far: b,
    unplug: async () => unplug(),
    async end() {
      await Promise.all([a.close(), b.close()]);
    },
  };
}

/** Resolves with the bytes once as many have come. */
function collect(link: SerialLink, length: number): Promise<Uint8Array> {
  return new Promise(resolve => {
    let all: Uint8Array = new Uint8Array();
    const stop = link.onData(bytes => {
      all = concatBytes([all, bytes]);
      if (all.length < length) return;
      stop();
      resolve(all);
    });
  });
}

const ended = (link: SerialLink): Promise<TransportError | undefined> =>
  new Promise(resolve => {
    link.onClose(resolve);
  });

describe.each([
  ['serial port on a pty pair', ptyBench],
  ['cable in memory', memoryBench],
])('%s', (_, createBench) => {
  let bench: Bench;
  afterEach(() => bench.end());

  test('carries every byte value, in order, both ways at once', async () => {
    bench = await createBench();
    const up = Uint8Array.from({ length: 256 }, (_, i) => i);
    const down = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 251);
    const atFar = collect(bench.far, up.length);
    const atNear = collect(bench.near, down.length);
    await Promise.all([bench.near.write(up), bench.far.write(down)]);
    expect(toHex(await atFar)).toBe(toHex(up));
    expect(toHex(await atNear)).toBe(toHex(down));
  });

  test('writes keep their order, and a buffer may be used again at once', async () => {
    bench = await createBench();
    const arrived = collect(bench.far, 3);
    const buffer = Uint8Array.of(0x41);
    const writes = [
      bench.near.write(buffer),
      bench.near.write(Uint8Array.of(0x42)),
      bench.near.write(Uint8Array.of(0x43)),
    ];
    buffer[0] = 0x5a;
    await Promise.all(writes);
    expect(toHex(await arrived)).toBe('414243');
  });

  test('every listener hears; one that stopped does not; what nobody heard is lost', async () => {
    bench = await createBench();
    await bench.near.write(Uint8Array.of(0x00));
    await sleep(200);
    const stopped: number[] = [];
    bench.far.onData(bytes => stopped.push(...bytes))();
    const [one, two] = [collect(bench.far, 1), collect(bench.far, 1)];
    await bench.near.write(Uint8Array.of(0x01));
    expect([toHex(await one), toHex(await two)]).toEqual(['01', '01']);
    expect(stopped).toEqual([]);
  });

  test('close() tells once, without an error; then writes are refused and close() may be repeated', async () => {
    bench = await createBench();
    const calls: unknown[] = [];
    bench.near.onClose(error => calls.push(error));
    bench.near.onClose(error => calls.push(error))();
    await Promise.all([bench.near.close(), bench.near.close()]);
    await bench.near.close();
    expect(calls).toEqual([undefined]);
    expect(await ended(bench.near)).toBeUndefined();
    const error = await transportError(bench.near.write(Uint8Array.of(1)));
    expect(error).toMatchObject({ code: 'port-closed', details: { port: bench.near.path } });
    expect(error.advice).toBeTruthy();
  });

  test('closing one end does not end the other', async () => {
    bench = await createBench();
    let told = false;
    bench.near.onClose(() => {
      told = true;
    });
    await bench.far.close();
    await bench.near.write(Uint8Array.of(1));
    await sleep(50);
    expect(told).toBe(false);
  });

  test('unplugging tells both ends once, with port-vanished; then writes are refused and close() works', async () => {
    bench = await createBench();
    const calls: unknown[] = [];
    bench.near.onClose(error => calls.push(error?.code));
    const both = Promise.all([ended(bench.near), ended(bench.far)]);
    await bench.unplug();
    for (const error of await both) {
      expect(error).toMatchObject({ code: 'port-vanished' });
      expect(error?.advice).toBeTruthy();
    }
    expect((await transportError(bench.near.write(Uint8Array.of(1)))).code).toBe('port-vanished');
    await bench.near.close();
    await sleep(20);
    expect(calls).toEqual(['port-vanished']);
    expect(await ended(bench.near)).toMatchObject({ code: 'port-vanished' });
  });

  test('unplugging under writes that nobody reads ends every one of them', async () => {
    bench = await createBench();
    const write = async () => {
      await bench.near.write(new Uint8Array(65_536));
    };
    const writes = Array.from({ length: 20 }, () =>
      write().then(
        () => 'taken',
        (error: TransportError) => error.code,
      ),
    );
    await bench.unplug();
    for (const outcome of await Promise.all(writes)) expect(['taken', 'port-vanished']).toContain(outcome);
    expect((await transportError(bench.near.write(Uint8Array.of(1)))).code).toBe('port-vanished');
  });
});
