/** How far a batch is. */
import type { BatchCounts } from '../../../../src-core/workbench/cards/batch/views.ts';

export function Counters({ counts }: { counts: BatchCounts }) {
  const { total, verified, failed } = counts;
  const open = total - verified - failed;
  return (
    <dl className="counters" aria-label="Counters">
      <Counter name="done" value={verified} tone="ok" />
      <Counter name="failed" value={failed} tone={failed > 0 ? 'bad' : 'plain'} />
      <Counter name="to do" value={open} tone="plain" />
      <Counter name="in all" value={total} tone="plain" />
    </dl>
  );
}

function Counter({ name, value, tone }: { name: string; value: number; tone: 'ok' | 'bad' | 'plain' }) {
  return (
    <div className={tone}>
      <dt>{name}</dt>
      <dd>{value.toLocaleString('en-US')}</dd>
    </div>
  );
}
