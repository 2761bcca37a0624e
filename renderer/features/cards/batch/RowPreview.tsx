/** What a card of the list would get, secrets as bullets. */

import { useQuery } from '../../../api/use-query.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { formatBytes } from '../../../components/format.ts';

export function RowPreview({ batch, line }: { batch: string; line: number }) {
  const { data, failure } = useQuery({
    key: `${batch} ${line}`,
    ask: api => api.batches.preview.query({ key: batch, line }),
    pauseMs: 80,
  });
  return (
    <section className="row-preview" aria-label="Preview">
      <h2 className="sec ruled">Line {line}: what the card gets</h2>
      <FailureNote failure={failure} />
      {data && (
        <dl className="kv">
          <dt>User</dt>
          <dd className="mono">{data.user}</dd>
          <dt>ServerID</dt>
          <dd className="mono">{data.serverId}</dd>
          <dt>Address</dt>
          <dd className="mono">{data.address}</dd>
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
