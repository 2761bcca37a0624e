/** The list of differences, walked with the keyboard: arrows move and fold, Enter goes to the node in the tree. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ChangeView, FieldView } from '../../../../src-core/workbench/snapshots/views.ts';
import { oneLine } from '../../../components/format.ts';
import { inList, rowAfter, rowsOfPage } from '../../../components/list-keys.ts';
import { type DiffRow, KIND_MARK, KIND_WORD, nameIn, rowsOf, shownFields } from './diff-rows.ts';

interface DiffListProps {
  readonly groups: ReadonlyMap<string, readonly ChangeView[]>;
  readonly chosen: ChangeView | undefined;
  readonly onChoose: (change: ChangeView) => void;
  readonly onShow: (uri: string) => void;
}

const ROW_PX = 24;
const NONE_FOLDED: ReadonlySet<string> = new Set();

export function DiffList({ groups, chosen, onChoose, onShow }: DiffListProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const [folded, setFolded] = useState(NONE_FOLDED);
  const [active, setActive] = useState(0);
  const rows = useMemo(() => rowsOf(groups, folded), [groups, folded]);
  const at = Math.min(active, rows.length - 1);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  useEffect(() => {
    // Opened with a key: the keys go on here.
    if (document.activeElement === document.body) scroll.current?.focus();
  }, []);
  const goTo = (row: number) => {
    const next = inList(row, rows.length);
    setActive(next);
    list.scrollToIndex(next, { align: 'auto' });
    const target = rows[next];
    if (target?.kind === 'change') onChoose(target.change);
  };
  const fold = (uri: string, open: boolean) => {
    const next = new Set(folded);
    if (open) next.delete(uri);
    else next.add(uri);
    setFolded(next);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = rowAfter(event.key, { at, count: rows.length, page: rowsOfPage(scroll.current, ROW_PX) });
    if (to !== undefined) goTo(to);
    else if (event.key === 'ArrowLeft') foldOrLeave(row);
    else if (event.key === 'ArrowRight' && row.kind === 'group') fold(row.uri, true);
    else if (event.key === 'Enter') onShow(row.kind === 'group' ? row.uri : row.change.uri);
    else return;
    event.preventDefault();
  };
  const foldOrLeave = (row: DiffRow) => {
    if (row.kind === 'group') fold(row.uri, false);
    else goTo(rows.findIndex(other => other.kind === 'group' && other.uri === row.change.group));
  };
  const items = list.getVirtualItems();
  return (
    <div
      ref={scroll}
      className="scroll diff-list"
      role="tree"
      aria-label="Differences"
      aria-activedescendant={items.some(({ index }) => index === at) ? `diff-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="none" className="diff-space" style={{ height: list.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          const place = { id: `diff-${index}`, top: start, active: index === at };
          return row.kind === 'group' ? (
            <GroupRow
              key={`group ${row.uri}`}
              {...place}
              row={row}
              onClick={() => {
                goTo(index);
                fold(row.uri, !row.open);
              }}
            />
          ) : (
            <ChangeRow
              key={`${row.change.kind} ${row.change.uri}`}
              {...place}
              change={row.change}
              chosen={row.change === chosen}
              onClick={() => goTo(index)}
              onShow={() => onShow(row.change.uri)}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowPlace {
  readonly id: string;
  readonly top: number;
  readonly active: boolean;
  readonly onClick: () => void;
}

function GroupRow({ row, id, top, active, onClick }: RowPlace & { row: Extract<DiffRow, { kind: 'group' }> }) {
  const Twisty = row.open ? ChevronDown : ChevronRight;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      id={id}
      className={`diff-row diff-group${active ? ' active' : ''}`}
      role="treeitem"
      aria-level={1}
      aria-expanded={row.open}
      aria-selected={active}
      tabIndex={-1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onClick}
    >
      <Twisty size={13} aria-hidden />
      <span className="ellipsis" title={row.uri}>
        {row.uri}
      </span>
      <span className="muted">{row.count.toLocaleString('en-US')}</span>
    </div>
  );
}

interface ChangeRowProps extends RowPlace {
  readonly change: ChangeView;
  readonly chosen: boolean;
  readonly onShow: () => void;
}

function ChangeRow({ change, chosen, id, top, active, onClick, onShow }: ChangeRowProps) {
  const { kind, uri } = change;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      id={id}
      className={`diff-row tone-${kind}${active ? ' active' : ''}${chosen ? ' on' : ''}`}
      role="treeitem"
      aria-level={2}
      aria-selected={chosen}
      tabIndex={-1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onClick}
      onDoubleClick={onShow}
    >
      <span className="mark" title={KIND_WORD[kind]}>
        <span aria-hidden>{KIND_MARK[kind]}</span>
        <span className="sr-only">{KIND_WORD[kind]}</span>
      </span>
      <span className="name" title={uri}>
        {change.from !== undefined && <del>{change.from.slice(change.from.lastIndexOf('/') + 1)}</del>}
        <Name name={nameIn(change)} />
      </span>
      <span className="ellipsis">
        <Texts change={change} />
      </span>
      <span className="format">{change.format ?? '?'}</span>
    </div>
  );
}

/** Where there is no room for all of it, the end says more than the way to it. */
function Name({ name }: { name: string }) {
  const end = name.lastIndexOf('/') + 1;
  return (
    <>
      {end > 0 && <span className="ellipsis muted">{name.slice(0, end)}</span>}
      <span className="ellipsis end">{name.slice(end)}</span>
    </>
  );
}

/** Of a node that came or went its value is enough; the panel beside has the rest. */
function Texts({ change }: { change: ChangeView }) {
  const fields = shownFields(change);
  const whole = change.kind === 'added' || change.kind === 'removed';
  const shown = whole ? fields.filter(({ field }) => field === 'Value') : fields;
  return shown.map(field => <FieldText key={field.field} field={field} whole={whole} />);
}

function FieldText({ field, whole }: { field: FieldView; whole: boolean }) {
  const { old, new: now } = field;
  if (whole) return <span title={old ?? now}>{oneLine(old ?? now ?? '')}</span>;
  return (
    <span className="field">
      {field.field !== 'Value' && <span className="muted">{field.field} </span>}
      {old === undefined ? <span className="muted">none</span> : <del title={old}>{oneLine(old) || '""'}</del>}
      <span className="muted"> → </span>
      {now === undefined ? <span className="muted">none</span> : <ins title={now}>{oneLine(now) || '""'}</ins>}
    </span>
  );
}
