/** What became of the card, to be read from two metres; and where it went wrong, what to do next. */
import { CircleCheck, CircleX, Unplug } from 'lucide-react';
import type { ProvisionView } from '../../../src-core/workbench/views.ts';
import { doneWords, FAILED_WORDS } from './plan-words.ts';

export function Outcome({ provision }: { provision: ProvisionView | undefined }) {
  return (
    <div role="status" aria-label="Result">
      {provision && <Result provision={provision} />}
    </div>
  );
}

function Result({ provision: { stage, message, plan } }: { provision: ProvisionView }) {
  if (stage === 'verified') {
    return (
      <div className="outcome ok">
        <CircleCheck size={44} aria-hidden />
        <div>
          <strong>Verified</strong>
          <p>
            Card <span className="mono">{plan.iccid}</span> {doneWords(plan)}
          </p>
          {!message.includes(plan.iccid) && <p className="detail">{message}</p>}
        </div>
      </div>
    );
  }
  if (stage === 'interrupted') {
    return (
      <div className="outcome warn">
        <Unplug size={44} aria-hidden />
        <div>
          <strong>Interrupted</strong>
          <p>
            {message} Put card <span className="mono">{plan.iccid}</span> back, enter its ADM key and press Resume: what
            was already written is not written again.
          </p>
        </div>
      </div>
    );
  }
  if (stage === 'failed') {
    return (
      <div className="outcome bad">
        <CircleX size={44} aria-hidden />
        <div>
          <strong>{FAILED_WORDS[plan.kind]}</strong>
          <p>{message}</p>
          <p className="detail">
            {plan.kind === 'provision' ? 'Press Plan' : 'Plan it again'}: it reads the card anew and shows what is left
            to write.
          </p>
        </div>
      </div>
    );
  }
  return null;
}
