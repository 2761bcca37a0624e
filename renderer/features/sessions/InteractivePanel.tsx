/** Commands by hand, for the device of the session in hand: in its open session at once, else in its next. */
import { ActionIcon, TextInput } from '@mantine/core';
import { X } from 'lucide-react';
import { useState } from 'react';
import type { DeviceView } from '../../../src-core/workbench/views.ts';
import type { WorkView } from '../../../src-core/workbench/work-views.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatWhen } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { useNow } from '../../components/use-now.ts';
import { Answer } from '../devices/commands/Answer.tsx';
import { BatchPanel } from '../devices/commands/BatchPanel.tsx';
import { addToBatch, type Batch, EMPTY_BATCH } from '../devices/commands/batch.ts';
import { type Desk, type Intent, READ } from '../devices/commands/desk.ts';
import { refuseUri } from '../devices/commands/forms/uris.ts';
import { HoldButton, useHold } from '../devices/commands/HoldButton.tsx';
import { NextCommand } from '../devices/commands/NextCommand.tsx';
import { offeredActs } from '../devices/commands/offered.ts';
import { useWork } from '../devices/commands/use-work.ts';
import { answersOf, summaryOf, titleOf } from '../devices/commands/work.ts';
import { useTree } from '../devices/use-tree.ts';

export function InteractivePanel({ device, onClose }: { device: DeviceView; onClose: () => void }) {
  const { index } = useTree(device.id).state;
  const work = useWork(device.id);
  const hold = useHold(device);
  const [typed, setTyped] = useState('.');
  const [intent, setIntent] = useState<Intent>(READ);
  const [batch, setBatch] = useState<Batch>(EMPTY_BATCH);
  const uri = typed.trim();
  const refusal = refuseUri(uri);
  const dismiss = () => setIntent(READ);
  const desk: Desk = { device, collect: drafts => setBatch(drafts.reduce(addToBatch, batch)), sent: dismiss, dismiss };
  return (
    <section className="panel interactive" aria-label="Commands by hand">
      <div className="sec">
        <h2>Commands by hand</h2>
        <ActionIcon className="right" aria-label="Close commands by hand" onClick={onClose}>
          <X size={14} aria-hidden />
        </ActionIcon>
      </div>
      <div className="scroll">
        <div className="hold-line">
          <HoldButton device={device} hold={hold} />
          <span className="dim">{heldWords(device)}</span>
        </div>
        <TextInput
          className="hand-uri"
          label="URI"
          value={typed}
          error={refusal}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        {refusal === undefined && (
          <NextCommand
            key={uri}
            desk={desk}
            index={index}
            uri={uri}
            intent={intent}
            onIntent={setIntent}
            offered={offeredActs(index.get(uri))}
          >
            {null}
          </NextCommand>
        )}
        {batch.entries.length > 0 && (
          <BatchPanel
            device={device}
            batch={batch}
            onChange={setBatch}
            onSelect={setTyped}
            onSent={() => setBatch(EMPTY_BATCH)}
          />
        )}
        <FailureNote failure={hold.failure ?? work.failure} onClose={hold.failure && hold.clear} />
        <ol className="hand-answers" aria-label="Sent, newest first">
          {work.items?.map(item => (
            <SentWork key={item.id} work={item} onSelect={setTyped} />
          ))}
        </ol>
      </div>
    </section>
  );
}

function heldWords({ held, reachability }: DeviceView): string {
  if (held?.state === 'held') return `Session ${held.sessionId ?? ''} is held open.`;
  if (held) return 'The next session will be held open.';
  return reachability === 'in-session'
    ? 'A session is open; it ends when nothing is left to do.'
    : 'No session is open: commands wait for the next one.';
}

function SentWork({ work, onSelect }: { work: WorkView; onSelect: (uri: string) => void }) {
  const now = useNow(60_000);
  const { name, subject } = titleOf(work);
  const { tone, text } = summaryOf(work);
  return (
    <li>
      <details>
        <summary>
          <span className="muted mono">{formatWhen(work.createdAt, now)}</span> <b>{name}</b>
          <span className="mono ellipsis" title={subject}>
            {subject}
          </span>
          <Pill tone={tone}>{text}</Pill>
        </summary>
        {answersOf(work).map(answer => (
          <Answer key={answer.path} answer={answer} onSelect={onSelect} />
        ))}
      </details>
    </li>
  );
}
