/** Batches: a list of cards is read in, started, and from then on nothing is needed but to insert cards. */
import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { Volume2, VolumeX } from 'lucide-react';
import { useState } from 'react';
import type {
  BatchView as Batch,
  BatchesState,
  ImportedBatch,
} from '../../../../src-core/workbench/cards/batch/views.ts';
import { useAction } from '../../../api/use-action.ts';
import { useRoomActions } from '../../../app/actions.ts';
import { navigate } from '../../../app/routes.ts';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { formatStamp, plural } from '../../../components/format.ts';
import { Divider, Panel, Panes, sideWidth } from '../../../components/Splitter.tsx';
import { download } from '../../sessions/download.ts';
import { Counters } from './Counters.tsx';
import { ListInput } from './ListInput.tsx';
import { Places } from './Places.tsx';
import { RowList } from './RowList.tsx';
import { RowPreview } from './RowPreview.tsx';
import { useBatches, useBatchRows } from './use-batches.ts';
import { useSounds } from './use-sounds.ts';
import './batch.css';

interface BatchViewProps {
  /** By the address; else the one at work, or the newest. */
  readonly chosen: string | undefined;
  /** In front. */
  readonly active: boolean;
  readonly onClose: () => void;
}

export function BatchView({ chosen, active, onClose }: BatchViewProps) {
  const { state } = useBatches();
  const [reading, setReading] = useState(false);
  const [taken, setTaken] = useState<ImportedBatch>();
  const sounds = useSounds(state?.running?.places);
  const batches = state?.batches ?? [];
  const wanted = chosen ?? state?.running?.key;
  const batch = batches.find(({ key }) => key === wanted) ?? batches[0];
  const takesList = reading || (state !== undefined && batch === undefined);
  useRoomActions(active, [
    { label: 'Read a list of cards', detail: 'batch', run: () => setReading(true) },
    { label: sounds.muted ? 'Turn sounds on' : 'Turn sounds off', detail: 'batch', run: sounds.toggle },
    { label: 'Provision one card', detail: 'leave the batch', run: onClose },
  ]);
  return (
    <>
      <header className="room-head">
        <h1>Batch</h1>
        {batch && !takesList && (
          <NativeSelect
            className="batches"
            aria-label="Batch"
            data={batches.map(one => ({ value: one.key, label: nameOf(one) }))}
            value={batch.key}
            onChange={event => choose(event.currentTarget.value)}
          />
        )}
        <span className="right" />
        {takesList && batch && <Button onClick={() => setReading(false)}>Back to the batch</Button>}
        {!takesList && <Button onClick={() => setReading(true)}>Read a list…</Button>}
        <ActionIcon
          aria-label="Sounds"
          aria-pressed={!sounds.muted}
          title={sounds.muted ? 'Sounds are off' : 'Sounds are on'}
          onClick={sounds.toggle}
        >
          {sounds.muted ? <VolumeX size={16} aria-hidden /> : <Volume2 size={16} aria-hidden />}
        </ActionIcon>
        <Button onClick={onClose}>One card</Button>
      </header>
      {takesList && (
        <div className="panel">
          <div className="scroll">
            <ListInput
              onTaken={list => {
                setTaken(list);
                if (list.key !== undefined) choose(list.key);
                setReading(false);
              }}
            />
          </div>
        </div>
      )}
      {batch && !takesList && (
        <AtWork
          key={batch.key}
          batch={batch}
          active={active}
          running={state?.running}
          taken={taken?.key === batch.key ? taken : undefined}
        />
      )}
    </>
  );
}

const choose = (key: string) => navigate({ room: 'batches', key }, 'replace');

function nameOf({ name, createdAt, counts }: Batch): string {
  return `${name} · ${formatStamp(createdAt)} · ${counts.verified} of ${counts.total} done`;
}

interface AtWorkProps {
  readonly batch: Batch;
  readonly active: boolean;
  readonly running: BatchesState['running'];
  /** The list as it was read just now. */
  readonly taken: ImportedBatch | undefined;
}

function AtWork({ batch, active, running, taken }: AtWorkProps) {
  const { key } = batch;
  const { state: rows } = useBatchRows(key);
  const [line, setLine] = useState<number>();
  const selected = line ?? rows[0]?.line;
  const isRunning = running?.key === key;
  return (
    <div className="room-body">
      <Panes name="batch">
        <Panel id="places" minSize={360}>
          <section className="panel batch-work" aria-label="Next card">
            <div className="batch-acts">
              <Counters counts={batch.counts} />
              <Acts batch={batch} active={active} running={running} />
            </div>
            {taken && !isRunning && <Taken list={taken} />}
            {isRunning ? <Places places={running.places} /> : <Standing batch={batch} />}
          </section>
        </Panel>
        <Divider label="Width of the list of cards" />
        <Panel id="rows" defaultSize={sideWidth(420, 340)} minSize={300} groupResizeBehavior="preserve-pixel-size">
          <section className="panel" aria-label="List of cards">
            <RowList rows={rows} selected={selected} onSelect={setLine} />
            {selected !== undefined && <RowPreview batch={key} line={selected} />}
          </section>
        </Panel>
      </Panes>
    </div>
  );
}

function Acts({ batch, active, running }: Omit<AtWorkProps, 'taken'>) {
  const { key, counts } = batch;
  const start = useAction(api => api.batches.start.mutate({ key }));
  const stop = useAction(api => api.batches.stop.mutate());
  const result = useAction((api, form: 'csv' | 'html') => api.batches.result.query({ key, form }));
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
    { label: 'Save the report', detail: batch.name, run: () => void save('html') },
  ]);
  const failed = [start, stop, result, remove].find(({ failure }) => failure);
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

/** What there is to say of a list that was taken. */
function Taken({ list: { resumed, problems } }: { list: ImportedBatch }) {
  if (!resumed && problems.length === 0) return null;
  return (
    <div className="taken" role="status">
      {resumed && <p>The same cards were a batch before: it goes on, and what is done stays done.</p>}
      {problems.slice(0, MOST_WARNINGS).map(({ line, text }) => (
        <p key={`${line} ${text}`}>
          Line {line}: {text}
        </p>
      ))}
      {problems.length > MOST_WARNINGS && <p>{plural(problems.length - MOST_WARNINGS, 'warning')} more.</p>}
    </div>
  );
}

const MOST_WARNINGS = 50;

/** Before it is started, and after. */
function Standing({ batch: { counts } }: { batch: Batch }) {
  const open = counts.total - counts.verified;
  return (
    <div className="empty">
      <h2>{open === 0 ? 'Every card is verified' : `${plural(open, 'card')} to go`}</h2>
      {open > 0 && (
        <p>
          Press <b>{counts.total > counts.waiting ? 'Resume' : 'Start'}</b>, then insert cards, in any order and in any
          reader: each is planned, written with its key of the list, and verified.
        </p>
      )}
    </div>
  );
}
