/** The jobs of one device in order, one at a time. A session that breaks off loses none: its job starts over in the next. */
import type { ProtocolError } from '../base/errors.ts';
import type { ServerWork } from '../session/server-session.ts';
import type { Command, Draft, Results, Status } from '../syncml/message.ts';
import type { DeviceJob } from './jobs.ts';

/** Commands a package carries at most; answers must fit the device's messages. */
const COMMANDS_PER_PACKAGE = 16;

export class DeviceWork implements ServerWork {
  readonly #queue: (() => DeviceJob)[] = [];
  #current: DeviceJob | undefined;

  /** `job` makes the job afresh for the session that does it. */
  add(job: () => DeviceJob): void {
    this.#queue.push(job);
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** A session begins: what the last one left unfinished starts over, what it finished does not. */
  begin(): void {
    if (this.#current?.done) this.#queue.shift();
    this.#current = undefined;
  }

  next(): readonly Draft[] {
    for (;;) {
      this.#current ??= this.#queue[0]?.();
      const drafts = this.#current?.next(COMMANDS_PER_PACKAGE) ?? [];
      if (!this.#current || drafts.length > 0) return drafts;
      this.#queue.shift();
      this.#current = undefined;
    }
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
}
