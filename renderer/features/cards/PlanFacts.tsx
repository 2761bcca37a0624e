/** What a plan asks for before it is approved: bootstrap, key with its tries, commands, time; and what stands in its way. */
import { Ban, TriangleAlert } from 'lucide-react';
import type { PlanView, WriteStage } from '../../../src-core/workbench/views.ts';
import { formatBytes, plural } from '../../components/format.ts';
import { Tries } from './CardSheet.tsx';
import { aboutTime, BOOTSTRAP_NAMES, blockerOf } from './plan-words.ts';
import './plan.css';

export function PlanFacts({ plan, stage }: { plan: PlanView; stage: WriteStage }) {
  const { bootstrap = 'dm', key = 'ADM1', estimate } = plan;
  return (
    <>
      <dl className="plan-facts" aria-label="What the plan asks for">
        <div>
          <dt>Bootstrap</dt>
          <dd title={plan.profile}>{BOOTSTRAP_NAMES[bootstrap]}</dd>
        </div>
        <div>
          <dt>Key</dt>
          <dd>
            {key}
            {/* Once it was presented the plan's count is of the past. */}
            {stage === 'planned' && <Tries left={plan.admTriesLeft} />}
          </dd>
        </div>
        <div>
          <dt>Commands</dt>
          <dd title={`${plural(plan.apdusToWrite, 'APDU')} change the card, ${plan.apdusToVerify} verify it`}>
            {estimate ? `${estimate.apdus} APDUs` : `${plan.apdusToWrite} + ${plan.apdusToVerify} APDUs`}
            {estimate && <span className="muted"> {formatBytes(estimate.bytes)}</span>}
          </dd>
        </div>
        {estimate && (
          <div>
            <dt>Time</dt>
            <dd title="Writing and verifying, by the rate that the card offers">{aboutTime(estimate.ms)}</dd>
          </div>
        )}
      </dl>
      <Hindrances plan={plan} />
    </>
  );
}

function Hindrances({ plan }: { plan: PlanView }) {
  const hindrances = plan.hindrances ?? [];
  if (hindrances.length === 0) return null;
  return (
    <ul className="hindrances" aria-label="What stands in the way">
      {hindrances.map(({ path, what, reason, blocks }) => (
        <li key={`${path} ${reason}`} className={blocks ? 'bad' : 'warn'}>
          {blocks ? <Ban size={14} aria-hidden /> : <TriangleAlert size={14} aria-hidden />}
          <p>
            <b>
              {what} <span className="mono">{path}</span>
            </b>
            {blocks ? ' cannot be changed' : ''}: {reason}.
          </p>
        </li>
      ))}
      {blockerOf(plan) && <li className="dim">Nothing of this plan is written: the key stays unused.</li>}
    </ul>
  );
}
