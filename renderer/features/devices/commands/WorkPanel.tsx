/** The commands that were asked of a device: what waits, what was answered, and each exact command beside its answer. */
import { ActionIcon } from '@mantine/core';
import { X } from 'lucide-react';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import type { WorkView } from '../../../../src-core/workbench/work-views.ts';
import { useAction } from '../../../api/use-action.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { FailureNote } from '../../../components/FailureNote.tsx';
import { formatStamp, formatWhen, plural } from '../../../components/format.ts';
import { Pill } from '../../../components/Marks.tsx';
import { moveInList } from '../../../components/move-in-list.ts';
import { useNow } from '../../../components/use-now.ts';
import { hideSecrets } from './hide-secrets.ts';
import type { DeviceWork } from './use-work.ts';
import { WorkDetail } from './WorkDetail.tsx';
import { shownResult, summaryOf, titleOf } from './work.ts';

interface WorkPanelProps {
  readonly device: DeviceView | undefined;
  readonly work: DeviceWork;
  /** Undefined opens the newest. */
  readonly opened: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly onSelect: (uri: string) => void;
}

export function WorkPanel({ device, work, opened, onOpen, onSelect }: WorkPanelProps) {
  const items = work.items ?? [];
  const shown = items.find(({ id }) => id === opened) ?? items[0];
  const cancel = useAction((api, workId: string) => api.devices.cancel.mutate({ workId }));
  return (
    <section className="panel" aria-label="Commands">
      <div className="sec">
        <h2>Commands</h2>
        <Pill>{items.length}</Pill>
        {work.waiting > 0 && <Pill tone="warn">{plural(work.waiting, 'waits', 'wait')}</Pill>}
        <span className="right buttons">
          {items.length > 0 && (
            <CopyButton what="commands as JSON" text={() => JSON.stringify(items.map(shownWork), null, 2)} />
          )}
        </span>
      </div>
      <FailureNote failure={work.failure ?? cancel.failure} onClose={cancel.failure && cancel.clear} />
      {items.length === 0 || !device || !shown ? (
        <div className="empty">
          {work.items && <p>No command yet. What you send appears here, with the device's answer to each.</p>}
        </div>
      ) : (
        <div className="halves of-work">
          <ul className="scroll work-list" aria-label="Commands for this device" onKeyDown={moveInList}>
            {items.map(item => (
              <WorkRow
                key={item.id}
                work={item}
                opened={item.id === shown.id}
                onOpen={() => onOpen(item.id)}
                onCancel={item.state === 'queued' ? () => cancel.run(item.id) : undefined}
              />
            ))}
          </ul>
          <WorkDetail key={shown.id} device={device} work={shown} onSelect={onSelect} />
        </div>
      )}
    </section>
  );
}

/** As it stands on the screen: commands as the core shows them, without secrets. */
function shownWork({ commands, xml, ...work }: WorkView) {
  return { ...work, xml: hideSecrets(xml, commands), results: work.results.map(shownResult) };
}

interface WorkRowProps {
  readonly work: WorkView;
  readonly opened: boolean;
  readonly onOpen: () => void;
  /** Undefined where it is too late. */
  readonly onCancel: (() => void) | undefined;
}

function WorkRow({ work, opened, onOpen, onCancel }: WorkRowProps) {
  const now = useNow(60_000);
  const { name, subject } = titleOf(work);
  const { tone, text } = summaryOf(work);
  return (
    <li className={opened ? 'on' : undefined}>
      <button type="button" className="bare work-open" aria-current={opened ? 'true' : undefined} onClick={onOpen}>
        <span className="muted" title={formatStamp(work.createdAt)}>
          {formatWhen(work.createdAt, now)}
        </span>
        <b>{name}</b>
        <span className="mono ellipsis" title={subject}>
          {subject}
        </span>
        <Pill tone={tone} title={work.detail ?? text}>
          {text}
        </Pill>
      </button>
      {onCancel && (
        <ActionIcon
          size="xs"
          aria-label={`Cancel ${name} ${subject}`}
          title="Cancel: it is not sent"
          onClick={onCancel}
        >
          <X size={12} aria-hidden />
        </ActionIcon>
      )}
    </li>
  );
}
