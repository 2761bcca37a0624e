/** The plan: what it asks for, its files, and the difference byte for byte. */
import { Fragment } from 'react';
import type { DiffLine, PlanView, WriteStage } from '../../../src-core/workbench/views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { formatBytes, plural } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { PlanFacts } from './PlanFacts.tsx';
import { accessWords, BOOTSTRAP_NAMES, blockerOf, changesOf, nothingToDo } from './plan-words.ts';

const SIGNS: Readonly<Record<DiffLine['kind'], string>> = { old: '− ', new: '+ ', same: '  ', note: '' };

export function PlanSheet({ plan, stage }: { plan: PlanView; stage: WriteStage }) {
  const changes = changesOf(plan);
  const text = plan.diff.map(line => SIGNS[line.kind] + line.text).join('\n');
  return (
    <>
      <PlanFacts plan={plan} stage={stage} />
      <table aria-label="Files of the plan">
        <thead>
          <tr>
            <th>File</th>
            <th>What it is</th>
            <th className="num">on card</th>
            <th className="num">will be</th>
            <th className="num apdus">APDUs</th>
            <th>
              <span className="sr-only">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.files.map(file => (
            <Fragment key={file.path}>
              <tr>
                <td className="mono">{file.path}</td>
                <td>{file.what}</td>
                <td className="num mono">{file.onCard === 0 ? '–' : formatBytes(file.onCard)}</td>
                <td className="num mono">{formatBytes(file.willBe)}</td>
                <td className="num apdus">{file.apdus}</td>
                <td>
                  <Pill tone={file.change === 'unchanged' ? 'plain' : 'info'}>{file.change}</Pill>
                </td>
              </tr>
              {file.access && (
                <tr className="rule">
                  <td colSpan={6}>{accessWords(file)}</td>
                </tr>
              )}
            </Fragment>
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
        <p className="note flat gap">
          This card has no room for two: while it is written it has no {BOOTSTRAP_NAMES[plan.bootstrap ?? 'dm']}.
        </p>
      )}
      <p className="note flat">
        {changes === 0 && `${nothingToDo(plan)} `}
        {changes > 0 && stage === 'planned' && !blockerOf(plan) && 'Nothing is written before you approve. '}
        {plural(plan.apdusToWrite, 'APDU')} to write, {plan.apdusToVerify} to verify. Profile {plan.profile}.
      </p>
    </>
  );
}
