/** The elements of a message as a tree: a virtual list walked with the keyboard, linked with the hex dump. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { MessageBody } from '../../../../src-core/workbench/message-views.ts';
import { rowsOfPage } from '../../../components/list-keys.ts';
import { POINT_MS } from './HexDump.tsx';
import { OutlineRowView, outlineId } from './OutlineRowView.tsx';
import { moveInOutline } from './outline-keys.ts';
import type { Selection } from './use-selection.ts';

const ROW_PX = 20;

export function MessageOutline({ body, selection }: { body: MessageBody; selection: Selection }) {
  const { index, row: at, pointed, folded, turn } = selection;
  const scroll = useRef<HTMLDivElement>(null);
  const visible = useMemo(() => index.visible(folded), [index, folded]);
  const [whole, setWhole] = useState<number>();
  const warnings = useMemo(() => warningsByStart(body), [body]);
  const list = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    paddingStart: 4,
    paddingEnd: 4,
    getItemKey: place => visible[place] ?? place,
  });
  const items = list.getVirtualItems();

  // biome-ignore lint/correctness/useExhaustiveDependencies: each choice moves here once
  useEffect(() => {
    const place = at === undefined ? -1 : visible.indexOf(at);
    if (place >= 0) list.scrollToIndex(place, { align: 'auto' });
  }, [turn]);
  useEffect(() => {
    if (pointed?.side !== 'hex') return undefined;
    const place = visible.indexOf(pointed.row);
    const timer = setTimeout(() => place >= 0 && list.scrollToIndex(place, { align: 'auto' }), POINT_MS);
    return () => clearTimeout(timer);
  }, [list, pointed, visible]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a value opened to its end is read from its start
  useEffect(() => {
    const place = whole === undefined ? -1 : visible.indexOf(whole);
    if (place >= 0) list.scrollToIndex(place, { align: 'start' });
  }, [whole]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && at !== undefined) {
      event.preventDefault();
      setWhole(at);
      return;
    }
    const page = rowsOfPage(scroll.current, ROW_PX);
    const move = moveInOutline({ key: event.key, index, visible, folded, at, page });
    if (!move) return;
    event.preventDefault();
    if (move.fold) selection.fold(move.fold.row, move.fold.open);
    if (move.to !== undefined) selection.chooseRow(move.to);
  };
  return (
    <div
      ref={scroll}
      className="scroll outline"
      role="tree"
      aria-label="Elements of the message"
      aria-activedescendant={
        at !== undefined && items.some(item => visible[item.index] === at) ? outlineId(at) : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
      onMouseOver={event => selection.point(rowUnder(event), 'outline')}
      onFocus={() => selection.point(undefined, 'outline')}
      onMouseLeave={() => selection.point(undefined, 'outline')}
      onClick={event => {
        const row = rowUnder(event);
        if (row !== undefined) selection.chooseRow(row);
      }}
    >
      <div role="none" className="outline-space" style={{ height: list.getTotalSize() }}>
        {items.map(item => {
          const row = index.rows[visible[item.index] ?? -1];
          if (!row) return null;
          const outer = index.rows[row.parent]?.node;
          const own = row.node.kind === 'element' ? row.node.namespace : undefined;
          return (
            <OutlineRowView
              key={item.key}
              row={row}
              place={item.index}
              top={item.start}
              namespace={outer?.kind === 'element' && outer.namespace === own ? undefined : own}
              chosen={row.at === at}
              pointed={row.at === pointed?.row}
              folded={folded.has(row.at)}
              warning={row.span && warnings.get(row.span.start)}
              whole={row.at === whole}
              onWhole={setWhole}
              onFold={selection.fold}
              measure={list.measureElement}
            />
          );
        })}
      </div>
    </div>
  );
}

function warningsByStart({ warnings }: MessageBody): ReadonlyMap<number, string> {
  const words = new Map<number, string>();
  for (const { text, start } of warnings) if (start !== undefined) words.set(start, text);
  return words;
}

function rowUnder({ target }: React.MouseEvent): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset.row : undefined;
  return row === undefined ? undefined : Number(row);
}
