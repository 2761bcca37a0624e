/** The work that people asked of one device: what of it waits, and what of it changed and has to be kept. */
import type { DeviceWork } from './device-work.ts';
import { NO_PROGRESS } from './jobs/progress.ts';
import type { JobSpec } from './jobs/spec.ts';
import { type WorkContext, WorkItem, type WorkRecord } from './work-item.ts';

export interface WorkListOptions extends Omit<WorkContext, 'changed'> {
  readonly deviceId: string;
  readonly work: DeviceWork;
  /** Rises with every call, over all devices and launches. */
  readonly newId: () => number;
}

const NOTHING = { added: [], changed: [] };
const STOPPED = 'the program ended before the device answered';

export class WorkList {
  readonly #options: WorkListOptions;
  readonly #context: WorkContext;
  readonly #waiting = new Map<number, WorkItem>();
  /** Not in the store yet. */
  #added = new Set<WorkItem>();
  #changed = new Set<WorkItem>();

  constructor(options: WorkListOptions) {
    this.#options = options;
    this.#context = { ...options, changed: item => this.#changed.add(item) };
  }

  /** Returns its identifier. It is kept when the record was taken and written. */
  add(spec: JobSpec): number {
    const item = this.restore(this.newRecord(spec));
    this.#added.add(item);
    return item.id;
  }

  /** To be written first, then restored: what could not be recorded is not done. */
  newRecord(spec: JobSpec): WorkRecord {
    const { deviceId, newId, now } = this.#options;
    return { id: newId(), deviceId, spec, state: 'queued', done: false, createdAt: now(), progress: NO_PROGRESS };
  }

  /** Recorded and undone, perhaps by an earlier launch: what was on its way when that ended goes out again. */
  restore(record: WorkRecord): WorkItem {
    const wasSent = record.state === 'sent';
    const item = new WorkItem(wasSent ? { ...record, state: 'queued', detail: STOPPED } : record, this.#context);
    if (wasSent) this.#changed.add(item);
    this.#waiting.set(item.id, item);
    this.#options.work.add(item.make);
    return item;
  }

  /** True until it is done and that is recorded. */
  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** Returns what puts it back, in case that cannot be recorded; undefined where it has begun, or is not known. */
  cancel(id: number): (() => void) | undefined {
    const item = this.#waiting.get(id);
    if (!item || !this.#options.work.cancel(item.make)) return undefined;
    const before = item.record;
    item.cancel();
    return () => this.#putBack(before);
  }

  #putBack(record: WorkRecord): void {
    const item = new WorkItem(record, this.#context);
    const later = new Set([...this.#waiting.values()].flatMap(({ id, make }) => (id > record.id ? [make] : [])));
    this.#waiting.set(item.id, item);
    this.#options.work.putBack(item.make, other => later.has(other));
  }

  /** What is new, and what changed since the last call. */
  take(): { readonly added: readonly WorkRecord[]; readonly changed: readonly WorkRecord[] } {
    if (this.#added.size + this.#changed.size === 0) return NOTHING;
    for (const item of this.#added) this.#changed.delete(item);
    const added = [...this.#added].map(recordOf);
    const changed = [...this.#changed].map(recordOf);
    this.#added = new Set();
    this.#changed = new Set();
    for (const { id, done } of [...added, ...changed]) if (done) this.#waiting.delete(id);
    return { added, changed };
  }
}

function recordOf({ record }: WorkItem): WorkRecord {
  return record;
}
