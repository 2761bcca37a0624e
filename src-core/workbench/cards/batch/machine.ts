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
  /** Another reader that a card of the same ICCID was put into meanwhile. */
  readonly twin?: string;
}

export type PlaceEvent =
  | { readonly kind: 'inserted' }
  /** `elsewhere`: another reader that holds a card of the same ICCID now. */
  | { readonly kind: 'identified'; readonly iccid: string; readonly elsewhere?: string | undefined }
  /** A card of the same ICCID was put into another reader. */
  | { readonly kind: 'twin'; readonly reader: string }
  /** The key is about to be presented. */
  | { readonly kind: 'planned'; readonly triesLeft: number | null; readonly reader: string; readonly at: number }
  | { readonly kind: 'progress'; readonly stage: 'writing' | 'verifying'; readonly progress: number }
  | {
      readonly kind: 'verified';
      readonly detail: string;
      readonly written: Pick<BatchCardRecord, 'variables' | 'mark'>;
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
  /** The card had the key and did not take it. */
  readonly refused: boolean;
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
const KEY_REFUSED: ReadonlySet<string> = new Set([
  'adm-wrong',
  'adm-refused',
  'adm-known-wrong',
  // A card that does not tell its tries cannot tell either whether it took the key whose answer was lost.
  'adm-unanswered',
  'pin-wrong',
  'pin-refused',
]);

/** So many keys refused, none taken in between: the list may be one line off, and each card would lose a try. */
export const MOST_REFUSED = 3;
export const HALTED = `${MOST_REFUSED} keys in a row were refused: check the list, it may be one line off`;

/** @param row the card of the list that is in the reader; undefined where the list has none such. */
export function step(place: Place, row: BatchCardRecord | undefined, event: PlaceEvent): Step {
  switch (event.kind) {
    case 'inserted':
      return {
        place: { stage: 'reading', present: true, text: 'Reading the card', progress: 0, turn: place.turn + 1 },
      };
    case 'identified':
      return { place: identified(place, row, event.iccid, event.elsewhere) };
    case 'twin':
      return twinned(place, row, event.reader);
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
      return { place: { ...EMPTY, stage: 'halted', present: true, text: TAKES_NONE, turn: place.turn + 1 } };
  }
}

const TAKES_NONE = 'No card is taken while the batch is halted';

const WORKING = { writing: 'Writing: leave the card in', verifying: 'Reading it back: leave the card in' } as const;

/** A place of a halted batch, as it is shown: no card is asked for. */
export function haltedPlace(place: Place): Place {
  switch (place.stage) {
    case 'empty':
      return { ...place, stage: 'halted', text: TAKES_NONE };
    case 'verified':
    case 'already-done':
      return { ...place, text: TAKES_NONE };
    default:
      return place;
  }
}

/** The card of this place is to be provisioned. */
export function isWanted(place: Place): boolean {
  return place.stage === 'reading' && place.line !== undefined;
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
    return { ...known, stage: 'duplicate', twin: elsewhere, text: duplicateText('Nothing was done to it', elsewhere) };
  if (row.state === 'verified') return { ...known, stage: 'already-done', text: 'Done before: take the next card' };
  if (keyWasRefused(row)) return { ...known, stage: 'failed', text: refusedText(row) };
  return known;
}

function refusedText({ code = '' }: BatchCardRecord): string {
  if (code === 'adm-unanswered') return 'What it answered to its key was lost: provision this card by itself';
  const what = code.startsWith('pin') ? 'PIN' : 'key';
  return `It refused the ${what} of the list before: the ${what} is not presented again`;
}

function duplicateText(what: string, reader: string): string {
  return `${what}: a card with the same ICCID is in ${reader}, and one of the two may be a copy. Put both aside`;
}

/** A card that is being written is finished; before its key goes out it is left alone. What became of it says that there were two. */
function twinned(place: Place, row: BatchCardRecord | undefined, reader: string): Step {
  const next = { ...place, twin: reader };
  switch (place.stage) {
    case 'writing':
    case 'verifying':
      return { place: next };
    case 'reading':
      return { place: asDuplicate(next, 'Nothing was done to it') };
    default:
      return {
        place: asDuplicate(next, row?.state === 'verified' ? 'Verified' : 'Not done'),
        ...withTwin(row, reader),
      };
  }
}

/** Once a card came to an end that has a twin. */
function asDuplicate(place: Place, what: string): Place {
  if (place.twin === undefined) return place;
  return { ...place, stage: 'duplicate', text: duplicateText(what, place.twin) };
}

function withTwin(row: BatchCardRecord | undefined, reader: string | undefined): { row?: BatchCardRecord } {
  if (!row) return {};
  if (reader === undefined || row.at === undefined || row.detail.includes(TWIN)) return { row };
  return { row: { ...row, detail: `${row.detail}; ${TWIN} was in ${reader}` } };
}

const TWIN = 'a second card with this ICCID';

/** A try that is missing since the key was presented was cost by that key. */
function planned(
  place: Place,
  row: BatchCardRecord | undefined,
  { triesLeft, reader, at }: Extract<PlaceEvent, { kind: 'planned' }>,
): Step {
  if (!row) return { place };
  if (row.state === 'interrupted' && row.triesBefore !== undefined && (triesLeft ?? 0) < row.triesBefore) {
    const text = 'It lost a try of its key when it was interrupted: the key is not presented again';
    return failed(place, row, { code: 'adm-wrong', text, resumable: false, refused: true, reader, at });
  }
  const { code: _, triesBefore: __, ...rest } = row;
  return {
    place: { ...place, stage: 'writing', text: WORKING.writing, progress: 0 },
    row: { ...rest, state: 'writing', detail: '', reader, at, ...(triesLeft !== null && { triesBefore: triesLeft }) },
  };
}

/** What the card needed in secret is forgotten with it. */
function verified(
  place: Place,
  row: BatchCardRecord | undefined,
  { detail, written, reader, at }: Extract<PlaceEvent, { kind: 'verified' }>,
): Step {
  if (!row) return { place };
  const { line, iccid } = row;
  const next: Place = { ...place, stage: 'verified', progress: 1, text: 'Verified: take the next card' };
  return {
    place: asDuplicate(next, 'Verified'),
    ...withTwin({ line, iccid, ...written, secrets: {}, state: 'verified', detail, reader, at }, place.twin),
  };
}

function failed(place: Place, row: BatchCardRecord | undefined, failure: Failure): Step {
  const { code, text, resumable, reader, at } = failure;
  const stage = resumable ? 'interrupted' : 'failed';
  const again = resumable && !text.includes(AGAIN) ? `${text}. ${AGAIN}` : text;
  const next = asDuplicate({ ...place, stage, text: again }, 'Not done');
  if (!row || row.state === 'verified' || (resumable && row.state !== 'writing')) return { place: next };
  return { place: next, ...withTwin({ ...row, state: stage, code, detail: text, reader, at }, place.twin) };
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
