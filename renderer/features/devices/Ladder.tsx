// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active row
/** The messages of one session as a ladder: who spoke, what was asked, what was answered, how big, how long. */
import { Checkbox, NativeSelect } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { MessageView, SessionView } from '../../../src-core/workbench/views.ts';
import { useLatest } from '../../api/use-subscription.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatWhen } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { useNow } from '../../components/use-now.ts';
import { LadderRow } from './LadderRow.tsx';
import { hasFailed } from './ladder-text.ts';

const ROW_PX = 26;

interface LadderProps {
  readonly deviceId: string | undefined;
  /** Key of the message that is open in the side panel. */
  readonly opened: string | undefined;
  readonly onOpen: (message: MessageView | undefined) => void;
}

export function Ladder({ deviceId, opened, onOpen }: LadderProps) {
  const sessions = useLatest<readonly SessionView[]>(
    deviceId === undefined ? undefined : `sessions ${deviceId}`,
    (api, observer) => api.devices.sessions.subscribe({ deviceId: deviceId ?? '' }, observer),
  );
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
        <Messages session={session} failedOnly={failedOnly} follow={follow} opened={opened} onOpen={onOpen} />
      ) : (
        <div className="empty">
          {sessions.state && <p>No session yet: its messages appear here while they are exchanged.</p>}
        </div>
      )}
    </section>
  );
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

function SessionPills({ session }: { session: SessionView }) {
  const { client, server, scheme } = session.authenticated;
  const who = client && server ? 'mutually authenticated' : client ? 'client authenticated' : 'not authenticated';
  const tone = client && server ? 'ok' : client ? 'warn' : 'bad';
  return (
    <>
      <Pill tone={tone}>{scheme ? `${who} · ${scheme}` : who}</Pill>
      <Pill>
        {session.encoding.toUpperCase()} over {session.transport}
      </Pill>
      {session.state === 'open' && <Pill tone="info">open</Pill>}
      {session.state === 'failed' && <Pill tone="bad">failed</Pill>}
      <span className="muted ellipsis" title={session.detail}>
        {session.detail}
      </span>
    </>
  );
}

interface MessagesProps {
  readonly session: SessionView;
  readonly failedOnly: boolean;
  readonly follow: boolean;
  readonly opened: string | undefined;
  readonly onOpen: (message: MessageView | undefined) => void;
}

function Messages({ session, failedOnly, follow, opened, onOpen }: MessagesProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string>();
  const messages = useMemo(
    () => (failedOnly ? session.messages.filter(hasFailed) : session.messages),
    [session, failedOnly],
  );
  const at = messages.findIndex(m => m.key === active);
  const list = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getItemKey: i => messages[i]?.key ?? i,
  });
  useEffect(() => {
    if (follow && messages.length > 0) list.scrollToIndex(messages.length - 1);
  }, [follow, list, messages.length]);
  const items = list.getVirtualItems();

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') onOpen(undefined);
    const last = messages.length - 1;
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, Enter: at };
    const target = targets[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(last, target));
    const message = messages[to];
    if (!message) return;
    setActive(message.key);
    list.scrollToIndex(to);
    if (event.key === 'Enter' || opened !== undefined) onOpen(message);
  };
  return (
    <div
      ref={scroll}
      className="scroll ladder"
      role="grid"
      aria-label="Message ladder"
      aria-rowcount={messages.length + 1}
      aria-activedescendant={items.some(item => item.index === at) ? `message_${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="ladder-names">
        <div role="row" aria-rowindex={1} className="ladder-row">
          {['time', 'direction', 'package', 'commands', 'status', 'size', 'took'].map(name => (
            <span key={name} role="columnheader">
              {name === 'direction' ? <span className="sr-only">direction</span> : name}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="ladder-space" style={{ height: list.getTotalSize() }}>
        {items.map(item => {
          const message = messages[item.index];
          return message ? (
            <LadderRow
              key={item.key}
              message={message}
              rowIndex={item.index + 2}
              top={item.start}
              active={item.index === at}
              opened={message.key === opened}
              onOpen={() => {
                setActive(message.key);
                onOpen(message);
              }}
            />
          ) : null;
        })}
      </div>
      {messages.length === 0 && (
        <p className="muted none">
          {failedOnly ? 'No message of this session carries a failed status.' : 'No message yet.'}
        </p>
      )}
    </div>
  );
}
