/**
 * The sessions that run, by RespURI and by device, and for a while those that ended: a device that did not get the last
 * answer sends its message again. Whoever proved nothing has little room and little time.
 */
import { bytesEqual } from '../base/bytes.ts';
import type { Wire } from '../session/wire.ts';
import type { LiveSession } from './live-session.ts';
import type { Answer } from './transport.ts';

export interface SessionLimits {
  /** A device that says nothing for this long has gone. */
  readonly silenceMs: number;
  /** The same before it proved who it is. */
  readonly unprovenSilenceMs: number;
  /** Sessions that proved nothing: of all devices together, of one device, and bytes of their messages. */
  readonly unproven: number;
  readonly unprovenOfDevice: number;
  readonly unprovenBytes: number;
  /** Ended sessions remembered, and how long. */
  readonly ended: number;
  readonly endedMs: number;
}

export const SESSION_LIMITS: SessionLimits = {
  silenceMs: 5 * 60_000,
  unprovenSilenceMs: 60_000,
  unproven: 1000,
  unprovenOfDevice: 4,
  unprovenBytes: 32 * 1024 * 1024,
  ended: 1000,
  endedMs: 2 * 60_000,
};

/** The last exchange of a session that is over. */
interface Ended {
  readonly deviceId: string;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly answer: Answer;
}

export class Sessions {
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #live = new Map<string, LiveSession>();
  readonly #byDevice = new Map<string, Set<LiveSession>>();
  /** Oldest first. */
  readonly #unproven = new Set<LiveSession>();
  #unprovenBytes = 0;
  /** By RespURI, oldest first. */
  readonly #ended = new Map<string, Ended>();
  /** Those that ended with the answer to package 1, by device. */
  readonly #endedAtOnce = new Map<string, string>();

  constructor(limits: SessionLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get(id: string): LiveSession | undefined {
    return this.#live.get(id);
  }

  ofDevice(deviceId: string): ReadonlySet<LiveSession> {
    return this.#byDevice.get(deviceId) ?? NONE;
  }

  get unproven(): ReadonlySet<LiveSession> {
    return this.#unproven;
  }

  /** The session that this package 1 opened, where it has seen nothing else. */
  openedBy(deviceId: string, { bytes, hmac }: Wire): LiveSession | undefined {
    for (const live of this.ofDevice(deviceId))
      if (live.first && live.first.hmac === hmac && bytesEqual(live.first.bytes, bytes)) return live;
    return undefined;
  }

  add(live: LiveSession): void {
    const { id } = live.device.record;
    const others = this.#byDevice.get(id);
    if (others) others.add(live);
    else this.#byDevice.set(id, new Set([live]));
    this.#live.set(live.id, live);
    this.#unproven.add(live);
  }

  /** Counts what an exchange took. */
  grew(live: LiveSession, bytes: number): void {
    live.bytes += bytes;
    if (this.#unproven.has(live)) this.#unprovenBytes += bytes;
  }

  /** The session proved itself, or is over. */
  settle(live: LiveSession): void {
    if (this.#unproven.delete(live)) this.#unprovenBytes -= live.bytes;
  }

  /** False where it was not there any more. */
  remove(live: LiveSession): boolean {
    if (!this.#live.delete(live.id)) return false;
    const { id } = live.device.record;
    const others = this.#byDevice.get(id);
    others?.delete(live);
    if (others?.size === 0) this.#byDevice.delete(id);
    this.settle(live);
    live.over();
    return true;
  }

  /** Sessions that have to make room because they proved nothing and others came after them. */
  crowdedOut(newest: LiveSession): LiveSession[] {
    const ofDevice = [...this.ofDevice(newest.device.record.id)].filter(live => this.#unproven.has(live));
    const out = new Set(ofDevice.slice(0, Math.max(0, ofDevice.length - this.#limits.unprovenOfDevice)));
    let surplus = this.#unproven.size - this.#limits.unproven;
    let bytes = this.#unprovenBytes - this.#limits.unprovenBytes;
    for (const live of this.#unproven) {
      if (surplus <= 0 && bytes <= 0) break;
      out.add(live);
      surplus--;
      bytes -= live.bytes;
    }
    return [...out];
  }

  /** Sessions whose device went silent. */
  silent(): LiveSession[] {
    const { silenceMs, unprovenSilenceMs } = this.#limits;
    return [...this.#live.values()].filter(
      live => this.#now() - live.lastMessageAt > (live.proven ? silenceMs : unprovenSilenceMs),
    );
  }

  /** Keeps the last exchange of a session that ended. */
  keepEnd(live: LiveSession, bytes: Uint8Array, answer: Answer): void {
    const deviceId = live.device.record.id;
    this.#ended.set(live.id, { deviceId, at: this.#now(), bytes, answer });
    if (live.first) this.#endedAtOnce.set(deviceId, live.id);
    this.forgetEnded();
  }

  forgetEnded(): void {
    const { ended, endedMs } = this.#limits;
    for (const [id, { at, deviceId }] of this.#ended) {
      if (this.#ended.size <= ended && this.#now() - at <= endedMs) return;
      this.#ended.delete(id);
      if (this.#endedAtOnce.get(deviceId) === id) this.#endedAtOnce.delete(deviceId);
    }
  }

  /** The answer to the last message of an ended session, where this is that message again. */
  endedAnswer(id: string, bytes: Uint8Array): Answer | undefined {
    const ended = this.#ended.get(id);
    return ended && this.#isFresh(ended) && bytesEqual(ended.bytes, bytes) ? ended.answer : undefined;
  }

  /** The same for a package 1, which names no session. */
  answerAtOnce(deviceId: string, bytes: Uint8Array): Answer | undefined {
    const id = this.#endedAtOnce.get(deviceId);
    return id === undefined ? undefined : this.endedAnswer(id, bytes);
  }

  #isFresh({ at }: Ended): boolean {
    return this.#now() - at <= this.#limits.endedMs;
  }
}

const NONE: ReadonlySet<LiveSession> = new Set();
