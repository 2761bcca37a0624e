/** Holds the device's session open, so that each click is sent at once; and lets it go again. */
import { Button } from '@mantine/core';
import { Hand } from 'lucide-react';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { useAction } from '../../../api/use-action.ts';

export function HoldButton({ device }: { device: DeviceView }) {
  const hold = useAction((api, on: boolean) => api.devices.hold.mutate({ deviceId: device.id, hold: on }));
  const held = device.held !== undefined;
  return (
    <Button
      loading={hold.busy}
      aria-pressed={held}
      leftSection={<Hand size={13} aria-hidden />}
      title={
        hold.failure?.message ??
        (held
          ? 'Let the session end'
          : 'Keep the session, or the next one, open: what is clicked then goes out at once')
      }
      onClick={() => hold.run(!held)}
    >
      {held ? 'Let go' : 'Hold session'}
    </Button>
  );
}
