/** The jobs of one device in order, one at a time. A session that breaks off loses none: its job starts over in the next. */
import type { ProtocolError } from '../base/errors.ts';
import type { ServerWork } from '../session/server-work.ts';
import type { Command, Draft, Results, Status } from '../syncml/message.ts';
import type { DeviceJob } from './jobs/job.ts';

/** Commands a package carries at most; answers must fit the device's messages. */
const COMMANDS_PER_PACKAGE = 16;

/** Makes the job afresh for the session that does it. */
export type MakeJob = () => DeviceJob;

export class DeviceWork implements ServerWork {
  readonly #queue: MakeJob[] = [];
  /** The session that began last: what others still say is not about the current job. */
  #worker: object | undefined;
  #current: DeviceJob | undefined;
  /** Taken out of the job, not yet by the session. */
  #ready: readonly Draft[] = [];

  add(job: MakeJob): void {
    this.#queue.push(job);
  }

  /** False where it has begun, or is not there. */
  cancel(job: MakeJob): boolean {
    const at = this.#queue.indexOf(job);
    if (at < 0 || (at === 0 && this.#current)) return false;
    this.#queue.splice(at, 1);
    return true;
  }

  /** Puts back what was cancelled, before those that came after it. */
  putBack(job: MakeJob, comesAfter: (other: MakeJob) => boolean): void {
    const first = this.#current ? 1 : 0;
    const at = this.#queue.findIndex((other, i) => i >= first && comesAfter(other));
    this.#queue.splice(at < 0 ? this.#queue.length : at, 0, job);
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** A session begins: what the last one left unfinished starts over, what it finished does not. */
  begin(worker?: object): void {
    this.breakOff();
    this.#worker = worker;
  }

  /** False for a session after which another one began. */
  isDoneBy(worker: object): boolean {
    return this.#worker === worker;
  }

  /** The session that did the work is over. */
  breakOff(): void {
    const job = this.#current;
    this.#current = undefined;
    this.#ready = [];
    if (!job?.done) {
      job?.brokenOff?.();
      return;
    }
    this.#queue.shift();
    job.ended?.();
  }

  /** True where there are commands to send now: `next` gives them. */
  get ready(): boolean {
    if (this.#ready.length === 0) this.#ready = this.#take();
    return this.#ready.length > 0;
  }

  next(): readonly Draft[] {
    const drafts = this.#ready.length > 0 ? this.#ready : this.#take();
    this.#ready = [];
    return drafts;
  }

  onStatus(command: Command, status: Status): void {
    this.#current?.onStatus(command, status);
  }

  onResults(command: Command, results: Results): void {
    this.#current?.onResults(command, results);
  }

  onUnsent(draft: Draft, error: ProtocolError): void {
    this.#current?.onUnsent(draft, error);
  }

  #take(): readonly Draft[] {
    for (;;) {
      this.#current ??= this.#queue[0]?.();
      const job = this.#current;
      const drafts = job?.next(COMMANDS_PER_PACKAGE) ?? [];
      if (!job || drafts.length > 0) return drafts;
      this.#queue.shift();
      this.#current = undefined;
      job.ended?.();
    }
  }
}
