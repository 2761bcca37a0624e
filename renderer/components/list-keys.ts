/** Where a key leads in a list of rows (WAI-ARIA Authoring Practices, listbox and tree view). Pure. */

export interface ListPlace {
  /** Row in hand; -1 for none. */
  readonly at: number;
  readonly count: number;
  /** Rows in one page. */
  readonly page: number;
}

/** Undefined where the key leads nowhere. */
export function rowAfter(key: string, { at, count, page }: ListPlace): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const step = steps[key];
  return step === undefined ? undefined : inList(step, count);
}

export function inList(row: number, count: number): number {
  return Math.max(0, Math.min(count - 1, row));
}

/** Whole rows that a list shows at once, but one. */
export function rowsOfPage(list: HTMLElement | null, rowPx: number): number {
  return Math.max(1, Math.floor((list?.clientHeight ?? 0) / rowPx) - 1);
}
