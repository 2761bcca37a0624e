/** One command with its status and results; an Atomic or Sequence with those of each command inside. */
import { Pill } from '../../../components/Marks.tsx';
import { type AnsweredCommand, shownResult, toneOf } from './work.ts';

interface AnswerProps {
  readonly answer: AnsweredCommand;
  readonly onSelect: (uri: string) => void;
}

export function Answer({ answer, onSelect }: AnswerProps) {
  return (
    <article aria-label={`${answer.name} ${answer.subject}`}>
      <AnswerLine answer={answer} onSelect={onSelect} />
      <Results answer={answer} />
      {answer.inner.length > 0 && (
        <ol aria-label={`Commands inside the ${answer.name}`}>
          {answer.inner.map(inner => (
            <li key={inner.path}>
              <Answer answer={inner} onSelect={onSelect} />
            </li>
          ))}
        </ol>
      )}
    </article>
  );
}

function AnswerLine({ answer, onSelect }: AnswerProps) {
  const { path, name, subject, uri, status, unsent } = answer;
  return (
    <div className="answer-line">
      <span className="muted">{path}</span>
      <b>{name}</b>
      {uri === undefined ? (
        <span className="ellipsis" title={subject}>
          {subject}
        </span>
      ) : (
        <button type="button" className="bare mono ellipsis" title={subject} onClick={() => onSelect(uri)}>
          {subject}
        </button>
      )}
      {status ? (
        <Pill tone={toneOf(status.code)}>
          {status.code} {status.words}
        </Pill>
      ) : (
        <Pill tone={unsent ? 'bad' : 'plain'}>{unsent ? 'not sent' : 'no status yet'}</Pill>
      )}
      {unsent && <small className="answer-note">{unsent}</small>}
      {status?.data && <small className="answer-note">{status.data.join(', ')}</small>}
    </div>
  );
}

function Results({ answer }: { answer: AnsweredCommand }) {
  if (answer.results.length === 0) return null;
  return (
    <dl className="results" aria-label="Results">
      {answer.results.map(shownResult).map(({ uri, value, format }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: answers are only ever added
        <div key={i}>
          <dt className="mono muted">{uri}</dt>
          <dd className="mono">
            {value} <span className="muted">{format}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
