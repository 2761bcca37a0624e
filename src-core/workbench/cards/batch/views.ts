/** Batches as the page sees them: no key and no password ever. */
import type { DiffLine } from '../../views.ts';
import type { ListProblem } from './list.ts';

/** `interrupted`: written in part; the card in any reader goes on. */
export type BatchCardState = 'waiting' | 'writing' | 'interrupted' | 'verified' | 'failed';

/** What a reader shows to somebody two metres away. */
export type PlaceStage =
  | 'empty'
  | 'reading'
  | 'writing'
  | 'verifying'
  | 'verified'
  | 'already-done'
  | 'wrong-card'
  | 'duplicate'
  | 'interrupted'
  | 'failed';

export interface PlaceView {
  readonly reader: string;
  readonly stage: PlaceStage;
  readonly iccid?: string;
  readonly line?: number;
  /** What happened, and what to do next. */
  readonly text: string;
  /** 0 to 1, while it is written. */
  readonly progress: number;
  /** Rises with every card that goes in: the same outcome twice is two outcomes. */
  readonly turn: number;
}

export type BatchCounts = Readonly<Record<BatchCardState | 'total', number>>;

export interface BatchView {
  readonly key: string;
  readonly name: string;
  readonly createdAt: number;
  readonly counts: BatchCounts;
}

export interface BatchesState {
  /** Newest first. */
  readonly batches: readonly BatchView[];
  readonly running?: {
    readonly key: string;
    readonly places: readonly PlaceView[];
    /** Why it takes no more cards until a person starts it again. */
    readonly halted?: string;
  };
}

export interface BatchRowView {
  /** In the list that it came from. */
  readonly line: number;
  readonly iccid: string;
  readonly state: BatchCardState;
  readonly text: string;
  readonly at?: number;
  readonly reader?: string;
}

/** All rows first, then those that change. */
export interface BatchRows {
  readonly first: boolean;
  readonly rows: readonly BatchRowView[];
}

export interface ImportedBatch {
  /** Absent where the list has an error: nothing is kept then. */
  readonly key?: string;
  /** The same cards were a batch before: it goes on. */
  readonly resumed: boolean;
  readonly cards: number;
  readonly problems: readonly ListProblem[];
}

/** What a card would get. Passwords show as bullets; those that are made up for it are others when it is written. */
export interface BatchPreview {
  readonly line: number;
  readonly iccid: string;
  readonly user: string;
  readonly serverId: string;
  readonly address: string;
  readonly bytes: number;
  readonly diff: readonly DiffLine[];
}
