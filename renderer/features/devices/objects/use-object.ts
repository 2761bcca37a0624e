/** The standard object that a node is or lies in; asked again when the device was heard of, or the node read. */

import type { ObjectView } from '../../../../src-core/workbench/object-views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';
import { useQuery } from '../../../api/use-query.ts';

const SETTLING_MS = 60;

export function useObject(device: DeviceView, uri: string, readAt: number | undefined): ObjectView | undefined {
  const { data } = useQuery({
    key: `object ${device.id} ${uri} ${device.lastSeen} ${readAt}`,
    ask: api => api.devices.object.query({ deviceId: device.id, uri }),
    pauseMs: SETTLING_MS,
  });
  return data ?? undefined;
}
