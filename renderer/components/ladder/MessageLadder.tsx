// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active row
/** The messages of one session as a ladder: who spoke, what was asked, what was answered, how big, how long. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { MessageView, SessionView } from '../../../src-core/workbench/message-views.ts';
import { LadderRow } from './LadderRow.tsx';
import { hasFailed } from './ladder-text.ts';
import './ladder.css';

const ROW_PX = 26;
const COLUMNS = ['time', 'direction', 'package', 'commands', 'status', 'size', 'encoding', 'took'];

export interface MessageLadderProps {
  readonly session: SessionView;
  readonly failedOnly: boolean;
  readonly follow: boolean;
  /** Key of the message that is open beside it. */
  readonly opened: string | undefined;
  readonly onOpen: (message: MessageView | undefined) => void;
  /** Keys of messages that fit a filter: they are marked. */
  readonly hits?: ReadonlySet<string> | undefined;
  readonly hitsOnly?: boolean;
  /** Escape where no message is open. */
  readonly onLeave?: () => void;
}

export function MessageLadder({
  session,
  failedOnly,
  follow,
  opened,
  onOpen,
  hits,
  hitsOnly = false,
  onLeave,
}: MessageLadderProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string>();
  const messages = useMemo(
    () => session.messages.filter(m => (!failedOnly || hasFailed(m)) && (!hitsOnly || hits?.has(m.key))),
    [session, failedOnly, hits, hitsOnly],
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
    if (event.key === 'Escape') (opened === undefined ? onLeave : () => onOpen(undefined))?.();
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
          {COLUMNS.map(name => (
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
              hit={hits?.has(message.key) ?? false}
              onOpen={() => {
                setActive(message.key);
                onOpen(message);
              }}
            />
          ) : null;
        })}
      </div>
      {messages.length === 0 && <p className="muted none">{emptyWords(session, failedOnly, hitsOnly)}</p>}
    </div>
  );
}

function emptyWords({ messages }: SessionView, failedOnly: boolean, hitsOnly: boolean): string {
  if (messages.length === 0) return 'No message yet.';
  if (hitsOnly) return 'No message of this session fits the filter.';
  return failedOnly ? 'No message of this session carries a failed status.' : '';
}
