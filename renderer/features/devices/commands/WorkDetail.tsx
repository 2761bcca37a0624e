/** One piece of work in full: every command exactly as it was sent, beside its status and what it brought. */
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import type { WorkView } from '../../../../src-core/workbench/work-views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { XmlView } from '../../../components/Documents.tsx';
import { formatDuration, formatStamp, plural } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';
import { whenSent } from '../sending.ts';
import { Answer } from './Answer.tsx';
import { hideSecrets } from './hide-secrets.ts';
import { answersOf, toneOf } from './work.ts';

interface WorkDetailProps {
  readonly device: DeviceView;
  readonly work: WorkView;
  readonly onSelect: (uri: string) => void;
}

export function WorkDetail({ device, work, onSelect }: WorkDetailProps) {
  const xml = hideSecrets(work.xml, work.commands);
  return (
    <section className="work-detail" aria-label="Command and answer">
      <div className="scroll">
        <p className="muted">
          {work.state === 'queued' ? `Queued: ${whenSent(device)}` : times(work)}
          {work.detail && ` · ${work.detail}`}
        </p>
        {work.commands.length === 0 && <ReadAnswer work={work} />}
        {answersOf(work).map(answer => (
          <Answer key={answer.path} answer={answer} onSelect={onSelect} />
        ))}
        {work.moreResults > 0 && <p className="muted">{plural(work.moreResults, 'more result')}: in the tree.</p>}
        {work.reads.refused > 0 && <RefusedReads work={work} />}
      </div>
      <div className="scroll">
        {xml === '' ? (
          <p className="muted">Each of its Gets stands in the messages.</p>
        ) : (
          <figure className="preview" aria-label="Command as it was sent">
            <XmlView xml={xml} />
            <figcaption className="preview-foot">
              <span className="right buttons">
                <CopyButton what="command as XML" text={xml} />
              </span>
            </figcaption>
          </figure>
        )}
      </div>
    </section>
  );
}

function times({ sentAt, answeredAt }: WorkView): string {
  if (sentAt === undefined) return 'Not sent';
  const sent = `Sent ${formatStamp(sentAt)}`;
  return answeredAt === undefined ? sent : `${sent}, answered after ${formatDuration(answeredAt - sentAt)}`;
}

function ReadAnswer({ work: { reads, done } }: { work: WorkView }) {
  return (
    <p>
      As few Gets as the device allows: {reads.answered.toLocaleString('en-US')} answered
      {reads.refused > 0 && `, ${reads.refused.toLocaleString('en-US')} of them refused`}
      {done ? '.' : ' so far.'}
    </p>
  );
}

function RefusedReads({ work: { statuses, reads } }: { work: WorkView }) {
  const refused = statuses.filter(({ path }) => path === '');
  return (
    <details>
      <summary>{plural(reads.refused, 'refused read')}</summary>
      <ul>
        {refused.map(({ uri, code, words }) => (
          <li key={uri} className="answer-line">
            <span className="mono ellipsis" title={uri}>
              {uri}
            </span>
            <Pill tone={toneOf(code)}>
              {code} {words}
            </Pill>
          </li>
        ))}
      </ul>
      {reads.refused > refused.length && (
        <p className="muted">and {plural(reads.refused - refused.length, 'more', 'more')}, in the messages</p>
      )}
    </details>
  );
}
