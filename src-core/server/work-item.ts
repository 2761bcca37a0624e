/** One piece of work that somebody asked of a device: a job as data, and how far it has come. It outlives sessions and the program. */
import type { ProtocolError } from '../base/errors.ts';
import { isSuccess } from '../syncml/codes.ts';
import type { Command, Draft, Results, Status } from '../syncml/message.ts';
import type { MakeJob } from './device-work.ts';
import type { DeviceJob } from './jobs/job.ts';
import { Progress, type ProgressRecord } from './jobs/progress.ts';
import { SendCommands } from './jobs/send-commands.ts';
import { type JobPorts, type JobSpec, jobOf } from './jobs/spec.ts';

/** `refused`: the device refused some of it, or did not answer; `unsent`: nothing of it can be sent. */
export type WorkState = 'queued' | 'sent' | 'answered' | 'refused' | 'unsent' | 'cancelled';

/** Plain JSON. */
export interface WorkRecord {
  readonly id: number;
  readonly deviceId: string;
  readonly spec: JobSpec;
  readonly state: WorkState;
  /** Nothing of it is left to do; what is answered may still be read back. */
  readonly done: boolean;
  readonly createdAt: number;
  readonly sentAt?: number;
  readonly answeredAt?: number;
  /** Record of the session that did it last. */
  readonly sessionKey?: string;
  /** Why it is in this state, where that needs words. */
  readonly detail?: string;
  readonly progress: ProgressRecord;
}

export interface WorkContext extends JobPorts {
  readonly now: () => number;
  /** Record of the session that works now. */
  readonly sessionKey: () => string;
  readonly changed: (item: WorkItem) => void;
}

const SENT_AGAIN = 'sent again: an earlier session ended before the device answered';
const MAYBE_DONE = 'it had gone out before: the device may have done it';
const SILENT = 'the device did not answer';

export class WorkItem implements DeviceJob {
  readonly make: MakeJob = () => this.#start();
  readonly #context: WorkContext;
  #record: Omit<WorkRecord, 'progress'>;
  #progress: Progress;
  #job: DeviceJob | undefined;

  constructor({ progress, ...record }: WorkRecord, context: WorkContext) {
    this.#record = record;
    this.#progress = new Progress(progress);
    this.#context = context;
  }

  get id(): number {
    return this.#record.id;
  }

  get record(): WorkRecord {
    return { ...this.#record, progress: this.#progress.record };
  }

  get done(): boolean {
    return this.#job?.done ?? this.#record.done;
  }

  /** What the device answered stays answered: then only what would have been read is not. */
  cancel(): void {
    const { state, sentAt } = this.#record;
    if (state !== 'queued') this.#set({ done: true });
    else if (sentAt === undefined) this.#set({ state: 'cancelled', done: true });
    else this.#set({ state: 'cancelled', done: true, detail: MAYBE_DONE });
  }

  next(limit: number): readonly Draft[] {
    const drafts = this.#job?.next(limit) ?? [];
    // What could be taken in was: without an answer by now there will be none.
    if (this.#record.state === 'sent' && (drafts.length === 0 || this.#isAnswered)) this.#conclude();
    if (drafts.length > 0 && this.#record.state === 'queued') {
      const { now, sessionKey } = this.#context;
      const { detail: _, ...record } = this.#record;
      // The device may have done it already: nobody can know.
      const again = record.sentAt === undefined ? undefined : SENT_AGAIN;
      const sent = { sentAt: now(), sessionKey: sessionKey(), ...(again && { detail: again }) };
      this.#record = { ...record, state: 'sent', ...sent };
      this.#context.changed(this);
    }
    return drafts;
  }

  onStatus(command: Command, status: Status): void {
    this.#job?.onStatus(command, status);
    this.#answered();
  }

  onResults(command: Command, results: Results): void {
    this.#job?.onResults(command, results);
    this.#answered();
  }

  onUnsent(draft: Draft, error: ProtocolError): void {
    this.#job?.onUnsent(draft, error);
    this.#answered();
  }

  /** What was not answered goes back into the queue. */
  brokenOff(): void {
    this.#job?.brokenOff?.();
    this.#job = undefined;
    if (this.#record.state === 'sent')
      this.#record = { ...this.#record, state: 'queued', detail: 'the session ended before the device answered' };
    this.#context.changed(this);
  }

  ended(): void {
    if (this.#record.state === 'sent') this.#conclude();
    this.#job = undefined;
    this.#set({ done: true });
  }

  #start(): DeviceJob {
    // A read begins anew.
    if (this.#record.spec.kind === 'read') this.#progress = new Progress();
    this.#job = jobOf(this.#record.spec, this.#context, this.#progress);
    return this;
  }

  get #isAnswered(): boolean {
    return this.#job instanceof SendCommands && this.#job.answered;
  }

  #answered(): void {
    // What is read back goes into the tree; of the record only its end is news.
    if (this.#job instanceof SendCommands && this.#job.readsBack) return;
    // Statuses of commands inside a group may come after its own.
    if (this.#isAnswered) this.#conclude();
    this.#context.changed(this);
  }

  #conclude(): void {
    const { statuses, unsent } = this.#progress;
    const [first] = unsent;
    const { answeredAt = this.#context.now() } = this.#record;
    const silent = this.#job instanceof SendCommands && !this.#isAnswered;
    const refused = statuses.some(({ code, path }) => !isSuccess(code) && this.#matters(path));
    if (statuses.length === 0 && first) this.#setUnsent(first.reason);
    else if (silent) this.#set({ state: 'refused', detail: SILENT, answeredAt });
    else if (first) this.#set({ state: 'refused', detail: first.reason, answeredAt });
    else this.#set({ state: refused ? 'refused' : 'answered', answeredAt });
  }

  #setUnsent(detail: string): void {
    const { sentAt: _, ...record } = this.#record;
    this.#record = { ...record, state: 'unsent', detail };
    this.#context.changed(this);
  }

  /** Of a read the parts may be refused. */
  #matters(path: string): boolean {
    if (this.#record.spec.kind === 'send') return path !== '';
    const { reads, refusedReads } = this.#progress.record;
    return reads === refusedReads;
  }

  #set(change: Partial<WorkRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#context.changed(this);
  }
}
