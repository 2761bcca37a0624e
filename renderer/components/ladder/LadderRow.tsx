// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active row
/** One message on one line. */
import { TriangleAlert } from 'lucide-react';
import type { MessageView } from '../../../src-core/workbench/message-views.ts';
import { formatBytes, formatClock, formatDuration, plural } from '../format.ts';
import { Pill } from '../Marks.tsx';
import { type CommandPart, commandParts, summarizeStatuses, wordsOf } from './ladder-text.ts';

interface LadderRowProps {
  readonly message: MessageView;
  readonly rowIndex: number;
  readonly top: number;
  readonly active: boolean;
  readonly opened: boolean;
  /** It fits a filter. */
  readonly hit: boolean;
  readonly onOpen: () => void;
}

export function LadderRow({ message, rowIndex, top, active, opened, hit, onOpen }: LadderRowProps) {
  const parts = commandParts(message);
  const status = summarizeStatuses(message.statuses);
  const all = message.error ?? parts.map(wordsOf).join('\n');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid holds the focus and takes the keys
    <div
      id={`message_${message.key}`}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={opened}
      tabIndex={-1}
      className={`ladder-row message${active ? ' active' : ''}${opened ? ' on' : ''}${hit ? ' hit' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onOpen}
    >
      <span role="gridcell" className="mono muted">
        {formatClock(message.at)}
      </span>
      <span role="gridcell">
        <Arrow direction={message.direction} />
      </span>
      <span role="gridcell">
        {message.package} · {message.error === undefined ? `msg ${message.msgId}` : 'msg ?'}
      </span>
      <span role="gridcell" className="ellipsis" title={all}>
        {message.error !== undefined && <span className="muted">cannot be decoded: {message.error}</span>}
        {message.error === undefined && parts.length === 0 && (
          <span className="muted">nothing more: the session ends</span>
        )}
        <Parts parts={parts} />
      </span>
      <span role="gridcell" className="statuses" title={status?.title}>
        {message.error !== undefined && <Pill tone="bad">malformed</Pill>}
        {message.warnings !== undefined && (
          <Pill tone="warn" title={`${plural(message.warnings, 'warning')}: open the message to read them`}>
            <TriangleAlert size={11} role="img" aria-label="warnings" />
            {message.warnings}
          </Pill>
        )}
        {status && <Pill tone={status.tone}>{status.text}</Pill>}
      </span>
      <span role="gridcell" className="mono" title={`${message.bytes} bytes`}>
        {formatBytes(message.bytes)}
      </span>
      <span role="gridcell" className="muted">
        {message.encoding.toUpperCase()}
      </span>
      <span role="gridcell" className="mono muted">
        {formatDuration(message.tookMs)}
      </span>
    </div>
  );
}

function Parts({ parts }: { parts: readonly CommandPart[] }) {
  return parts.map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the commands of one message never move
    <span key={i}>
      {i > 0 && ', '}
      {part.text}
      {part.subject && <span className="muted"> {part.subject}</span>}
      {part.inner && (
        <>
          {' ('}
          <Parts parts={part.inner} />)
        </>
      )}
    </span>
  ));
}

export function Arrow({ direction }: { direction: MessageView['direction'] }) {
  const label = direction === 'up' ? 'device to server' : 'server to device';
  return (
    <span className={`arrow ${direction}`} role="img" aria-label={label} title={label}>
      {direction === 'up' ? '▲' : '▼'}
    </span>
  );
}
