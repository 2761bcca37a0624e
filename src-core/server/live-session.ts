/** One session of a device while it runs: its machine, its record, and one message after another. */
import type { ServerSession } from '../session/server-session.ts';
import type { AccountRecord, SessionRecord } from '../store/contract.ts';
import type { Device } from './device.ts';
import type { SessionWork } from './session-work.ts';
import type { Answer } from './transport.ts';

export class LiveSession {
  /** Random, in RespURI: what tells one session from another on the wire. */
  readonly id: string;
  readonly machine: ServerSession;
  readonly work: SessionWork;
  readonly device: Device;
  readonly account: AccountRecord | undefined;
  /** Why the account takes nobody here, whatever the credentials: locked, or another device's. */
  readonly barred: string | undefined;
  /** Package 1 as it came, until the session has seen anything else. */
  first: Answer | undefined;
  record: SessionRecord;
  lastMessageAt: number;
  /** Bytes of its messages. */
  bytes = 0;
  /** It came with wrong credentials, which locked the account if there is a time. */
  wrong: { readonly lockedUntil: number | undefined } | undefined;
  /** Somebody waits for what to answer. */
  wake: (() => void) | undefined;
  #busy = false;
  /** Those who wait for their turn. */
  readonly #waiting: (() => void)[] = [];

  constructor(
    options: Pick<LiveSession, 'id' | 'machine' | 'work' | 'device' | 'account' | 'barred' | 'first' | 'record'>,
  ) {
    this.id = options.id;
    this.machine = options.machine;
    this.work = options.work;
    this.device = options.device;
    this.account = options.account;
    this.barred = options.barred;
    this.first = options.first;
    this.record = options.record;
    this.lastMessageAt = options.record.startedAt;
  }

  get proven(): boolean {
    return this.record.clientAuthenticated;
  }

  /** It is out of the table: what it did not finish waits for the next. */
  over(): void {
    this.work.breakOff();
    this.wake?.();
  }

  /** Waits until all that came before is done: messages of one session are handled in order. `leave` must follow. */
  enter(): Promise<void> | undefined {
    if (this.#busy) return new Promise(resolve => this.#waiting.push(resolve));
    this.#busy = true;
    return undefined;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
}
