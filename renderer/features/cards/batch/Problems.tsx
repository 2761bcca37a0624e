/** What is wrong with a list, line by line. */
import type { ImportedBatch } from '../../../../src-core/workbench/cards/batch/views.ts';
import { plural } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';

interface ProblemsProps {
  readonly name: string;
  readonly problems: ImportedBatch['problems'];
}

/** More than these are not mended one by one. */
const SHOWN = 200;

export function Problems({ name, problems }: ProblemsProps) {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <div className="problems">
      <p role="status">
        <b>{name}</b> was not taken: {plural(errors, 'error')}. Mend {errors === 1 ? 'it' : 'them'}, then read the list
        again.
      </p>
      <table aria-label="Problems of the list">
        <thead>
          <tr>
            <th className="num">Line</th>
            <th>Column</th>
            <th>
              <span className="sr-only">Kind</span>
            </th>
            <th>What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {problems.slice(0, SHOWN).map(({ line, column, text, severity }) => (
            <tr key={`${line} ${column} ${text}`}>
              <td className="num mono">{line}</td>
              <td className="mono">{column}</td>
              <td>
                <Pill tone={severity === 'error' ? 'bad' : 'warn'}>{severity}</Pill>
              </td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {problems.length > SHOWN && <p className="muted">{plural(problems.length - SHOWN, 'problem')} more.</p>}
    </div>
  );
}
