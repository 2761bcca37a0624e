/** A tree as somebody knows it: of each node what was read or written down, no more; and the way from readings to it and back. */
import type { Reading } from './device-tree.ts';
import type { TreeNode } from './node.ts';
import { childUri, isWithin, ROOT } from './uri.ts';

/** A node of which some things may not be known: those are absent. */
export interface KnownNode extends Omit<TreeNode, 'format' | 'children'> {
  /** Absent: nobody read the node itself. Only of a `node` the children are known to be all there are. */
  readonly format?: string;
  readonly children: readonly KnownNode[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Growing extends Mutable<Omit<KnownNode, 'children'>> {
  children: Growing[];
}

/** How a view says that a node is there and cannot be read. */
const UNREADABLE = 'unknown';

/** The tree that the readings are of, whatever their order; nodes between them that nobody read have no format. */
export function treeOf(readings: Iterable<Reading>): KnownNode {
  const builder = new TreeBuilder();
  for (const reading of readings) builder.add(reading);
  return builder.root;
}

/** Takes the readings of a tree one by one: whoever has many does other things in between. */
export class TreeBuilder {
  readonly #root: Growing = { name: ROOT, children: [] };
  readonly #byUri = new Map<string, Growing>([[ROOT, this.#root]]);
  /** Where the last one belonged: its siblings follow. */
  #parent = { uri: '', node: this.#root };

  get root(): KnownNode {
    return this.#root;
  }

  /** Nodes, also those between others. */
  get size(): number {
    return this.#byUri.size;
  }

  add({ uri, format, type, value, acl, title, tstamp, verNo }: Reading): void {
    const node = this.#at(uri);
    if (format !== undefined && format !== UNREADABLE) node.format = format;
    if (type !== undefined) node.type = type;
    if (value !== undefined) node.value = value;
    if (acl !== undefined) node.acl = acl;
    if (title !== undefined) node.title = title;
    if (tstamp !== undefined) node.tstamp = tstamp;
    if (verNo !== undefined) node.verNo = verNo;
  }

  #at(uri: string): Growing {
    const known = this.#byUri.get(uri);
    if (known) return known;
    const slash = uri.lastIndexOf('/');
    const above = slash < 0 ? ROOT : uri.slice(0, slash);
    if (above !== this.#parent.uri) this.#parent = { uri: above, node: this.#at(above) };
    const node: Growing = { name: uri.slice(slash + 1), children: [] };
    this.#parent.node.children.push(node);
    this.#byUri.set(uri, node);
    return node;
  }
}

export interface PlacedKnown {
  readonly uri: string;
  readonly node: KnownNode;
}

/** The node and all below it with their URIs, parents first. */
export function* walkKnown(node: KnownNode, uri: string): Generator<PlacedKnown> {
  const waiting: PlacedKnown[] = [{ uri, node }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const { children } = next.node;
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child) waiting.push({ uri: childUri(next.uri, child.name), node: child });
    }
  }
}

/** Nodes of which something is known besides that others are below them. */
export function countRead(tree: KnownNode): number {
  let count = 0;
  for (const node of nodesOf(tree)) if (saysAnything(node)) count++;
  return count;
}

export function saysAnything(node: KnownNode): boolean {
  if (node.format !== undefined || node.value !== undefined) return true;
  const { name, children, ...known } = node;
  return (children.length === 0 && name !== ROOT) || Object.keys(known).length > 0;
}

/** The node and all below it, without their places. */
export function* nodesOf(node: KnownNode): Generator<KnownNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    for (const child of next.children) waiting.push(child);
  }
}

export function countKnown(node: KnownNode): number {
  let count = 0;
  for (const _ of nodesOf(node)) count++;
  return count;
}

export function findKnown(root: KnownNode, uri: string): KnownNode | undefined {
  let node: KnownNode | undefined = root;
  for (const name of uri.split('/').slice(1)) node = node?.children.find(child => child.name === name);
  return node;
}

/** The tree with nothing in it but a subtree and the way to it, which is known no more. Undefined where it has no such node. */
export function onlyWithin(root: KnownNode, uri: string): KnownNode | undefined {
  const node = findKnown(root, uri);
  if (!node || uri === ROOT) return node;
  const names = uri.split('/').slice(1, -1);
  return { name: ROOT, children: [names.reduceRight<KnownNode>((below, name) => ({ name, children: [below] }), node)] };
}

/** Whether a change at `uri` concerns what is at or below `within`. */
export function concerns(uri: string, within: string | undefined): boolean {
  return within === undefined || within === ROOT || isWithin(uri, within);
}
