/** Every value that was read, newest first, each with its session; a former one can be sent again. */
import { ActionIcon } from '@mantine/core';
import { Undo2 } from 'lucide-react';
import type { NodeView } from '../../../../src-core/workbench/views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { formatStamp, formatWhen } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';
import { useNow } from '../../../components/use-now.ts';
import { SessionLink } from '../../sessions/SessionLink.tsx';
import { useHistory } from './use-history.ts';
import { BULLETS } from './values.ts';

interface HistoryProps {
  readonly deviceId: string;
  readonly view: NodeView;
  readonly hidden: boolean;
  /** Offers a Replace with this value. */
  readonly onRestore: (value: string) => void;
}

export function History({ deviceId, view, hidden, onRestore }: HistoryProps) {
  const now = useNow(60_000);
  const { data: past, failure } = useHistory(deviceId, view);
  if (view.past === 0) return null;
  const present = view.value === undefined ? [] : [{ value: view.value, readAt: view.readAt, session: view.session }];
  const values = [...present, ...(past ?? [])];
  return (
    <>
      <h3 className="sec ruled">
        History <Pill>{view.past + present.length}</Pill>
        <span className="right buttons">
          {past && <CopyButton what="history as JSON" text={() => JSON.stringify(values, null, 2)} />}
        </span>
      </h3>
      <FailureNote failure={failure} />
      <ol className="history" aria-label="History of the value">
        {values.map((entry, i) => (
          <li key={`${entry.readAt} ${entry.session} ${entry.value}`}>
            <span className="muted" title={formatStamp(entry.readAt)}>
              {formatWhen(entry.readAt, now)}
            </span>
            <span className="mono">
              {hidden ? BULLETS : entry.value || <span className="muted">empty</span>}{' '}
              <SessionLink deviceId={deviceId} sessionId={entry.session} at={entry.readAt} />
            </span>
            {i < present.length ? (
              <span className="muted">now</span>
            ) : (
              <ActionIcon
                size="xs"
                aria-label={`Replace with the value of session ${entry.session}`}
                title="Replace with this value: the command stands there before it is sent"
                onClick={() => onRestore(entry.value)}
              >
                <Undo2 size={12} aria-hidden />
              </ActionIcon>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
