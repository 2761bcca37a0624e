/** Where the card is on its way. */
import type { ProvisionView } from '../../../src-core/workbench/views.ts';

type StepState = 'done' | 'now' | 'failed' | 'later';

export function Steps({ hasCard, provision }: { hasCard: boolean; provision: ProvisionView | undefined }) {
  const states = stepStates(hasCard, provision);
  const names = ['Read card', 'Plan and approve', 'Write', 'Verify'];
  return (
    <ol className="steps" aria-label="Steps">
      {names.map((name, i) => (
        <li key={name} className={states[i]} aria-current={states[i] === 'now' ? 'step' : undefined}>
          {states[i] === 'done' && '✓ '}
          {states[i] === 'failed' && '✕ '}
          {name}
          <span className="sr-only">, {states[i]}</span>
        </li>
      ))}
    </ol>
  );
}

function stepStates(hasCard: boolean, provision: ProvisionView | undefined): readonly StepState[] {
  switch (provision?.stage) {
    case undefined:
      return hasCard ? ['done', 'now', 'later', 'later'] : ['now', 'later', 'later', 'later'];
    case 'planned':
      return ['done', 'now', 'later', 'later'];
    case 'writing':
      return ['done', 'done', 'now', 'later'];
    case 'interrupted':
    case 'failed':
      // All was written: what failed is the reading back.
      return provision.progress === 1 ? ['done', 'done', 'done', 'failed'] : ['done', 'done', 'failed', 'later'];
    case 'written':
    case 'verifying':
      return ['done', 'done', 'done', 'now'];
    case 'verified':
      return ['done', 'done', 'done', 'done'];
  }
}
