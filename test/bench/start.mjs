/** How long the workbench takes from process start until its DM server answers; reference: a bare `node:http` server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
const RUNS = 9;
const POLL_MS = 2;
const PATIENCE_MS = 20_000;

/** Listens and answers, as little as a server can do. */
const BARE = `require('node:http').createServer((q, s) => s.end()).listen(Number(process.argv[1]), '127.0.0.1')`;

export async function* start() {
  const workbench = [];
  const bare = [];
  const data = await mkdtemp(join(tmpdir(), 'dmw-bench-'));
  const serve = port => [join(ROOT, 'dist/core/dmw.js'), 'serve', '--dm-port', String(port), '--data', data];
  try {
    // One uncounted run each fills the disk cache; then in turns, so that a slow moment meets both.
    for (let run = -1; run < RUNS; run += 1) {
      const value = await timeUntilAnswer(serve);
      const reference = await timeUntilAnswer(port => ['-e', BARE, String(port)]);
      if (run >= 0) {
        workbench.push(value);
        bare.push(reference);
      }
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
  yield { case: 'listening', value: median(workbench), unit: 'ms', baseline: median(bare) };
}

/** Starts Node with `parameters(port)`, waits for any HTTP answer on the port, ends it. Milliseconds from spawn to answer. */
async function timeUntilAnswer(parameters) {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, parameters(port), { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', text => {
    errors += text;
  });
  try {
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`the server ended before it answered: ${errors.trim()}`);
      if (performance.now() - began > PATIENCE_MS) throw new Error(`no answer on port ${port} in ${PATIENCE_MS} ms`);
      await sleep(POLL_MS);
    }
    return performance.now() - began;
  } finally {
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 5000);
    await exit;
    clearTimeout(hard);
  }
}

function answers(port) {
  return new Promise(resolve => {
    const request = get({ host: '127.0.0.1', port, path: '/', agent: false }, response => {
      response.resume();
      resolve(true);
    });
    request.on('error', () => resolve(false));
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
