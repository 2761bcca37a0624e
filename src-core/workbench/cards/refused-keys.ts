/**
 * Keys that a card refused are not presented to it again, not even by the program's next run. What is kept is a salted hash, written
 * before the key goes out: a card pulled before it answered, or a program that ended, leaves a key that was presented once.
 */
import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { CardError, RequestError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { CardKeyRecord, CardStore } from '../../store/contract.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Cheap: a tray of cards is hashed one by one, and a key that was refused opens nothing. */
const COST = { N: 1024 };

const hash = promisify<Uint8Array, Uint8Array, number, { N: number }, Buffer>(scrypt);

/** After these the card had the key and did not take it. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['adm-wrong', 'adm-refused', 'adm-blocked'],
  ...['pin-wrong', 'pin-refused', 'pin-blocked'],
]);

/** One key for one card in one write. */
export interface KeyGuard {
  /** Right before the key goes out. @throws RequestError `adm-known-wrong` */
  beforeKey(triesLeft: number | null): Promise<void>;
  accepted(): Promise<void>;
  failed(error: unknown): Promise<void>;
}

export class RefusedKeys {
  readonly #store: CardStore;
  readonly #random: (bytes: number) => Uint8Array;

  constructor(store: CardStore, random: (bytes: number) => Uint8Array) {
    this.#store = store;
    this.#random = random;
  }

  /** @throws RequestError `adm-known-wrong`. */
  async check(iccid: string, adm: Secret): Promise<void> {
    if ((await this.#find(iccid, adm))?.state === 'refused') throw knownWrong(iccid);
  }

  guard(iccid: string, adm: Secret): KeyGuard {
    let key: string | undefined;
    return {
      beforeKey: async triesLeft => {
        key = await this.#present(iccid, adm, triesLeft);
      },
      accepted: async () => {
        if (key !== undefined) await this.#store.removeKey(key);
      },
      failed: async error => {
        const refused = error instanceof CardError && REFUSALS.has(error.code);
        if (key !== undefined && refused) await this.#store.markKey(key, 'refused');
      },
    };
  }

  async #present(iccid: string, adm: Secret, triesLeft: number | null): Promise<string> {
    const known = await this.#find(iccid, adm);
    if (!known) return this.#add(iccid, adm, triesLeft);
    if (known.state === 'refused') throw knownWrong(iccid);
    // It was presented and nobody heard the answer; a try that is gone since then is the answer.
    if (triesLeft === null || known.triesBefore === undefined) await this.#askAnew(known);
    else if (triesLeft < known.triesBefore) {
      await this.#store.markKey(known.key, 'refused');
      throw knownWrong(iccid);
    }
    return known.key;
  }

  /** A card that does not tell its tries cannot tell either what became of the key: told once, a person decides. */
  async #askAnew({ key, iccid, state }: CardKeyRecord): Promise<void> {
    await this.#store.markKey(key, state === 'unanswered' ? 'presented' : 'unanswered');
    if (state === 'unanswered') return;
    throw new RequestError(
      'adm-unanswered',
      `this key was presented to card ${iccid} already, and its answer was lost: it is not presented again`,
      {
        advice: `It may have cost a try that the card does not tell of. Be sure of the key, then consent for card ${iccid} anew`,
      },
    );
  }

  async #add(iccid: string, adm: Secret, triesLeft: number | null): Promise<string> {
    const salt = this.#random(SALT_BYTES);
    return this.#store.addKey({
      iccid,
      salt,
      hash: Uint8Array.from(await hash(adm.reveal(), salt, HASH_BYTES, COST)),
      state: 'presented',
      ...(triesLeft !== null && { triesBefore: triesLeft }),
    });
  }

  async #find(iccid: string, adm: Secret): Promise<CardKeyRecord | undefined> {
    for (const record of await this.#store.keys(iccid)) {
      const hashed = await hash(adm.reveal(), record.salt, record.hash.length, COST);
      if (timingSafeEqual(hashed, record.hash)) return record;
    }
    return undefined;
  }
}

function knownWrong(iccid: string): RequestError {
  return new RequestError('adm-known-wrong', `card ${iccid} has refused this key already; it is not presented again`, {
    advice: 'Ask the card issuer for the right key of this ICCID',
  });
}
