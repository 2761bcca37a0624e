// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtual
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active row
/** One message on one line. */
import type { MessageView } from '../../../src-core/workbench/views.ts';
import { formatBytes, formatClock, formatDuration } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { commandParts, summarizeStatuses } from './ladder-text.ts';

interface LadderRowProps {
  readonly message: MessageView;
  readonly rowIndex: number;
  readonly top: number;
  readonly active: boolean;
  readonly opened: boolean;
  readonly onOpen: () => void;
}

export function LadderRow({ message, rowIndex, top, active, opened, onOpen }: LadderRowProps) {
  const parts = commandParts(message);
  const status = summarizeStatuses(message.statuses);
  const all = parts.map(part => `${part.text} ${part.subject}`.trim()).join('\n');
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid holds the focus and takes the keys
    <div
      id={`message_${message.key}`}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={opened}
      tabIndex={-1}
      className={`ladder-row message${active ? ' active' : ''}${opened ? ' on' : ''}`}
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
        {message.package} · msg {message.msgId}
      </span>
      <span role="gridcell" className="ellipsis" title={all}>
        {parts.length === 0 && <span className="muted">nothing more: the session ends</span>}
        {parts.map((part, i) => (
          <span key={`${part.text} ${part.subject}`}>
            {i > 0 && ', '}
            {part.text}
            {part.subject && <span className="muted"> {part.subject}</span>}
          </span>
        ))}
      </span>
      <span role="gridcell" className="statuses" title={status?.title}>
        {status && <Pill tone={status.tone}>{status.text}</Pill>}
      </span>
      <span role="gridcell" className="mono" title={`${message.bytes} bytes`}>
        {formatBytes(message.bytes)}
      </span>
      <span role="gridcell" className="mono muted">
        {formatDuration(message.tookMs)}
      </span>
    </div>
  );
}

export function Arrow({ direction }: { direction: MessageView['direction'] }) {
  const label = direction === 'up' ? 'device to server' : 'server to device';
  return (
    <span className={`arrow ${direction}`} role="img" aria-label={label} title={label}>
      {direction === 'up' ? '▲' : '▼'}
    </span>
  );
}
