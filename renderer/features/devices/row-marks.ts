/** What a row of the tree says of its node beside its value: work that waits, an answer that was no, and the like. */
export interface RowMark {
  readonly kind: 'queued' | 'failed' | 'pinned' | 'partial';
  /** In words, for the person who points at it. */
  readonly title: string;
}

/** The same object for as long as nothing changes, so that the row need not be drawn again. */
export type RowMarks = readonly RowMark[];
