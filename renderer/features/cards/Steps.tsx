/** Where the card is on its way. */
import type { WriteStage } from '../../../src-core/workbench/views.ts';

type StepState = 'done' | 'now' | 'failed' | 'later';

export function Steps({ hasCard, stage }: { hasCard: boolean; stage: WriteStage | undefined }) {
  const states = stepStates(hasCard, stage);
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

function stepStates(hasCard: boolean, stage: WriteStage | undefined): readonly StepState[] {
  switch (stage) {
    case undefined:
      return hasCard ? ['done', 'now', 'later', 'later'] : ['now', 'later', 'later', 'later'];
    case 'planned':
      return ['done', 'now', 'later', 'later'];
    case 'writing':
      return ['done', 'done', 'now', 'later'];
    case 'interrupted':
    case 'failed':
      return ['done', 'done', 'failed', 'later'];
    case 'written':
    case 'verifying':
      return ['done', 'done', 'done', 'now'];
    case 'verified':
      return ['done', 'done', 'done', 'done'];
  }
}
