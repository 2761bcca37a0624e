/** A write of this card that was broken off, perhaps days ago: it is taken in hand again with one press. */
import { Button } from '@mantine/core';
import { Unplug } from 'lucide-react';
import type { PlanView, UnfinishedView } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatStamp } from '../../components/format.ts';
import { BOOTSTRAP_NAMES } from './plan-words.ts';

interface UnfinishedProps {
  readonly reader: string;
  readonly write: UnfinishedView;
  readonly disabled: boolean;
  readonly onPlan: (plan: PlanView | undefined) => void;
}

export function Unfinished({ reader, write: { bootstrap, profile, at }, disabled, onPlan }: UnfinishedProps) {
  const resume = useAction(api => api.cards.resume.mutate({ reader, bootstrap }));
  return (
    <section className="unfinished" aria-label={`Broken off: ${BOOTSTRAP_NAMES[bootstrap]}`}>
      <Unplug size={20} aria-hidden />
      <div>
        <p>
          <b>A write of the {BOOTSTRAP_NAMES[bootstrap]} was broken off</b> on {formatStamp(at)}
          {profile && <span className="muted"> · {profile}</span>}
        </p>
        <p>Resume shows its plan again: what was already written is not written again.</p>
        <FailureNote failure={resume.failure} onClose={resume.clear} />
      </div>
      <Button
        variant="filled"
        loading={resume.busy}
        disabled={disabled}
        onClick={async () => onPlan(await resume.run())}
      >
        Resume
      </Button>
    </section>
  );
}
