/** The supervisor of the core: restart with back-off, giving up, an orderly end and a hard one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CoreProcess } from '../../electron/core-process.ts';
import { forks, lastCore, utilityProcess } from './electron-stand-in.ts';

vi.mock('electron', () => import('./electron-stand-in.ts'));

const ENDPOINT = { port: 4711, token: 'launch-token' };
const onReady = vi.fn();
const onFailure = vi.fn();
let core: CoreProcess;
const ready = () => lastCore().emit('message', { kind: 'ready', endpoint: ENDPOINT });

beforeEach(() => {
  vi.useFakeTimers();
  forks.length = 0;
  utilityProcess.pid = undefined;
  onReady.mockReset();
  onFailure.mockReset();
  core = new CoreProcess('core-process.js', ['database'], { onReady, onFailure });
  core.start();
});
afterEach(() => vi.useRealTimers());

it('starts one core, however often it is asked', () => {
  core.start();
  expect(forks).toHaveLength(1);
});

it('answers where the core listens to those who asked too early', async () => {
  const asked = core.endpoint();
  lastCore().emit('exit', 1);
  vi.advanceTimersByTime(500);
  ready();
  await expect(asked).resolves.toEqual(ENDPOINT);
  expect(onReady).toHaveBeenCalledExactlyOnceWith(ENDPOINT, false);
});

it('waits longer after each crash, and then gives up', () => {
  for (const [crashes, wait] of [500, 1000, 2000, 4000, 8000].entries()) {
    lastCore().emit('exit', 139);
    vi.advanceTimersByTime(wait - 1);
    expect(forks).toHaveLength(crashes + 1);
    vi.advanceTimersByTime(1);
    expect(forks).toHaveLength(crashes + 2);
  }
  expect(onFailure).not.toHaveBeenCalled();
  lastCore().emit('exit', 139);
  vi.advanceTimersByTime(60_000);
  expect(forks).toHaveLength(6);
  expect(onFailure).toHaveBeenCalledExactlyOnceWith('It ended 6 times in a row, last with exit code 139');
});

it('forgets old crashes once a core has been healthy', () => {
  for (const wait of [500, 1000, 2000, 4000, 8000]) {
    lastCore().emit('exit', 139);
    vi.advanceTimersByTime(wait);
  }
  ready();
  vi.advanceTimersByTime(60_000);
  lastCore().emit('exit', 139);
  vi.advanceTimersByTime(500);
  expect(forks).toHaveLength(7);
  expect(onFailure).not.toHaveBeenCalled();
});

it('gives up at once where the core says why it cannot start, and starts again when told', () => {
  lastCore().emit('message', { kind: 'failed', message: 'port 8080 is taken' });
  lastCore().emit('exit', 1);
  vi.advanceTimersByTime(60_000);
  expect(onFailure).toHaveBeenCalledExactlyOnceWith('port 8080 is taken');
  expect(forks).toHaveLength(1);
  core.start();
  expect(forks).toHaveLength(2);
});

it('hears no more of a core that was replaced', () => {
  const old = lastCore();
  old.emit('exit', 139);
  vi.advanceTimersByTime(500);
  old.emit('message', { kind: 'ready', endpoint: { port: 1, token: 'old' } });
  old.emit('exit', 139);
  expect(onReady).not.toHaveBeenCalled();
  expect(forks).toHaveLength(2);
});

it('stops in order: asks, and waits for the end', async () => {
  ready();
  let stopped = false;
  const stopping = core.stop().then(() => {
    stopped = true;
  });
  expect(lastCore().posted).toEqual([{ kind: 'shutdown' }]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(stopped).toBe(false);
  lastCore().emit('exit', 0);
  await stopping;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(forks).toHaveLength(1);
});

it('starts no core after a stop between two starts', async () => {
  lastCore().emit('exit', 139);
  await core.stop();
  vi.advanceTimersByTime(60_000);
  expect(forks).toHaveLength(1);
});

it('kills a core that does not end by itself', async () => {
  vi.useRealTimers();
  const deaf = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']);
  const exit = once(deaf, 'exit');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  forks.length = 0;
  utilityProcess.pid = deaf.pid;
  const hung = new CoreProcess('core-process.js', [], { onReady, onFailure });
  hung.start();
  const child = lastCore();
  deaf.once('exit', code => child.emit('exit', code));
  const stopping = hung.stop();
  vi.advanceTimersByTime(5000);
  expect((await exit)[1]).toBe('SIGKILL');
  await stopping;
});
