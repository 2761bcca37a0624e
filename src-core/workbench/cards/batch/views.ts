/** Batches as the page sees them: no key and no password ever. */
import type { DiffLine } from '../../views.ts';

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
  | 'failed'
  /** The batch takes no more cards. */
  | 'halted';

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
  /** Name of the client provisioning document that its cards get; absent where they get an account of this server. */
  readonly document?: string;
  /** Cards that do not tell the tries of their key get it presented, each once. */
  readonly unknownTries: boolean;
  readonly counts: BatchCounts;
}

/** A batch that takes no more cards until a person starts it again. */
export interface HaltView {
  readonly reason: string;
  /** Of the list: the cards that refused their keys. */
  readonly lines: readonly number[];
}

export interface BatchesState {
  /** Newest first. */
  readonly batches: readonly BatchView[];
  readonly running?: {
    readonly key: string;
    readonly places: readonly PlaceView[];
    readonly halt?: HaltView;
  };
}

export interface BatchRowView {
  /** In the list that it came from. */
  readonly line: number;
  readonly iccid: string;
  readonly state: BatchCardState;
  readonly text: string;
  /** Why it failed. */
  readonly code?: string;
  /** Somebody was at it: what was said to it is kept. */
  readonly at?: number;
  readonly reader?: string;
}

/** All rows first, then those that change. */
export interface BatchRows {
  readonly first: boolean;
  readonly rows: readonly BatchRowView[];
}

/** What is wrong with a line of a list, or may be. */
export interface ListProblem {
  readonly line: number;
  readonly column?: string;
  readonly text: string;
  /** A warning does not keep the list from being taken. */
  readonly severity: 'error' | 'warning';
}

export interface ImportedBatch {
  /** Absent where the list has an error: nothing is kept then. */
  readonly key?: string;
  /** The same cards were a batch before: it goes on. */
  readonly resumed: boolean;
  readonly cards: number;
  readonly problems: readonly ListProblem[];
}

/** What a card would get. Secrets show as bullets; passwords that are made up for it are others when it is written. */
export interface BatchPreview {
  readonly line: number;
  readonly iccid: string;
  /** Of the account. */
  readonly user?: string;
  readonly serverId?: string;
  readonly address?: string;
  /** Name of the client provisioning document, in the place of an account. */
  readonly document?: string;
  readonly bytes: number;
  readonly diff: readonly DiffLine[];
}
