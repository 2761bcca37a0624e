/** A node as the management tree keeps it: mutable, with its place in the tree (OMA-TS-DM_TND-V1_2_1 §6 and §7). */
import { type Acl, grants, type Right } from './acl.ts';
import { type NodeFormat, type TreeNode, valueSize } from './node.ts';
import { formatUri } from './uri.ts';

/** What of a node changes in place; its name and children are the store's business. */
export interface NodeState {
  format: NodeFormat;
  type: string | undefined;
  title: string | undefined;
  acl: Acl | undefined;
  tstamp: string;
  verNo: number;
  value: string | undefined;
}

export interface StoredNode extends NodeState {
  name: string;
  /** Built in: no server deletes or renames it (TND §6.2.3). */
  readonly permanent: boolean;
  parent: StoredNode | undefined;
  readonly children: Map<string, StoredNode>;
  /** Place among its siblings. */
  order: number;
}

export function isInterior(node: { readonly format: NodeFormat }): boolean {
  return node.format === 'node';
}

/** MIME type of a leaf, identifier of an interior node's management object or empty (TND §7.7.7). */
export function typeOf({ format, type }: Pick<NodeState, 'format' | 'type'>): string {
  return type ?? (format === 'node' ? '' : 'text/plain');
}

export function pathOf(node: StoredNode): string[] {
  const path: string[] = [];
  for (let at = node; at.parent; at = at.parent) path.push(at.name);
  return path.reverse();
}

export function uriOf(node: StoredNode): string {
  return formatUri(pathOf(node));
}

/** The node's own ACL or the nearest one above it: a whole value, never parts of several (TND §7.7.1.1). */
export function effectiveAcl(node: StoredNode): Acl | undefined {
  let at: StoredNode | undefined = node;
  while (at && !at.acl) at = at.parent;
  return at?.acl;
}

export function isGranted(node: StoredNode, right: Right, serverId: string): boolean {
  return grants(effectiveAcl(node), right, serverId);
}

/** The node and everything below it, parents first. */
export function* walk(node: StoredNode): Generator<StoredNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    for (const child of [...next.children.values()].reverse()) waiting.push(child);
  }
}

/** A copy that does not change with the tree; `children` chooses who comes along. */
export function snapshot(node: StoredNode, children: (node: StoredNode) => TreeNode[]): TreeNode {
  return {
    name: node.name,
    format: node.format,
    tstamp: node.tstamp,
    verNo: node.verNo,
    ...(node.type !== undefined && { type: node.type }),
    ...(node.title !== undefined && { title: node.title }),
    ...(node.acl !== undefined && { acl: node.acl.text }),
    ...(node.value !== undefined && { value: node.value }),
    children: children(node),
  };
}

export function sizeOf({ format, value }: StoredNode): number {
  return valueSize({ format, ...(value !== undefined && { value }) });
}
