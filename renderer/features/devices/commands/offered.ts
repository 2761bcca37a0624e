/** Which commands mean something for a node. What the device allows, only the device says. Pure. */
import { isInterior, type TreeNode } from '../tree-node.ts';
import type { Act } from './desk.ts';

const OF_LEAF: ReadonlySet<Act> = new Set(['Get', 'Replace', 'Delete', 'Copy', 'Exec', 'ACL', 'Name', 'Title']);
const OF_INTERIOR: ReadonlySet<Act> = new Set(['Get', 'Add', 'Delete', 'Copy', 'Exec', 'ACL', 'Name', 'Title']);
const OF_ROOT: ReadonlySet<Act> = new Set(['Get', 'Add', 'ACL', 'Title']);

export function offeredActs(node: TreeNode | undefined): ReadonlySet<Act> {
  if (node && !node.parent) return OF_ROOT;
  return node && !isInterior(node) ? OF_LEAF : OF_INTERIOR;
}
