/** Where the nodes of a TNDS object belong that a command brings (OMA-TS-DM_TNDS-V1_2 §6.3.1.6 and §6.3.1.7). */
import { ProtocolError } from '../base/errors.ts';
import { interior, type TreeNode } from './node.ts';
import type { TndsNode } from './tnds.ts';

export interface PlacedNode {
  readonly path: readonly string[];
  readonly node: TreeNode;
}

/**
 * Paths are relative to the target of the command (RepPro §6.6.1). The first node is the target itself where its name is
 * empty or the target's last; where its path and name are the whole target, as our own `?list=TNDS` writes them, all paths
 * count from the root. Otherwise it stands below the target. @throws ProtocolError 400
 */
export function placeObjects(target: readonly string[], objects: readonly TndsNode[]): PlacedNode[] {
  const [first] = objects;
  if (!first) throw new ProtocolError('no-nodes', 'the TNDS object holds no node', 400);
  const base = baseOf(target, first);
  return objects.map(({ path, node }) => {
    const names = [...segments(path), ...(node.name === '' ? [] : [node.name])];
    return { path: [...base, ...names], node };
  });
}

function baseOf(target: readonly string[], { path, node }: TndsNode): readonly string[] {
  const names = [...segments(path), node.name];
  if (names.length === target.length && names.every((name, i) => name === target[i])) return [];
  if (names.length === 1 && node.name !== '' && node.name === target.at(-1)) return target.slice(0, -1);
  return target;
}

/** A Path may be written as a URI is, with or without `./`. */
function segments(path: string): string[] {
  return path.split('/').filter(name => name !== '' && name !== '.');
}

/** `described`: the object says something of the topmost node, not only of what is below it. */
export interface Subtree {
  readonly node: TreeNode;
  readonly described: boolean;
}

/**
 * One subtree out of the parts of an object, in which a node may go on elsewhere (TNDS §6.3.1.5); missing nodes between
 * become interior ones. @throws ProtocolError 418 for a node that is there twice, 405 for one below a leaf
 */
export function assemble(target: readonly string[], placed: readonly PlacedNode[]): Subtree {
  const top = new Branch(interior(target.at(-1) ?? '', []), false);
  for (const { path, node } of placed) {
    const below = path.slice(target.length);
    const inside = target.every((name, i) => name === path[i]);
    if (!inside) throw new ProtocolError('outside', `${path.join('/')} is not below ${target.join('/')}`, 400);
    const last = below.at(-1);
    if (last === undefined) top.become(node);
    else
      below
        .slice(0, -1)
        .reduce<Branch>((branch, name) => branch.descend(name), top)
        .put(last, node);
  }
  return { node: top.finish(), described: top.described };
}

/** A node under construction. */
class Branch {
  #node: TreeNode;
  #described: boolean;
  readonly #children = new Map<string, Branch>();

  constructor(node: TreeNode, described: boolean) {
    this.#node = node;
    this.#described = described;
    for (const child of node.children) this.put(child.name, child);
  }

  get described(): boolean {
    return this.#described;
  }

  become(node: TreeNode): void {
    if (this.#described) throw new ProtocolError('exists', `${node.name} is there twice`, 418);
    this.#node = { ...node, name: node.name === '' ? this.#node.name : node.name };
    this.#described = true;
    for (const child of node.children) this.put(child.name, child);
  }

  descend(name: string): Branch {
    const known = this.#children.get(name);
    if (known) return known;
    const made = new Branch(interior(name, []), false);
    this.#children.set(name, made);
    return made;
  }

  put(name: string, node: TreeNode): void {
    const known = this.#children.get(name);
    if (known) known.become(node);
    else this.#children.set(name, new Branch({ ...node, name }, true));
  }

  finish(): TreeNode {
    if (this.#node.format !== 'node' && this.#children.size > 0) {
      throw new ProtocolError('not-interior', `${this.#node.name} is a leaf and has children`, 405);
    }
    return { ...this.#node, children: [...this.#children.values()].map(child => child.finish()) };
  }
}
