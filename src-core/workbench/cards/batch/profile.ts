/** What the cards of a batch get: the account of this server, or a client provisioning document. One of them for a whole batch. */
import type { Secret } from '../../../base/secret.ts';
import type { ProfileId } from '../../../card/profile-kind.ts';
import type { BatchCardRecord } from '../../../store/contract.ts';
import type { BatchPreview, ListProblem } from './views.ts';

/** A card of a list. */
export type Wanted = Pick<BatchCardRecord, 'line' | 'iccid' | 'variables' | 'secrets'>;

/** What a line says of the profile of its card, taken apart and checked. */
export interface ReadCells {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Never quotes a secret. */
  readonly faults: readonly { readonly column?: string; readonly text: string }[];
}

/** Reads the cells of one list, line by line. */
export interface ProfileCells {
  /** Columns that it takes. */
  readonly columns: ReadonlySet<string>;
  /** What is wrong with the columns of the list. */
  missing(columns: readonly string[]): ReadCells['faults'];
  read(line: number, iccid: string, cell: (column: string) => string): ReadCells;
}

/** What one card gets. */
export interface CardContent {
  readonly profile: ProfileId;
  readonly document: Uint8Array;
  /** When the card takes it, or has it already: what must be kept besides. */
  readonly keep: () => Promise<void>;
  /** What of it stays with the row of the verified card. */
  readonly written: () => Promise<Pick<BatchCardRecord, 'variables' | 'mark'>>;
}

export interface BatchProfile {
  cells(): ProfileCells;
  /** What else is wrong with a card of the list. */
  check(card: Wanted): Promise<ListProblem[]>;
  content(card: Wanted): Promise<CardContent>;
  preview(card: Wanted): Promise<BatchPreview>;
  /** A verified card has what the list says now. */
  isAsWritten(verified: BatchCardRecord, card: Wanted): Promise<boolean>;
}
