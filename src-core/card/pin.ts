/** PIN1, in class A0 CHV1: after it a deployed card lets its bootstrap be read (ETSI TS 102 221 §9.5, §11.1.9; 3GPP TS 51.011 §9.2.1). */
import { CardError, RequestError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { SW_OK } from '../encoding/apdu.ts';
import type { PinStatus } from '../encoding/fcp.ts';
import { PKCS15_AID } from '../encoding/pkcs15.ts';
import { type CardChannel, selectApplication, selectMf } from './file-access.ts';
import { identifyCard } from './layout.ts';
import { askTries, type KeyKind, type PresentOptions, present, triesIn } from './present.ts';
import type { CardConnection } from './reader.ts';

export const PIN1_REFERENCE = 0x01;
const PIN_BYTES = 8;
/** Referenced data invalidated. */
const DISABLED = 0x6984;

const PIN1: KeyKind = {
  code: 'pin',
  name: 'PIN1',
  blocked: 'Only the PUK of this card unblocks it: its issuer has it',
  risk: 'block PIN1 of this card',
  source: 'Ask the holder or the issuer of the card for its PIN1',
};

/** Four to eight digits, padded with FF (TS 102 221 §9.5.1). The digits are in no error. @throws RequestError `pin-format`. */
export function parsePin(text: string): Secret {
  const digits = text.trim();
  if (/^[0-9]{4,8}$/.test(digits)) {
    const padded = new Uint8Array(PIN_BYTES).fill(0xff);
    padded.set(new TextEncoder().encode(digits));
    return Secret.ofBytes(padded);
  }
  const found = /^[0-9]*$/.test(digits) ? `has ${digits.length}` : 'has other characters';
  throw new RequestError('pin-format', `PIN1 is 4 to 8 digits, and this one ${found}`, {
    advice: 'Enter it as in a handset; nothing was sent to the card',
  });
}

export interface PinState {
  /** False: nobody is asked for it. Undefined where the card does not say. */
  readonly enabled: boolean | undefined;
  /** Undefined where the card does not say. */
  readonly triesLeft: number | undefined;
}

/** Costs no try. */
export async function readPinState(channel: CardChannel): Promise<PinState> {
  const status = await readStatus(channel);
  if (channel.gsm) return { enabled: status?.enabled, triesLeft: status?.triesLeft };
  const sw = await askTries(channel, PIN1_REFERENCE);
  // A card may say in this way that nobody is asked (ISO/IEC 7816-4 §11.6.6).
  const open = sw === SW_OK || sw === DISABLED;
  return { enabled: status?.enabled ?? (open ? false : undefined), triesLeft: triesIn(sw) };
}

/** In the MF, or where the application has its own. */
async function readStatus(channel: CardChannel): Promise<PinStatus | undefined> {
  const ofPin1 = (pins: readonly PinStatus[] = []) => pins.find(({ reference }) => reference === PIN1_REFERENCE);
  const own = ofPin1((await selectMf(channel))?.pins);
  return own ?? (channel.gsm ? undefined : ofPin1((await selectApplication(channel, PKCS15_AID))?.pins));
}

/** False where the PIN is disabled: then it is not presented. @throws as `present`. */
export async function presentPin(channel: CardChannel, pin: Secret, options: PresentOptions = {}): Promise<boolean> {
  const first = await readPinState(channel);
  if (first.enabled === false) return false;
  let known: PinState | undefined = first;
  const tries = async () => {
    const { triesLeft } = known ?? (await readPinState(channel));
    known = undefined;
    return triesLeft;
  };
  await present(channel, pin, { ...options, kind: PIN1, reference: PIN1_REFERENCE, tries });
  return true;
}

export interface UnlockOptions {
  /** The card that the PIN is of. */
  readonly iccid?: string | undefined;
  /** Presented at the last try too, or where the card does not say how many are left. */
  readonly consented?: ((iccid: string) => boolean) | undefined;
  /** Right before the PIN goes out. What it throws keeps it back. */
  readonly beforePin?: (iccid: string, triesLeft: number | null) => Promise<void>;
}

export interface UnlockedCard {
  readonly iccid: string;
  /** False where the PIN is disabled. */
  readonly presented: boolean;
}

/** Reads who the card is, and presents PIN1 to it. @throws CardError `other-card`, and as `present`. */
export async function unlockCard(
  connection: CardConnection,
  pin: Secret,
  { iccid: expected, consented, beforePin }: UnlockOptions = {},
): Promise<UnlockedCard> {
  const { channel, iccid } = await identifyCard(connection);
  if (expected !== undefined && expected !== iccid)
    throw new CardError('other-card', `this is card ${iccid}, and the PIN is of card ${expected}`, {
      advice: `Insert card ${expected}; the PIN was not presented`,
    });
  const presented = await presentPin(channel, pin, {
    consented: consented?.(iccid) ?? false,
    ...(beforePin && { beforeKey: triesLeft => beforePin(iccid, triesLeft) }),
  });
  return { iccid, presented };
}
