/** Starts the built programs as a person would, and ends them again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportingTries } from './lost-tries.ts';

const ROOT = join(import.meta.dirname, '../..');
export const DMW = join(ROOT, 'dist/core/dmw.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with the first line of standard output. */
  readonly firstLine: Promise<string>;
  readonly finished: Promise<Finished>;
  /** Ends the program by SIGTERM and waits for it. */
  stop(): Promise<Finished>;
}

export function startDmw(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const watched = reportingTries();
  const child = spawn(process.execPath, [...watched.options, DMW, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...watched.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  const first = Promise.withResolvers<string>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.includes('\n')) first.resolve(stdout.slice(0, stdout.indexOf('\n')));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = once(child, 'close').then(([code]) => {
    first.reject(new Error(`dmw ${args.join(' ')} ended with ${code}: ${stderr}`));
    return { code: code as number | null, stdout, stderr };
  });
  first.promise.catch(() => undefined);
  return {
    process: child,
    firstLine: first.promise,
    finished,
    stop() {
      child.kill('SIGTERM');
      return finished;
    },
  };
}

/** Runs a command to its end; `input` goes to its standard input. */
export function dmw(
  args: readonly string[],
  input: string | Uint8Array = '',
  env: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const running = startDmw(args, env);
  running.process.stdin?.end(input);
  return running.finished;
}

export interface Served extends Running {
  readonly url: string;
  readonly dmUrl: string;
  readonly data: string;
  /** Ends the workbench and removes its data. */
  close(): Promise<Finished>;
}

/** A headless workbench on free ports with a database of its own. */
export async function serve(env: NodeJS.ProcessEnv = {}): Promise<Served> {
  const data = await mkdtemp(join(tmpdir(), 'dmw-test-'));
  const running = startDmw(['serve', '--dm-port', '0', '--data', data, '--json'], env);
  const { url, dmUrl } = JSON.parse(await running.firstLine) as { url: string; dmUrl: string };
  const close = async () => {
    const finished = await running.stop();
    await rm(data, { recursive: true, force: true });
    return finished;
  };
  return { ...running, url, dmUrl, data, close };
}
