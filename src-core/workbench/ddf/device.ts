/** A device of the server as descriptions see it. */
import type { DeviceModel } from '../../tree/ddf/descriptions.ts';
import type { DeviceTree } from '../../tree/device-tree.ts';
import type { DescribedDevice } from './room.ts';

export function describedDevice(tree: DeviceTree, { manufacturer, model }: DeviceModel): DescribedDevice {
  return { manufacturer, model, tree, readings: () => tree.walk() };
}
