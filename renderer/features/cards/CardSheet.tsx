/** What the card is: ATR, ICCID, applications, DM bootstrap now, tries of the ADM key. */
import type { ProvisionView, ReaderView } from '../../../src-core/workbench/views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatBytes, plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { groupHex } from './group-hex.ts';
import type { CardReading } from './use-card-sheet.ts';

interface CardSheetProps {
  readonly reader: ReaderView;
  readonly sheet: CardReading;
  readonly provision: ProvisionView | undefined;
}

export function CardSheet({ reader, sheet: { sheet, failure }, provision }: CardSheetProps) {
  const tries = provision?.plan.admTriesLeft ?? sheet?.admTriesLeft;
  return (
    <>
      <h2 className="sec ruled">
        Card sheet
        {sheet && (
          <span className="right">
            <CopyButton what="card sheet as JSON" text={() => JSON.stringify(sheet, null, 2)} />
          </span>
        )}
      </h2>
      <div className={failure ? 'sheet-failure' : undefined}>
        <FailureNote failure={failure} />
      </div>
      {!sheet && !failure && (
        <p className="note first">
          {reader.state === 'present' ? 'Reading the card…' : 'Insert a card: it is read at once.'}
        </p>
      )}
      {sheet && (
        <dl className="kv sheet">
          <dt>ATR</dt>
          <dd className="mono with-copy">
            <span>{groupHex(sheet.atr)}</span>
            <CopyButton what="ATR" text={sheet.atr} />
          </dd>
          {sheet.atrWords.length > 0 && (
            <>
              <dt className="sr-only">ATR in words</dt>
              <dd className="words">
                {sheet.atrWords.map(word => (
                  <span key={word}>{word}</span>
                ))}
              </dd>
            </>
          )}
          <dt>ICCID</dt>
          <dd className="mono with-copy">
            <span>{sheet.iccid}</span>
            <CopyButton what="ICCID" text={sheet.iccid} />
          </dd>
          <dt>Apps</dt>
          <dd className="stack">
            {sheet.applications.length === 0 && <span className="muted">none in EF.DIR</span>}
            {sheet.applications.map(app => (
              <span key={app.aid} title={`AID ${app.aid}`}>
                {app.label || 'unnamed'} {app.path && <span className="muted mono">{app.path}</span>}
              </span>
            ))}
          </dd>
          <dt>DM now</dt>
          <dd>
            {sheet.bootstrap ? (
              <details>
                <summary title={sheet.bootstrap.detail}>
                  {sheet.bootstrap.serverId} · {formatBytes(sheet.bootstrap.bytes)}
                </summary>
                <ul className="facts mono">
                  {sheet.bootstrap.facts.map(fact => (
                    <li key={fact}>{fact}</li>
                  ))}
                </ul>
              </details>
            ) : (
              <span className="muted">no DM bootstrap</span>
            )}
          </dd>
          {sheet.files.length > 0 && <dt>Files</dt>}
          {sheet.files.length > 0 && (
            <dd className="stack">
              {sheet.files.map(file => (
                <span key={file.path} title={file.access ?? 'the card does not say who may do what'}>
                  {file.what} <span className="muted mono">{file.path.slice(-4)}</span>{' '}
                  <span className="muted">
                    {file.used} of {formatBytes(file.size)}
                  </span>
                  {file.access && <span className="muted rule">{file.access}</span>}
                </span>
              ))}
            </dd>
          )}
          <dt>ADM1</dt>
          <dd>
            <Tries left={tries} />
          </dd>
          {sheet.problems.length > 0 && <dt>Problems</dt>}
          {sheet.problems.length > 0 && (
            <dd className="stack">
              {sheet.problems.map(problem => (
                <span key={problem}>{problem}</span>
              ))}
            </dd>
          )}
        </dl>
      )}
    </>
  );
}

export function Tries({ left }: { left: number | undefined }) {
  if (left === undefined) return <span className="muted">the card does not say</span>;
  if (left === 0) return <Pill tone="bad">blocked: no try left</Pill>;
  return <Pill tone={left === 1 ? 'bad' : left === 2 ? 'warn' : 'ok'}>{plural(left, 'try', 'tries')} left</Pill>;
}
