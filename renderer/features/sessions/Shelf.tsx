/** Sessions opened from files and made by replays: beside the records, never among them. */
import { ActionIcon } from '@mantine/core';
import { FileText, RotateCcw, X } from 'lucide-react';
import type { ShelfRow } from '../../../src-core/workbench/session-views.ts';
import { useAction } from '../../api/use-action.ts';
import { formatRoute } from '../../app/routes.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { moveInList } from '../../components/move-in-list.ts';

export function Shelf({ rows, selected }: { rows: readonly ShelfRow[]; selected: string | undefined }) {
  const close = useAction((api, key: string) => api.sessions.close.mutate({ key }));
  if (rows.length === 0) return null;
  return (
    <section className="shelf" aria-label="Opened files and replays">
      <h2 className="sec">
        Files and replays <Pill>{rows.length}</Pill>
      </h2>
      <FailureNote failure={close.failure} onClose={close.clear} />
      <ul onKeyDown={moveInList}>
        {rows.map(row => (
          <li key={row.key}>
            <a
              className="list-item"
              href={formatRoute({ room: 'sessions', key: row.key })}
              aria-current={row.key === selected ? 'true' : undefined}
            >
              {row.origin.kind === 'file' ? <FileText size={13} aria-hidden /> : <RotateCcw size={13} aria-hidden />}
              <span className="ellipsis list-name" title={nameOf(row)}>
                {nameOf(row)}
              </span>
              <small>
                {row.deviceName} · session {row.sessionId} · {plural(row.messages, 'message')}
              </small>
            </a>
            <ActionIcon aria-label={`Close ${nameOf(row)}`} onClick={() => close.run(row.key)}>
              <X size={13} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  );
}

function nameOf({ origin }: ShelfRow): string {
  return origin.kind === 'file' ? origin.name : `Replay against ${origin.against}`;
}
