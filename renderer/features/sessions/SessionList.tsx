// biome-ignore-all lint/a11y/useSemanticElements: a list of ten thousand cannot be a select
// biome-ignore-all lint/a11y/useFocusableInteractive: the list holds the focus and names the active option
/** Recorded sessions of all devices, newest first; more come as the list is scrolled. */
import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type RefObject, useEffect, useRef, useState } from 'react';
import type { SessionRow } from '../../../src-core/workbench/session-views.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatBytes, formatStamp, formatWhen, plural } from '../../components/format.ts';
import { Dot, type DotTone, Pill } from '../../components/Marks.tsx';
import { useNow } from '../../components/use-now.ts';
import type { SessionSearch } from './use-session-rows.ts';

const ROW_PX = 58;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 40;

interface SessionListProps {
  readonly search: SessionSearch;
  readonly selected: string | undefined;
  /** True where something is filtered. */
  readonly filtered: boolean;
  readonly focus: RefObject<HTMLDivElement | null>;
  /** By keyboard the work goes on in the ladder. */
  readonly onOpen: (key: string, how: 'keyboard' | 'pointer') => void;
}

export function SessionList({ search, selected, filtered, focus, onOpen }: SessionListProps) {
  const { rows, more } = search;
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string>();
  const now = useNow(60_000);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    getItemKey: i => rows[i]?.key ?? i,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!search.stale && last >= rows.length - AHEAD) more();
  });
  const at = rows.findIndex(row => row.key === (active ?? selected));
  const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_PX) - 1);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
      Enter: at,
      ' ': at,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || rows.length === 0) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(rows.length - 1, step));
    const row = rows[to];
    if (!row) return;
    setActive(row.key);
    list.scrollToIndex(to);
    if (event.key === 'Enter' || event.key === ' ') onOpen(row.key, 'keyboard');
  };
  return (
    <section className="panel" aria-label="Session list">
      <h2 className="sec">
        Sessions <Progress search={search} filtered={filtered} />
      </h2>
      <FailureNote failure={search.failure} />
      {rows.length === 0 && !search.searching && (
        <p className="muted none">
          {filtered
            ? 'No session fits the filter.'
            : 'No session yet. It appears here when a device sends its first message; a virtual handset does so in the Devices room.'}
        </p>
      )}
      <div
        ref={element => {
          scroll.current = element;
          focus.current = element;
        }}
        className="scroll session-list"
        hidden={rows.length === 0}
        role="listbox"
        aria-label="Sessions"
        aria-activedescendant={items.some(item => item.index === at) ? `session_${rows[at]?.key}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div className="session-space" style={{ height: list.getTotalSize() }}>
          {items.map(item => {
            const row = rows[item.index];
            return row ? (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list holds the focus and takes the keys
              <div
                key={item.key}
                id={`session_${row.key}`}
                role="option"
                aria-selected={row.key === selected}
                aria-posinset={item.index + 1}
                aria-setsize={search.next === undefined ? rows.length : -1}
                tabIndex={-1}
                className={`session-row${item.index === at ? ' active' : ''}`}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={() => {
                  setActive(row.key);
                  onOpen(row.key, 'pointer');
                }}
              >
                <RowContent row={row} now={now} />
              </div>
            ) : null;
          })}
        </div>
      </div>
    </section>
  );
}

/** How far a search is, and the button that stops it or goes on. */
function Progress({ search, filtered }: { search: SessionSearch; filtered: boolean }) {
  const { rows, scanned, of, searching, stopped, next } = search;
  const count = rows.length.toLocaleString('en-US');
  if (!filtered) return <Pill>{next === undefined ? count : `${count} of ${of.toLocaleString('en-US')}`}</Pill>;
  const isUnder = searching && scanned < of;
  return (
    <>
      <Pill>{search.stale ? 'searching' : plural(rows.length, 'match', 'matches')}</Pill>
      <span className="muted ellipsis" role="status">
        {(isUnder || next !== undefined) &&
          `looked through ${scanned.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`}
      </span>
      <span className="right">
        {isUnder && (
          <Button variant="subtle" onClick={search.stop}>
            Stop
          </Button>
        )}
        {stopped && (
          <Button variant="subtle" onClick={search.goOn}>
            Go on
          </Button>
        )}
      </span>
    </>
  );
}

const DOTS: Readonly<Record<SessionRow['state'], DotTone>> = { open: 'live', completed: 'ok', failed: 'bad' };

/** Scrolling draws new rows alone. */
const RowContent = memo(function RowContent({ row, now }: { row: SessionRow; now: number }) {
  return (
    <>
      <Dot tone={DOTS[row.state]} label={row.state} />
      <span className="ellipsis list-name" title={`${row.deviceName}\n${row.deviceId}`}>
        {row.deviceName}
      </span>
      <span className="mono muted" title={formatStamp(row.startedAt)}>
        {formatWhen(row.startedAt, now)}
      </span>
      <small className="ellipsis" title={row.detail}>
        Session {row.sessionId} · {row.detail}
      </small>
      <small className="ellipsis">
        {plural(row.messages, 'message')} · {formatBytes(row.bytes)} · {row.encoding.toUpperCase()} over {row.transport}
      </small>
    </>
  );
});
