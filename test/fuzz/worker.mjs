/**
 * One worker of the fuzzer, started by pool.ts: tries cases one after the other. Before each it writes its number into the
 * heartbeat file, so that the parent knows which one it was whatever becomes of this process.
 */
import { openSync, writeSync } from 'node:fs';
import { Found } from './found.ts';
import { Memory } from './memory.ts';

const { module, seed, first, step, count, heartbeat } = JSON.parse(process.argv[2]);
const REPORT_MS = 500;

// Ctrl+C reaches the whole group: the parent decides what ends.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

const send = message => new Promise(resolve => process.send(message, resolve));
const file = openSync(heartbeat, 'w');
const beats = new Float64Array(2);
const bytes = new Uint8Array(beats.buffer);
const beat = () => {
  beats[1]++;
  writeSync(file, bytes, 0, bytes.length, 0);
};

const { campaign } = await import(module);
const attempts = await campaign.open(seed);
const memory = new Memory(count, globalThis.gc);
let found;
let done = 0;
let reported = performance.now();
await send({ kind: 'ready' });
try {
  while (done < count) {
    const run = first + done * step;
    beats[0] = run;
    beat();
    const attempt = attempts.attempt(run, beat);
    if (attempt) await attempt;
    memory.after(++done);
    if (performance.now() - reported < REPORT_MS) continue;
    reported = performance.now();
    await send({ kind: 'progress', done, figures: attempts.figures(), memory: memory.figures });
  }
} catch (error) {
  if (error instanceof Found) found = { what: error.message, input: error.input, stack: error.cause?.stack };
  else found = { what: String(error), input: attempts.input(beats[0]), stack: error.stack };
}
const figures = attempts.figures();
await attempts.close();
await send({ kind: 'end', done, run: beats[0], figures, memory: memory.figures, found });
process.exit();
