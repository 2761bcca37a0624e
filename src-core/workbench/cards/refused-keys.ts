/**
 * Keys that a card refused are not presented to it again, not even by the program's next run. What is kept is a salted hash, written
 * before the key goes out: a card pulled before it answered, or a program that ended, leaves a key that was presented. Such a key
 * goes again by itself only where its counter says that it cost no try; else a person decides, each time anew.
 */
import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { CardError, RequestError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { KeyConsent } from '../../card/adm.ts';
import type { CardKeyRecord, CardStore } from '../../store/contract.ts';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Cheap: a tray of cards is hashed one by one, and a key that was refused opens nothing. */
const COST = { N: 1024 };

const hash = promisify<Uint8Array, Uint8Array, number, { N: number }, Buffer>(scrypt);

/** The card had the key, or the PIN, and did not take it: where it was blocked before, nothing was presented and no status word came. */
export function wasRefused(error: unknown): error is CardError {
  if (!(error instanceof CardError)) return false;
  return (
    /^(adm|pin)-(wrong|refused)$/.test(error.code) ||
    (/^(adm|pin)-blocked$/.test(error.code) && error.statusWord !== undefined)
  );
}

/** A person's word for one card; and for a key whose answers were lost, that it may be presented once more. */
export interface PresentConsent extends KeyConsent {
  /** How often it was presented so far: a word that was given before does not count again. */
  readonly presented?: number | undefined;
}

interface GuardOptions {
  /** As VERIFY takes it in P2: which counter of the card it is about. */
  readonly reference: number;
  readonly consent?: PresentConsent | undefined;
}

/** One key for one card in one write. */
export interface KeyGuard {
  /** Right before the key goes out. @throws RequestError `adm-known-wrong`, `adm-unanswered`. */
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
  async check(iccid: string, key: Secret, reference: number): Promise<void> {
    const { own } = await this.#find(iccid, key, reference);
    if (own?.state === 'refused') throw knownWrong(iccid);
  }

  guard(iccid: string, key: Secret, { reference, consent }: GuardOptions): KeyGuard {
    let presented: CardKeyRecord | undefined;
    const others = async () => (await this.#find(iccid, key, reference)).others;
    return {
      beforeKey: async triesLeft => {
        const found = await this.#find(iccid, key, reference);
        if (found.own?.state === 'refused') throw knownWrong(iccid);
        if (found.own) refuseUnanswered(found.own, triesLeft, consent);
        await this.#doubt(found.others, triesLeft);
        presented = await this.#present({ iccid, reference, triesLeft }, key, found.own);
      },
      accepted: async () => {
        if (!presented) return;
        await this.#store.removeKey(presented.key);
        // It is the right one: whatever became of the others, they are not.
        for (const other of await others()) await this.#store.changeKey({ ...other, state: 'refused' });
      },
      failed: async error => {
        if (!presented || !wasRefused(error)) return;
        await this.#store.changeKey({ ...presented, state: 'refused' });
        await this.#account(await others(), presented, triesAfter(error));
      },
    };
  }

  /** A counter that is not as it was before one of these: from now on it cannot tell what became of it. */
  async #doubt(others: readonly CardKeyRecord[], triesLeft: number | null): Promise<void> {
    for (const { triesBefore, ...other } of others)
      if (triesBefore !== undefined && triesBefore !== triesLeft) await this.#store.changeKey(other);
  }

  /** The try that a key cost which the card refused was not lost by those that nobody heard of. */
  async #account(
    others: readonly CardKeyRecord[],
    { triesBefore }: CardKeyRecord,
    triesLeft: number | undefined,
  ): Promise<void> {
    if (triesLeft === undefined) return;
    for (const other of others)
      if (other.triesBefore !== undefined && other.triesBefore === triesBefore)
        await this.#store.changeKey({ ...other, triesBefore: triesLeft });
  }

  /** What the card says of the key is not known yet. */
  async #present(
    { iccid, reference, triesLeft }: { iccid: string; reference: number; triesLeft: number | null },
    key: Secret,
    known: CardKeyRecord | undefined,
  ): Promise<CardKeyRecord> {
    const salt = known?.salt ?? this.#random(SALT_BYTES);
    const record = {
      iccid,
      reference,
      salt,
      hash: known?.hash ?? Uint8Array.from(await hash(key.reveal(), salt, HASH_BYTES, COST)),
      state: 'presented' as const,
      presented: (known?.presented ?? 0) + 1,
      ...(triesLeft !== null && { triesBefore: triesLeft }),
    };
    if (!known) return { ...record, key: await this.#store.addKey(record) };
    const again = { ...record, key: known.key };
    await this.#store.changeKey(again);
    return again;
  }

  /** This key, and others of the same counter that were presented without an answer. */
  async #find(
    iccid: string,
    key: Secret,
    reference: number,
  ): Promise<{ readonly own: CardKeyRecord | undefined; readonly others: readonly CardKeyRecord[] }> {
    const records = (await this.#store.keys(iccid)).filter(record => record.reference === reference);
    let own: CardKeyRecord | undefined;
    for (const record of records) {
      const hashed = await hash(key.reveal(), record.salt, record.hash.length, COST);
      if (timingSafeEqual(hashed, record.hash)) own = record;
    }
    return { own, others: records.filter(record => record !== own && record.state === 'presented') };
  }
}

/** Nobody heard what the card said to it: as many tries as before say that it was not wrong. */
function refuseUnanswered(
  { iccid, triesBefore, presented }: CardKeyRecord,
  triesLeft: number | null,
  consent: PresentConsent | undefined,
): void {
  if (triesLeft !== null && triesBefore === triesLeft) return;
  if (consent?.iccid === iccid && consent.presented === presented) return;
  const times = presented === 1 ? 'once' : `${presented} times`;
  const lost =
    triesLeft !== null && triesBefore !== undefined && triesLeft < triesBefore
      ? 'and a try is gone: most likely it is wrong'
      : 'and the card does not tell whether it cost a try';
  throw new RequestError(
    'adm-unanswered',
    `this key was presented to card ${iccid} ${times} already, its answer was lost, ${lost}; it is not presented again`,
    {
      advice: `Be sure of the key, then consent to present it once more: --consent ${iccid}:${presented}`,
      details: { presented },
    },
  );
}

/** Undefined where the refusal does not say. */
function triesAfter({ code, details }: CardError): number | undefined {
  if (code.endsWith('-blocked')) return 0;
  return typeof details.triesLeft === 'number' ? details.triesLeft : undefined;
}

function knownWrong(iccid: string): RequestError {
  return new RequestError('adm-known-wrong', `card ${iccid} has refused this key already; it is not presented again`, {
    advice: 'Ask the card issuer for the right key of this ICCID',
  });
}
