/** A batch that is not at work: how much is to do, and what a person consents to before it is. */
import { Checkbox } from '@mantine/core';
import type { BatchView } from '../../../../src-core/workbench/cards/batch/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { plural } from '../../../components/format.ts';

export function Standing({ batch: { key, counts, document, unknownTries } }: { batch: BatchView }) {
  const open = counts.total - counts.verified;
  const allow = useAction((api, allowed: boolean) => api.batches.allowUnknownTries.mutate({ key, allowed }));
  return (
    <div className="empty standing">
      <h2>{open === 0 ? 'Every card is verified' : `${plural(open, 'card')} to go`}</h2>
      <p>
        {open === 0 ? 'Each has' : 'Each gets'}{' '}
        {document === undefined ? 'an account of this DM server' : <b>{document}</b>}
        {document !== undefined && ', a CP document filled in from its line'}.
      </p>
      {open > 0 && (
        <>
          <p>
            Press <b>{counts.total > counts.waiting ? 'Resume' : 'Start'}</b>, then insert cards, in any order and in
            any reader: each is planned, written with its key of the list, and verified.
          </p>
          <Checkbox
            label="Cards that do not tell how many tries their key has left: present the key once to each"
            description="SIMs, and some UICCs. A wrong key may block such a card for good. A card that tells of one last try is never included."
            checked={unknownTries}
            disabled={allow.busy}
            onChange={event => void allow.run(event.currentTarget.checked)}
          />
          <FailureNote failure={allow.failure} onClose={allow.clear} />
        </>
      )}
    </div>
  );
}
