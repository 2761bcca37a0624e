/** One element on one line: name, namespace where it changes, value; the chosen one shows all of its value. */
import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { oneLine } from '../../../components/format.ts';
import { toOffset } from './HexRow.tsx';
import { nameOf, type OutlineRow, textOf } from './message-index.ts';

/** What a row that is not chosen holds of a value; the layout cuts it further and shows that it did. */
const HELD = 240;
/** A chosen value longer than this says how long it is and opens on request. */
const OPENED = 600;

interface OutlineRowViewProps {
  readonly row: OutlineRow;
  readonly top: number;
  readonly namespace: string | undefined;
  readonly chosen: boolean;
  readonly pointed: boolean;
  readonly folded: boolean;
  /** Words of a warning about this element. */
  readonly warning: string | undefined;
  /** The chosen value is shown to its end. */
  readonly whole: boolean;
  readonly onWhole: (row: number) => void;
  readonly onFold: (row: number, open: boolean) => void;
  readonly measure: (element: HTMLElement | null) => void;
  /** Place among the rows on screen. */
  readonly place: number;
}

export const OutlineRowView = memo(function OutlineRowView(props: OutlineRowViewProps) {
  const { row, top, namespace, chosen, pointed, folded, warning, measure, place, onFold } = props;
  const holds = row.last > row.at;
  const Twisty = folded ? ChevronRight : ChevronDown;
  const text = textOf(row);
  return (
    <div
      ref={measure}
      id={outlineId(row.at)}
      data-index={place}
      data-row={row.at}
      className={`outline-row${chosen ? ' on' : ''}${pointed ? ' pointed' : ''}`}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={holds ? !folded : undefined}
      aria-selected={chosen}
      tabIndex={-1}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className="outline-name" style={{ paddingInlineStart: row.depth * 12 + 6 }}>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: arrow keys fold */}
        <span
          className="twisty"
          onClick={event => {
            if (!holds) return;
            event.stopPropagation();
            onFold(row.at, folded);
          }}
        >
          {holds && <Twisty size={12} aria-hidden />}
        </span>
        <span className={row.node.kind === 'element' ? undefined : 'muted'}>{nameOf(row)}</span>
        {row.node.kind === 'element' &&
          row.node.attributes?.map(({ name, value }) => (
            <span key={name} className="outline-attribute">
              {name}="{value}"
            </span>
          ))}
        {namespace && <span className="outline-namespace">{namespace}</span>}
        {warning && (
          <span className="outline-warning" title={warning}>
            <TriangleAlert size={12} role="img" aria-label={`warning: ${warning}`} />
          </span>
        )}
      </span>
      {text && <Value {...props} text={text} />}
      <span className="outline-offset">{row.span ? toOffset(row.span.start) : ''}</span>
    </div>
  );
});

export const outlineId = (at: number): string => `outline-${at}`;

function Value({
  row,
  text,
  chosen,
  whole,
  onWhole,
}: OutlineRowViewProps & { text: NonNullable<OutlineRow['value']> }) {
  const bytes =
    row.value?.end === undefined || row.value.start === undefined ? undefined : row.value.end - row.value.start;
  if (text.form === 'document') return <span className="outline-value muted">document in {bytes} opaque bytes</span>;
  const all = text.text;
  const cut = chosen && !whole && all.length > OPENED;
  return (
    <span className={`outline-value${text.hidden ? ' muted' : ''}`}>
      {chosen ? all.slice(0, cut ? OPENED : undefined) : oneLine(all.slice(0, HELD))}
      {!chosen && all.length > HELD && '…'}
      {cut && (
        <button
          type="button"
          tabIndex={-1}
          className="link"
          onClick={event => {
            event.stopPropagation();
            onWhole(row.at);
          }}
        >
          {(all.length - OPENED).toLocaleString('en-US')} more characters (Enter)
        </button>
      )}
      {chosen && text.hidden && <span className="outline-why"> {text.hidden}</span>}
    </span>
  );
}
