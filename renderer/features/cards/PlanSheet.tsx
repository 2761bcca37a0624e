/** The plan, byte for byte; and before there is one, what is on the card. */
import type { DiffLine, PlanView, ReaderView, WriteStage } from '../../../src-core/workbench/views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { formatBytes, plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import type { CardReading } from './use-card-sheet.ts';

const SIGNS: Readonly<Record<DiffLine['kind'], string>> = { old: '− ', new: '+ ', same: '  ', note: '' };

export function PlanSheet({ plan, stage }: { plan: PlanView; stage: WriteStage }) {
  const changes = changesOf(plan);
  const text = plan.diff.map(line => SIGNS[line.kind] + line.text).join('\n');
  return (
    <>
      <table aria-label="Files of the plan">
        <thead>
          <tr>
            <th>File</th>
            <th>What it is</th>
            <th className="num">on card</th>
            <th className="num">will be</th>
            <th className="num">APDUs</th>
            <th>
              <span className="sr-only">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.files.map(file => (
            <tr key={file.path}>
              <td className="mono">{file.path}</td>
              <td>{file.what}</td>
              <td className="num mono">{file.onCard === 0 ? '–' : formatBytes(file.onCard)}</td>
              <td className="num mono">{formatBytes(file.willBe)}</td>
              <td className="num">{file.apdus}</td>
              <td>
                <Pill tone={file.change === 'unchanged' ? 'plain' : 'info'}>{file.change}</Pill>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {plan.diff.length > 0 && (
        <div className="diff-box">
          <div className="diff-head">
            <span className="muted">Difference, byte for byte</span>
            <span className="right">
              <CopyButton what="difference" text={text} />
            </span>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled with the keyboard */}
          <section className="diff" aria-label="Difference" tabIndex={0}>
            {plan.diff.map((line, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one plan never move
              <div key={i} className={line.kind}>
                {SIGNS[line.kind]}
                {line.text}
              </div>
            ))}
          </section>
        </div>
      )}
      {plan.gap && (
        <p className="note flat gap">This card has no room for two: while it is written it has no bootstrap.</p>
      )}
      <p className="note flat">
        {changes === 0 && NOTHING_TO_DO[plan.kind]}
        {changes > 0 && stage === 'planned' && 'Nothing is written before you approve. '}
        {plural(plan.apdusToWrite, 'APDU')} to write, {plan.apdusToVerify} to verify. Profile {plan.profile}.
      </p>
    </>
  );
}

export function changesOf(plan: PlanView): number {
  return plan.files.filter(file => file.change !== 'unchanged').length;
}

const NOTHING_TO_DO: Readonly<Record<PlanView['kind'], string>> = {
  provision: 'The card already carries exactly this bootstrap: there is nothing to write. ',
  erase: 'The card carries no bootstrap: there is nothing to erase. ',
  restore: 'The card is as the backup has it: there is nothing to put back. ',
};

export function OnCard({ reader, sheet: { sheet } }: { reader: ReaderView; sheet: CardReading }) {
  if (!sheet) {
    return (
      <div className="empty">
        <h2>{reader.state === 'present' ? 'Reading the card…' : 'No card in this reader'}</h2>
        {reader.state !== 'present' && (
          <p>Insert a card: it is read at once, and nothing is written before you approve a plan.</p>
        )}
      </div>
    );
  }
  return (
    <>
      <p className="note flat">
        {sheet.bootstrap
          ? `The card carries a DM bootstrap of ${sheet.bootstrap.serverId}, ${sheet.bootstrap.serverUrl} (${formatBytes(sheet.bootstrap.bytes)}). ${sheet.bootstrap.detail}`
          : 'The card carries no DM bootstrap yet.'}{' '}
        Choose a profile and press <b>Plan</b>: it shows byte for byte what would be written, and writes nothing.
      </p>
      <table aria-label="Files on the card">
        <thead>
          <tr>
            <th>File</th>
            <th>What it is</th>
            <th className="num">used</th>
            <th className="num">size</th>
          </tr>
        </thead>
        <tbody>
          {sheet.files.map(file => (
            <tr key={file.path}>
              <td className="mono">{file.path}</td>
              <td>{file.what}</td>
              <td className="num mono">{formatBytes(file.used)}</td>
              <td className="num mono">{formatBytes(file.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
