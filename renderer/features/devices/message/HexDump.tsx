// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtual
/** The bytes of a message, linked with its elements: what is pointed at or chosen here shows there, and the other way round. */
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import type { MessageBody } from '../../../../src-core/workbench/message-views.ts';
import { rowsOfPage } from '../../../components/list-keys.ts';
import { type HexMarks, HexRow } from './HexRow.tsx';
import { type Span, spanOf } from './message-index.ts';
import { moveInHex } from './outline-keys.ts';
import type { Selection } from './use-selection.ts';

const ROW_PX = 19;
/** Width of a row of sixteen bytes, pixels. */
const SIXTEEN_PX = 508;
/** The other side waits this long before it moves to what is pointed at. */
export const POINT_MS = 90;

export function HexDump({ body, selection }: { body: MessageBody; selection: Selection }) {
  const { index, row, byte, pointed, turn } = selection;
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const merged = useMergedRef(scroll, measured);
  const perRow = width === 0 || width >= SIXTEEN_PX ? 16 : 8;
  const list = useVirtualizer({
    count: Math.ceil(index.size / perRow),
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    paddingStart: 4,
    paddingEnd: 4,
  });
  const chosen = row === undefined ? undefined : index.rows[row];
  const span = chosen?.span;
  const text = useMemo(() => (chosen?.value ? spanOf(chosen.value) : undefined), [chosen]);
  const over = pointed === undefined ? undefined : index.rows[pointed.row]?.span;
  const cursor = byte ?? -1;
  const digits = Math.max(4, (index.size - 1).toString(16).length);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each choice moves here once
  useEffect(() => {
    const to = byte ?? span?.start;
    if (to !== undefined) list.scrollToIndex(Math.floor(to / perRow), { align: 'auto' });
  }, [turn, perRow]);
  useEffect(() => {
    const to = pointed?.side === 'outline' ? over?.start : undefined;
    if (to === undefined) return undefined;
    const timer = setTimeout(() => list.scrollToIndex(Math.floor(to / perRow), { align: 'auto' }), POINT_MS);
    return () => clearTimeout(timer);
  }, [list, pointed, over, perRow]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = rowsOfPage(scroll.current, ROW_PX);
    const to = moveInHex(event.key, byte ?? span?.start, index.size, perRow, page);
    if (to === undefined) return;
    event.preventDefault();
    selection.chooseByte(to);
  };
  const items = list.getVirtualItems();
  const cursorRow = Math.floor(cursor / perRow);
  return (
    <div
      ref={merged}
      className="scroll dump"
      role="grid"
      aria-label="Bytes of the message"
      aria-readonly
      aria-rowcount={Math.ceil(index.size / perRow)}
      aria-activedescendant={items.some(item => item.index === cursorRow) ? 'dump-cursor' : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onMouseOver={event => selection.point(rowUnder(event, selection), 'hex')}
      onFocus={() => selection.point(undefined, 'hex')}
      onMouseLeave={() => selection.point(undefined, 'hex')}
      onClick={event => {
        const at = byteUnder(event);
        if (at !== undefined) selection.chooseByte(at);
      }}
    >
      <div role="rowgroup" className="dump-space" style={{ height: list.getTotalSize() }}>
        {items.map(item => {
          const offset = item.index * perRow;
          const end = Math.min(index.size, offset + perRow);
          return (
            <HexRow
              key={item.key}
              offset={offset}
              digits={digits}
              perRow={perRow}
              hex={body.hex.slice(offset * 2, end * 2)}
              top={item.start}
              rowIndex={item.index + 1}
              {...marksIn({ start: offset, end }, { span, text, over, cursor, wrong: body.error?.offset ?? -1 })}
            />
          );
        })}
      </div>
    </div>
  );
}

interface Marks {
  readonly span: Span | undefined;
  readonly text: Span | undefined;
  readonly over: Span | undefined;
  readonly cursor: number;
  readonly wrong: number;
}

/** Marks cut to one row, so that a row without any stays as it is. */
function marksIn(row: Span, { span, text, over, cursor, wrong }: Marks): HexMarks {
  const within = (at: number) => (at >= row.start && at < row.end ? at : -1);
  const [chosenFrom, chosenTo] = cut(span, row);
  const [textFrom, textTo] = cut(text, row);
  const [pointedFrom, pointedTo] = cut(over, row);
  return {
    chosenFrom,
    chosenTo,
    textFrom,
    textTo,
    pointedFrom,
    pointedTo,
    cursor: within(cursor),
    wrong: within(wrong),
  };
}

function cut(span: Span | undefined, row: Span): [from: number, to: number] {
  const from = Math.max(row.start, span?.start ?? -1);
  const to = Math.min(row.end, span?.end ?? -1);
  return from < to ? [from, to] : [-1, -1];
}

function byteUnder({ target }: React.MouseEvent): number | undefined {
  const at = target instanceof Element ? target.closest<HTMLElement>('[data-at]')?.dataset.at : undefined;
  return at === undefined ? undefined : Number(at);
}

function rowUnder(event: React.MouseEvent, { index }: Selection): number | undefined {
  const at = byteUnder(event);
  return at === undefined ? undefined : index.rowAt(at);
}
