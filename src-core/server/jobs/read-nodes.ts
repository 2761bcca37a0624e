/** Reads these nodes or properties again, and nothing below them. */
import type { Command, Draft, Results, Status } from '../../syncml/message.ts';
import { type TreeSink, takeRefusal, takeResults } from '../readings.ts';
import { type DeviceJob, getOf, targetOf } from './job.ts';
import type { Progress } from './progress.ts';

export class ReadNodes implements DeviceJob {
  readonly #sink: TreeSink;
  readonly #progress: Progress | undefined;
  readonly #toGet: string[];
  #awaited = 0;

  /** @param uris of a property with `?prop=` */
  constructor(uris: readonly string[], sink: TreeSink, progress?: Progress) {
    this.#sink = sink;
    this.#progress = progress;
    this.#toGet = [...uris];
  }

  get done(): boolean {
    return this.#awaited === 0 && this.#toGet.length === 0;
  }

  next(limit: number): readonly Draft[] {
    const targets = this.#toGet.splice(0, limit);
    this.#awaited = targets.length;
    this.#progress?.askFor(targets);
    return targets.map(getOf);
  }

  onStatus(command: Command, status: Status): void {
    const uri = targetOf(command);
    this.#awaited--;
    this.#progress?.takeRead(uri, status);
    takeRefusal(uri, status.code, this.#sink);
  }

  onResults(_command: Command, results: Results): void {
    takeResults(results, this.#sink);
  }

  onUnsent(): void {
    this.#awaited--;
  }
}
