/** One difference in full: both texts of each property, nothing of them cut. */
import { Button } from '@mantine/core';
import { ListTree } from 'lucide-react';
import type { ChangeView, FieldView } from '../../../../src-core/workbench/snapshots/views.ts';
import { useQuery } from '../../../api/use-query.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { changeAsText, KIND_MARK, KIND_WORD, shownFields } from './diff-rows.ts';
import type { Sides } from './sides.ts';

interface ChangeDetailProps {
  readonly change: ChangeView;
  readonly sides: Sides;
  readonly onShow: (uri: string) => void;
}

export function ChangeDetail({ change, sides, onShow }: ChangeDetailProps) {
  const { uri, kind, from } = change;
  const isCut = change.fields.some(field => field.oldLength !== undefined || field.newLength !== undefined);
  const whole = useQuery({
    key: isCut ? JSON.stringify([sides, kind, uri]) : undefined,
    ask: api => api.snapshots.changesAt.query({ ...sides, uri }),
  });
  const full = isCut && !whole.stale ? whole.data?.find(other => other.kind === kind) : undefined;
  const shown = full ?? change;
  return (
    <section className="panel" aria-label="Difference">
      <div className="sec">
        <span className={`mark tone-${kind}`} aria-hidden>
          {KIND_MARK[kind]}
        </span>
        <h2 className="ellipsis mono" title={uri}>
          {uri}
        </h2>
        <span className="right buttons">
          <CopyButton what="difference" text={() => changeAsText(shown)} />
          <CopyButton what="URI" text={uri} />
        </span>
      </div>
      <FailureNote failure={whole.failure} />
      <div className="scroll">
        <dl className="kv">
          <dt>URI</dt>
          <dd className="mono">{uri}</dd>
          <dt>Kind</dt>
          <dd>{change.inside ? `${KIND_WORD[kind]} with the node above it` : KIND_WORD[kind]}</dd>
          {from !== undefined && (
            <>
              <dt>Was</dt>
              <dd className="mono">{from}</dd>
            </>
          )}
          {change.format !== undefined && (
            <>
              <dt>Format</dt>
              <dd>{change.format}</dd>
            </>
          )}
        </dl>
        {shownFields(shown).map(field => (
          <Field key={field.field} field={field} />
        ))}
        <p className="detail-acts">
          <Button variant="subtle" leftSection={<ListTree size={13} aria-hidden />} onClick={() => onShow(uri)}>
            Show in the tree
          </Button>
        </p>
      </div>
    </section>
  );
}

function Field({ field: { field, old, new: now, oldLength, newLength } }: { field: FieldView }) {
  return (
    <>
      <h3 className="sec ruled">
        {field}
        <span className="right buttons">
          {old !== undefined && <CopyButton what={`old ${field}`} text={old} />}
          {now !== undefined && <CopyButton what={`new ${field}`} text={now} />}
        </span>
      </h3>
      {old !== undefined && <Text tone="old" text={old} length={oldLength} />}
      {now !== undefined && <Text tone="new" text={now} length={newLength} />}
      {old === undefined && <p className="note first">There was none before.</p>}
      {now === undefined && <p className="note first">There is none any more.</p>}
    </>
  );
}

function Text({ tone, text, length }: { tone: 'old' | 'new'; text: string; length: number | undefined }) {
  return (
    <div className={`diff-text tone-${tone === 'old' ? 'removed' : 'added'}`}>
      <span className="mark" title={tone}>
        {tone === 'old' ? '−' : '+'}
      </span>
      <pre>{text === '' ? <span className="muted">empty</span> : text}</pre>
      {length !== undefined && (
        <span className="muted diff-text-note">{length.toLocaleString('en-US')} characters, loading…</span>
      )}
    </div>
  );
}
