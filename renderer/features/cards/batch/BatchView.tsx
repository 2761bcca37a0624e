/** Batches: a list of cards is read in, started, and from then on nothing is needed but to insert cards. */
import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { Volume2, VolumeX } from 'lucide-react';
import { useState } from 'react';
import type {
  BatchView as Batch,
  BatchesState,
  ImportedBatch,
} from '../../../../src-core/workbench/cards/batch/views.ts';
import { useRoomActions } from '../../../app/actions.ts';
import { navigate } from '../../../app/routes.ts';
import { formatStamp } from '../../../components/format.ts';
import { Divider, Panel, Panes, sideWidth } from '../../../components/Splitter.tsx';
import { Acts } from './Acts.tsx';
import { Counters } from './Counters.tsx';
import { HaltBanner } from './HaltBanner.tsx';
import { ListInput } from './ListInput.tsx';
import { Places } from './Places.tsx';
import { RowList } from './RowList.tsx';
import { RowPreview } from './RowPreview.tsx';
import { Standing } from './Standing.tsx';
import { Taken } from './Taken.tsx';
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
          onReadList={() => setReading(true)}
        />
      )}
    </>
  );
}

const choose = (key: string) => navigate({ room: 'batches', key }, 'replace');

function nameOf({ name, createdAt, counts }: Batch): string {
  return `${name} · ${formatStamp(createdAt)} · ${counts.verified} of ${counts.total} done`;
}

const CONSENTED = 'Cards that do not tell how many tries their key has left get their key presented once.';

interface AtWorkProps {
  readonly batch: Batch;
  readonly active: boolean;
  readonly running: BatchesState['running'];
  /** The list as it was read just now. */
  readonly taken: ImportedBatch | undefined;
  readonly onReadList: () => void;
}

function AtWork({ batch, active, running, taken, onReadList }: AtWorkProps) {
  const { key } = batch;
  const { state: rows } = useBatchRows(key);
  const [line, setLine] = useState<number>();
  const row = rows.find(one => one.line === line) ?? rows[0];
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
            {isRunning && running.halt && <HaltBanner batch={key} halt={running.halt} onReadList={onReadList} />}
            {isRunning && batch.unknownTries && <p className="consented">{CONSENTED}</p>}
            {isRunning ? <Places places={running.places} /> : <Standing batch={batch} />}
          </section>
        </Panel>
        <Divider label="Width of the list of cards" />
        <Panel id="rows" defaultSize={sideWidth(420, 340)} minSize={300} groupResizeBehavior="preserve-pixel-size">
          <section className="panel" aria-label="List of cards">
            <RowList rows={rows} selected={row?.line} onSelect={setLine} />
            {row && <RowPreview batch={key} row={row} />}
          </section>
        </Panel>
      </Panes>
    </div>
  );
}
