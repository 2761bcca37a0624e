/** When a command reaches a device, in words. */
import type { DeviceView } from '../../../src-core/workbench/views.ts';

export function whenSent({ held, virtual, reachability }: DeviceView): string {
  if (held?.state === 'held' || reachability === 'in-session') return 'sent at once in the open session';
  if (virtual) return 'the virtual handset is asked to connect';
  return held ? 'sent as soon as the device connects' : 'queued until the device connects';
}
