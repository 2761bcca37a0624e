/** A batch that takes no more cards: why, what to do, and ways to go on. Read from two metres. */
import { Button } from '@mantine/core';
import { OctagonPause } from 'lucide-react';
import { useState } from 'react';
import type { HaltView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';

interface HaltBannerProps {
  readonly batch: string;
  readonly halt: HaltView;
  readonly onReadList: () => void;
}

export function HaltBanner({ batch, halt: { reason, lines }, onReadList }: HaltBannerProps) {
  const [sure, setSure] = useState(false);
  const mend = useAction(async api => {
    await api.batches.stop.mutate();
    onReadList();
  });
  const goOn = useAction(async api => {
    await api.batches.stop.mutate();
    await api.batches.start.mutate({ key: batch });
  });
  return (
    <section className="halt" role="alert" aria-label="The batch is halted">
      <OctagonPause className="halt-icon" aria-hidden />
      <div className="halt-words">
        <h2>Halted</h2>
        <p>{reason}.</p>
        <p>
          Lines {lines.join(', ')}. Every further wrong key would cost its card a try, so no card is taken until you
          decide.
        </p>
        <div className="halt-acts">
          <Button variant="filled" loading={mend.busy} onClick={() => mend.run()}>
            Read a corrected list…
          </Button>
          <Button
            color={sure ? 'red' : undefined}
            loading={goOn.busy}
            onBlur={() => setSure(false)}
            onClick={() => (sure ? goOn.run() : setSure(true))}
          >
            {sure ? 'The list is right: go on' : 'Go on with this list'}
          </Button>
        </div>
        <FailureNote failure={mend.failure ?? goOn.failure} />
      </div>
    </section>
  );
}
