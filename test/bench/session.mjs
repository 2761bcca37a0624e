/**
 * Complete sessions through the real HTTP binding with everything recorded durably in SQLite: package 1 with MD5, package 2
 * with ten Gets, package 3 with their results, package 4. Reference: a bare `node:http` server that answers the same bytes
 * to the same load. A thousand devices are in session at once; each server has one core, the load another.
 */
import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DeviceRegistry } from '../../src-core/server/device-registry.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { decodeMessage, MEDIA_TYPE } from '../../src-core/syncml/codec.ts';
import { LEAVES, readingOf } from './session-devices.mjs';

const DEVICES = 1000;
const ROUNDS = 5;
const ROUND_MS = 2000;
/** Sessions until the server's code is compiled for speed, or rounds on a slow machine. */
const WARM_SESSIONS = 20_000;
const WARM_ROUNDS = 12;
const PINNED = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;
const [SERVER_CORE, LOAD_CORE] = [0, 1];

export async function* session() {
  const data = await mkdtemp(join(tmpdir(), 'dmw-bench-'));
  const database = join(data, 'bench.db');
  try {
    const { rates, bare, memory, counted } = await measure(database);
    await check(database, counted);
    yield { case: 'http', value: median(rates, 'requests'), unit: 'req/s', baseline: median(bare, 'requests') };
    yield { case: 'sessions', value: median(rates, 'sessions'), unit: 'sessions/s', baseline: null };
    yield { case: 'memory', value: memory, unit: 'bytes/session', baseline: null };
    const { size } = await stat(database);
    yield { case: 'database', value: size / counted.sessions, unit: 'bytes/session', baseline: null };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function measure(database) {
  const ours = await start('session-server.mjs', [database, String(DEVICES)], SERVER_CORE, ['--expose-gc']);
  const load = await start('session-load.mjs', [ours.started.url, String(DEVICES)], LOAD_CORE);
  await order(load, 'connect');
  const empty = await memoryOf(ours);
  await order(load, 'open');
  const memory = ((await memoryOf(ours)) - empty) / DEVICES;
  for (let round = 0, total = 0; round < WARM_ROUNDS && total < WARM_SESSIONS * 2; round += 1)
    total += (await order(load, 'run', ROUND_MS)).total;

  const bareServer = await start('session-bare.mjs', [...cannedAnswers(database), MEDIA_TYPE.wbxml], SERVER_CORE);
  const bareLoad = await start('session-load.mjs', [bareServer.started.url, String(DEVICES)], LOAD_CORE);
  await order(bareLoad, 'connect');
  await order(bareLoad, 'run', ROUND_MS);

  // In turns, so that a slow moment of the machine meets both.
  const rates = [];
  const bare = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.push(await order(load, 'run', ROUND_MS));
    bare.push(await order(bareLoad, 'run', ROUND_MS));
  }
  const counted = await order(load, 'finish');
  await order(bareLoad, 'finish');
  await Promise.all([stop(ours), stop(bareServer)]);
  return { rates, bare, memory, counted };
}

/** What the server answered to the first session. */
function cannedAnswers(database) {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const [session] = db.prepare('SELECT session_key FROM message ORDER BY key LIMIT 1').all();
    const down = db.prepare("SELECT bytes FROM message WHERE session_key = ? AND direction = 'down' ORDER BY rowid");
    return down.all(session.session_key).map(({ bytes }) => Buffer.from(bytes).toString('base64'));
  } finally {
    db.close();
  }
}

/** Every session that the load saw end is in the store, whole, with its readings. */
async function check(database, counted) {
  const { device_id: deviceId, session_id: sessionId } = checkRecords(database, counted);
  const store = openSqliteStore(database);
  const { tree } = (await DeviceRegistry.load(store, Date.now)).get(deviceId);
  assert.deepEqual(
    LEAVES.map(uri => tree.get(uri).value),
    LEAVES.map((_, i) => readingOf(i, sessionId)),
  );
  await store.close();
}

function checkRecords(database, counted) {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const count = sql => db.prepare(sql).get().n;
    assert.equal(count("SELECT COUNT(*) AS n FROM session WHERE state = 'completed'"), counted.sessions);
    assert.equal(count('SELECT COUNT(*) AS n FROM session'), counted.sessions);
    assert.equal(count('SELECT COUNT(*) AS n FROM message'), counted.sessions * 4);
    const [last] = db.prepare('SELECT * FROM session ORDER BY ended_at DESC, rowid DESC LIMIT 1').all();
    const [, , package3] = db.prepare('SELECT bytes FROM message WHERE session_key = ? ORDER BY rowid').all(last.key);
    assert.equal(decodeMessage(package3.bytes, 'wbxml').commands.length, LEAVES.length * 2 + 1);
    return last;
  } finally {
    db.close();
  }
}

async function start(program, parameters, core, execArgv = []) {
  const options = { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv };
  const path = join(import.meta.dirname, program);
  const child = PINNED
    ? fork(path, parameters, {
        ...options,
        execPath: 'taskset',
        execArgv: ['-c', String(core), process.execPath, ...execArgv],
      })
    : fork(path, parameters, options);
  const exit = once(child, 'exit');
  exit.then(([code]) => {
    if (code !== 0) throw new Error(`${program} ended with ${code}`);
  });
  const [started] = await once(child, 'message');
  return { child, exit, started };
}

async function order({ child }, name, argument) {
  child.send({ order: name, argument });
  const [{ done }] = await once(child, 'message');
  return done;
}

async function memoryOf({ child }) {
  child.send('memory');
  const [{ memory }] = await once(child, 'message');
  return memory;
}

async function stop({ child, exit }) {
  child.send('close');
  await exit;
}

function median(rates, name) {
  const values = rates.map(rate => rate[name]).toSorted((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}
