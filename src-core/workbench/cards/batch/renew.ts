/** A list that is read in again for the same cards: what each card's row is now. */
import type { Secret } from '../../../base/secret.ts';
import type { BatchCardRecord } from '../../../store/contract.ts';
import { keyWasRefused } from './machine.ts';

/** Cards that are not done, or are to get something else, get what the list says now; a key that was refused is not tried again. */
export async function renewed(
  isAsWritten: (verified: BatchCardRecord, card: BatchCardRecord) => Promise<boolean>,
  before: BatchCardRecord | undefined,
  card: BatchCardRecord,
): Promise<BatchCardRecord> {
  if (!before) return card;
  const { state, code, detail, at, reader, triesBefore } = before;
  if (state === 'verified') return (await isAsWritten(before, card)) ? { ...before, line: card.line } : card;
  const sameKey = isSame(before.adm, card.adm) && isSame(before.secrets.pin, card.secrets.pin);
  if (state === 'waiting' || (state === 'failed' && !(keyWasRefused(before) && sameKey))) return card;
  return {
    ...card,
    state,
    detail,
    ...(code !== undefined && { code }),
    ...(at !== undefined && { at }),
    ...(reader !== undefined && { reader }),
    ...(sameKey && triesBefore !== undefined && { triesBefore }),
  };
}

function isSame(a: Secret | undefined, b: Secret | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}
