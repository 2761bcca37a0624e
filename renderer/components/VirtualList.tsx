// biome-ignore-all lint/a11y/useSemanticElements: a list of ten thousand cannot be a select
// biome-ignore-all lint/a11y/useFocusableInteractive: the list holds the focus and names the active option
/** A list of which only the rows on screen are drawn, walked with the keyboard. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { inList, rowAfter, rowsOfPage } from './list-keys.ts';
import './virtual-list.css';

interface VirtualListProps<T> {
  readonly label: string;
  /** Of the rows, for looks; also names them in the page. */
  readonly rowClass: string;
  readonly rowPx: number;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** Place of the row that keys go on from; -1 for none. */
  readonly at: number;
  /** Key of the row whose content is shown elsewhere. */
  readonly selected: string | number | undefined;
  /** More rows follow than are known. */
  readonly goesOn?: boolean;
  readonly focus?: RefObject<HTMLDivElement | null>;
  /** To this row, by key or pointer. */
  readonly onGo: (row: T) => void;
  readonly onOpen?: (row: T, how: 'keyboard' | 'pointer') => void;
  /** Place of the last row that is drawn, at every drawing. */
  readonly onDrawn?: (last: number) => void;
  readonly children: (row: T) => ReactNode;
}

export function VirtualList<T>(props: VirtualListProps<T>) {
  const { rows, keyOf, rowPx, rowClass, at, selected, onGo, onOpen, onDrawn } = props;
  const own = useRef<HTMLDivElement>(null);
  const scroll = props.focus ?? own;
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: 8,
    getItemKey: i => (rows[i] === undefined ? i : keyOf(rows[i])),
  });
  const items = list.getVirtualItems();
  useEffect(() => onDrawn?.(items.at(-1)?.index ?? 0));
  const onKeyDown = (event: KeyboardEvent) => {
    const opens = onOpen !== undefined && (event.key === 'Enter' || event.key === ' ');
    const place = { at, count: rows.length, page: rowsOfPage(scroll.current, rowPx) };
    const to = opens ? inList(at, rows.length) : rowAfter(event.key, place);
    const row = to === undefined ? undefined : rows[to];
    if (to === undefined || row === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onGo(row);
    list.scrollToIndex(to);
    if (opens) onOpen(row, 'keyboard');
  };
  const idOf = (row: T) => `${rowClass}_${keyOf(row)}`;
  const active = items.some(item => item.index === at) ? rows[at] : undefined;
  return (
    <div
      ref={scroll}
      className="scroll virtual-list"
      role="listbox"
      aria-label={props.label}
      aria-activedescendant={active === undefined ? undefined : idOf(active)}
      tabIndex={0}
      hidden={rows.length === 0}
      onKeyDown={onKeyDown}
    >
      <div className="virtual-space" style={{ height: list.getTotalSize() }}>
        {items.map(item => {
          const row = rows[item.index];
          return row === undefined ? null : (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list holds the focus and takes the keys
            <div
              key={item.key}
              id={idOf(row)}
              role="option"
              aria-selected={keyOf(row) === selected}
              aria-posinset={item.index + 1}
              aria-setsize={props.goesOn ? -1 : rows.length}
              tabIndex={-1}
              className={`virtual-row ${rowClass}${item.index === at ? ' active' : ''}`}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => {
                onGo(row);
                onOpen?.(row, 'pointer');
              }}
            >
              {props.children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
