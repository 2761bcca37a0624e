/** The batch: its commands in order, and the exact document they make; they are moved, removed and sent together. */
import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { ArrowDown, ArrowUp, MessageCircleQuestion, X } from 'lucide-react';
import { useState } from 'react';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { plural } from '../../../components/format.ts';
import {
  addToBatch,
  type Batch,
  type BatchForm,
  commandsOf,
  moveInBatch,
  refuseBatch,
  removeFromBatch,
} from './batch.ts';
import { commandName, refuseInAtomic, subjectOf } from './draft.ts';
import { AskForm } from './forms/AskForm.tsx';
import { Preview } from './Preview.tsx';
import { useSend } from './use-send.ts';

interface BatchPanelProps {
  readonly device: DeviceView;
  readonly batch: Batch;
  readonly onChange: (batch: Batch) => void;
  readonly onSelect: (uri: string) => void;
  /** All of it went out, or into the queue. */
  readonly onSent: () => void;
}

const FORMS = [
  { value: 'sequence', label: 'Sequence' },
  { value: 'atomic', label: 'Atomic' },
  { value: 'each', label: 'Separate' },
];
const WORDS: Readonly<Record<BatchForm, string>> = {
  sequence: 'in this order, each with its own status',
  atomic: 'all or nothing: one that fails undoes the others',
  each: 'one after another, none depends on another',
};

export function BatchPanel({ device, batch, onChange, onSelect, onSent }: BatchPanelProps) {
  const send = useSend(device);
  const [asking, setAsking] = useState(false);
  const refusal = refuseBatch(batch);
  const submit = async () => {
    if (await send.run(commandsOf(batch))) onSent();
  };
  return (
    <section className="panel batch" aria-label="Batch">
      <div className="sec">
        <h2>{plural(batch.entries.length, 'command')}</h2>
        <SegmentedControl
          aria-label="How they go out"
          data={FORMS}
          value={batch.form}
          onChange={form => onChange({ ...batch, form: form as BatchForm })}
        />
        <span className="muted ellipsis">{WORDS[batch.form]}</span>
        <span className="right buttons">
          <Button
            leftSection={<MessageCircleQuestion size={13} aria-hidden />}
            title="Show the person at the device something, or ask"
            onClick={() => setAsking(true)}
          >
            Ask…
          </Button>
          {batch.entries.length > 0 && (
            <Button variant="subtle" onClick={() => onChange({ ...batch, entries: [] })}>
              Remove all
            </Button>
          )}
          <Button variant="filled" loading={send.busy} disabled={refusal !== undefined} onClick={submit}>
            Send {plural(batch.entries.length, 'command')}
          </Button>
        </span>
      </div>
      <FailureNote failure={send.failure} onClose={send.clear} />
      {asking && (
        <AskForm
          onAdd={draft => {
            onChange(addToBatch(batch, draft));
            setAsking(false);
          }}
          onCancel={() => setAsking(false)}
        />
      )}
      {asking ? null : batch.entries.length === 0 ? (
        <div className="empty">
          <p>
            Draft a command for a node and press <b>Batch</b>: it waits here with others, and they go out together.
          </p>
        </div>
      ) : (
        <div className="halves">
          <div className="scroll">
            {refusal && <p className="refusal bad">{refusal}</p>}
            <ol className="batch-list" aria-label="Commands of the batch">
              {batch.entries.map(({ key, draft }, i) => (
                <li key={key} className={batch.form === 'atomic' && refuseInAtomic(draft) ? 'bad' : undefined}>
                  <span className="muted">{i + 1}</span>
                  <b>{commandName(draft)}</b>
                  {'uri' in draft ? (
                    <button
                      type="button"
                      className="bare mono ellipsis"
                      title={subjectOf(draft)}
                      onClick={() => onSelect(draft.uri)}
                    >
                      {subjectOf(draft)}
                    </button>
                  ) : (
                    <span className="mono ellipsis" title={subjectOf(draft)}>
                      {subjectOf(draft)}
                    </span>
                  )}
                  <EntryButtons
                    name={`${commandName(draft)} ${subjectOf(draft)}`}
                    first={i === 0}
                    last={i === batch.entries.length - 1}
                    onMove={by => onChange(moveInBatch(batch, key, by))}
                    onRemove={() => onChange(removeFromBatch(batch, key))}
                  />
                </li>
              ))}
            </ol>
          </div>
          <div className="scroll">
            <Preview device={device} drafts={refusal === undefined ? commandsOf(batch) : undefined} />
          </div>
        </div>
      )}
    </section>
  );
}

interface EntryButtonsProps {
  readonly name: string;
  readonly first: boolean;
  readonly last: boolean;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}

function EntryButtons({ name, first, last, onMove, onRemove }: EntryButtonsProps) {
  return (
    <span className="buttons">
      <ActionIcon size="xs" aria-label={`Move up: ${name}`} title="Move up" disabled={first} onClick={() => onMove(-1)}>
        <ArrowUp size={12} aria-hidden />
      </ActionIcon>
      <ActionIcon
        size="xs"
        aria-label={`Move down: ${name}`}
        title="Move down"
        disabled={last}
        onClick={() => onMove(1)}
      >
        <ArrowDown size={12} aria-hidden />
      </ActionIcon>
      <ActionIcon size="xs" aria-label={`Remove: ${name}`} title="Remove" onClick={onRemove}>
        <X size={12} aria-hidden />
      </ActionIcon>
    </span>
  );
}
