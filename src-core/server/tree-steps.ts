/**
 * What sessions change in the server's view of a tree, step by step, as it is recorded: a step is small, and written with the
 * messages it comes from. The tree is what its nodes and the steps since add up to.
 */
import { type DeviceNode, DeviceTree, type Reading } from '../tree/device-tree.ts';

/** A node that was read and is as it was; one with what is new of it; one that is gone with all below. */
export type TreeOperation = string | Reading | { readonly removed: string };

export interface TreeStep {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** SyncML SessionID. */
  readonly session: string;
  readonly operations: readonly TreeOperation[];
}

/** A step with its number, which rises over all devices. */
export interface NumberedStep {
  readonly id: number;
  readonly step: TreeStep;
}

/** A node as it is kept: with all that steps up to this one changed. */
export interface KeptNode extends DeviceNode {
  readonly upTo?: number;
}

const FIELDS = ['format', 'type', 'value', 'acl', 'title', 'tstamp', 'verNo', 'unread'] as const;

/** What a reading says that the node does not say already. */
export function operationOf(before: DeviceNode | undefined, reading: Reading): TreeOperation {
  if (!before) return reading;
  let news: Record<string, unknown> | undefined;
  for (const field of FIELDS) {
    const value = reading[field];
    if (value === undefined || value === before[field]) continue;
    news ??= { uri: reading.uri };
    news[field] = value;
  }
  return (news as Reading | undefined) ?? reading.uri;
}

/**
 * The tree of a device from what is kept of it, and the URIs that steps changed. Nodes are written some at a time while sessions
 * go on, so that some may be ahead of the steps: they are put back as they were kept once the steps have come as far.
 */
export function restore(
  kept: readonly KeptNode[],
  steps: readonly NumberedStep[],
): { readonly nodes: Iterable<DeviceNode>; readonly changed: ReadonlySet<string> } {
  const changed = new Set<string>();
  if (steps.length === 0) return { nodes: kept, changed };
  const tree = new DeviceTree(kept);
  const ahead = kept.filter(({ upTo = 0 }) => upTo >= (steps[0]?.id ?? 0)).toSorted((a, b) => aheadOf(a) - aheadOf(b));
  let next = 0;
  const putBack = (before: number) => {
    for (let node = ahead[next]; node && aheadOf(node) < before; node = ahead[++next]) tree.put(node);
  };
  for (const { id, step } of steps) {
    putBack(id);
    for (const uri of replay(tree, step)) changed.add(uri);
  }
  putBack(Number.POSITIVE_INFINITY);
  return { nodes: tree.walk(), changed };
}

function aheadOf({ upTo = 0 }: KeptNode): number {
  return upTo;
}

/** Returns the URIs that are different now. */
function replay(tree: DeviceTree, { at, session, operations }: TreeStep): string[] {
  return operations.flatMap(operation => {
    if (typeof operation === 'object' && 'removed' in operation) return tree.remove(operation.removed);
    const reading = typeof operation === 'string' ? { uri: operation } : operation;
    return tree.apply([reading], at, session).map(({ uri }) => uri);
  });
}
