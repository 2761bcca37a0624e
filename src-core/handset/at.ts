/** AT commands over a serial link, one at a time (3GPP TS 27.007, V.250). */
import { TransportError } from '../base/errors.ts';
import {
  type AtEvent,
  type AtState,
  commandDropped,
  commandSent,
  INITIAL_STATE,
  MAX_LINE,
  receive,
} from './at-parser.ts';
import { type AtResult, describeResult } from './at-result-codes.ts';
import type { SerialLink } from './link.ts';

export interface AtOptions {
  /** How long the handset may take for its final result code. Milliseconds; 5000 unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Exchange {
  readonly lines: string[];
  readonly resolve: (result: AtResult) => void;
  readonly reject: (error: TransportError) => void;
}

const DEFAULT_TIMEOUT_MS = 5_000;
/** After a command without an answer: how long the handset must be silent until the next answer counts. */
const QUIET_MS = 150;

export class AtSession {
  readonly #link: SerialLink;
  readonly #unsolicited = new Set<(line: string) => void>();
  readonly #detach: readonly (() => void)[];
  #state: AtState = INITIAL_STATE;
  #exchange: Exchange | undefined;
  /** Settles when the commands before the next one are finished. */
  #turn: Promise<void> = Promise.resolve();
  #ended: TransportError | undefined;
  /** A command was left without its result: that result may still come, and must not answer the next command. */
  #outOfStep = false;
  #lastByteAt = 0;

  /** Listens on the link from now on; the link stays its opener's, who closes it. */
  constructor(link: SerialLink) {
    this.#link = link;
    this.#detach = [link.onData(bytes => this.#receive(bytes)), link.onClose(error => this.#linkEnded(error))];
  }

  /**
   * Sends one command, `AT+CGMI` without its CR, after those already waiting, and returns the lines that answer it.
   * @throws TransportError `at-error` (refused, with the reason), `at-timeout`, `at-cancelled`, `at-garbled`,
   *   `at-bad-command`, or what ended the link: `port-vanished`, `port-closed`, `port-stalled`
   */
  async command(command: string, options: AtOptions = {}): Promise<readonly string[]> {
    if (!/^AT[\x20-\x7e]*$/i.test(command))
      throw new TransportError('at-bad-command', `${JSON.stringify(command)} is not one AT command`, {
        advice: 'Write one line of printable ASCII that begins with AT',
      });
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    const before = this.#turn;
    const done = Promise.withResolvers<void>();
    this.#turn = done.promise;
    try {
      await this.#waitUnlessAborted(before, command, signal);
      if (this.#outOfStep) await this.#resynchronize(command, timeoutMs, signal);
      const { lines, result } = await this.#run(command, command, timeoutMs, signal);
      if (result.kind !== 'ok') throw this.#refused(command, result);
      return lines;
    } finally {
      // A command that gave up while it waited must not let the next one overtake those before it.
      before.then(done.resolve);
    }
  }

  /** Lines that answer no command. Returns the function that stops listening. */
  onUnsolicited(listener: (line: string) => void): () => void {
    this.#unsolicited.add(listener);
    return () => this.#unsolicited.delete(listener);
  }

  /** Stops listening on the link and leaves it open; a command under way is cancelled. */
  detach(): void {
    for (const stop of this.#detach) stop();
    this.#ended ??= new TransportError('at-cancelled', `The AT session on ${this.#link.path} was ended`, {
      advice: 'Open it again and repeat the command',
      details: { port: this.#link.path },
    });
    this.#exchange?.reject(this.#ended);
  }

  /** One command and its result. `asked` names the person's command in errors. */
  #run(
    command: string,
    asked: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly lines: readonly string[]; readonly result: AtResult }> {
    if (this.#ended) return Promise.reject(this.#naming(asked, this.#ended));
    if (signal?.aborted) return Promise.reject(this.#cancelled(asked, signal));
    return new Promise((resolve, reject) => {
      const lines: string[] = [];
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#exchange = undefined;
      };
      const fail = (error: TransportError) => {
        finish();
        this.#outOfStep = true;
        this.#state = commandDropped(this.#state);
        reject(this.#naming(asked, error));
      };
      const abort = () => signal && fail(this.#cancelled(asked, signal));
      const timer = setTimeout(() => fail(this.#timedOut(asked, timeoutMs)), timeoutMs);
      signal?.addEventListener('abort', abort, { once: true });
      const exchange: Exchange = {
        lines,
        resolve: result => {
          finish();
          resolve({ lines, result });
        },
        reject: fail,
      };
      this.#exchange = exchange;
      this.#state = commandSent(this.#state, command);
      this.#link.write(new TextEncoder().encode(`${command}\r`)).catch((error: TransportError) => {
        if (this.#exchange === exchange) fail(error);
      });
    });
  }

  /** Asks a bare AT and waits for silence: the handset answers in order, so the late result is out by then. */
  async #resynchronize(asked: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    await this.#run('AT', asked, timeoutMs, signal);
    let wait = QUIET_MS;
    while (wait > 0) {
      await this.#waitUnlessAborted(new Promise(resolve => setTimeout(resolve, wait)), asked, signal);
      wait = this.#lastByteAt + QUIET_MS - performance.now();
    }
    this.#outOfStep = false;
  }

  async #waitUnlessAborted(what: Promise<void>, asked: string, signal: AbortSignal | undefined): Promise<void> {
    if (!signal) return what;
    if (signal.aborted) throw this.#cancelled(asked, signal);
    const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
    const listener = () => abort();
    signal.addEventListener('abort', listener, { once: true });
    await Promise.race([what, aborted]);
    signal.removeEventListener('abort', listener);
    if (signal.aborted) throw this.#cancelled(asked, signal);
  }

  #receive(bytes: Uint8Array): void {
    this.#lastByteAt = performance.now();
    const { state, events } = receive(this.#state, bytes);
    this.#state = state;
    for (const event of events) this.#handle(event);
  }

  #handle(event: AtEvent): void {
    switch (event.kind) {
      case 'information':
        this.#exchange?.lines.push(event.text);
        break;
      case 'result':
        this.#exchange?.resolve(event.result);
        break;
      case 'unsolicited':
        for (const listener of [...this.#unsolicited]) listener(event.text);
        break;
      case 'garbled':
        this.#exchange?.reject(this.#garbled());
        break;
    }
  }

  #linkEnded(error: TransportError | undefined): void {
    this.#ended ??=
      error ??
      new TransportError('port-closed', `${this.#link.path} was closed`, {
        advice: 'Open the port again',
        details: { port: this.#link.path },
      });
    this.#exchange?.reject(this.#ended);
  }

  /** The same error, saying which command it ended. */
  #naming(command: string, error: TransportError): TransportError {
    if (error.details.command !== undefined) return error;
    return new TransportError(error.code, `${command}: ${error.message}`, {
      ...(error.advice !== undefined && { advice: error.advice }),
      details: { ...error.details, port: this.#link.path, command },
      cause: error,
    });
  }

  #refused(command: string, result: AtResult): TransportError {
    const resultCode = 'code' in result ? (result.code ?? null) : null;
    return new TransportError('at-error', `${command}: ${this.#link.path} answered ${describeResult(result)}`, {
      advice: 'The handset refused the command: see the reason, or try another of its ports',
      details: { port: this.#link.path, command, result: result.kind, resultCode },
    });
  }

  #timedOut(command: string, timeoutMs: number): TransportError {
    return new TransportError('at-timeout', `${command}: no answer from ${this.#link.path} in ${timeoutMs / 1000} s`, {
      advice: 'Check that the handset is on and its cable is in, and that this is its modem port (many offer several)',
      details: { port: this.#link.path, command, timeoutMs },
    });
  }

  #garbled(): TransportError {
    return new TransportError(
      'at-garbled',
      `${this.#link.path} sent ${MAX_LINE} bytes without a line end: no AT answer`,
      {
        advice: 'Check the speed of the port, and that this is the modem port of the handset',
        details: { port: this.#link.path },
      },
    );
  }

  #cancelled(command: string, signal: AbortSignal): TransportError {
    return new TransportError('at-cancelled', `${command} was cancelled`, {
      advice: 'Repeat it when the handset is ready',
      details: { port: this.#link.path, command },
      cause: signal.reason,
    });
  }
}
