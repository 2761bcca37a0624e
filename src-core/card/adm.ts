/** The key that opens a card for writing: how many tries are left, and presenting it once (ETSI TS 102 221 §11.1.9). */
import { fromHex } from '../base/bytes.ts';
import { CardError, RequestError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { describeStatusWord, formatStatusWord, INS, SW_OK } from '../encoding/apdu.ts';
import { type CardChannel, sendOnce } from './file-access.ts';

/** Key reference of ADM1 (ETSI TS 102 221 table 9.3). */
export const ADM1_REFERENCE = 0x0a;
export const PIN1_REFERENCE = 0x01;
const KEY_BYTES = 8;
const BLOCKED = 0x6983;
/** 3GPP TS 51.011 §9.4. */
const SIM_WRONG = 0x9804;
const SIM_BLOCKED = 0x9840;

const ASK_ISSUER = 'Ask the card issuer for the right key of this ICCID before trying again';

/** A key as issuers hand it out: 16 hexadecimal digits, or 8 ASCII characters. @throws RequestError `adm-format`. */
export function parseAdm(text: string): Secret {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{16}$/.test(trimmed)) return Secret.ofBytes(fromHex(trimmed));
  if (/^[\x21-\x7e]{8}$/.test(trimmed)) return Secret.ofText(trimmed);
  throw new RequestError('adm-format', 'an ADM key has 8 characters or 16 hexadecimal digits', {
    advice: 'Enter the key as the card issuer wrote it; nothing was sent to the card',
  });
}

/** What a person takes on for one card: it may be destroyed by a wrong key. */
export interface KeyConsent {
  /** The card that it is given for, and no other. */
  readonly iccid: string;
}

/** Tries left, 0 when blocked; undefined when the card does not say, as a SIM never does. Costs no try. */
export async function readTries(channel: CardChannel, reference = ADM1_REFERENCE): Promise<number | undefined> {
  if (channel.gsm) return undefined;
  const { sw } = await sendOnce(channel, { cla: 0, ins: INS.verify, p1: 0, p2: reference });
  if (sw === BLOCKED) return 0;
  return (sw & 0xfff0) === 0x63c0 ? sw & 0x0f : undefined;
}

export interface PresentOptions {
  readonly consented?: boolean;
  /** As VERIFY takes it in P2; default ADM1. */
  readonly reference?: number;
  /** With the tries left, right before the key goes out. What it throws keeps the key back. */
  readonly beforeKey?: ((triesLeft: number | null) => Promise<void>) | undefined;
}

/**
 * Presents the key once, and only where a wrong one leaves a try, or a person consented for this very card.
 * @throws CardError `adm-unknown`, `adm-blocked`, `adm-last-try` before, `adm-wrong`, `adm-refused` after; RequestError
 * `adm-format` before.
 */
export async function presentAdm(
  channel: CardChannel,
  adm: Secret,
  { consented = false, reference = ADM1_REFERENCE, beforeKey }: PresentOptions = {},
): Promise<void> {
  const data = adm.reveal();
  if (data.length !== KEY_BYTES)
    throw new RequestError('adm-format', `an ADM key has ${KEY_BYTES} bytes, not ${data.length}`, {
      advice: 'Enter the key as the card issuer wrote it; nothing was sent to the card',
    });
  const triesBefore = await readTries(channel, reference);
  refuseWithoutTries(triesBefore, consented);
  await beforeKey?.(triesBefore ?? null);
  const { sw } = await sendOnce(channel, { cla: 0, ins: INS.verify, p1: 0, p2: reference, data });
  if (sw === SW_OK) return;
  if (sw === SIM_WRONG)
    throw new CardError('adm-wrong', 'the ADM key is wrong; a SIM does not say how many tries are left', {
      statusWord: sw,
      advice: ASK_ISSUER,
    });
  if (sw === BLOCKED || sw === SIM_BLOCKED)
    throw new CardError('adm-blocked', 'the ADM key is wrong, and blocked now', {
      statusWord: sw,
      advice: 'The card cannot be written any more',
    });
  if ((sw & 0xfff0) !== 0x63c0)
    throw new CardError(
      'adm-refused',
      `the card refused the ADM key: ${formatStatusWord(sw)}, ${describeStatusWord(sw)}`,
      {
        statusWord: sw,
        advice: ASK_ISSUER,
      },
    );
  const triesLeft = sw & 0x0f;
  throw new CardError('adm-wrong', `the ADM key is wrong, ${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left`, {
    statusWord: sw,
    advice: ASK_ISSUER,
    details: { triesLeft },
  });
}

function refuseWithoutTries(triesLeft: number | undefined, consented: boolean): void {
  if (triesLeft === undefined && !consented)
    throw new CardError('adm-unknown', 'the card does not say how many tries its ADM key has left', {
      advice: 'A wrong key could destroy this card: it is presented only if you say so for this card',
    });
  if (triesLeft === 0)
    throw new CardError('adm-blocked', 'the ADM key of this card is blocked', {
      advice: 'The card cannot be written any more',
    });
  if (triesLeft === 1 && !consented)
    throw new CardError('adm-last-try', 'the ADM key has one try left and is not presented', {
      advice: `A wrong key would destroy this card; it is presented only if you say so for this card. ${ASK_ISSUER}`,
    });
}
