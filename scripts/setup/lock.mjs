/** One set-up at a time in this checkout: a lock file that names its holder, so that a dead holder's lock is taken over. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, say } from './files.mjs';

const LOCK = join(ROOT, 'dist/.setup-lock');
/** Longer than any honest set-up: a first install on a slow line. */
const PATIENCE_MS = 30 * 60_000;
const POLL_MS = 200;

/** Runs `work` while no other set-up of this checkout runs; waits for one that does. */
export async function withLock(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  let told = false;
  while (!take()) {
    const holder = read(LOCK);
    if (holder !== undefined && !isAlive(holder)) dropDead(holder);
    else if (Date.now() > deadline) throw new Error(`another set-up seems to hang; if none runs, delete ${LOCK}`);
    else {
      if (!told) say('another set-up is at work in this folder; waiting for it');
      told = true;
      await sleep(POLL_MS);
    }
  }
  const release = () => rmSync(LOCK, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** Writes the holder's name before the lock appears, so that nobody reads an empty one. */
function take() {
  const draft = `${LOCK}.${process.pid}`;
  writeFileSync(draft, identity(process.pid));
  try {
    linkSync(draft, LOCK);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a dead holder's lock; where another set-up was quicker and holds it now, its lock is put back. */
function dropDead(holder) {
  const aside = `${LOCK}.${process.pid}.dead`;
  try {
    renameSync(LOCK, aside);
    if (read(aside) !== holder) linkSync(aside, LOCK);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Process number and, on Linux, its start time: a number is given again to another process some day. */
function identity(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat ? `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}` : String(pid);
}

function isAlive(holder) {
  const pid = Number.parseInt(holder, 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return identity(pid) === holder;
}
