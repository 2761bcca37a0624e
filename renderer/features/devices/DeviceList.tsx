/** The devices, each with its state, its last session and one line of detail. */
import { Button } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import type { DeviceView, StoryState } from '../../../src-core/workbench/views.ts';
import { useAction } from '../../api/use-action.ts';
import { formatRoute } from '../../app/routes.ts';
import { FailureNote } from '../../components/FailureNote.tsx';
import { formatAgo, formatStamp } from '../../components/format.ts';
import { Dot, Pill } from '../../components/Marks.tsx';
import { moveInList } from '../../components/move-in-list.ts';
import { useNow } from '../../components/use-now.ts';
import { REACH } from './reachability.ts';

interface DeviceListProps {
  readonly devices: readonly DeviceView[];
  readonly selected: string | undefined;
  readonly story: StoryState | undefined;
}

export function DeviceList({ devices, selected, story }: DeviceListProps) {
  const play = useAction(api => api.story.play.mutate());
  const now = useNow(10_000);
  return (
    <section className="panel device-list" aria-label="Device list">
      <h2 className="sec">
        Devices <Pill>{devices.length}</Pill>
      </h2>
      <ul className="scroll" aria-label="Devices" onKeyDown={moveInList}>
        {devices.map(device => (
          <li key={device.id}>
            <a
              className="list-item"
              href={formatRoute({ room: 'devices', deviceId: device.id })}
              aria-current={device.id === selected ? 'true' : undefined}
            >
              <Dot tone={REACH[device.reachability].dot} label={REACH[device.reachability].name} />
              <span className="ellipsis list-name" title={`${device.name}\n${device.id}`}>
                {device.name}
              </span>
              {device.lastSeen !== undefined && (
                <span className="muted ago" title={`last message ${formatStamp(device.lastSeen)}`}>
                  {formatAgo(device.lastSeen, now)}
                </span>
              )}
              <small>{device.detail}</small>
            </a>
          </li>
        ))}
      </ul>
      <div className="list-foot">
        <FailureNote failure={play.failure} onClose={play.clear} />
        <Button
          variant="subtle"
          fullWidth
          justify="flex-start"
          leftSection={<FlaskConical size={13} aria-hidden />}
          loading={play.busy || story?.state === 'running'}
          onClick={() => play.run()}
        >
          Try it without hardware
        </Button>
      </div>
    </section>
  );
}
