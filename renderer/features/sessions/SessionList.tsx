/** Recorded sessions of all devices, newest first; more come as the list is scrolled. */
import { Button } from '@mantine/core';
import { memo, type RefObject, useState } from 'react';
import type { SessionRow } from '../../../src-core/workbench/session-views.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatBytes, formatStamp, formatWhen, plural } from '../../components/format.ts';
import { Dot, type DotTone, Pill } from '../../components/Marks.tsx';
import { useNow } from '../../components/use-now.ts';
import { VirtualList } from '../../components/VirtualList.tsx';
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
  const [active, setActive] = useState<string>();
  const now = useNow(60_000);
  const drawn = (last: number) => {
    if (!search.stale && last >= rows.length - AHEAD) more();
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
      <VirtualList
        label="Sessions"
        rowClass="session-row"
        rowPx={ROW_PX}
        rows={rows}
        keyOf={row => row.key}
        at={rows.findIndex(row => row.key === (active ?? selected))}
        selected={selected}
        goesOn={search.next !== undefined}
        focus={focus}
        onGo={row => setActive(row.key)}
        onOpen={(row, how) => onOpen(row.key, how)}
        onDrawn={drawn}
      >
        {row => <RowContent row={row} now={now} />}
      </VirtualList>
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
