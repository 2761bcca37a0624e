/** PINs and keys of a virtual UICC with their counters, and what wrong ones have cost (ETSI TS 102 221 §9.5, §11.1.9 to §11.1.13). */
import { channel } from 'node:diagnostics_channel';
import { bytesEqual } from '../../base/bytes.ts';
import type { Secret } from '../../base/secret.ts';
import type { Access } from './profile.ts';

/** Key references as VERIFY takes them in P2. */
export const PIN1 = 0x01;
export const ADM1 = 0x0a;
export const KEY_BYTES = 8;
export const PIN_TRIES = 3;
export const UNBLOCK_TRIES = 10;

/** Every try that a wrong value costs on any virtual card of the process is told here, for whoever keeps watch. */
const LOST_TRY = channel('dmw:uicc:lost-try');

export interface LostTries {
  readonly pin1: number;
  readonly puk1: number;
  readonly adm1: number;
}

export interface Key {
  readonly name: 'pin1' | 'adm1';
  value: Uint8Array;
  tries: number;
  readonly most: number;
  /** A PIN that is disabled asks nobody. */
  enabled: boolean;
  /** The code that gives a PIN new tries; ADM keys have none. */
  readonly unblock?: { readonly value: Uint8Array; tries: number };
}

export class Keys {
  readonly #keys: ReadonlyMap<number, Key>;
  #lost: LostTries = { pin1: 0, puk1: 0, adm1: 0 };

  constructor(keys: {
    readonly adm1: Secret;
    readonly pin1: Secret;
    readonly puk1: Secret;
    readonly pinEnabled: boolean;
    /** Tries left from the start. */
    readonly pinTries: number;
    readonly admTries: number;
  }) {
    const unblock = { value: padded(keys.puk1.reveal()), tries: UNBLOCK_TRIES };
    const key = (name: Key['name'], value: Secret, tries: number, enabled: boolean) => {
      return { name, value: padded(value.reveal()), tries, most: PIN_TRIES, enabled };
    };
    this.#keys = new Map<number, Key>([
      [PIN1, { ...key('pin1', keys.pin1, keys.pinTries, keys.pinEnabled), unblock }],
      [ADM1, key('adm1', keys.adm1, keys.admTries, true)],
    ]);
  }

  of(reference: number): Key | undefined {
    return this.#keys.get(reference);
  }

  /** Tries that wrong values have cost since the card was made; a right value afterwards does not take them back. */
  get lost(): LostTries {
    return this.#lost;
  }

  /** A wrong value costs a try. */
  present(key: Key, value: Uint8Array): boolean {
    if (key.tries === 0) return false;
    const right = bytesEqual(value, key.value);
    key.tries = right ? key.most : key.tries - 1;
    if (!right) this.#lose(key.name);
    return right;
  }

  /** The PIN gets its tries back and a new value; a wrong code costs one of its own tries. */
  unblock(key: Key, code: Uint8Array, value: Uint8Array): boolean {
    const { unblock } = key;
    if (!unblock || unblock.tries === 0) return false;
    if (!bytesEqual(code, unblock.value)) {
      unblock.tries -= 1;
      this.#lose('puk1');
      return false;
    }
    unblock.tries = UNBLOCK_TRIES;
    key.tries = key.most;
    key.value = value;
    key.enabled = true;
    return true;
  }

  /** @param verified references that were presented rightly since the last reset. */
  allows(access: Access, verified: ReadonlySet<number>): boolean {
    if (access === 'always' || access === 'never') return access === 'always';
    const reference = access === 'pin1' ? PIN1 : ADM1;
    return verified.has(reference) || this.of(reference)?.enabled === false;
  }

  #lose(name: keyof LostTries): void {
    this.#lost = { ...this.#lost, [name]: this.#lost[name] + 1 };
    LOST_TRY.publish({ key: name });
  }
}

function padded(value: Uint8Array): Uint8Array {
  const full = new Uint8Array(KEY_BYTES).fill(0xff);
  full.set(value.subarray(0, KEY_BYTES));
  return full;
}
