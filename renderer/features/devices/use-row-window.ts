/** Which rows of a long list are near the screen, for rows of one height: nothing is kept for the others. */
import { type RefCallback, type UIEvent, useCallback, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Rows beyond the edges; the page draws again after as many. */
const AHEAD = 8;

export interface RowWindow {
  /** Rows [from, to). */
  readonly from: number;
  readonly to: number;
  readonly ref: RefCallback<HTMLElement>;
  readonly onScroll: (event: UIEvent<HTMLElement>) => void;
  /** Rows that fit. */
  readonly page: () => number;
  /** Scrolls as little as it takes. */
  readonly show: (row: number) => void;
}

export function useRowWindow(count: number, rowPx: number, padPx: number): RowWindow {
  const element = useRef<HTMLElement>(undefined);
  const [seen, setSeen] = useState({ from: 0, rows: 0 });
  const look = useCallback(() => {
    const { scrollTop = 0, clientHeight = 0 } = element.current ?? {};
    const from = Math.floor(scrollTop / rowPx / AHEAD) * AHEAD;
    const rows = Math.ceil(clientHeight / rowPx) + 1;
    setSeen(before => (before.from === from && before.rows === rows ? before : { from, rows }));
  }, [rowPx]);
  const ref = useCallback(
    (found: HTMLElement | null) => {
      if (!found) return undefined;
      element.current = found;
      const sizes = new ResizeObserver(look);
      sizes.observe(found);
      look();
      return () => sizes.disconnect();
    },
    [look],
  );
  return {
    from: Math.max(0, Math.min(seen.from, count) - AHEAD),
    to: Math.min(count, seen.from + seen.rows + 2 * AHEAD),
    ref,
    // Before the frame is drawn: no row is missing in it.
    onScroll: () => flushSync(look),
    page: () => Math.max(1, Math.floor((element.current?.clientHeight ?? 0) / rowPx)),
    show(row) {
      const at = element.current;
      if (!at) return;
      const top = padPx + row * rowPx;
      if (top < at.scrollTop + padPx) at.scrollTop = row === 0 ? 0 : top;
      else if (top + rowPx > at.scrollTop + at.clientHeight) at.scrollTop = top + rowPx + padPx - at.clientHeight;
    },
  };
}
