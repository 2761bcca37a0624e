/** What to know about a message before reading it: why it cannot be read, what has no meaning in it, what is left out. */
import { EyeOff, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import type { MessageBody, MessageNote } from '../../../../src-core/workbench/message-views.ts';
import { plural } from '../../../components/format.ts';
import { toOffset } from './HexRow.tsx';

interface MessageNotesProps {
  readonly body: MessageBody;
  /** Chooses the byte where the note is about something. */
  readonly onShow: (byte: number) => void;
}

export function MessageNotes({ body, onShow }: MessageNotesProps) {
  const { error, warnings, hidden } = body;
  if (!error && warnings.length + hidden.length === 0) return null;
  return (
    <section className="message-notes" aria-label="Notes on the message">
      {error && (
        <div className="failure">
          <TriangleAlert size={14} aria-hidden />
          <div>
            <p>
              {error.text}
              <Place start={error.offset} onShow={onShow} />
            </p>
            {body.outline.length === 0 && <p>Only its bytes can be shown.</p>}
          </div>
        </div>
      )}
      {warnings.length > 0 && (
        <Notes
          tone="warn"
          title={`${plural(warnings.length, 'warning')}: kept and shown, not obeyed`}
          notes={warnings}
          onShow={onShow}
        />
      )}
      {hidden.length > 0 && (
        <Notes tone="plain" title={`${plural(hidden.length, 'place')} shown as •••`} notes={hidden} onShow={onShow} />
      )}
    </section>
  );
}

interface NotesProps {
  readonly tone: 'warn' | 'plain';
  readonly title: string;
  readonly notes: readonly MessageNote[];
  readonly onShow: (byte: number) => void;
}

function Notes({ tone, title, notes, onShow }: NotesProps) {
  const Icon = tone === 'warn' ? TriangleAlert : EyeOff;
  const groups = useMemo(() => groupByText(notes), [notes]);
  return (
    <details className={`notes ${tone}`} open={tone === 'warn' && groups.length <= 3}>
      <summary>
        <Icon size={13} aria-hidden /> {title}
      </summary>
      <ul>
        {groups.map(([text, starts]) => (
          <li key={text}>
            {text}
            {starts.map(start => (
              <Place key={start} start={start} onShow={onShow} />
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The same words are said once, with every place in order. */
function groupByText(notes: readonly MessageNote[]): (readonly [text: string, starts: readonly number[]])[] {
  const groups = new Map<string, number[]>();
  for (const { text, start } of notes) {
    const starts = groups.get(text) ?? [];
    groups.set(text, start === undefined ? starts : [...starts, start]);
  }
  return [...groups].map(([text, starts]) => [text, starts.toSorted((a, b) => a - b)] as const);
}

function Place({ start, onShow }: { start: number; onShow: (byte: number) => void }) {
  return (
    <button type="button" className="link mono place" title="Show its place" onClick={() => onShow(start)}>
      0x{toOffset(start)}
    </button>
  );
}
