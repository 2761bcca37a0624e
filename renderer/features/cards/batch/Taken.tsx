/** What there is to say of a list that was taken. */
import type { ImportedBatch } from '../../../../src-core/workbench/cards/batch/views.ts';
import { plural } from '../../../components/format.ts';

const MOST_WARNINGS = 50;

export function Taken({ list: { resumed, problems } }: { list: ImportedBatch }) {
  if (!resumed && problems.length === 0) return null;
  return (
    <div className="taken" role="status">
      {resumed && <p>The same cards were a batch before: it goes on, and what is done stays done.</p>}
      {problems.slice(0, MOST_WARNINGS).map(({ line, text }) => (
        <p key={`${line} ${text}`}>
          Line {line}: {text}
        </p>
      ))}
      {problems.length > MOST_WARNINGS && <p>{plural(problems.length - MOST_WARNINGS, 'warning')} more.</p>}
    </div>
  );
}
