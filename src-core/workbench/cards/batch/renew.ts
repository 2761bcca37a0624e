/** A list that is read in again for the same cards: what each card's row is now. */
import type { BatchCardRecord } from '../../../store/contract.ts';
import type { AccountPorts } from '../../accounts.ts';
import { accountFor, addressOf, userOf } from './account.ts';
import { keyWasRefused } from './machine.ts';

export interface RenewPorts extends AccountPorts {
  readonly serverUrl: string;
}

/** Cards that are not done, or are to get something else, get what the list says now; a key that was refused is not tried again. */
export async function renewed(
  ports: RenewPorts,
  before: BatchCardRecord | undefined,
  card: BatchCardRecord,
): Promise<BatchCardRecord> {
  if (!before) return card;
  const { state, code, detail, at, reader, triesBefore } = before;
  if (state === 'verified') return (await isAsWritten(ports, before, card)) ? { ...before, line: card.line } : card;
  const sameKey = before.adm !== undefined && card.adm !== undefined && before.adm.equals(card.adm);
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

/** The secrets of a verified card are in its account only. */
async function isAsWritten(ports: RenewPorts, before: BatchCardRecord, card: BatchCardRecord): Promise<boolean> {
  if (userOf(before) !== userOf(card) || before.variables.address !== addressOf(card, ports.serverUrl)) return false;
  return !(await accountFor(ports, card)).changed;
}
