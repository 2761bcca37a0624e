/** A serial cable of two pseudo-terminals, made by socat: what is opened at either end is a real port to the system. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TransportError } from '../../base/errors.ts';

export interface PtyPair {
  /** Paths of the two ports. */
  readonly a: string;
  readonly b: string;
  /** Process identifier of the socat that holds the pair. */
  readonly pid: number;
  /** Ends socat, so that both ports vanish, and removes its folder. May be called again. */
  close(): Promise<void>;
}

const START_MS = 5_000;
const STOP_MS = 2_000;

/** @throws TransportError `socat-missing` where it is not installed, `socat-failed` where it made no pair */
export async function createPtyPair(): Promise<PtyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'dmw-cable-'));
  const a = join(folder, 'a');
  const b = join(folder, 'b');
  const pty = (link: string) => `pty,raw,echo=0,link=${link}`;
  const socat = spawn('socat', ['-d', '-d', pty(a), pty(b)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const removeNow = () => {
    socat.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeNow);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      await stop(socat);
      await rm(folder, { recursive: true, force: true });
      process.removeListener('exit', removeNow);
    })();
    return closing;
  };
  try {
    await bothLinks(socat, a, b);
  } catch (error) {
    await close();
    throw error;
  }
  return { a, b, pid: socat.pid ?? 0, close };
}

/** Resolves when both links exist: socat writes a line to its log after making each. */
function bothLinks(socat: ChildProcess, a: string, b: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const settle = (error?: TransportError) => {
      clearTimeout(timer);
      socat.removeAllListeners();
      // A process that cannot be signalled reports it as an event: nothing is left to do about it.
      socat.on('error', () => {});
      socat.stderr?.removeAllListeners('data');
      // Keep reading, or a full pipe would stop socat.
      socat.stderr?.resume();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(() => settle(failed(`made no pair within ${START_MS / 1000} s`, log)), START_MS);
    socat.on('error', cause => settle(notStarted(cause)));
    socat.on('exit', code => settle(failed(`ended with code ${code}`, log)));
    socat.stderr?.on('data', (text: Buffer) => {
      log += text.toString();
      if (existsSync(a) && existsSync(b)) settle();
    });
  });
}

/** Ends exactly this process: asks, and insists where it does not listen. */
function stop(socat: ChildProcess): Promise<void> {
  if (socat.pid === undefined || socat.exitCode !== null || socat.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    const timer = setTimeout(() => socat.kill('SIGKILL'), STOP_MS);
    socat.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    socat.kill('SIGTERM');
  });
}

function notStarted(cause: Error): TransportError {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') return failed(`did not start: ${cause.message}`, '');
  return new TransportError(
    'socat-missing',
    'A virtual cable of pseudo-terminals needs socat, which is not installed',
    {
      advice: 'Install it (`apt-get install socat`, `brew install socat`) or use the virtual cable in memory',
      cause,
    },
  );
}

function failed(what: string, log: string): TransportError {
  const said = log.trim().split('\n').at(-1);
  return new TransportError('socat-failed', `socat ${what}${said ? `: ${said}` : ''}`, {
    advice: 'Check that this machine has free pseudo-terminals (/dev/ptmx) and a writable temporary folder',
  });
}
