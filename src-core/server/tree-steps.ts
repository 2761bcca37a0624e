/**
 * What sessions change in the server's view of a tree, step by step, as it is recorded: a step is small, and written with the
 * messages it comes from. The tree is what its nodes and the steps since add up to.
 */
import type { DeviceNode, DeviceTree, Reading } from '../tree/device-tree.ts';

/** A node that was read and is as it was; one with what is new of it; one that is gone with all below. */
export type TreeOperation = string | Reading | { readonly removed: string };

export interface TreeStep {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** SyncML SessionID. */
  readonly session: string;
  readonly operations: readonly TreeOperation[];
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

/** Returns the URIs that are different now. */
export function replay(tree: DeviceTree, { at, session, operations }: TreeStep): string[] {
  return operations.flatMap(operation => {
    if (typeof operation === 'object' && 'removed' in operation) return tree.remove(operation.removed);
    const reading = typeof operation === 'string' ? { uri: operation } : operation;
    return tree.apply([reading], at, session).map(({ uri }) => uri);
  });
}
