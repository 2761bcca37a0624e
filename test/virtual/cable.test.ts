import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { TransportError } from '../../src-core/base/errors.ts';
import { createMemoryCable } from '../../src-core/virtual/cable/memory.ts';
import { createPtyPair } from '../../src-core/virtual/cable/socat.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Whether a process runs; one that ended and waits for its parent (a zombie, under a careless init) does not. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !(existsSync(stat) && /\) Z /.test(readFileSync(stat, 'utf8')));
}

test('a pair has two ports while it is open; closed, it leaves neither process, port, folder nor listener', async () => {
  const listeners = process.listenerCount('exit');
  const pair = await createPtyPair();
  const ports = [realpathSync(pair.a), realpathSync(pair.b)];
  expect(ports[0]).not.toBe(ports[1]);
  for (const port of ports) expect(port).toMatch(/^\/dev\/(pts\/|ttys)/);
  expect(alive(pair.pid)).toBe(true);

  await Promise.all([pair.close(), pair.close()]);
  expect(alive(pair.pid)).toBe(false);
  expect(existsSync(dirname(pair.a))).toBe(false);
  expect(process.listenerCount('exit')).toBe(listeners);
});

test('two pairs are independent: closing one leaves the other', async () => {
  const [one, two] = await Promise.all([createPtyPair(), createPtyPair()]);
  await one.close();
  expect(alive(two.pid)).toBe(true);
  expect(existsSync(two.a)).toBe(true);
  await two.close();
  expect(alive(two.pid)).toBe(false);
});

test('a pair whose socat died can still be closed', async () => {
  const pair = await createPtyPair();
  process.kill(pair.pid, 'SIGKILL');
  await pair.close();
  expect(alive(pair.pid)).toBe(false);
  expect(existsSync(dirname(pair.a))).toBe(false);
});

test('a program that ends without closing its pair leaves nothing behind', async () => {
  const cable = join(import.meta.dirname, '../../src-core/virtual/cable/socat.ts');
  const script = `
    const { createPtyPair } = await import(${JSON.stringify(cable)});
    const pair = await createPtyPair();
    console.log(JSON.stringify(pair));
    process.exit(0);`;
  const program = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  program.stdout.on('data', (text: Buffer) => {
    output += text;
  });
  const [code] = await once(program, 'close');
  expect(code).toBe(0);
  const pair = JSON.parse(output) as { a: string; pid: number };
  expect(existsSync(dirname(pair.a))).toBe(false);
  await vi.waitFor(() => expect(alive(pair.pid)).toBe(false));
});

test('without socat: socat-missing with advice, and no folder left', async () => {
  // A temporary folder of its own: other test files make cables at the same time.
  const folder = mkdtempSync(join(tmpdir(), 'dmw-test-'));
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('PATH', '/nonexistent');
  const error = await createPtyPair().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TransportError);
  expect(error).toMatchObject({ code: 'socat-missing', advice: expect.stringContaining('apt-get install socat') });
  expect(readdirSync(folder)).toEqual([]);
  rmdirSync(folder);
});

test('the cable in memory gives nothing to an end that closed or vanished', async () => {
  const cable = createMemoryCable('test');
  const heard: number[] = [];
  cable.b.onData(bytes => heard.push(...bytes));
  await cable.a.write(Uint8Array.of(1));
  cable.unplug();
  await new Promise(resolve => setImmediate(resolve));
  cable.b.onData(bytes => heard.push(...bytes));
  await new Promise(resolve => setImmediate(resolve));
  expect(heard).toEqual([]);
  expect([cable.a.path, cable.b.path]).toEqual(['test:a', 'test:b']);
});
