/**
 * Lockout: an account that is tried with wrong credentials again and again takes nobody for a while. Once it is bound, only
 * tries in the name of its own device count (bindings.ts refuses the others). Whoever knows both names can still lock the
 * device out, for an hour at most: the price of stopping those who guess passwords, since both names travel in the clear.
 */
import type { AccountRecord, Store } from '../store/contract.ts';
import type { Effects } from './effects.ts';

/** Sessions in a row with wrong credentials that lock the account. */
export const LOCKING_FAILURES = 5;
const FIRST_LOCK_MS = 60_000;
const LONGEST_LOCK_MS = 60 * 60_000;

/** One minute after the fifth failure, and twice as long after each further one. */
export function lockMs(failures: number): number {
  if (failures < LOCKING_FAILURES) return 0;
  return Math.min(FIRST_LOCK_MS * 2 ** (failures - LOCKING_FAILURES), LONGEST_LOCK_MS);
}

interface State {
  readonly failures: number;
  readonly lockedUntil: number | undefined;
}

export class Lockout {
  readonly #store: Store;
  readonly #now: () => number;
  /** By user, for sessions that began earlier. */
  readonly #states = new Map<string, State>();
  /** States that are on their way to the store: what was read from there may be older. */
  readonly #writing = new Set<State>();

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Until when the account, just read from the store, takes nobody; undefined where it does. */
  lockedUntil({ user, failures, lockedUntil }: AccountRecord): number | undefined {
    let state = this.#states.get(user);
    if (!state || !this.#writing.has(state)) {
      state = { failures, lockedUntil };
      if (failures > 0) this.#states.set(user, state);
      else this.#states.delete(user);
    }
    return state.lockedUntil !== undefined && this.#now() < state.lockedUntil ? state.lockedUntil : undefined;
  }

  /** One more session came with wrong credentials. Returns until when the account is locked now. */
  failed(user: string, effects: Effects): number | undefined {
    const failures = (this.#states.get(user)?.failures ?? 0) + 1;
    const ms = lockMs(failures);
    const lockedUntil = ms > 0 ? this.#now() + ms : undefined;
    this.#keep(user, { failures, lockedUntil }, effects);
    return lockedUntil;
  }

  succeeded(user: string, effects: Effects): void {
    if (this.#states.has(user)) this.#keep(user, { failures: 0, lockedUntil: undefined }, effects);
  }

  #keep(user: string, state: State, effects: Effects): void {
    this.#states.set(user, state);
    this.#writing.add(state);
    const done = () => {
      this.#writing.delete(state);
      if (state.failures === 0 && this.#states.get(user) === state) this.#states.delete(user);
    };
    const written = this.#store.setFailures(user, state.failures, state.lockedUntil);
    written.then(done, done);
    effects.write(written);
  }
}
