/** A key or PIN goes to the card once, and only where a wrong one leaves a try, or a person consented (ETSI TS 102 221 §11.1.9). */
import { CardError, RequestError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { describeStatusWord, formatStatusWord, INS, SW_OK } from '../encoding/apdu.ts';
import { type CardChannel, sendOnce } from './file-access.ts';

const KEY_BYTES = 8;
const BLOCKED = 0x6983;
/** 3GPP TS 51.011 §9.4. */
const SIM_WRONG = 0x9804;
const SIM_BLOCKED = 0x9840;

/** What a person takes on for one card: it may be destroyed by a wrong key. */
export interface KeyConsent {
  /** The card that it is given for, and no other. */
  readonly iccid: string;
}

/** What is presented, in words. */
export interface KeyKind {
  /** Codes of its errors begin with it. */
  readonly code: 'adm' | 'pin';
  /** `the ADM key`. */
  readonly name: string;
  /** What a person must know where it is blocked. */
  readonly blocked: string;
  /** What a wrong one could do at the last try. */
  readonly risk: string;
  /** Where the right one comes from. */
  readonly source: string;
}

export interface PresentOptions {
  readonly consented?: boolean;
  /** With the tries left, right before the key goes out. What it throws keeps the key back. */
  readonly beforeKey?: ((triesLeft: number | null) => Promise<void>) | undefined;
}

interface Presented extends PresentOptions {
  readonly kind: KeyKind;
  /** As VERIFY takes it in P2. */
  readonly reference: number;
  /** Undefined where the card does not say. */
  readonly tries: () => Promise<number | undefined>;
}

/** Tries left of a key of a UICC, 0 when blocked; undefined when the card does not say, as a SIM never does. Costs no try. */
export async function readTries(channel: CardChannel, reference: number): Promise<number | undefined> {
  return channel.gsm ? undefined : triesIn(await askTries(channel, reference));
}

/** The status word of VERIFY without data. */
export async function askTries(channel: CardChannel, reference: number): Promise<number> {
  return (await sendOnce(channel, { cla: 0, ins: INS.verify, p1: 0, p2: reference })).sw;
}

export function triesIn(sw: number): number | undefined {
  if (sw === BLOCKED) return 0;
  return (sw & 0xfff0) === 0x63c0 ? sw & 0x0f : undefined;
}

/**
 * @throws CardError `…-unknown`, `…-blocked`, `…-last-try` before, `…-wrong`, `…-refused`, `…-blocked` after; RequestError
 * `…-format` before. The first part of the codes is that of the kind.
 */
export async function present(channel: CardChannel, key: Secret, options: Presented): Promise<void> {
  const { kind, reference, tries, consented = false, beforeKey } = options;
  const data = key.reveal();
  if (data.length !== KEY_BYTES)
    throw new RequestError(`${kind.code}-format`, `${kind.name} has ${KEY_BYTES} bytes, not ${data.length}`, {
      advice: `${kind.source}; nothing was sent to the card`,
    });
  const before = await tries();
  refuseWithoutTries(kind, before, consented);
  await beforeKey?.(before ?? null);
  const { sw } = await sendOnce(channel, { cla: 0, ins: INS.verify, p1: 0, p2: reference, data });
  if (sw === SW_OK) return;
  const left = sw === SIM_WRONG ? await tries() : sw === SIM_BLOCKED ? 0 : triesIn(sw);
  throw refusal(kind, sw, left);
}

function refusal(
  { code, name, blocked, source }: KeyKind,
  statusWord: number,
  triesLeft: number | undefined,
): CardError {
  const advice = triesLeft === 0 ? blocked : `${source} before trying again`;
  if (statusWord === BLOCKED || statusWord === SIM_BLOCKED)
    return new CardError(`${code}-blocked`, `${name} is wrong, and blocked now`, { statusWord, advice });
  if (triesLeft === undefined && statusWord !== SIM_WRONG) {
    const words = `${formatStatusWord(statusWord)}, ${describeStatusWord(statusWord)}`;
    return new CardError(`${code}-refused`, `the card refused ${name}: ${words}`, { statusWord, advice });
  }
  const left = triesLeft === undefined ? '; a SIM does not say how many tries are left' : `, ${triesWords(triesLeft)}`;
  return new CardError(`${code}-wrong`, `${name} is wrong${left}`, {
    statusWord,
    advice,
    ...(triesLeft !== undefined && { details: { triesLeft } }),
  });
}

function triesWords(left: number): string {
  if (left === 0) return 'and blocked now';
  return `${left} ${left === 1 ? 'try' : 'tries'} left`;
}

function refuseWithoutTries(kind: KeyKind, triesLeft: number | undefined, consented: boolean): void {
  const { code, name, risk, source } = kind;
  if (triesLeft === undefined && !consented)
    throw new CardError(`${code}-unknown`, `the card does not say how many tries ${name} has left`, {
      advice: `A wrong one could ${risk}: it is presented only if you say so for this card`,
    });
  if (triesLeft === 0)
    throw new CardError(`${code}-blocked`, `${name} of this card is blocked`, { advice: kind.blocked });
  if (triesLeft === 1 && !consented)
    throw new CardError(`${code}-last-try`, `${name} has one try left and is not presented`, {
      advice: `A wrong one would ${risk}; it is presented only if you say so for this card. ${source} first`,
      details: { triesLeft },
    });
}
