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
}

/** Below the 30 s after which usual HTTP clients give up. */
export const HOLD_LIMITS: HoldLimits = { patienceMs: 20_000, maximumMs: 30 * 60_000, quietMs: 15_000 };
/** Whoever gives up sooner than this lost its connection for another reason. */
const LEAST_PATIENCE_MS = 1000;

/** `work`: look for work; `patience`: keep the session going; `over`: nobody holds it any more; `gone`: the device hung up. */
export type WakeReason = 'work' | 'patience' | 'over' | 'gone';

export interface HeldState {
  readonly since: number;
  /** The device does not wait for an answer, and its connection broke while it did. */
  readonly gone: boolean;
}

interface Hold {
  readonly since: number;
  patienceMs: number;
  /** How long the device had waited when its connection broke; undefined while it is there. */
  goneAfterMs: number | undefined;
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
  /** What devices showed that they do not wait for. */
  readonly #learned = new Map<string, number>();

  constructor(limits: HoldLimits, now: () => number, onChange: (deviceId: string) => void) {
    this.#limits = limits;
    this.#now = now;
    this.#onChange = onChange;
  }

  /** The device's session, or its next one, stays open until somebody lets go or the longest time is over. */
  hold(deviceId: string, patienceMs?: number): void {
    const patience = patienceMs ?? this.#learned.get(deviceId) ?? this.#limits.patienceMs;
    const known = this.#holds.get(deviceId);
    if (known) known.patienceMs = patience;
    else {
      const end = setTimeout(() => this.letGo(deviceId), this.#limits.maximumMs).unref();
      this.#holds.set(deviceId, {
        since: this.#now(),
        patienceMs: patience,
        goneAfterMs: undefined,
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
    return hold && { since: hold.since, gone: hold.goneAfterMs !== undefined };
  }

  /** The device does not wait for an answer, and nothing was heard of it for a while. */
  isAway(deviceId: string, heardAt: number): boolean {
    const hold = this.#holds.get(deviceId);
    if (!hold || hold.goneAfterMs !== undefined) return true;
    return hold.wake === undefined && this.#now() - heardAt > this.#limits.quietMs;
  }

  /** A message came from the device. */
  heard(deviceId: string): void {
    const hold = this.#holds.get(deviceId);
    if (hold) this.#expect(deviceId, hold);
  }

  /** There is work for the device. */
  wake(deviceId: string): void {
    this.#holds.get(deviceId)?.wake?.('work');
  }

  /**
   * Resolves when the device's message must be answered, at once where nobody holds the session.
   * @param onGone tells when the device's connection breaks
   */
  async wait(deviceId: string, onGone: (gone: () => void) => void): Promise<WakeReason> {
    const hold = this.#holds.get(deviceId);
    if (!hold) return 'over';
    const began = this.#now();
    if (hold.goneAfterMs !== undefined) this.#isBack(deviceId, hold, hold.goneAfterMs);
    const { promise, resolve } = Promise.withResolvers<WakeReason>();
    const timer = setTimeout(() => resolve('patience'), hold.patienceMs);
    hold.wake = resolve;
    onGone(() => resolve('gone'));
    const reason = await promise;
    clearTimeout(timer);
    if (hold.wake === resolve) hold.wake = undefined;
    this.#expect(deviceId, hold);
    if (reason === 'gone') this.#setGone(deviceId, hold, this.#now() - began);
    return reason;
  }

  /** Something from the device before it counts as quiet. */
  #expect(deviceId: string, hold: Hold): void {
    clearTimeout(hold.quiet);
    if (this.#holds.get(deviceId) !== hold) return;
    hold.quiet = setTimeout(() => this.#onChange(deviceId), this.#limits.quietMs + 1).unref();
  }

  /** It gave up and asks again: from now on it is answered well before that. */
  #isBack(deviceId: string, hold: Hold, waitedMs: number): void {
    this.#setGone(deviceId, hold, undefined);
    if (waitedMs < LEAST_PATIENCE_MS) return;
    hold.patienceMs = Math.min(hold.patienceMs, Math.floor(waitedMs * 0.7));
    this.#learned.set(deviceId, hold.patienceMs);
  }

  #setGone(deviceId: string, hold: Hold, afterMs: number | undefined): void {
    hold.goneAfterMs = afterMs;
    this.#onChange(deviceId);
  }
}
