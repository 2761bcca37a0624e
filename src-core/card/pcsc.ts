/**
 * Real readers as the core sees them: the reader contract, carried out by a process of its own. Some PC/SC calls wait
 * inside the service for as long as a card does not answer; in the core they would stop the DM server. A process that ends
 * is started again: a driver that crashes costs what was under way, not the program.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TransportError } from '../base/errors.ts';
import { PcscClient } from './pcsc-client.ts';
import type { ReaderService, ReaderState, ReadersListener } from './reader.ts';

/** Before the second start in a row, doubled for each that follows; before the first there is none. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A process that lived so long ended for a reason of its own. */
const STEADY_MS = 30_000;

/** The program beside this file: its source where the core runs from sources, else its bundle. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './pcsc-process.ts' : './pcsc-process.js', import.meta.url),
);

export interface PcscPorts {
  readonly start: () => ChildProcess;
  /** Resolves also when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const REAL: PcscPorts = {
  start: startProcess,
  pause: (ms, signal) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined),
};

/** @throws TransportError `pcsc-unbuilt`. The service itself need not run yet. */
export async function openPcscReaders(ports: PcscPorts = REAL): Promise<ReaderService> {
  const first = new PcscClient(ports.start());
  try {
    await first.call({ method: 'open' });
  } catch (error) {
    await first.end();
    throw error;
  }
  return new PcscReaders(ports, first);
}

function startProcess(): ChildProcess {
  // It lives long, and others may look at what it was started with.
  const { DMW_ADM: _adm, DMW_PIN: _pin, ...withoutKeys } = process.env;
  return fork(PROGRAM, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    // Electron's binary is Node then; Node itself does not mind.
    env: { ...withoutKeys, ELECTRON_RUN_AS_NODE: '1' },
  });
}

interface Watch {
  readonly listener: ReadersListener;
  /** In the process of now. */
  stop: () => void;
}

class PcscReaders implements ReaderService {
  readonly transport = 'pcscd';
  readonly #ports: PcscPorts;
  readonly #watches = new Set<Watch>();
  readonly #closed = new AbortController();
  #client: PcscClient;
  /** Why there is no process at the moment. */
  #fault: TransportError | undefined;

  constructor(ports: PcscPorts, first: PcscClient) {
    this.#ports = ports;
    this.#client = first;
    void this.#keepAlive();
  }

  readers(): Promise<readonly ReaderState[]> {
    return this.#client.call({ method: 'readers' });
  }

  watch(listener: ReadersListener): () => void {
    const watch = { listener, stop: this.#client.watch(listener) };
    this.#watches.add(watch);
    queueMicrotask(() => {
      if (this.#fault && this.#watches.has(watch)) listener([], this.#fault);
    });
    return () => {
      this.#watches.delete(watch);
      watch.stop();
    };
  }

  connect(reader: string, access: 'exclusive' | 'shared' = 'exclusive') {
    return this.#client.connect(reader, access);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#watches.clear();
    await this.#client.end();
  }

  /** Each process that ends is followed by another: by the first at once, by others the later the more ended in a row. */
  async #keepAlive(): Promise<void> {
    const { signal } = this.#closed;
    for (let pause = 0; ; pause = Math.min(Math.max(pause * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS)) {
      const { exited } = this.#client;
      if (await this.#lastsLong(exited)) pause = 0;
      const fault = await exited;
      if (signal.aborted) return;
      this.#fault = fault;
      for (const { listener } of this.#watches) listener([], fault);
      if (pause > 0) await this.#ports.pause(pause, signal);
      if (signal.aborted) return;
      this.#startAgain();
    }
  }

  #startAgain(): void {
    this.#client = new PcscClient(this.#ports.start());
    this.#fault = undefined;
    for (const watch of this.#watches) watch.stop = this.#client.watch(watch.listener);
  }

  async #lastsLong(exited: Promise<unknown>): Promise<boolean> {
    const ended = new AbortController();
    const long = this.#ports.pause(STEADY_MS, ended.signal).then(() => !ended.signal.aborted);
    const lasted = await Promise.race([exited.then(() => false), long]);
    ended.abort();
    return lasted;
  }
}
