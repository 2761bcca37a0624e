/** What all subcommands share: arguments, output, and the one place where errors become a line and an exit code. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { describeError, RequestError } from '../base/errors.ts';

export interface Command {
  /** How to call it, without `dmw`. */
  readonly usage: string;
  readonly summary: string;
  /** More lines for --help of this command alone. */
  readonly help?: readonly string[];
  run(args: readonly string[]): Promise<void>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses arguments; every command takes --json. @throws RequestError `usage` */
export function parse<O extends Options>(args: readonly string[], usage: string, options: O) {
  try {
    const all = { json: { type: 'boolean', default: false }, ...options } as const;
    return parseArgs({ args: [...args], options: all, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(usage, (error as Error).message);
  }
}

export function usageError(usage: string, message: string): RequestError {
  return new RequestError('usage', message, { advice: `Usage: dmw ${usage.replace(/\s*\n\s*/g, '; ')}` });
}

/** One JSON document, or lines for people. */
export function print(json: boolean, value: unknown, lines: () => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines().join('\n')}\n`);
}

/** Exit codes: 0 done, 1 failed, 2 called wrongly. */
export function reportError(error: unknown): void {
  process.stderr.write(`dmw: ${describeError(error)}\n`);
  process.exitCode = error instanceof RequestError && error.code === 'usage' ? 2 : 1;
}

/** Resolves when the person or the host asks the program to end. */
export function untilStopped(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** Ends the process after `ms` even if something still holds it; an orderly end comes sooner. */
export function endWithin(ms: number): void {
  setTimeout(() => process.exit(), ms).unref();
}

/** Where this person's database is: XDG_DATA_HOME, Application Support or AppData. */
export function defaultDataFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/DM Workbench');
  if (process.platform === 'win32') return join(process.env.APPDATA ?? homedir(), 'DM Workbench');
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'dm-workbench');
}

/** What may be lost: XDG_CACHE_HOME, Caches or LocalAppData. */
export function cacheFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/DM Workbench');
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'DM Workbench/Cache');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dm-workbench');
}

export function databaseIn(folder: string | undefined): string {
  return join(folder ?? defaultDataFolder(), 'workbench.sqlite');
}

/** @throws RequestError `usage` */
export function portNumber(text: string, usage: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw usageError(usage, `${text} is no port number`);
  return port;
}
