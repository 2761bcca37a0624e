/** One row of the tree: name, value, marks, format. Clicks are the tree's business: rows come and go too quickly. */
import { ChevronDown, ChevronRight, CircleAlert, CircleDashed, Clock, Pin } from 'lucide-react';
import { memo } from 'react';
import { oneLine } from '../../components/format.ts';
import type { RowMark, RowMarks } from './row-marks.ts';
import { cutAt, type Range } from './search-query.ts';
import type { Match } from './tree-search.ts';

/** What a row shows of a value; the properties panel shows all of it. */
const SHOWN = 400;

/** Plain values, so that a row is drawn again only where something in it changed. */
interface TreeRowViewProps {
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  readonly depth: number;
  readonly foldable: boolean;
  readonly expanded: boolean;
  readonly interior: boolean;
  readonly value: string | undefined;
  readonly format: string;
  readonly position: number;
  readonly siblings: number;
  readonly selected: boolean;
  /** The value before it changed just now. */
  readonly old: string | undefined;
  readonly match: Match | undefined;
  readonly marks: RowMarks | undefined;
}

export const TreeRowView = memo(function TreeRowView(props: TreeRowViewProps) {
  const { id, uri, depth, foldable, expanded, interior, value, selected, old, match, marks } = props;
  const Twisty = expanded ? ChevronDown : ChevronRight;
  return (
    <div
      id={id}
      className={`tree-row${selected ? ' on' : ''}${old === undefined ? '' : ' flash'}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={props.position}
      aria-setsize={props.siblings}
      aria-expanded={foldable ? expanded : undefined}
      aria-selected={selected}
      tabIndex={-1}
      data-uri={uri}
    >
      <span className="key" style={{ paddingInlineStart: depth * 16 + (foldable ? 10 : 28) }} title={uri}>
        {foldable && (
          <span className="twisty">
            <Twisty size={13} aria-hidden />
          </span>
        )}
        <Marked text={props.name} ranges={match?.name} />
      </span>
      <span className="value" title={titleOf(value)}>
        {old !== undefined && <del title={`was ${titleOf(old)}`}>{shorten(old)}</del>}
        {value !== undefined && <Marked text={cut(value)} ranges={match?.value} />}
        {value === undefined && !interior && <span className="muted">not read</span>}
      </span>
      <span className="format">
        {marks?.map(mark => (
          <Mark key={mark.kind} mark={mark} />
        ))}
        {props.format}
      </span>
    </div>
  );
});

const ICONS = { queued: Clock, failed: CircleAlert, pinned: Pin, partial: CircleDashed };

function Mark({ mark: { kind, title } }: { mark: RowMark }) {
  const Icon = ICONS[kind];
  return (
    <span className={`row-mark ${kind}`} role="img" aria-label={title} title={title}>
      <Icon size={12} aria-hidden />
    </span>
  );
}

function Marked({ text, ranges }: { text: string; ranges: readonly Range[] | undefined }) {
  if (!ranges || ranges.length === 0) return <>{oneLine(text)}</>;
  return cutAt(text, ranges).map((piece, i) => {
    const key = `${i} ${piece.text}`;
    return piece.marked ? <mark key={key}>{oneLine(piece.text)}</mark> : <span key={key}>{oneLine(piece.text)}</span>;
  });
}

const cut = (value: string): string => (value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
const shorten = (value: string): string => oneLine(cut(value));

function titleOf(value: string | undefined): string | undefined {
  if (value === undefined || value.length <= 2000) return value;
  return `${value.slice(0, 2000)}… (${value.length} characters: select the node for all of them)`;
}
