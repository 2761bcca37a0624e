/** What a card of the list would get, secrets as bullets. */
import { Fragment } from 'react';
import type { BatchPreview, BatchRowView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { useQuery } from '../../../api/use-query.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { formatBytes } from '../../../components/format.ts';
import { download } from '../../sessions/download.ts';
import { SaveTrace, type TraceForm } from './SaveTrace.tsx';

/** An account has the first three, a CP document the last. */
const FACTS: readonly { readonly title: string; readonly of: (preview: BatchPreview) => string | undefined }[] = [
  { title: 'User', of: ({ user }) => user },
  { title: 'ServerID', of: ({ serverId }) => serverId },
  { title: 'Address', of: ({ address }) => address },
  { title: 'CP document', of: ({ document }) => document },
];

interface RowPreviewProps {
  readonly batch: string;
  readonly row: BatchRowView;
}

export function RowPreview({ batch, row: { line, at, text } }: RowPreviewProps) {
  const { data, failure } = useQuery({
    key: `${batch} ${line}`,
    ask: api => api.batches.preview.query({ key: batch, line }),
    pauseMs: 80,
  });
  const save = useAction(async (api, form: TraceForm) =>
    download(await api.batches.trace.query({ key: batch, line, form })),
  );
  return (
    <section className="row-preview" aria-label="Preview">
      <div className="sec ruled">
        <h2>Line {line}: what the card gets</h2>
        {at !== undefined && (
          <span className="right">
            <SaveTrace label="Its APDU trace" size="compact-xs" save={form => save.run(form)} />
          </span>
        )}
      </div>
      {text && <p className="row-result">{text}</p>}
      <FailureNote failure={save.failure} onClose={save.clear} />
      <FailureNote failure={failure} />
      {data && (
        <dl className="kv">
          {FACTS.map(({ title, of }) => {
            const value = of(data);
            return (
              value !== undefined && (
                <Fragment key={title}>
                  <dt>{title}</dt>
                  <dd className="mono">{value}</dd>
                </Fragment>
              )
            );
          })}
          <dt>Bootstrap</dt>
          <dd>{formatBytes(data.bytes)}</dd>
        </dl>
      )}
      {data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled with the keyboard
        <section className="diff" aria-label="Bootstrap of the card" tabIndex={0}>
          {data.diff.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one preview never move
            <div key={i} className="new">
              + {row.text}
            </div>
          ))}
        </section>
      )}
    </section>
  );
}
