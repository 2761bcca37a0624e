// biome-ignore-all lint/a11y/useSemanticElements: a list of ten thousand cannot be a select
// biome-ignore-all lint/a11y/useFocusableInteractive: the list holds the focus and names the active option
/** The cards of a batch and what became of each. */
import { SegmentedControl } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { BatchCardState, BatchRowView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { formatClock } from '../../../components/format.ts';
import { Pill, type Tone } from '../../../components/Marks.tsx';

const ROW_PX = 44;
const STATES: Readonly<Record<BatchCardState, { readonly word: string; readonly tone: Tone }>> = {
  waiting: { word: 'to do', tone: 'plain' },
  writing: { word: 'writing', tone: 'info' },
  interrupted: { word: 'interrupted', tone: 'warn' },
  verified: { word: 'done', tone: 'ok' },
  failed: { word: 'failed', tone: 'bad' },
};
const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'To do' },
  { value: 'failed', label: 'Failed' },
];

interface RowListProps {
  readonly rows: readonly BatchRowView[];
  readonly selected: number | undefined;
  readonly onSelect: (line: number) => void;
}

export function RowList({ rows, selected, onSelect }: RowListProps) {
  const [filter, setFilter] = useState('all');
  const shown = rows.filter(({ state }) => fits(filter, state));
  const scroll = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getItemKey: i => shown[i]?.line ?? i,
  });
  const items = list.getVirtualItems();
  const at = shown.findIndex(row => row.line === selected);
  const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_PX) - 1);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: shown.length - 1,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || shown.length === 0) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(shown.length - 1, step));
    const row = shown[to];
    if (row) onSelect(row.line);
    list.scrollToIndex(to);
  };
  return (
    <>
      <div className="sec">
        <h2>Cards</h2>
        <Pill>{shown.length.toLocaleString('en-US')}</Pill>
        <SegmentedControl
          className="right"
          size="xs"
          aria-label="Which cards"
          data={FILTERS}
          value={filter}
          onChange={setFilter}
        />
      </div>
      {shown.length === 0 && <p className="note first">No such card.</p>}
      <div
        ref={scroll}
        className="scroll batch-rows"
        role="listbox"
        aria-label="Cards of the batch"
        aria-activedescendant={items.some(item => item.index === at) ? `batch_row_${selected}` : undefined}
        tabIndex={0}
        hidden={shown.length === 0}
        onKeyDown={onKeyDown}
      >
        <div className="batch-space" style={{ height: list.getTotalSize() }}>
          {items.map(item => {
            const row = shown[item.index];
            return row ? (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list holds the focus and takes the keys
              <div
                key={item.key}
                id={`batch_row_${row.line}`}
                role="option"
                aria-selected={row.line === selected}
                aria-posinset={item.index + 1}
                aria-setsize={shown.length}
                tabIndex={-1}
                className="batch-row"
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={() => onSelect(row.line)}
              >
                <RowContent row={row} />
              </div>
            ) : null;
          })}
        </div>
      </div>
    </>
  );
}

function fits(filter: string, state: BatchCardState): boolean {
  if (filter === 'failed') return state === 'failed';
  return filter === 'all' || (state !== 'verified' && state !== 'failed');
}

function RowContent({ row: { line, iccid, state, text, at } }: { row: BatchRowView }) {
  const { word, tone } = STATES[state];
  return (
    <>
      <span className="mono muted num">{line}</span>
      <span className="mono">{iccid}</span>
      <Pill tone={tone}>{word}</Pill>
      <small className="ellipsis" title={text}>
        {at === undefined ? '' : `${formatClock(at)} · `}
        {text}
      </small>
    </>
  );
}
