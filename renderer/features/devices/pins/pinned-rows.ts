/** What a pinned subtree shows: its leaves in the device's order. Pure. */
import type { TreeIndex } from '../tree-index.ts';
import { isInterior, type TreeNode, withAllBelow } from '../tree-node.ts';

export interface PinnedRow {
  readonly node: TreeNode;
  /** Path from the pinned node. */
  readonly path: string;
}

export interface Pinned {
  readonly rows: readonly PinnedRow[];
  /** Leaves that are not among the rows. */
  readonly more: number;
  /** False where the device's tree has no such node. */
  readonly known: boolean;
}

export function pinnedRows(index: TreeIndex, uri: string, most: number): Pinned {
  const root = index.get(uri);
  if (!root) return { rows: [], more: 0, known: false };
  const rows: PinnedRow[] = [];
  let more = 0;
  for (const node of withAllBelow(root)) {
    if (isInterior(node)) continue;
    if (rows.length >= most) more += 1;
    else rows.push({ node, path: node === root ? node.name : node.uri.slice(uri.length + 1) });
  }
  return { rows, more, known: true };
}
