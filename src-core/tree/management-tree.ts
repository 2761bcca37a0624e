/**
 * The management tree of a device (OMA-TS-DM_TND-V1_2_1 §6 and §7): what commands do to it, each answered with a status.
 * Time comes in from outside; every change bumps VerNo and TStamp of the node.
 */
import { ProtocolError } from '../base/errors.ts';
import { aclGrants, type NodeFormat, type Right, type TreeNode, valueSize } from './node.ts';
import { formatUri, parseUri } from './uri.ts';

/** What a permanent part of the tree allows beyond its ACL; absent operations answer 405. */
export type AccessTypes = ReadonlySet<Right>;

interface StoredNode {
  name: string;
  format: NodeFormat;
  type: string | undefined;
  title: string | undefined;
  acl: string | undefined;
  tstamp: string;
  verNo: number;
  value: string | undefined;
  readonly parent: StoredNode | undefined;
  readonly children: Map<string, StoredNode>;
}

export interface TreeOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Access types by URI from the device's DDF; undefined: everything the ACL grants. */
  readonly access?: (uri: string) => AccessTypes | undefined;
}

const ROOT_ACL = 'Add=*&Get=*&Replace=*';

/** Whoever acts: a server by its identifier, or the device itself, to which no ACL applies. */
export type Actor = { readonly serverId: string } | 'device';

export class ManagementTree {
  readonly #options: TreeOptions;
  readonly #root: StoredNode;

  constructor(children: readonly TreeNode[], options: TreeOptions) {
    this.#options = options;
    this.#root = this.#make({ name: '', format: 'node', acl: ROOT_ACL, children: [] }, undefined);
    for (const child of children) this.#insert(this.#root, child);
  }

  /** The node with the names of its children (theirs are not read). @throws ProtocolError 404, 425, 405 */
  get(uri: string, actor: Actor): TreeNode {
    const node = this.#find(uri);
    this.#authorise(node, 'Get', actor);
    return snapshot(node, () => true);
  }

  /** The node and all below it that the actor may read. @throws ProtocolError 404, 425, 405 */
  subtree(uri: string, actor: Actor): TreeNode {
    const node = this.#find(uri);
    this.#authorise(node, 'Get', actor);
    return snapshot(node, child => this.#refusal(child, 'Get', actor) === undefined);
  }

  /** A property as text (TND §7.7). @throws ProtocolError 404, 406, 425 */
  property(uri: string, property: string, actor: Actor): string {
    const node = this.#find(uri);
    this.#authorise(node, 'Get', actor);
    const value = propertyOf(node, property);
    if (value === undefined) throw new ProtocolError('no-property', `${uri} has no property ${property}`, 406);
    return value;
  }

  /** Adds a node, or a whole subtree. @throws ProtocolError 404 (no parent), 418, 425, 405 */
  add(uri: string, node: Omit<TreeNode, 'name'>, actor: Actor): void {
    const { path } = parseUri(uri);
    const name = path.at(-1);
    if (name === undefined) throw new ProtocolError('exists', 'the root already exists', 418);
    const parent = this.#find(formatUri(path.slice(0, -1)));
    if (parent.format !== 'node') throw new ProtocolError('not-interior', `the parent of ${uri} is a leaf`, 405);
    if (parent.children.has(name)) throw new ProtocolError('exists', `${uri} already exists`, 418);
    this.#authorise(parent, 'Add', actor);
    this.#insert(parent, { ...node, name });
  }

  /** Replaces the value of a leaf. @throws ProtocolError 404, 405, 425 */
  replace(uri: string, value: string, actor: Actor): void {
    const node = this.#find(uri);
    if (node.format === 'node') throw new ProtocolError('interior', `${uri} is an interior node`, 405);
    this.#authorise(node, 'Replace', actor);
    node.value = value;
    this.#touch(node);
  }

  /** Deletes a node and everything below it. @throws ProtocolError 404, 405, 425 */
  delete(uri: string, actor: Actor): void {
    const node = this.#find(uri);
    if (!node.parent) throw new ProtocolError('root', 'the root cannot be deleted', 405);
    this.#authorise(node, 'Delete', actor);
    node.parent.children.delete(node.name);
    this.#touch(node.parent);
  }

  has(uri: string): boolean {
    return this.#lookup(uri) !== undefined;
  }

  #find(uri: string): StoredNode {
    const node = this.#lookup(uri);
    if (!node) throw new ProtocolError('not-found', `${uri} does not exist`, 404);
    return node;
  }

  #lookup(uri: string): StoredNode | undefined {
    let node: StoredNode | undefined = this.#root;
    const { path, query } = parseUri(uri);
    if (query) throw new ProtocolError('property', `${uri} names a property, expected a node`, 406);
    for (const name of path) node = node?.children.get(name);
    return node;
  }

  #authorise(node: StoredNode, right: Right, actor: Actor): void {
    const refusal = this.#refusal(node, right, actor);
    if (refusal) throw refusal;
  }

  #refusal(node: StoredNode, right: Right, actor: Actor): ProtocolError | undefined {
    if (actor === 'device') return undefined;
    const uri = uriOf(node);
    if (this.#options.access?.(uri)?.has(right) === false) {
      return new ProtocolError('access-type', `${uri} does not allow ${right}`, 405);
    }
    if (!aclGrants(effectiveAcl(node), right, actor.serverId)) {
      return new ProtocolError('acl', `${uri} grants no ${right} to ${actor.serverId}`, 425);
    }
    return undefined;
  }

  #insert(parent: StoredNode, node: TreeNode): void {
    parent.children.set(node.name, this.#make(node, parent));
    this.#touch(parent);
  }

  #make(node: TreeNode, parent: StoredNode | undefined): StoredNode {
    const made: StoredNode = {
      name: node.name,
      format: node.format,
      type: node.type,
      title: node.title,
      acl: node.acl,
      tstamp: node.tstamp ?? this.#now(),
      verNo: node.verNo ?? 0,
      value: node.value,
      parent,
      children: new Map(),
    };
    for (const child of node.children) made.children.set(child.name, this.#make(child, made));
    return made;
  }

  #touch(node: StoredNode): void {
    node.verNo = (node.verNo + 1) % 65536;
    node.tstamp = this.#now();
  }

  #now(): string {
    return new Date(this.#options.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  }
}

function uriOf(node: StoredNode): string {
  const path: string[] = [];
  for (let at: StoredNode | undefined = node; at?.parent; at = at.parent) path.unshift(at.name);
  return formatUri(path);
}

/** The node's own ACL or the nearest one above it (TND §7.7.1.1). */
function effectiveAcl(node: StoredNode): string {
  return node.acl ?? (node.parent ? effectiveAcl(node.parent) : '');
}

function propertyOf(node: StoredNode, property: string): string | undefined {
  switch (property) {
    case 'ACL':
      return node.acl ?? '';
    case 'Format':
      return node.format;
    case 'Name':
      return node.name;
    case 'Size':
      return node.format === 'node'
        ? undefined
        : String(valueSize({ format: node.format, ...(node.value !== undefined && { value: node.value }) }));
    case 'Title':
      return node.title ?? '';
    case 'TStamp':
      return node.tstamp;
    case 'Type':
      return node.type ?? '';
    case 'VerNo':
      return String(node.verNo);
    default:
      return undefined;
  }
}

function snapshot(node: StoredNode, include: (child: StoredNode) => boolean): TreeNode {
  return {
    name: node.name,
    format: node.format,
    tstamp: node.tstamp,
    verNo: node.verNo,
    ...(node.type !== undefined && { type: node.type }),
    ...(node.title !== undefined && { title: node.title }),
    ...(node.acl !== undefined && { acl: node.acl }),
    ...(node.value !== undefined && { value: node.value }),
    children: [...node.children.values()].filter(include).map(child => snapshot(child, include)),
  };
}
