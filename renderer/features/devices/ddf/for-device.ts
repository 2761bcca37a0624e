/** Whether a description counts for a device. Pure; the core decides by the same rule. */
import type { DdfFileView } from '../../../../src-core/workbench/ddf/views.ts';
import type { DeviceView } from '../../../../src-core/workbench/views.ts';

export function isForOther(file: DdfFileView, device: DeviceView): boolean {
  return differs(file.manufacturer, device.manufacturer) || differs(file.model, device.model);
}

function differs(said: string | undefined, known: string | undefined): boolean {
  if (said === undefined || known === undefined) return false;
  return said.trim().toLowerCase() !== known.trim().toLowerCase();
}
