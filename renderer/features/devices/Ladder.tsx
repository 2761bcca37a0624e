/** The sessions of one device, and the messages of the one in hand. */
import { Checkbox, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { MessageView, SessionsUpdate, SessionView } from '../../../src-core/workbench/message-views.ts';
import { useSubscription } from '../../api/use-subscription.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatWhen } from '../../components/format.ts';
import { grow, withMessages } from '../../components/grow.ts';
import { MessageLadder } from '../../components/ladder/MessageLadder.tsx';
import { SessionPills } from '../../components/ladder/SessionPills.tsx';
import { useNow } from '../../components/use-now.ts';

interface LadderProps {
  readonly deviceId: string | undefined;
  /** Key of the message that is open in the side panel. */
  readonly opened: string | undefined;
  readonly onOpen: (message: MessageView | undefined) => void;
}

export function Ladder({ deviceId, opened, onOpen }: LadderProps) {
  const sessions = useSubscription<SessionsUpdate, readonly SessionView[] | undefined>({
    key: deviceId === undefined ? undefined : `sessions ${deviceId}`,
    start: (api, observer) => api.devices.sessions.subscribe({ deviceId: deviceId ?? '' }, observer),
    initial: () => undefined,
    reduce: withChanges,
  });
  const [chosen, setChosen] = useState<string>();
  const [failedOnly, setFailedOnly] = useState(false);
  const [follow, setFollow] = useState(true);
  const session = sessions.state?.find(s => s.key === chosen) ?? sessions.state?.[0];
  return (
    <section className="panel" aria-label="Messages">
      <div className="sec ladder-head">
        <Chooser sessions={sessions.state ?? []} session={session} onChoose={setChosen} />
        {session && <SessionPills session={session} />}
        <span className="right checks">
          <Checkbox label="failed only" checked={failedOnly} onChange={e => setFailedOnly(e.currentTarget.checked)} />
          <Checkbox label="follow" checked={follow} onChange={e => setFollow(e.currentTarget.checked)} />
          {session && <CopyButton what="session as JSON" text={() => JSON.stringify(session, null, 2)} />}
        </span>
      </div>
      <FailureNote failure={sessions.failure} />
      {session ? (
        <MessageLadder session={session} failedOnly={failedOnly} follow={follow} opened={opened} onOpen={onOpen} />
      ) : (
        <div className="empty">
          {sessions.state && <p>No session yet: its messages appear here while they are exchanged.</p>}
        </div>
      )}
    </section>
  );
}

function withChanges(sessions: readonly SessionView[] = [], { keys, changed }: SessionsUpdate): readonly SessionView[] {
  const byKey = new Map(grow(sessions, changed, one => one.key, withMessages).map(session => [session.key, session]));
  return keys.map(key => byKey.get(key)).filter(session => session !== undefined);
}

interface ChooserProps {
  readonly sessions: readonly SessionView[];
  readonly session: SessionView | undefined;
  readonly onChoose: (key: string) => void;
}

function Chooser({ sessions, session, onChoose }: ChooserProps) {
  const now = useNow(60_000);
  if (!session) return <h2>Messages</h2>;
  if (sessions.length === 1) return <h2>Session {session.sessionId}</h2>;
  const options = sessions.map(s => ({
    value: s.key,
    label: `Session ${s.sessionId} · ${formatWhen(s.startedAt, now)}${s.state === 'failed' ? ' · failed' : ''}`,
  }));
  return (
    <NativeSelect
      aria-label="Session"
      data={options}
      value={session.key}
      onChange={event => onChoose(event.currentTarget.value)}
    />
  );
}
