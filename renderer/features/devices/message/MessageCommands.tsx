/** What a message asks and how it was answered, and what it answers: commands with those inside them, then statuses. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { AnswerView, CommandView, MessageView, StatusView } from '../../../../src-core/workbench/message-views.ts';
import { Pill } from '../../../components/Marks.tsx';

const LINE_PX = 28;

type Line =
  | { readonly kind: 'head'; readonly text: string }
  | { readonly kind: 'none'; readonly text: string }
  | { readonly kind: 'command'; readonly command: CommandView; readonly depth: number }
  | { readonly kind: 'status'; readonly status: StatusView };

interface MessageCommandsProps {
  readonly message: MessageView;
  /** Shows the element of a command. */
  readonly onShow: (cmdId: string) => void;
}

export function MessageCommands({ message, onShow }: MessageCommandsProps) {
  const scroll = useRef<HTMLElement>(null);
  const lines = useMemo(() => linesOf(message), [message]);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => LINE_PX,
    overscan: 12,
    paddingEnd: 8,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled with the keyboard
    <section ref={scroll} className="scroll" tabIndex={0} aria-label="Commands and statuses">
      <div className="line-space" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(item => {
          const line = lines[item.index];
          return line ? (
            <div
              key={item.key}
              ref={list.measureElement}
              data-index={item.index}
              className={`command-line line-${line.kind}`}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LineView line={line} onShow={onShow} />
            </div>
          ) : null;
        })}
      </div>
    </section>
  );
}

function LineView({ line, onShow }: { line: Line; onShow: (cmdId: string) => void }) {
  if (line.kind === 'head') return <h3>{line.text}</h3>;
  if (line.kind === 'none') return <p className="muted">{line.text}</p>;
  if (line.kind === 'status') {
    const { status } = line;
    return (
      <>
        <span className="mono muted cmd-id">{status.cmdRef}</span>
        <span className="subject">
          {status.cmd}
          {status.within && <span className="muted"> in {status.within}</span>}
        </span>
        <Answer answer={status} />
      </>
    );
  }
  const { command, depth } = line;
  return (
    <>
      <span className="mono muted cmd-id">{command.cmdId}</span>
      <span className="subject" style={{ paddingInlineStart: depth * 16 }}>
        <button type="button" className="link" title="Show its element" onClick={() => onShow(command.cmdId)}>
          {command.name}
        </button>{' '}
        {command.inner ? <span className="muted">{command.inner.length} inside</span> : command.subject}
      </span>
      {command.answer ? <Answer answer={command.answer} /> : <span className="muted">no status yet</span>}
    </>
  );
}

function Answer({ answer }: { answer: AnswerView }) {
  return (
    <Pill tone={answer.ok ? 'ok' : 'bad'}>
      {answer.code} {answer.text}
    </Pill>
  );
}

function linesOf({ commands, statuses }: MessageView): Line[] {
  return [
    { kind: 'head', text: 'Commands, and how the other side answered' },
    ...(commands.length > 0 ? commandLines(commands, 0) : [{ kind: 'none', text: 'It asks nothing.' } as const]),
    { kind: 'head', text: 'Statuses: what it answers' },
    ...(statuses.length > 0
      ? statuses.map((status): Line => ({ kind: 'status', status }))
      : [{ kind: 'none', text: 'This message carries no Status.' } as const]),
  ];
}

function commandLines(commands: readonly CommandView[], depth: number): Line[] {
  return commands.flatMap((command): Line[] => [
    { kind: 'command', command, depth },
    ...commandLines(command.inner ?? [], depth + 1),
  ]);
}
