/** libwbxml in a process of its own: a C program, compiled here, that converts one document after the other. */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { WbxmlVersion } from '../../../src-core/encoding/wbxml/code-pages.ts';

export interface ToWbxml {
  readonly version: WbxmlVersion;
  readonly stringTable: boolean;
}

export interface Converted {
  readonly bytes: Uint8Array;
  /** For one run. */
  readonly microseconds: number;
}

const HEADERS = '/usr/include/libwbxml-1.0';
export const LIBWBXML_ADVICE = 'get it with: sudo apt-get install gcc libc6-dev libwbxml2-dev';

export class LibwbxmlProgram {
  readonly #folder: string;
  #child: Child | undefined;

  /** @throws where there is no compiler, or no libwbxml for it */
  constructor() {
    if (!existsSync(HEADERS)) throw new Error(`${HEADERS} is not there`);
    this.#folder = mkdtempSync(join(tmpdir(), 'dmw-libwbxml-'));
    try {
      compile(this.#file);
    } catch (error) {
      rmSync(this.#folder, { recursive: true });
      throw error;
    }
  }

  /** @throws where libwbxml refuses the bytes, or ends on them */
  toXml(wbxml: Uint8Array, runs = 1): Promise<Converted> {
    return this.#convert(`xml 0 0 ${runs}`, wbxml);
  }

  /** @throws where libwbxml refuses the document, or ends on it */
  toWbxml(xml: Uint8Array, { version, stringTable }: ToWbxml, runs = 1): Promise<Converted> {
    return this.#convert(`wbxml ${version.slice(2)} ${stringTable ? 1 : 0} ${runs}`, xml);
  }

  /** The next document is converted by a process that has seen none. */
  async restart(): Promise<void> {
    await this.#child?.end();
    this.#child = undefined;
  }

  async close(): Promise<void> {
    await this.restart();
    rmSync(this.#folder, { recursive: true });
  }

  get #file(): string {
    return join(this.#folder, 'convert');
  }

  #convert(order: string, input: Uint8Array): Promise<Converted> {
    if (!this.#child?.isAlive) this.#child = new Child(this.#file);
    return this.#child.ask(order, input);
  }
}

function compile(file: string): void {
  const source = join(import.meta.dirname, 'convert.c');
  const parameters = ['-O2', `-I${HEADERS}`, '-o', file, source, '-lwbxml2'];
  try {
    execFileSync(process.env.CC || 'cc', parameters, { stdio: 'pipe' });
  } catch (error) {
    const last = String((error as Error).message)
      .trim()
      .split('\n')
      .at(-1);
    throw new Error(`libwbxml cannot be compiled: ${last}`, { cause: error });
  }
}

/** One process; asked one thing at a time. */
class Child {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  #heard = Buffer.alloc(0);
  #asked: PromiseWithResolvers<Converted> | undefined;
  isAlive = true;

  constructor(file: string) {
    this.#process = spawn(file, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout.on('data', (data: Buffer) => this.#hear(data));
    // Where it is gone, that is told when it is closed.
    this.#process.stdin.on('error', () => {});
    this.#process.on('error', error => this.#gone(error.message));
    this.#process.on('close', (code, signal) => this.#gone(String(signal ?? code)));
  }

  ask(order: string, input: Uint8Array): Promise<Converted> {
    this.#asked = Promise.withResolvers();
    // In one piece: each wakes the process.
    this.#process.stdin.write(Buffer.concat([Buffer.from(`${order} ${input.length}\n`), input]));
    return this.#asked.promise;
  }

  async end(): Promise<void> {
    if (!this.isAlive) return;
    const closed = once(this.#process, 'close');
    this.#process.stdin.end();
    await closed;
  }

  #hear(data: Buffer): void {
    this.#heard = Buffer.concat([this.#heard, data]);
    const line = this.#heard.indexOf('\n');
    if (line < 0) return;
    const [status, microseconds, length = 0] = this.#heard.toString('latin1', 0, line).split(' ').map(Number);
    const bytes = Uint8Array.from(this.#heard.subarray(line + 1));
    if (bytes.length < length) return;
    this.#heard = Buffer.alloc(0);
    if (status === 0) this.#asked?.resolve({ bytes, microseconds: microseconds ?? 0 });
    else this.#asked?.reject(new Error(`libwbxml refused it: ${Buffer.from(bytes).toString()}`));
  }

  #gone(how: string): void {
    this.isAlive = false;
    this.#asked?.reject(new Error(`libwbxml is gone: ${how}`));
  }
}
