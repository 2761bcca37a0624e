/** What a key does in the outline of a message (WAI-ARIA Authoring Practices, tree view). Pure. */
import { inList, rowAfter } from '../../../components/list-keys.ts';
import type { MessageIndex } from './message-index.ts';

export interface OutlineKey {
  readonly key: string;
  readonly index: MessageIndex;
  /** Rows on screen, in order, and those that are folded. */
  readonly visible: readonly number[];
  readonly folded: ReadonlySet<number>;
  /** The selected row. */
  readonly at: number | undefined;
  /** Rows in one page. */
  readonly page: number;
}

export interface OutlineMove {
  readonly to?: number;
  readonly fold?: { readonly row: number; readonly open: boolean };
}

/** Undefined where the key means nothing here. */
export function moveInOutline(press: OutlineKey): OutlineMove | undefined {
  const { key, index, visible, folded, at, page } = press;
  const place = at === undefined ? -1 : visible.indexOf(at);
  const row = at === undefined ? undefined : index.rows[at];
  const holds = row !== undefined && row.last > row.at;
  const goTo = (to: number): OutlineMove => {
    const target = visible[to];
    return target === undefined ? {} : { to: target };
  };
  const to = rowAfter(key, { at: place, count: visible.length, page });
  if (to !== undefined) return goTo(to);
  switch (key) {
    case 'ArrowRight':
      if (!row) return goTo(0);
      if (!holds) return {};
      return folded.has(row.at) ? { fold: { row: row.at, open: true } } : goTo(inList(place + 1, visible.length));
    case 'ArrowLeft':
      if (!row) return goTo(0);
      if (holds && !folded.has(row.at)) return { fold: { row: row.at, open: false } };
      return row.parent < 0 ? {} : { to: row.parent };
    default:
      return undefined;
  }
}

/** Where a key takes the cursor in a hex dump of `size` bytes; undefined where it means nothing there. */
export function moveInHex(key: string, at: number | undefined, size: number, perRow: number, page: number) {
  const from = at ?? -1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: at === undefined ? 0 : from + perRow,
    ArrowUp: from - perRow,
    PageDown: from + perRow * page,
    PageUp: from - perRow * page,
    Home: 0,
    End: size - 1,
  };
  const to = steps[key];
  return to === undefined || size === 0 ? undefined : inList(to, size);
}
