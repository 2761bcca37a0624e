/** The work of a device as one session does it. */
import type { ProtocolError } from '../base/errors.ts';
import type { ServerWork } from '../session/server-work.ts';
import type { Alert, Command, Draft, Results, Status } from '../syncml/message.ts';
import type { DeviceWork } from './device-work.ts';

/**
 * Keeps a session going that has nothing to do: any management command does, and none changes less than to read who the device
 * is, which it told in package 1 already (OMA-TS-DM_Protocol-V1_2_1 §8 and §8.6).
 */
const KEEP_ALIVE: Draft = { kind: 'Get', items: [{ target: { uri: './DevInfo/DevId' } }] };

export class SessionWork implements ServerWork {
  readonly #work: DeviceWork;
  readonly #begin: (worker: SessionWork) => void;
  readonly #onAlert: (alert: Alert) => void;
  #begun = false;
  #goOn = false;

  /** @param begin called before the first commands: only a device that proved who it is gets that far. */
  constructor(work: DeviceWork, begin: (worker: SessionWork) => void, onAlert: (alert: Alert) => void = () => {}) {
    this.#work = work;
    this.#begin = begin;
    this.#onAlert = onAlert;
  }

  /** True where there are commands to send now. */
  get ready(): boolean {
    this.#ensureBegun();
    return this.#isAtWork && this.#work.ready;
  }

  /** The next package keeps the session going even if there is nothing to do. */
  keepAlive(): void {
    this.#goOn = true;
  }

  next(): readonly Draft[] {
    this.#ensureBegun();
    const goOn = this.#goOn;
    this.#goOn = false;
    const drafts = this.#isAtWork ? this.#work.next() : [];
    return drafts.length === 0 && goOn ? [KEEP_ALIVE] : drafts;
  }

  onStatus(command: Command, status: Status): void {
    if (this.#isAtWork) this.#work.onStatus(command, status);
  }

  onResults(command: Command, results: Results): void {
    if (this.#isAtWork) this.#work.onResults(command, results);
  }

  onUnsent(draft: Draft, error: ProtocolError): void {
    if (this.#isAtWork) this.#work.onUnsent(draft, error);
  }

  /** Only those of a device that proved who it is come here. */
  onAlert(alert: Alert): void {
    this.#ensureBegun();
    if (this.#isAtWork) this.#onAlert(alert);
  }

  /** The session is over: what it did not finish waits for the next. */
  breakOff(): void {
    if (this.#isAtWork) this.#work.breakOff();
  }

  /** False again once another session of the device began. */
  get #isAtWork(): boolean {
    return this.#begun && this.#work.isDoneBy(this);
  }

  #ensureBegun(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#begin(this);
  }
}
