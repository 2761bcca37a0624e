/** One PC/SC process as the core sees it: calls and their answers, watches, and its end. */
import type { ChildProcess } from 'node:child_process';
import { TransportError } from '../base/errors.ts';
import { type Connected, errorFrom, type PcscAnswer, type PcscCall, type PcscRequest } from './pcsc-protocol.ts';
import type { CardAccess, CardConnection, ReadersListener } from './reader.ts';

/** A process that hangs in the service is killed after this. */
const CLOSE_MS = 2_000;

export class PcscClient {
  /** Resolves with why, when the process is no more. */
  readonly exited: Promise<TransportError>;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #watches = new Map<number, ReadersListener>();
  #ended: TransportError | undefined;
  #last = 0;

  constructor(child: ChildProcess) {
    this.#process = child;
    const exited = Promise.withResolvers<TransportError>();
    this.exited = exited.promise;
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    const end = (how: string) => {
      if (this.#ended) return;
      process.off('exit', killWithUs);
      this.#ended = crashed(how);
      for (const { reject } of this.#waiting.values()) reject(this.#ended);
      this.#waiting.clear();
      exited.resolve(this.#ended);
    };
    child.on('message', (answer: PcscAnswer) => this.#receive(answer));
    child.on('error', ({ message }) => {
      child.kill('SIGKILL');
      end(message);
    });
    child.once('exit', (code, signal) => end(signal ?? `code ${code}`));
  }

  call<T>(call: PcscCall): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#last;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    // Where it has ended meanwhile, its end answers.
    if (this.#process.connected) this.#process.send({ id, call } satisfies PcscRequest, () => undefined);
    return waiting.promise as Promise<T>;
  }

  watch(listener: ReadersListener): () => void {
    const watch = ++this.#last;
    this.#watches.set(watch, listener);
    this.call({ method: 'watch', watch }).catch(() => undefined);
    return () => {
      if (this.#watches.delete(watch)) this.call({ method: 'unwatch', watch }).catch(() => undefined);
    };
  }

  async connect(reader: string, access: CardAccess): Promise<CardConnection> {
    const { connection, atr, extended } = await this.call<Connected>({ method: 'connect', reader, access });
    return {
      atr,
      extended,
      transmit: apdu => this.call({ method: 'transmit', connection, apdu }),
      disconnect: () => this.call<void>({ method: 'disconnect', connection }).catch(() => undefined),
    };
  }

  /** Ends the process: in order where it answers, at once where it hangs. */
  async end(): Promise<void> {
    this.#watches.clear();
    const kill = setTimeout(() => this.#process.kill('SIGKILL'), CLOSE_MS);
    await this.call({ method: 'close' }).catch(() => undefined);
    if (this.#process.connected) this.#process.disconnect();
    await this.exited;
    clearTimeout(kill);
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
}

function crashed(how: string): TransportError {
  return new TransportError('pcsc-crashed', `the PC/SC part of the workbench has ended (${how})`, {
    advice: 'It is started again by itself: try again when the readers are back',
  });
}
