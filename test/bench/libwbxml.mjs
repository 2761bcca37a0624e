/** libwbxml as a reference for the codec bench: a C program, compiled into a folder of its own, that answers documents with times. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const HEADERS = '/usr/include/libwbxml-1.0';
const COMPILER = process.env.CC || 'cc';

/** Null, with the reason on standard error, where it cannot be compiled here. */
export async function openLibwbxml() {
  const folder = await mkdtemp(join(tmpdir(), 'dmw-bench-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const program = join(folder, 'libwbxml');
  try {
    const source = join(import.meta.dirname, 'libwbxml.c');
    if (!existsSync(HEADERS)) throw new Error(`${HEADERS} is not there`);
    execFileSync(COMPILER, ['-O2', `-I${HEADERS}`, '-o', program, source, '-lwbxml2'], { stdio: 'pipe' });
  } catch (error) {
    await remove();
    console.error(`bench: no baseline, libwbxml cannot be compiled: ${error.message.trim().split('\n').at(-1)}`);
    console.error('bench: get it with: sudo apt-get install gcc libc6-dev libwbxml2-dev');
    return null;
  }
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** Microseconds for one conversion each way. */
    async measure(bytes, runs) {
      child.stdin.write(`${bytes.length} ${runs}\n`);
      child.stdin.write(bytes);
      const { value, done } = await lines.next();
      if (done) throw new Error('libwbxml ended before it answered');
      const [toXml, toWbxml] = value.split(' ').map(Number);
      return { toXml, toWbxml };
    },
    async close() {
      child.stdin.end();
      await exit;
      await remove();
    },
  };
}
