/** One row of the tree: name, value, format. */
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { oneLine } from '../../components/format.ts';
import { isInterior, type TreeRow } from './tree-index.ts';
import { cutAt, type Matcher, nameRanges } from './tree-search.ts';

/** What a row shows of a value; the properties panel shows all of it. */
const SHOWN = 400;

interface TreeRowViewProps {
  readonly id: string;
  readonly row: TreeRow;
  readonly top: number;
  readonly selected: boolean;
  /** The value before it changed just now. */
  readonly old: string | undefined;
  readonly matcher: Matcher | undefined;
  readonly onSelect: (uri: string) => void;
  readonly onFold: (uris: readonly string[], open: boolean) => void;
}

export const TreeRowView = memo(function TreeRowView(props: TreeRowViewProps) {
  const { id, row, top, selected, old, matcher, onSelect, onFold } = props;
  const { node, expanded } = row;
  const foldable = node.children.length > 0;
  const value = node.view?.value;
  const Twisty = expanded ? ChevronDown : ChevronRight;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree holds the focus and takes the keys
    <div
      id={id}
      className={`tree-row${selected ? ' on' : ''}${old === undefined ? '' : ' flash'}`}
      role="treeitem"
      aria-level={node.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={foldable ? expanded : undefined}
      aria-selected={selected}
      tabIndex={-1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(node.uri)}
      onDoubleClick={() => foldable && onFold([node.uri], !expanded)}
    >
      <span className="key" style={{ paddingInlineStart: node.depth * 16 + 10 }} title={node.uri}>
        {foldable ? (
          // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: arrow keys fold, see above
          <span
            className="twisty"
            onClick={event => {
              event.stopPropagation();
              onFold([node.uri], !expanded);
            }}
            onDoubleClick={event => event.stopPropagation()}
          >
            <Twisty size={13} aria-hidden />
          </span>
        ) : (
          <span className="twisty" />
        )}
        <span className="ellipsis">
          <Marked text={node.name} ranges={matcher ? nameRanges(matcher, node) : []} />
        </span>
      </span>
      <span className="value" title={titleOf(value)}>
        {old !== undefined && <del title={`was ${titleOf(old)}`}>{shorten(old)}</del>}
        {value !== undefined && <Marked text={shorten(value)} ranges={matcher?.ranges(shorten(value)) ?? []} />}
        {value === undefined && !isInterior(node) && <span className="muted">not read</span>}
      </span>
      <span className="format">{node.view?.format}</span>
    </div>
  );
});

function Marked({ text, ranges }: { text: string; ranges: ReturnType<Matcher['ranges']> }) {
  if (ranges.length === 0) return <>{text}</>;
  return cutAt(text, ranges).map((piece, i) => {
    const key = `${i} ${piece.text}`;
    return piece.marked ? <mark key={key}>{piece.text}</mark> : <span key={key}>{piece.text}</span>;
  });
}

const shorten = (value: string): string => oneLine(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);

function titleOf(value: string | undefined): string | undefined {
  if (value === undefined || value.length <= 2000) return value;
  return `${value.slice(0, 2000)}… (${value.length} characters: select the node for all of them)`;
}
