/** wbxml2xml and xml2wbxml of libwbxml. One shell starts them: it does so more quickly than Node. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ToWbxml } from '../../support/libwbxml/program.ts';
import type { Libwbxml } from './libwbxml.ts';

const TIMEOUT_MS = 30_000;

/** A shell in a group of its own, so that what hangs can be ended with it. */
class Shell {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(folder: string) {
    this.#process = spawn('sh', [], { cwd: folder, detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Exit status of a command, undefined where it did not end in time. */
  async run(command: string): Promise<string | undefined> {
    this.#process.stdin.write(`${command}; echo $?\n`);
    const timer = setTimeout(() => process.kill(-(this.#process.pid ?? 0), 'SIGKILL'), TIMEOUT_MS);
    const { value, done } = await this.#lines.next();
    clearTimeout(timer);
    return done ? undefined : value;
  }

  async close(): Promise<void> {
    const exit = once(this.#process, 'exit');
    this.#process.stdin.end();
    await exit;
  }
}

export class LibwbxmlUtilities implements Libwbxml {
  readonly #folder = mkdtempSync(join(tmpdir(), 'dmw-libwbxml-'));
  #shell: Shell | undefined;

  toXml(wbxml: Uint8Array): Promise<Uint8Array> {
    return this.#convert('wbxml2xml -k -m 0', wbxml);
  }

  toWbxml(xml: Uint8Array, { version, stringTable }: ToWbxml): Promise<Uint8Array> {
    return this.#convert(`xml2wbxml -k -v ${version} ${stringTable ? '' : '-n'}`, xml);
  }

  async close(): Promise<void> {
    await this.#shell?.close();
    rmSync(this.#folder, { recursive: true });
  }

  async #convert(command: string, input: Uint8Array): Promise<Uint8Array> {
    writeFileSync(join(this.#folder, 'in'), input);
    this.#shell ??= new Shell(this.#folder);
    const status = await this.#shell.run(`${command} -o out in >said 2>&1`);
    if (status === '0') return Uint8Array.from(readFileSync(join(this.#folder, 'out')));
    if (status !== undefined) {
      const said = readFileSync(join(this.#folder, 'said'), 'utf8').trim();
      throw new Error(`${command} refused it (${status}): ${said}`);
    }
    this.#shell = undefined;
    throw new Error(`${command} did not end within ${TIMEOUT_MS / 1000} s`);
  }
}
