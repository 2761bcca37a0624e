/** A batch as a state machine: what an event at a reader makes of its place and of the card in it. Pure. */
import type { BatchCardRecord } from '../../../store/contract.ts';
import type { PlaceStage } from './views.ts';

export interface Place {
  readonly stage: PlaceStage;
  /** A card is in the reader. */
  readonly present: boolean;
  readonly iccid?: string;
  readonly line?: number;
  readonly text: string;
  readonly progress: number;
  readonly turn: number;
}

export type PlaceEvent =
  | { readonly kind: 'inserted' }
  /** `elsewhere`: another reader that holds a card of the same ICCID now. */
  | { readonly kind: 'identified'; readonly iccid: string; readonly elsewhere?: string | undefined }
  /** The key is about to be presented. */
  | { readonly kind: 'planned'; readonly triesLeft: number | null; readonly reader: string; readonly at: number }
  | { readonly kind: 'progress'; readonly stage: 'writing' | 'verifying'; readonly progress: number }
  /** `address`: of the server, as it was written. */
  | {
      readonly kind: 'verified';
      readonly detail: string;
      readonly address: string;
      readonly reader: string;
      readonly at: number;
    }
  | ({ readonly kind: 'failed' } & Failure)
  | { readonly kind: 'removed' }
  /** A card was put in, and the batch takes none. */
  | { readonly kind: 'halted' };

export interface Failure {
  readonly code: string;
  readonly text: string;
  /** The same card goes on where it stopped. */
  readonly resumable: boolean;
  readonly reader: string;
  readonly at: number;
}

export interface Step {
  readonly place: Place;
  /** Where it changed. */
  readonly row?: BatchCardRecord;
}

export const EMPTY: Place = { stage: 'empty', present: false, text: 'Insert a card', progress: 0, turn: 0 };

/** Codes after which the key of the list is not presented to this card any more. */
const KEY_REFUSED: ReadonlySet<string> = new Set(['adm-wrong', 'adm-refused', 'adm-known-wrong']);

/** So many keys refused, none taken in between: the list may be one line off, and each card would lose a try. */
export const MOST_REFUSED = 3;
export const HALTED = `Halted: ${MOST_REFUSED} keys in a row were refused. Check the list, then stop the batch and start it again`;

/** @param row the card of the list that is in the reader; undefined where the list has none such. */
export function step(place: Place, row: BatchCardRecord | undefined, event: PlaceEvent): Step {
  switch (event.kind) {
    case 'inserted':
      return {
        place: { stage: 'reading', present: true, text: 'Reading the card', progress: 0, turn: place.turn + 1 },
      };
    case 'identified':
      return { place: identified(place, row, event.iccid, event.elsewhere) };
    case 'planned':
      return planned(place, row, event);
    case 'progress':
      if (!place.present) return { place };
      return { place: { ...place, stage: event.stage, progress: event.progress, text: WORKING[event.stage] } };
    case 'verified':
      return verified(place, row, event);
    case 'failed':
      return failed(place, row, event);
    case 'removed':
      return { place: removed(place) };
    case 'halted':
      return { place: { ...EMPTY, stage: 'failed', present: true, text: HALTED, turn: place.turn + 1 } };
  }
}

const WORKING = { writing: 'Writing: leave the card in', verifying: 'Reading it back: leave the card in' } as const;

/** A place of a halted batch, as it is shown: no card is asked for. */
export function haltedPlace(place: Place): Place {
  switch (place.stage) {
    case 'reading':
    case 'writing':
    case 'verifying':
      return place;
    case 'empty':
      return { ...place, stage: 'failed', text: HALTED };
    case 'verified':
    case 'already-done':
      return { ...place, text: HALTED };
    default:
      return place.text === HALTED ? place : { ...place, text: `${place.text}. ${HALTED}` };
  }
}

/** The card of this place is to be provisioned. */
export function isWanted(place: Place): boolean {
  return place.stage === 'reading' && place.line !== undefined;
}

/** This was the outcome of a key that was presented. */
export function costsTry(code: string | undefined): boolean {
  return code === 'adm-wrong' || code === 'adm-refused';
}

export function keyWasRefused({ state, code }: BatchCardRecord): boolean {
  return state === 'failed' && code !== undefined && KEY_REFUSED.has(code);
}

function identified(
  place: Place,
  row: BatchCardRecord | undefined,
  iccid: string,
  elsewhere: string | undefined,
): Place {
  const known = { ...place, iccid, ...(row && { line: row.line }) };
  if (!row) return { ...known, stage: 'wrong-card', text: 'This card is not in the list: put it aside' };
  if (elsewhere !== undefined)
    return { ...known, stage: 'duplicate', text: `A card of the same ICCID is in ${elsewhere}: put both aside` };
  if (row.state === 'verified') return { ...known, stage: 'already-done', text: 'Done before: take the next card' };
  if (keyWasRefused(row))
    return { ...known, stage: 'failed', text: 'It refused the key of the list before: the key is not presented again' };
  return known;
}

/** A try that is missing since the key was presented was cost by that key. */
function planned(
  place: Place,
  row: BatchCardRecord | undefined,
  { triesLeft, reader, at }: Extract<PlaceEvent, { kind: 'planned' }>,
): Step {
  if (!row) return { place };
  if (row.state === 'interrupted' && row.triesBefore !== undefined && (triesLeft ?? 0) < row.triesBefore) {
    const text = 'It lost a try of its key when it was interrupted: the key is not presented again';
    return failed(place, row, { code: 'adm-wrong', text, resumable: false, reader, at });
  }
  const { code: _, triesBefore: __, ...rest } = row;
  return {
    place: { ...place, stage: 'writing', text: WORKING.writing, progress: 0 },
    row: { ...rest, state: 'writing', detail: '', reader, at, ...(triesLeft !== null && { triesBefore: triesLeft }) },
  };
}

/** What the card needed in secret is forgotten with it; the address is what the card has now, whatever the server's is later. */
function verified(
  place: Place,
  row: BatchCardRecord | undefined,
  { detail, address, reader, at }: Extract<PlaceEvent, { kind: 'verified' }>,
): Step {
  if (!row) return { place };
  const { line, iccid, variables } = row;
  return {
    place: { ...place, stage: 'verified', progress: 1, text: 'Verified: take the next card' },
    row: { line, iccid, variables: { ...variables, address }, secrets: {}, state: 'verified', detail, reader, at },
  };
}

function failed(place: Place, row: BatchCardRecord | undefined, failure: Failure): Step {
  const { code, text, resumable, reader, at } = failure;
  const stage = resumable ? 'interrupted' : 'failed';
  const next: Place = { ...place, stage, text: resumable && !text.includes(AGAIN) ? `${text}. ${AGAIN}` : text };
  if (!row || row.state === 'verified' || (resumable && row.state !== 'writing')) return { place: next };
  return { place: next, row: { ...row, state: stage, code, detail: text, reader, at } };
}

const AGAIN = 'Insert the same card again';

function removed(place: Place): Place {
  const { turn } = place;
  switch (place.stage) {
    case 'reading':
    case 'writing':
    case 'verifying':
      return { ...place, present: false, stage: 'interrupted', text: `The card was pulled too early. ${AGAIN}` };
    case 'interrupted':
      return { ...place, present: false };
    default:
      return { ...EMPTY, turn };
  }
}
