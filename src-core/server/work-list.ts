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

const STOPPED = 'the program ended before the device answered';

export class WorkList {
  readonly #options: WorkListOptions;
  readonly #context: WorkContext;
  readonly #waiting = new Map<number, WorkItem>();
  #changed = new Set<WorkItem>();

  constructor(options: WorkListOptions) {
    this.#options = options;
    this.#context = { ...options, changed: item => this.#changed.add(item) };
  }

  /** Returns its identifier. It is kept when the record was taken and written. */
  add(spec: JobSpec): number {
    const item = this.restore(this.newRecord(spec));
    this.#changed.add(item);
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

  /** What changed since the last call. */
  take(): WorkRecord[] {
    if (this.#changed.size === 0) return [];
    const records = [...this.#changed].map(({ record }) => record);
    this.#changed = new Set();
    for (const { id, done } of records) if (done) this.#waiting.delete(id);
    return records;
  }
}
