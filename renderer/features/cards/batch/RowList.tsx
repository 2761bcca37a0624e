/** The cards of a batch and what became of each. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { BatchCardState, BatchRowView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { formatClock } from '../../../components/format.ts';
import { Pill, type Tone } from '../../../components/Marks.tsx';
import { VirtualList } from '../../../components/VirtualList.tsx';

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
      <VirtualList
        label="Cards of the batch"
        rowClass="batch-row"
        rowPx={ROW_PX}
        rows={shown}
        keyOf={row => row.line}
        at={shown.findIndex(row => row.line === selected)}
        selected={selected}
        onGo={row => onSelect(row.line)}
      >
        {row => <RowContent row={row} />}
      </VirtualList>
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
