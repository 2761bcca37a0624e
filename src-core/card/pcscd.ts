/** The PC/SC daemon of the machine: whether it runs, and a daemon of our own where none does (pcscd --foreground). */
import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants, mkdir, readFile, rm, rmdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError } from '../base/errors.ts';
import { isServiceRunning, loadPcscBinding } from './pcsc-binding.ts';

export type PcscdState = 'running' | 'installed-not-running' | 'not-installed';

export interface OwnPcscd {
  readonly pid: number;
  /** Ends the daemon and removes what it left in /run/pcscd. */
  stop(): Promise<void>;
}

const RUN_DIRECTORY = '/run/pcscd';
const PID_FILE = join(RUN_DIRECTORY, 'pcscd.pid');
const SOCKET = join(RUN_DIRECTORY, 'pcscd.comm');
const READY_MS = 5000;
const STOP_MS = 3000;

/** Running means that it accepts a client. @throws TransportError `pcsc-unbuilt`. */
export async function pcscdState(): Promise<PcscdState> {
  if (isServiceRunning(await loadPcscBinding())) return 'running';
  return (await findPcscd()) === undefined ? 'not-installed' : 'installed-not-running';
}

/**
 * Starts a daemon and resolves when it accepts clients.
 * @throws TransportError `pcscd-running`, `pcscd-not-installed`, `pcscd-not-permitted`, `pcscd-failed`, `pcsc-unbuilt`.
 */
export async function startPcscd(): Promise<OwnPcscd> {
  const binding = await loadPcscBinding();
  if (isServiceRunning(binding)) throw running();
  const program = await findPcscd();
  if (program === undefined)
    throw new TransportError('pcscd-not-installed', 'pcscd is not installed', {
      advice: 'Debian: apt-get install pcscd',
    });
  if (process.getuid?.() !== 0)
    throw new TransportError('pcscd-not-permitted', 'only root may start pcscd', {
      advice: 'Start it with: sudo systemctl start pcscd',
    });
  const madeDirectory = (await mkdir(RUN_DIRECTORY, { recursive: true })) !== undefined;
  await removeStaleFiles();

  const daemon = spawn(program, ['--foreground'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collectOutput(daemon);
  const exited = new Promise<void>(resolve => {
    daemon.once('exit', () => resolve());
    daemon.once('error', () => resolve());
  });
  const killWithUs = () => daemon.kill('SIGKILL');
  process.once('exit', killWithUs);
  const stop = async () => {
    process.off('exit', killWithUs);
    daemon.kill('SIGTERM');
    const graceful = await Promise.race([exited.then(() => true), sleep(STOP_MS, false, { ref: false })]);
    if (!graceful) daemon.kill('SIGKILL');
    await exited;
    // Another daemon may have taken the place of one that died: its files are not ours.
    if ((await pidInFile()) === String(daemon.pid)) await removeFiles();
    if (madeDirectory) await rmdir(RUN_DIRECTORY).catch(() => undefined);
  };

  const deadline = Date.now() + READY_MS;
  while (!isServiceRunning(binding)) {
    if (daemon.exitCode !== null || daemon.pid === undefined || Date.now() > deadline) {
      await stop();
      throw new TransportError('pcscd-failed', `pcscd did not become ready: ${output() || 'it said nothing'}`, {
        advice: 'Run pcscd --foreground --debug in a terminal to see why',
      });
    }
    await sleep(50);
  }
  return { pid: daemon.pid ?? 0, stop };
}

async function findPcscd(): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const folder of folders.filter(name => name !== '')) {
    const program = join(folder, 'pcscd');
    const found = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return program;
  }
  return undefined;
}

/** A crashed pcscd leaves its pid file; once the number belongs to another process, pcscd would refuse to start. */
async function removeStaleFiles(): Promise<void> {
  const pid = await pidInFile();
  const owner = pid === '' ? '' : (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
  if (owner === 'pcscd') throw running();
  await removeFiles();
}

async function pidInFile(): Promise<string> {
  return (await readFile(PID_FILE, 'utf8').catch(() => '')).trim();
}

async function removeFiles(): Promise<void> {
  await rm(PID_FILE, { force: true });
  await rm(SOCKET, { force: true });
}

function running(): TransportError {
  return new TransportError('pcscd-running', 'a pcscd runs already', {
    advice: 'Use the one that runs, or stop it first',
  });
}

/** The last words of the daemon, for the error when it does not start. */
function collectOutput(daemon: ChildProcess): () => string {
  let text = '';
  for (const stream of [daemon.stdout, daemon.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-500);
    });
  return () => text.trim();
}
