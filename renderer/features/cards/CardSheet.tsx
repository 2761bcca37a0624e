/** What the card is: ATR, ICCID, applications, both bootstraps, PKCS#15, tries of the ADM key. */
import type { CardSheetView, ProvisionView, ReaderView } from '../../../src-core/workbench/views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatBytes, plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { groupHex } from './group-hex.ts';
import { SheetFiles } from './SheetFiles.tsx';
import type { CardReading } from './use-card-sheet.ts';

interface CardSheetProps {
  readonly reader: ReaderView;
  readonly sheet: CardReading;
  readonly provision: ProvisionView | undefined;
}

const NO_SHEET: Readonly<Record<ReaderView['state'], string>> = {
  present: 'Reading the card…',
  empty: 'Insert a card: it is read at once.',
  mute: 'The card in this reader does not answer.',
  unavailable: 'The reader cannot be used now.',
};

export function CardSheet({ reader, sheet: { sheet, failure }, provision }: CardSheetProps) {
  const { key, left } = triesOf(provision, sheet);
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
      {!sheet && !failure && <p className="note first">{NO_SHEET[reader.state]}</p>}
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
              <Decoded
                summary={`${sheet.bootstrap.serverId} · ${formatBytes(sheet.bootstrap.bytes)}`}
                title={sheet.bootstrap.detail}
                facts={sheet.bootstrap.facts}
              />
            ) : (
              <span className="muted">{sheet.pin1.needed ? 'read after PIN1' : 'no DM bootstrap'}</span>
            )}
          </dd>
          <dt>CP now</dt>
          <dd>
            {sheet.provisioning ? (
              <Decoded
                summary={`${sheet.provisioning.path.slice(-4)} · ${formatBytes(sheet.provisioning.bytes)}`}
                title={sheet.provisioning.path}
                facts={sheet.provisioning.facts}
              />
            ) : (
              <span className="muted">{sheet.pin1.needed ? 'read after PIN1' : 'no CP bootstrap'}</span>
            )}
          </dd>
          <SheetFiles sheet={sheet} />
          <dt>PIN1</dt>
          <dd>
            <Pin1 pin={sheet.pin1} unlocked={reader.unlocked === true} />
          </dd>
          <dt>{key}</dt>
          <dd>
            <Tries left={left} />
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

/** What a bootstrap says, line by line. */
function Decoded({ summary, title, facts }: { summary: string; title: string; facts: readonly string[] }) {
  return (
    <details>
      <summary title={title}>{summary}</summary>
      <ul className="facts mono">
        {facts.map((fact, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one document, which may say a thing twice
          <li key={i}>{fact}</li>
        ))}
        {facts.length === 0 && <li className="muted">{title}</li>}
      </ul>
    </details>
  );
}

function Pin1({ pin: { enabled, triesLeft }, unlocked }: { pin: CardSheetView['pin1']; unlocked: boolean }) {
  if (enabled === false) return <span className="muted">disabled: nobody is asked for it</span>;
  return (
    <>
      <Tries left={triesLeft} />
      {unlocked && <span className="muted"> presented while it stays in</span>}
    </>
  );
}

/** A plan counts the tries of the key that it needs; once that was presented, the card was read again. */
function triesOf(provision: ProvisionView | undefined, sheet: CardReading['sheet']) {
  const { key = 'ADM1', admTriesLeft } = provision?.plan ?? {};
  if (provision?.stage === 'planned')
    return { key, left: admTriesLeft ?? (key === 'ADM1' ? sheet?.admTriesLeft : undefined) };
  return { key: 'ADM1', left: sheet?.admTriesLeft };
}

export function Tries({ left }: { left: number | undefined }) {
  if (left === undefined) return <span className="muted">the card does not say</span>;
  if (left === 0) return <Pill tone="bad">blocked: no try left</Pill>;
  return <Pill tone={left === 1 ? 'bad' : left === 2 ? 'warn' : 'ok'}>{plural(left, 'try', 'tries')} left</Pill>;
}
