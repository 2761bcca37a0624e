/** Holds the device's session open, so that each click is sent at once; and lets it go again. */
import { Button } from '@mantine/core';
import { Hand } from 'lucide-react';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { type Action, useAction } from '../../../api/use-action.ts';

export function useHold(device: DeviceView | undefined): Action<[boolean], void> {
  const deviceId = device?.id ?? '';
  return useAction((api, hold: boolean) => api.devices.hold.mutate({ deviceId, hold }));
}

export function HoldButton({ device, hold }: { device: DeviceView; hold: Action<[boolean], void> }) {
  const held = device.held !== undefined;
  return (
    <Button
      loading={hold.busy}
      leftSection={<Hand size={13} aria-hidden />}
      title={held ? 'Let the session end' : 'Keep its session, or the next one, open: what is clicked goes out at once'}
      onClick={() => hold.run(!held)}
    >
      {held ? 'Let go' : 'Hold session'}
    </Button>
  );
}
