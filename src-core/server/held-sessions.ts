/**
 * Sessions that a person holds open: the answer that would end them waits until there is something to send. A device waits
 * only so long for an answer (the protocol itself names no time, OMA-TS-DM_Protocol-V1_2_1 §8): before that it gets a command
 * that keeps the session going.
 */

export interface HoldLimits {
  /** A device gets an answer within this time. */
  readonly patienceMs: number;
  /** Nobody remembers a session that is held for longer. */
  readonly maximumMs: number;
  /** A device that has its answer and says nothing for this long is not there any more, as far as anybody can see. */
  readonly quietMs: number;
  /** Whoever gives up sooner than this lost its connection for another reason. */
  readonly leastPatienceMs: number;
}

/** Below the 30 s after which usual HTTP clients give up. */
export const HOLD_LIMITS: HoldLimits = {
  patienceMs: 20_000,
  maximumMs: 30 * 60_000,
  quietMs: 15_000,
  leastPatienceMs: 4000,
};

/** `work`: look for work; `patience`: keep the session going; `over`: nobody holds it any more; `gone`: the device hung up. */
export type WakeReason = 'work' | 'patience' | 'over' | 'gone';

export interface HeldState {
  readonly since: number;
  /** The device does not wait for an answer, and its connection broke while it did. */
  readonly gone: boolean;
}

/** How long a device waited in this session. */
interface Waited {
  readonly session: string;
  readonly ms: number;
}

interface Hold {
  readonly since: number;
  patienceMs: number;
  /** The connection broke; undefined while the device is there. */
  gone: Waited | undefined;
  wake: ((reason: WakeReason) => void) | undefined;
  readonly end: NodeJS.Timeout;
  /** Tells that the device is quiet. */
  quiet: NodeJS.Timeout | undefined;
}

export class HeldSessions {
  readonly #limits: HoldLimits;
  readonly #now: () => number;
  readonly #onChange: (deviceId: string) => void;
  readonly #holds = new Map<string, Hold>();
  /** What devices showed that they do not wait for; it counts for that session. */
  readonly #learned = new Map<string, Waited>();

  constructor(limits: HoldLimits, now: () => number, onChange: (deviceId: string) => void) {
    this.#limits = limits;
    this.#now = now;
    this.#onChange = onChange;
  }

  /** The device's session, or its next one, stays open until somebody lets go or the longest time is over. */
  hold(deviceId: string, patienceMs?: number): void {
    const patience = patienceMs ?? this.#limits.patienceMs;
    if (patienceMs !== undefined) this.#learned.delete(deviceId);
    const known = this.#holds.get(deviceId);
    if (known) {
      known.patienceMs = patience;
      known.end.refresh();
    } else {
      const end = setTimeout(() => this.letGo(deviceId), this.#limits.maximumMs).unref();
      this.#holds.set(deviceId, {
        since: this.#now(),
        patienceMs: patience,
        gone: undefined,
        wake: undefined,
        end,
        quiet: undefined,
      });
    }
    this.#onChange(deviceId);
  }

  letGo(deviceId: string): void {
    const hold = this.#holds.get(deviceId);
    if (!hold) return;
    this.#holds.delete(deviceId);
    clearTimeout(hold.end);
    clearTimeout(hold.quiet);
    hold.wake?.('over');
    this.#onChange(deviceId);
  }

  letAllGo(): void {
    for (const deviceId of [...this.#holds.keys()]) this.letGo(deviceId);
  }

  state(deviceId: string): HeldState | undefined {
    const hold = this.#holds.get(deviceId);
    return hold && { since: hold.since, gone: hold.gone !== undefined };
  }

  /** The device does not wait for an answer, and nothing was heard of it for a while. */
  isAway(deviceId: string, heardAt: number): boolean {
    const hold = this.#holds.get(deviceId);
    if (!hold || hold.gone) return true;
    return hold.wake === undefined && this.#now() - heardAt > this.#limits.quietMs;
  }

  /** A message came from the device. */
  heard(deviceId: string): void {
    const hold = this.#holds.get(deviceId);
    if (hold) this.#expect(deviceId, hold);
  }

  /** There is work for the device. */
  wake(deviceId: string): void {
    const hold = this.#holds.get(deviceId);
    // Somebody is at it.
    hold?.end.refresh();
    hold?.wake?.('work');
  }

  /**
   * Resolves when the device's message must be answered, at once where nobody holds the session.
   * @param session what the device showed in an earlier one counts no longer
   * @param onGone tells when the device's connection breaks
   */
  async wait(deviceId: string, session: string, onGone: (gone: () => void) => void): Promise<WakeReason> {
    const hold = this.#holds.get(deviceId);
    if (!hold) return 'over';
    const began = this.#now();
    if (hold.gone) this.#isBack(deviceId, session, hold, hold.gone);
    const { promise, resolve } = Promise.withResolvers<WakeReason>();
    const timer = setTimeout(() => resolve('patience'), this.#patience(deviceId, session, hold));
    hold.wake = resolve;
    onGone(() => resolve('gone'));
    const reason = await promise;
    clearTimeout(timer);
    if (hold.wake === resolve) hold.wake = undefined;
    this.#expect(deviceId, hold);
    if (reason === 'gone') this.#setGone(deviceId, hold, { session, ms: this.#now() - began });
    return reason;
  }

  /** Something from the device before it counts as quiet. */
  #expect(deviceId: string, hold: Hold): void {
    clearTimeout(hold.quiet);
    if (this.#holds.get(deviceId) !== hold) return;
    hold.quiet = setTimeout(() => this.#onChange(deviceId), this.#limits.quietMs + 1).unref();
  }

  /** It gave up and asks again: from now on it is answered well before that. */
  #isBack(deviceId: string, session: string, hold: Hold, waited: Waited): void {
    this.#setGone(deviceId, hold, undefined);
    if (waited.session !== session || waited.ms < this.#limits.leastPatienceMs) return;
    const ms = Math.min(this.#patience(deviceId, session, hold), Math.floor(waited.ms * 0.7));
    this.#learned.set(deviceId, { session, ms });
  }

  #patience(deviceId: string, session: string, { patienceMs }: Hold): number {
    const learned = this.#learned.get(deviceId);
    return learned?.session === session ? Math.min(patienceMs, learned.ms) : patienceMs;
  }

  #setGone(deviceId: string, hold: Hold, gone: Waited | undefined): void {
    hold.gone = gone;
    this.#onChange(deviceId);
  }
}
