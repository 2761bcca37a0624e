/**
 * EF(DODF) and EF(ODF) while handsets read them. No specification says that a card carries out a command whole or not at all:
 * what a handset finds there changes by one byte a command, and no command reaches into an entry of somebody else. What is more
 * than a byte is written where nobody reads it: behind the list, and in entries out of use.
 */
import { bytesEqual } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { readTlvs } from '../encoding/ber-tlv.ts';
import { decodeDodf } from '../encoding/pkcs15.ts';
import { outOfUse, switchesOf } from '../encoding/pkcs15-edit.ts';
import { type ContentUpdate, contentUpdates, isOneByte } from './byte-updates.ts';

/** The new is ready before it is found, and found before the old is lost; tidied up is what nobody finds any more. */
const PHASES = ['prepare', 'find', 'lose', 'tidy'] as const;

interface DirectoryUpdate extends ContentUpdate {
  readonly phase: (typeof PHASES)[number];
  /** Of an entry that is found before and after: it changes by more than a byte, and is not found in between. */
  readonly gap?: true;
}

/** The entries of a directory file, without what lies behind them; undefined where they cannot be told apart. */
function directoryList(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const last = readTlvs(bytes, { padded: true }).at(-1);
    return bytes.subarray(0, last ? last.valueOffset + last.value.length : 0);
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}

/** The same entries, whatever lies behind them; false where they cannot be told apart. */
export function sameList(a: Uint8Array, b: Uint8Array): boolean {
  const [one, other] = [directoryList(a), directoryList(b)];
  return one !== undefined && other !== undefined && bytesEqual(one, other);
}

/** EF(ODF): an entry more at the end of the list. */
export function odfUpdates(from: Uint8Array, to: Uint8Array): ContentUpdate[] {
  return inOrder(endOfList(from, to));
}

/** EF(DODF): entries for this OID change in their places, one comes at the end of the list, or the last ones go. */
export function dodfUpdates(from: Uint8Array, to: Uint8Array, oid: string): DirectoryUpdate[] {
  if (bytesEqual(from, to)) return [];
  const shorter = Math.min(directoryList(from)?.length ?? 0, directoryList(to)?.length ?? 0);
  let start = 0;
  // What handsets take is the first one: it is found until those behind it are as they shall be.
  const entries: DirectoryUpdate[][] = [];
  for (const { raw, value } of decodeDodf(from)) {
    const end = start + raw.length;
    if (end > shorter) break;
    const inUse = value?.applicationOid === oid;
    if (inUse || value?.applicationOid === outOfUse(oid))
      entries.unshift(entryUpdates({ from, to, start, end, oid, inUse }));
    start = end;
  }
  return inOrder([...endOfList(from, to), ...entries.flat()]);
}

interface EntryChange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly oid: string;
  readonly inUse: boolean;
}

function entryUpdates({ from, to, start, end, oid, inUse }: EntryChange): DirectoryUpdate[] {
  // The one that tells us is the last to change.
  const switches = switchesOf(from.subarray(start, end), oid)
    .map(at => start + at)
    .reverse();
  const inner = to.slice();
  for (const at of switches) inner[at] = from[at] ?? 0;
  const rest = contentUpdates(from, inner, start, end);
  const switched = switches.filter(at => from[at] !== to[at]).map(at => one(to, at));
  if (!inUse) return [...inPhase('prepare', rest), ...inPhase('find', switched)];
  if (rest.length === 0 || isOneByte(rest)) return inPhase('lose', [...switched, ...rest]);
  const off = switches.map(offset => ({ offset, data: Uint8Array.of(0) }));
  const on = switches.map(at => one(to, at));
  return inPhase('lose', [...off, ...rest, ...on]).map(update => ({ ...update, gap: true }));
}

/** A longer list gets the first byte of what is new last: before, it ends there. Of a shorter one that byte goes first. */
function endOfList(from: Uint8Array, to: Uint8Array): DirectoryUpdate[] {
  const [before, after] = [directoryList(from)?.length ?? 0, directoryList(to)?.length ?? 0];
  const end = Math.min(before, after);
  const behind = contentUpdates(from, to, before === after ? end : end + 1);
  if (before < after) return [...inPhase('prepare', behind), ...inPhase('find', [one(to, end)])];
  if (before > after) return [...inPhase('lose', [one(to, end)]), ...inPhase('tidy', behind)];
  return inPhase('tidy', behind);
}

function one(to: Uint8Array, offset: number): ContentUpdate {
  return { offset, data: to.slice(offset, offset + 1) };
}

function inPhase(phase: DirectoryUpdate['phase'], updates: readonly ContentUpdate[]): DirectoryUpdate[] {
  return updates.map(update => ({ ...update, phase }));
}

function inOrder(updates: readonly DirectoryUpdate[]): DirectoryUpdate[] {
  return PHASES.flatMap(phase => updates.filter(update => update.phase === phase));
}
