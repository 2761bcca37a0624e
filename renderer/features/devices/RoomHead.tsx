/** The head of the room: which device, how it can be reached, the session that is held open, search, and reading now. */
import { Button } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DeviceView } from '../../../src-core/workbench/views.ts';
import type { HeldView } from '../../../src-core/workbench/work-views.ts';
import type { Action } from '../../api/use-action.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { formatWait } from '../../components/format.ts';
import { Pill } from '../../components/Marks.tsx';
import { useNow } from '../../components/use-now.ts';
import { AccountButton } from './account/AccountButton.tsx';
import { HoldButton } from './commands/HoldButton.tsx';
import { REACH } from './reachability.ts';

interface RoomHeadProps {
  readonly device: DeviceView | undefined;
  readonly selected: string;
  readonly reading: boolean;
  readonly onRead: () => void;
  readonly hold: Action<[boolean], void>;
  /** The search. */
  readonly children: ReactNode;
}

export function RoomHead({ device, selected, reading, onRead, hold, children }: RoomHeadProps) {
  return (
    <header className="room-head">
      <h1 className="ellipsis device-name" title={device?.name}>
        {device?.name ?? 'Devices'}
      </h1>
      {device && (
        <>
          <ReachPill device={device} />
          <span className="muted mono ellipsis device-id" title={device.id}>
            {device.id}
          </span>
          <CopyButton what="device identifier" text={device.id} />
          <AccountButton device={device} />
          {children}
          <HoldButton device={device} hold={hold} />
          <Button
            variant="filled"
            loading={reading}
            leftSection={<RefreshCw size={13} aria-hidden />}
            title={`Get ${selected} and all below it`}
            onClick={onRead}
          >
            Read subtree
          </Button>
        </>
      )}
    </header>
  );
}

function ReachPill({ device }: { device: DeviceView }) {
  const { held, reachability, detail } = device;
  if (held) return <HeldPill held={held} />;
  return (
    <Pill tone={REACH[reachability].pill} title={detail}>
      {REACH[reachability].name}
    </Pill>
  );
}

function HeldPill({ held }: { held: HeldView }) {
  const now = useNow(1000);
  const since = formatWait(now - held.since);
  if (held.state === 'waiting') {
    return (
      <Pill tone="warn" title="The session is held as soon as the device connects">
        waits for the device · {since}
      </Pill>
    );
  }
  return (
    <Pill tone="ok" title="What is clicked goes out at once">
      in session {held.sessionId} · held {since}
    </Pill>
  );
}
