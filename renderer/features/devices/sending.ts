/** When a command reaches a device, in words: before it is sent, and after. */
import type { DeviceView } from '../../../src-core/workbench/views.ts';

export function whenSent(device: DeviceView): string {
  if (device.reachability === 'in-session') return 'sent in the open session';
  return device.virtual ? 'the virtual handset connects at once' : 'sent when the device next connects';
}

export function sayWhen(command: string, queued: boolean, device: DeviceView | undefined): string {
  if (!queued) return `${command} was sent.`;
  return device?.virtual
    ? `${command} is queued; the virtual handset was asked to connect.`
    : `${command} is queued: it goes out when the device next connects.`;
}
