/** A device of the server as descriptions see it. */
import type { DeviceModel } from '../../tree/ddf/descriptions.ts';
import type { SeenTree } from '../../tree/ddf/seen-tree.ts';
import { type DeviceTree, parentOf } from '../../tree/device-tree.ts';
import type { DescribedDevice } from './room.ts';

export function describedDevice(tree: DeviceTree, model: DeviceModel): DescribedDevice {
  return {
    manufacturer: model.manufacturer,
    model: model.model,
    tree: seenTree(tree),
    readings: () => tree.walk(),
  };
}

/** Names of children are gathered when the first are asked for: one node needs none. */
function seenTree(tree: DeviceTree): SeenTree {
  let names: Map<string, string[]> | undefined;
  return {
    get: uri => tree.get(uri),
    children(uri) {
      names ??= namesBelow(tree);
      return names.get(uri) ?? [];
    },
  };
}

function namesBelow(tree: DeviceTree): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { uri } of tree.walk()) {
    const parent = parentOf(uri);
    if (parent === undefined) continue;
    const list = names.get(parent);
    if (list) list.push(uri.slice(parent.length + 1));
    else names.set(parent, [uri.slice(parent.length + 1)]);
  }
  return names;
}
