/** One session: who acted, its ladder, and the message in hand. */
import { Button, Checkbox } from '@mantine/core';
import { Download, RotateCcw, SquareTerminal } from 'lucide-react';
import { type RefObject, useEffect, useMemo, useState } from 'react';
import type { MessageView } from '../../../src-core/workbench/message-views.ts';
import type { OpenSession, Origin, SessionFilter } from '../../../src-core/workbench/session-views.ts';
import { useSubscription } from '../../api/use-subscription.ts';
import { formatRoute, navigate } from '../../app/routes.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatStamp } from '../../components/format.ts';
import { MessageLadder } from '../../components/ladder/MessageLadder.tsx';
import { SessionPills } from '../../components/ladder/SessionPills.tsx';
import { Pill } from '../../components/Marks.tsx';
import { Divider, Panel, Panes } from '../../components/Splitter.tsx';
import { MessagePanel } from '../devices/MessagePanel.tsx';
import { Acting } from './Acting.tsx';
import { withNews } from './open-session.ts';

export type Side = 'export' | 'replay' | 'hand';

interface SessionDetailProps {
  readonly sessionKey: string;
  readonly messageKey: string | undefined;
  readonly filter: SessionFilter;
  readonly side: Side | undefined;
  readonly onSide: (side: Side | undefined) => void;
  /** Tells whose record it is; undefined for one from a file or a replay. */
  readonly onOwner: (deviceId: string | undefined) => void;
  readonly onLeave: () => void;
  readonly body: RefObject<HTMLDivElement | null>;
}

export function SessionDetail(props: SessionDetailProps) {
  const { sessionKey, messageKey, filter, side, onSide, onOwner, onLeave, body } = props;
  const followed = useSubscription<OpenSession, OpenSession | undefined>({
    key: `open ${sessionKey} ${JSON.stringify(filter)}`,
    start: (api, observer) => api.sessions.open.subscribe({ key: sessionKey, filter }, observer),
    initial: () => undefined,
    reduce: withNews,
  });
  const [opened, setOpened] = useState<OpenSession>();
  // Another filter marks other messages: those on screen stay until it has been answered.
  if (followed.state && followed.state !== opened) setOpened(followed.state);
  useEffect(() => {
    if (followed.failure) setOpened(undefined);
  }, [followed.failure]);
  useEffect(() => {
    if (opened) onOwner(opened.origin ? undefined : opened.session.deviceId);
  }, [opened, onOwner]);
  const open = (message: MessageView | undefined) =>
    navigate({ room: 'sessions', key: sessionKey, ...(message && { message: message.key }) }, 'replace');
  if (!opened || opened.session.key !== sessionKey) {
    return (
      <section className="panel" aria-label="Session">
        <FailureNote failure={followed.failure} />
      </section>
    );
  }
  const { session, origin } = opened;
  const message = session.messages.find(one => one.key === messageKey);
  return (
    <section className="panel session-frame" aria-label="Session">
      <header className="sec session-head">
        <h2>Session {session.sessionId}</h2>
        <a
          className="link ellipsis"
          href={formatRoute({ room: 'devices', deviceId: session.deviceId })}
          title={`${session.deviceId}: to its tree`}
        >
          {opened.deviceName}
        </a>
        <SessionPills session={session} />
        <span className="right buttons">
          <CopyButton what="session as JSON" text={() => JSON.stringify(session, null, 2)} />
          {!origin && <SideButton name="hand" side={side} onSide={onSide} Icon={SquareTerminal} label="Commands" />}
          <SideButton name="export" side={side} onSide={onSide} Icon={Download} label="Export" />
          <SideButton name="replay" side={side} onSide={onSide} Icon={RotateCcw} label="Replay" />
        </span>
      </header>
      {origin && <OriginNote origin={origin} />}
      <Acting
        acting={opened.acting}
        detail={session.detail}
        onOpen={key => open(session.messages.find(one => one.key === key))}
      />
      <div className="session-body" ref={body}>
        <Panes name="sessions-message" vertical>
          <Panel id="ladder" minSize={90}>
            <Messages opened={opened} message={message} onOpen={open} onLeave={onLeave} />
          </Panel>
          {message && (
            <>
              <Divider label="Height of the ladder" />
              <Panel id="message" minSize={140} defaultSize="62%">
                <MessagePanel message={message} onClose={() => open(undefined)} />
              </Panel>
            </>
          )}
        </Panes>
      </div>
    </section>
  );
}

interface SideButtonProps {
  readonly name: Side;
  readonly side: Side | undefined;
  readonly onSide: (side: Side | undefined) => void;
  readonly Icon: typeof Download;
  readonly label: string;
}

function SideButton({ name, side, onSide, Icon, label }: SideButtonProps) {
  const isOpen = side === name;
  return (
    <Button
      variant="default"
      aria-expanded={isOpen}
      leftSection={<Icon size={13} aria-hidden />}
      onClick={() => onSide(isOpen ? undefined : name)}
    >
      {label}
    </Button>
  );
}

function OriginNote({ origin }: { origin: Origin }) {
  return (
    <p className="origin">
      <Pill tone="info">{origin.kind === 'file' ? 'imported' : 'replay'}</Pill>
      {origin.kind === 'file' ? (
        <span>
          From {origin.name}, written by {origin.by} on {formatStamp(origin.exportedAt)},{' '}
          {origin.secrets === 'masked' ? 'without secrets' : 'with its secrets'}. It is no record of the device.
        </span>
      ) : (
        <span>Made by a replay against {origin.against}. It is no record of the device.</span>
      )}
    </p>
  );
}

interface MessagesProps {
  readonly opened: OpenSession;
  readonly message: MessageView | undefined;
  readonly onOpen: (message: MessageView | undefined) => void;
  readonly onLeave: () => void;
}

function Messages({ opened: { session, hits }, message, onOpen, onLeave }: MessagesProps) {
  const [failedOnly, setFailedOnly] = useState(false);
  const [hitsOnly, setHitsOnly] = useState(false);
  const [follow, setFollow] = useState(false);
  const marked = useMemo(() => hits && new Set(hits), [hits]);
  return (
    <section className="panel" aria-label="Messages">
      <div className="sec ladder-head">
        <h2>Messages</h2>
        <Pill>{session.messages.length}</Pill>
        <span className="right checks">
          {marked && (
            <Checkbox
              label={`fitting the filter only (${marked.size})`}
              checked={hitsOnly}
              onChange={event => setHitsOnly(event.currentTarget.checked)}
            />
          )}
          <Checkbox
            label="failed only"
            checked={failedOnly}
            onChange={event => setFailedOnly(event.currentTarget.checked)}
          />
          {session.state === 'open' && (
            <Checkbox label="follow" checked={follow} onChange={event => setFollow(event.currentTarget.checked)} />
          )}
        </span>
      </div>
      <MessageLadder
        session={session}
        failedOnly={failedOnly}
        follow={follow && session.state === 'open'}
        hits={marked}
        hitsOnly={hitsOnly && marked !== undefined}
        opened={message?.key}
        onOpen={onOpen}
        onLeave={onLeave}
      />
    </section>
  );
}
