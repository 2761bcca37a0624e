/**
 * Real readers as the core sees them: the reader contract, carried out by a process of its own. Some PC/SC calls wait
 * inside the service for as long as a card does not answer; in the core they would stop the DM server.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TransportError } from '../base/errors.ts';
import { type Connected, errorFrom, type PcscAnswer, type PcscCall, type PcscRequest } from './pcsc-protocol.ts';
import type { CardConnection, ReaderService, ReaderState, ReadersListener } from './reader.ts';

/** A process that hangs in the service is killed after this. */
const CLOSE_MS = 2_000;

/** The program beside this file: its source where the core runs from sources, else its bundle. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './pcsc-process.ts' : './pcsc-process.js', import.meta.url),
);

/** @throws TransportError `pcsc-unbuilt`. The service itself need not run yet. */
export async function openPcscReaders(): Promise<ReaderService> {
  const client = new PcscClient(startProcess());
  try {
    await client.call({ method: 'open' });
  } catch (error) {
    await client.end();
    throw error;
  }
  return client.service();
}

function startProcess(): ChildProcess {
  return fork(PROGRAM, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    // Electron's binary is Node then; Node itself does not mind.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
}

class PcscClient {
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #watches = new Map<number, ReadersListener>();
  #last = 0;

  constructor(child: ChildProcess) {
    this.#process = child;
    child.on('message', (answer: PcscAnswer) => this.#receive(answer));
    this.#exited = new Promise(resolve => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    void this.#exited.then(() => {
      process.off('exit', killWithUs);
      this.#broken();
    });
  }

  call<T>(call: PcscCall): Promise<T> {
    const id = ++this.#last;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    if (this.#process.connected) this.#process.send({ id, call } satisfies PcscRequest);
    else this.#broken();
    return waiting.promise as Promise<T>;
  }

  service(): ReaderService {
    return {
      transport: 'pcscd',
      readers: () => this.call<readonly ReaderState[]>({ method: 'readers' }),
      watch: listener => this.#watch(listener),
      connect: async (reader, access = 'exclusive') =>
        this.#connection(await this.call<Connected>({ method: 'connect', reader, access })),
      close: () => this.end(),
    };
  }

  /** Ends the process: in order where it answers, at once where it hangs. */
  async end(): Promise<void> {
    this.#watches.clear();
    const kill = setTimeout(() => this.#process.kill('SIGKILL'), CLOSE_MS);
    await this.call({ method: 'close' }).catch(() => undefined);
    if (this.#process.connected) this.#process.disconnect();
    await this.#exited;
    clearTimeout(kill);
  }

  #watch(listener: ReadersListener): () => void {
    const watch = ++this.#last;
    this.#watches.set(watch, listener);
    this.call({ method: 'watch', watch }).catch(() => undefined);
    return () => {
      if (this.#watches.delete(watch)) this.call({ method: 'unwatch', watch }).catch(() => undefined);
    };
  }

  #connection({ connection, atr, extended }: Connected): CardConnection {
    return {
      atr,
      extended,
      transmit: apdu => this.call({ method: 'transmit', connection, apdu }),
      disconnect: () => this.call<void>({ method: 'disconnect', connection }).catch(() => undefined),
    };
  }

  #receive(answer: PcscAnswer): void {
    if (answer.kind === 'readers') {
      this.#watches.get(answer.watch)?.(answer.readers);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === 'value') waiting?.resolve(answer.value);
    else waiting?.reject(errorFrom(answer.error));
  }

  /** The process ended: nobody waits for ever, and no reader is there any more. */
  #broken(): void {
    const error = new TransportError('pcsc-crashed', 'the PC/SC part of the workbench has ended', {
      advice: 'Start the workbench again',
    });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    for (const listener of this.#watches.values()) listener([]);
  }
}
