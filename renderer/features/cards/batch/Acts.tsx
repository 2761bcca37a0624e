/** What can be done with a batch: start and stop it, save what became of it, remove it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { BatchView as Batch, BatchesState } from '../../../../src-core/workbench/cards/batch/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { useRoomActions } from '../../../app/actions.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { download } from '../../sessions/download.ts';
import { SaveTrace, type TraceForm } from './SaveTrace.tsx';

interface ActsProps {
  readonly batch: Batch;
  readonly active: boolean;
  readonly running: BatchesState['running'];
}

export function Acts({ batch, active, running }: ActsProps) {
  const { key, counts } = batch;
  const start = useAction(api => api.batches.start.mutate({ key }));
  const stop = useAction(api => api.batches.stop.mutate());
  const result = useAction((api, form: 'csv' | 'html') => api.batches.result.query({ key, form }));
  const traces = useAction(async (api, form: TraceForm) => {
    const texts: string[] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const { next, text, ...file } = await api.batches.traces.query({ key, form, from });
      texts.push(text);
      from = next;
      if (from === undefined) download({ ...file, text: texts.join('') });
    }
  });
  const remove = useAction(api => api.batches.remove.mutate({ key }));
  const [sure, setSure] = useState(false);
  const isRunning = running?.key === key;
  const begun = counts.total > counts.waiting;
  const save = async (form: 'csv' | 'html') => {
    const file = await result.run(form);
    if (file) download(file);
  };
  const canStart = running === undefined && counts.verified < counts.total;
  const begin = begun ? 'Resume' : 'Start';
  useRoomActions(active, [
    ...(isRunning ? [{ label: 'Stop the batch', detail: batch.name, run: () => void stop.run() }] : []),
    ...(canStart ? [{ label: `${begin} the batch`, detail: batch.name, run: () => void start.run() }] : []),
    { label: 'Save the result as CSV', detail: batch.name, run: () => void save('csv') },
    ...(begun ? [{ label: 'Save the APDU trace', detail: batch.name, run: () => void traces.run('text') }] : []),
    { label: 'Save the report', detail: batch.name, run: () => void save('html') },
  ]);
  const failed = [start, stop, result, traces, remove].find(({ failure }) => failure);
  return (
    <>
      <div className="acts">
        {isRunning ? (
          <Button loading={stop.busy} onClick={() => stop.run()}>
            Stop
          </Button>
        ) : (
          <Button
            variant="filled"
            loading={start.busy}
            disabled={!canStart}
            title={running ? 'Another batch is at work: stop it first' : undefined}
            onClick={() => start.run()}
          >
            {begin}
          </Button>
        )}
        <Button onClick={() => save('csv')}>Result CSV</Button>
        <Button onClick={() => save('html')}>Report</Button>
        <SaveTrace label="APDU trace" disabled={!begun} save={form => traces.run(form)} />
        {!isRunning && (
          <Button
            color={sure ? 'red' : undefined}
            loading={remove.busy}
            onBlur={() => setSure(false)}
            onClick={() => (sure ? remove.run() : setSure(true))}
          >
            {sure ? 'Remove it for good' : 'Remove'}
          </Button>
        )}
      </div>
      {failed && <FailureNote failure={failed.failure} onClose={failed.clear} />}
    </>
  );
}
