/** Runs the cases of a campaign in worker processes, and notices what a worker cannot tell any more: that it hangs or is gone. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Campaign } from './campaign.ts';
import type { MemoryFigures } from './memory.ts';
import { Stall } from './stall.ts';

export interface Task {
  readonly campaign: Campaign;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

export interface Failure {
  readonly run: number;
  readonly what: string;
  readonly input: string;
  readonly stack?: string;
}

export interface Summary {
  readonly done: number;
  readonly seconds: number;
  readonly figures: Readonly<Record<string, number>>;
  /** Of each worker. */
  readonly memory: readonly MemoryFigures[];
  readonly failure?: Failure;
}

type Message =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'progress';
      readonly done: number;
      readonly figures: Summary['figures'];
      readonly memory?: MemoryFigures;
    }
  | {
      readonly kind: 'end';
      readonly done: number;
      readonly run: number;
      readonly figures: Summary['figures'];
      readonly memory?: MemoryFigures;
      readonly found?: Omit<Failure, 'run'>;
    };

const WATCH_MS = 200;

export async function runTask(task: Task): Promise<Summary> {
  const folder = mkdtempSync(join(tmpdir(), 'dmw-fuzz-'));
  const began = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([task.signal, stop.signal]);
  const lanes = Array.from({ length: Math.min(task.workers, task.count) }, (_, i) => new Lane(task, i, folder));
  const ticker = setInterval(() => task.onProgress(total(lanes)), 1000);
  try {
    await Promise.all(lanes.map(lane => lane.run(signal).then(() => lane.failure && stop.abort())));
  } finally {
    clearInterval(ticker);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const failure = lanes.flatMap(lane => lane.failure ?? [])[0];
  return {
    done: total(lanes),
    seconds: (performance.now() - began) / 1000,
    figures: sum(lanes.map(lane => lane.figures)),
    memory: lanes.flatMap(lane => lane.memory ?? []),
    ...(failure && { failure }),
  };
}

function total(lanes: readonly Lane[]): number {
  return lanes.reduce((all, lane) => all + lane.done, 0);
}

function sum(all: readonly Summary['figures'][]): Summary['figures'] {
  const out: Record<string, number> = {};
  for (const figures of all) for (const [name, value] of Object.entries(figures)) out[name] = (out[name] ?? 0) + value;
  return out;
}

/** Every so many-th case, in one process, or a second one where the first stood still. */
class Lane {
  readonly #task: Task;
  readonly #first: number;
  readonly #count: number;
  readonly #folder: string;
  readonly #heartbeat: string;
  done = 0;
  figures: Summary['figures'] = {};
  memory: MemoryFigures | undefined;
  failure: Failure | undefined;

  constructor(task: Task, index: number, folder: string) {
    this.#task = task;
    this.#first = task.first + index;
    this.#count = Math.ceil((task.count - index) / task.workers);
    this.#folder = folder;
    this.#heartbeat = join(folder, `heartbeat-${index}`);
  }

  async run(signal: AbortSignal): Promise<void> {
    let suspect: number | undefined;
    for (let from = 0; from < this.#count && !this.failure && !signal.aborted; ) {
      const stalled = await this.#runFrom(from, signal);
      if (stalled === undefined) return;
      // A busy machine stalls too: only what stalls again hangs.
      if (stalled === suspect) await this.#fail(stalled, `no answer within ${this.#task.campaign.stallMs} ms`);
      suspect = stalled;
      from = (stalled - this.#first) / this.#task.workers;
    }
  }

  /** Returns the case that stood still, if one did. */
  async #runFrom(from: number, signal: AbortSignal): Promise<number | undefined> {
    const child = this.#start(from);
    const onAbort = () => child.kill('SIGKILL');
    signal.addEventListener('abort', onAbort);
    const before = this.figures;
    let ended = false;
    let ready = false;
    child.on('message', (message: Message) => {
      if (message.kind === 'ready') ready = true;
      else {
        this.done = from + message.done;
        this.figures = sum([before, message.figures]);
        this.memory = message.memory ?? this.memory;
      }
      if (message.kind !== 'end') return;
      ended = true;
      if (message.found) this.failure = { run: message.run, ...message.found };
    });
    let stalled: number | undefined;
    const watch = this.#watch(
      child,
      () => ready,
      () => {
        stalled = this.#case();
        child.kill('SIGKILL');
      },
    );
    // The last message may come after the exit, but not after the channel is closed.
    const [[code, signalName]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
    clearInterval(watch);
    signal.removeEventListener('abort', onAbort);
    if (stalled === undefined && !ended && !signal.aborted)
      await this.#fail(this.#case(), `the worker is gone: ${signalName ?? code}`);
    return stalled;
  }

  #start(from: number): ChildProcess {
    const { campaign, seed, workers } = this.#task;
    const order = {
      module: campaign.module,
      seed,
      first: this.#first + from * workers,
      step: workers,
      count: this.#count - from,
      heartbeat: this.#heartbeat,
    };
    // Its temporary files are in our folder: a worker that is killed leaves nothing behind.
    const env = { ...process.env, TMPDIR: this.#folder };
    return fork(join(import.meta.dirname, 'worker.mjs'), [JSON.stringify(order)], { execArgv: ['--expose-gc'], env });
  }

  #watch(child: ChildProcess, isReady: () => boolean, onStall: () => void): NodeJS.Timeout {
    const stall = new Stall(this.#heartbeat, child.pid, this.#task.campaign.stallMs);
    return setInterval(() => {
      if (isReady() && stall.hangs) onStall();
    }, WATCH_MS);
  }

  /** The case that the worker began last. */
  #case(): number {
    const bytes = readFileSync(this.#heartbeat);
    return bytes.length >= 8 ? bytes.readDoubleLE(0) : this.#first;
  }

  async #fail(run: number, what: string): Promise<void> {
    const attempts = await this.#task.campaign.open(this.#task.seed);
    this.failure = { run, what, input: attempts.input(run) };
    await attempts.close();
  }
}
