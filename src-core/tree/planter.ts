/** Puts new nodes into the tree, with the nodes above them that are missing (OMA-TS-DM_RepPro-V1_2_1 §6.6.1). */
import { ProtocolError } from '../base/errors.ts';
import { type Acl, creatorAcl, parseAcl, readAcl } from './acl.ts';
import type { Actor, Guard } from './guard.ts';
import { interior, type TreeNode, valueSize } from './node.ts';
import type { Store } from './store.ts';
import { isInterior, type NodeState, pathOf, type StoredNode } from './stored-node.ts';
import { checkLength, formatUri, isNodeName, NO_LIMITS, type UriLimits } from './uri.ts';

/** What a device has room for; absent: no limit. */
export interface Capacity {
  readonly limits?: UriLimits;
  /** Bytes of one value: 413 beyond. */
  readonly maxNodeSize?: number;
  /** Nodes below the root: 420 beyond. */
  readonly maxNodes?: number;
  /** False: nodes above a new one must exist, 404. Default true. */
  readonly implicitParents?: boolean;
  /** True for the URI of a node that is built in, asked when the device itself puts a node there. */
  readonly permanent?: (uri: string) => boolean;
}

/** How nodes come in. */
export interface Placing {
  /** Nodes that the same command has made: their creator holds them. */
  readonly created: Set<StoredNode>;
  /** The device finds the place: no Add right is asked for. */
  readonly byDevice?: boolean;
}

/** TND §7.7.5. */
const MAX_TITLE_BYTES = 255;

export class Planter {
  readonly #store: Store;
  readonly #guard: Guard;
  readonly #capacity: Capacity;

  constructor(store: Store, guard: Guard, capacity: Capacity) {
    this.#store = store;
    this.#guard = guard;
    this.#capacity = capacity;
  }

  /** Adds a node with all below it, and what is missing above it. @throws ProtocolError 404, 405, 413, 414, 418, 420, 425 */
  add(
    path: readonly string[],
    node: Omit<TreeNode, 'name'>,
    actor: Actor,
    placing: Placing = { created: new Set() },
  ): void {
    const name = path.at(-1);
    if (name === undefined) throw new ProtocolError('exists', 'the root already exists', 418);
    const above = this.#deepest(path.slice(0, -1));
    const missing = path.slice(pathOf(above).length, -1);
    const parent = missing.length > 0 ? this.#addParents(above, missing, actor, placing) : above;
    this.#addTo(parent, { ...node, name }, actor, placing);
    if (!placing.created.has(above)) this.#store.touch(above);
  }

  /** The lowest node of the path that exists. */
  #deepest(path: readonly string[]): StoredNode {
    let node = this.#store.root;
    for (const name of path) {
      const child = node.children.get(name);
      if (!child) break;
      node = child;
    }
    return node;
  }

  /** Each as if it were added by a command of its own; a failure names the node that could not be added (RepPro §6.6.1). */
  #addParents(above: StoredNode, names: readonly string[], actor: Actor, placing: Placing): StoredNode {
    const adder = placing.byDevice ? 'device' : actor;
    let parent = above;
    for (const name of names) {
      const uri = uriBelow(parent, name);
      if (this.#capacity.implicitParents === false) throw new ProtocolError('not-found', `${uri} does not exist`, 404);
      try {
        parent = this.#addTo(parent, interior(name, []), adder, placing);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        const details = { parent: uri };
        throw new ProtocolError(error.code, `${uri} above it: ${error.message}`, error.status, { details });
      }
    }
    return parent;
  }

  #addTo(parent: StoredNode, node: TreeNode, actor: Actor, { created, byDevice }: Placing): StoredNode {
    const fresh = created.has(parent);
    if (!isInterior(parent)) {
      throw new ProtocolError('not-interior', `the parent of ${uriBelow(parent, node.name)} is a leaf`, 405);
    }
    if (parent.children.has(node.name)) throw exists(parent, node.name);
    if (!fresh && !byDevice) this.#guard.authorise(parent, 'Add', actor);
    const made = this.plant(parent, node, actor, fresh);
    if (!byDevice) created.add(made);
    return made;
  }

  /** `fresh`: the parent is new as well, and its creator's. @throws ProtocolError 400, 405, 413, 414, 418, 420, 425 */
  plant(parent: StoredNode, node: TreeNode, actor: Actor, fresh: boolean): StoredNode {
    if (!isNodeName(node.name, node.children.length > 0)) {
      throw new ProtocolError('node-name', `${JSON.stringify(node.name)} is no name of a node`, 400);
    }
    if (parent.children.has(node.name)) throw exists(parent, node.name);
    if (!isInterior(node) && node.children.length > 0) {
      throw new ProtocolError('not-interior', `${uriBelow(parent, node.name)} is a leaf and has children`, 405);
    }
    if (actor !== 'device') this.#checkRoom([...pathOf(parent), node.name]);
    const permanent = actor === 'device' && this.#capacity.permanent?.(uriBelow(parent, node.name)) === true;
    const made = this.#store.attach(parent, node.name, this.#stateOf(parent, node, actor, fresh), permanent);
    for (const child of node.children) this.plant(made, child, actor, true);
    return made;
  }

  #checkRoom(path: readonly string[]): void {
    const { limits = NO_LIMITS, maxNodes } = this.#capacity;
    checkLength(path, limits);
    if (maxNodes !== undefined && this.#store.size >= maxNodes) {
      throw new ProtocolError('device-full', `this device holds ${maxNodes} nodes and is full`, 420);
    }
  }

  /** @throws ProtocolError 413 */
  checkSize(value: Pick<TreeNode, 'format' | 'value'>): void {
    const { maxNodeSize } = this.#capacity;
    if (maxNodeSize !== undefined && valueSize(value) > maxNodeSize) {
      throw new ProtocolError(
        'too-large',
        `${valueSize(value)} bytes; a node of this device takes ${maxNodeSize}`,
        413,
      );
    }
  }

  /** TStamp and VerNo are the device's own business (TND §7.5). */
  #stateOf(parent: StoredNode, node: TreeNode, actor: Actor, fresh: boolean): NodeState {
    const own = actor === 'device';
    if (!own) this.checkSize(node);
    if (!own) checkTitle(node.title);
    return {
      format: node.format,
      type: node.type,
      title: node.title,
      acl: own ? readAcl(node.acl ?? '') : this.#aclOf(parent, node, actor, fresh),
      tstamp: (own ? node.tstamp : undefined) ?? this.#store.stamp(),
      verNo: (own ? node.verNo : undefined) ?? 0,
      value: isInterior(node) ? undefined : (node.value ?? ''),
    };
  }

  /**
   * No value: inherited, unless the creator of an interior node could not replace its parent: then the node is the
   * creator's. Any other value must be one that the creator could set once all nodes of the command are there: they are
   * its own but for the topmost, which if it is a leaf only a parent's Replace right opens (TND §7.7.1.3).
   */
  #aclOf(parent: StoredNode, node: TreeNode, actor: Exclude<Actor, 'device'>, fresh: boolean): Acl | undefined {
    const asked = parseAcl(node.acl ?? '');
    if (fresh || this.#guard.grants(parent, 'Replace', actor)) return asked;
    if (isInterior(node)) return asked ?? creatorAcl(actor.serverId);
    if (asked) throw new ProtocolError('acl', `${actor.serverId} may not set the ACL of ${node.name}`, 425);
    return undefined;
  }
}

function uriBelow(parent: StoredNode, name: string): string {
  return formatUri([...pathOf(parent), name]);
}

function exists(parent: StoredNode, name: string): ProtocolError {
  return new ProtocolError('exists', `${uriBelow(parent, name)} already exists`, 418);
}

/** @throws ProtocolError 413 */
export function checkTitle(title: string | undefined): void {
  const size = Buffer.byteLength(title ?? '');
  if (size > MAX_TITLE_BYTES) {
    throw new ProtocolError('too-large', `a title of ${size} bytes; it may have ${MAX_TITLE_BYTES}`, 413);
  }
}
