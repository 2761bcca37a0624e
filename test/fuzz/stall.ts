/** Tells that a worker hangs: its heartbeat stands still while it computes for longer than it may. */
import { readFileSync } from 'node:fs';

/** On a busy machine time passes without the worker; a worker that waits for ever uses none. */
const WAITING = 15;
const TICKS_PER_SECOND = 100;

export class Stall {
  readonly #heartbeat: string;
  readonly #pid: number | undefined;
  readonly #mostMs: number;
  #last = '';
  #since = { wall: 0, cpu: 0 };

  /** @param heartbeat file that the worker writes */
  constructor(heartbeat: string, pid: number | undefined, mostMs: number) {
    this.#heartbeat = heartbeat;
    this.#pid = pid;
    this.#mostMs = mostMs;
  }

  /** To be asked again and again. */
  get hangs(): boolean {
    const beats = readFileSync(this.#heartbeat, 'latin1');
    const now = { wall: performance.now(), cpu: this.#cpuMs() };
    if (beats !== this.#last || beats === '') this.#since = now;
    this.#last = beats;
    const wall = now.wall - this.#since.wall;
    return (wall > this.#mostMs && now.cpu - this.#since.cpu > this.#mostMs) || wall > this.#mostMs * WAITING;
  }

  /** Computing time of the worker so far; where Linux does not tell it, all the time that passes. */
  #cpuMs(): number {
    try {
      const [, fields = ''] = readFileSync(`/proc/${this.#pid}/stat`, 'latin1').split(') ');
      const [user, system] = fields.split(' ').slice(11, 13).map(Number) as [number, number];
      return ((user + system) * 1000) / TICKS_PER_SECOND;
    } catch {
      return performance.now();
    }
  }
}
