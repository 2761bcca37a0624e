/** The key that opens a card for writing (ETSI TS 102 221 §9.5.1, §11.1.9). */
import { fromHex } from '../base/bytes.ts';
import { RequestError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { CardChannel } from './file-access.ts';
import { type KeyKind, type PresentOptions, present, readTries } from './present.ts';

export type { KeyConsent } from './present.ts';

/** Key reference of ADM1 (ETSI TS 102 221 table 9.3). */
export const ADM1_REFERENCE = 0x0a;

const ADM: KeyKind = {
  code: 'adm',
  name: 'the ADM key',
  blocked: 'The card cannot be written any more',
  risk: 'destroy this card',
  source: 'Ask the card issuer for the right key of this ICCID',
};

/** A key as issuers hand it out: 16 hexadecimal digits, or 8 ASCII characters. @throws RequestError `adm-format`. */
export function parseAdm(text: string): Secret {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{16}$/.test(trimmed)) return Secret.ofBytes(fromHex(trimmed));
  if (/^[\x21-\x7e]{8}$/.test(trimmed)) return Secret.ofText(trimmed);
  throw new RequestError('adm-format', 'an ADM key has 8 characters or 16 hexadecimal digits', {
    advice: 'Enter the key as the card issuer wrote it; nothing was sent to the card',
  });
}

interface AdmOptions extends PresentOptions {
  /** As VERIFY takes it in P2; default ADM1. */
  readonly reference?: number;
}

/** Presents the key once, and only where a wrong one leaves a try, or a person consented for this very card. @throws as `present`. */
export async function presentAdm(
  channel: CardChannel,
  adm: Secret,
  { reference = ADM1_REFERENCE, ...options }: AdmOptions = {},
): Promise<void> {
  await present(channel, adm, { ...options, kind: ADM, reference, tries: () => readTries(channel, reference) });
}
