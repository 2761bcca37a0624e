/** Which nodes are unfolded, and the rows that show: counted at every node, so that none of them needs a list. No React. */
import { type TreeNode, withAllBelow } from './tree-node.ts';

export interface TreeRow {
  readonly node: TreeNode;
  readonly expanded: boolean;
  /** Place among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

/** How deep a tree opens by itself, by how many nodes it has: all of a small one, then less. */
export function depthFor(count: number): number {
  if (count <= 60) return Number.POSITIVE_INFINITY;
  return count <= 400 ? 2 : 1;
}

export class TreeRows {
  readonly #root: TreeNode;
  /** What a person folded or unfolded. */
  #chosen = new Map<TreeNode, boolean>();
  /** The way to what a search found. */
  #found = new Set<TreeNode>();
  #depth = depthFor(0);

  constructor(root: TreeNode) {
    this.#root = root;
    root.open = true;
  }

  get count(): number {
    return this.#root.visit || this.#root.children.length > 0 ? this.#root.rows : 0;
  }

  /** Rows from one place to before another. */
  slice(from: number, to: number): TreeRow[] {
    const rows: TreeRow[] = [];
    for (const row of this.from(from, Math.min(to, this.count))) rows.push(row);
    return rows;
  }

  /** Rows in order from a place on. */
  *from(place: number, end = this.count): Generator<TreeRow> {
    if (place >= end) return;
    const path = this.#pathTo(place);
    for (let left = end - place; left > 0; left--) {
      const last = path.at(-1);
      if (!last) return;
      yield rowOf(last);
      const [first] = last.node.open ? last.node.children : [];
      if (first) path.push({ node: first, at: 0 });
      else climb(path);
    }
  }

  at(place: number): TreeRow | undefined {
    return place < 0 ? undefined : this.slice(place, place + 1)[0];
  }

  /** Place of its row; -1 where it is folded away. */
  placeOf(node: TreeNode | undefined): number {
    if (!node || this.count === 0) return -1;
    let place = 0;
    for (let at = node; at.parent; at = at.parent) {
      if (!at.parent.open) return -1;
      place += 1;
      for (const sibling of at.parent.children) {
        if (sibling === at) break;
        place += sibling.rows;
      }
    }
    return place;
  }

  setOpen(nodes: Iterable<TreeNode>, open: boolean): void {
    for (const node of nodes) {
      this.#chosen.set(node, open);
      this.#refresh(node);
    }
  }

  /** Opens or folds all; what was chosen one by one is forgotten. */
  setAll(open: boolean): void {
    this.#chosen = new Map();
    for (const node of withAllBelow(this.#root)) {
      if (node.children.length > 0 && node.parent) this.#chosen.set(node, open);
    }
    this.recount();
  }

  /** Unfolds the way to it. */
  reveal(node: TreeNode): void {
    const folded: TreeNode[] = [];
    for (let at = node.parent; at; at = at.parent) if (!at.open) folded.push(at);
    this.setOpen(folded, true);
  }

  /** The way to each of these stays open until nothing is looked for. */
  openFound(nodes: Iterable<TreeNode>): void {
    for (const node of nodes) {
      for (let at = node.parent; at && !this.#found.has(at); at = at.parent) {
        this.#found.add(at);
        this.#refresh(at);
      }
    }
  }

  closeFound(): void {
    const found = this.#found;
    this.#found = new Set();
    for (const node of found) this.#refresh(node);
  }

  /** How many nodes there are, or are going to be, says how deep the tree opens by itself. */
  expect(count: number): void {
    const depth = depthFor(count);
    if (depth === this.#depth) return;
    this.#depth = depth;
    this.recount();
  }

  added(node: TreeNode): void {
    node.open = this.#opens(node);
    if (node.parent?.open) grow(node.parent, node.rows);
  }

  /** Children of this node went. */
  shrunk(node: TreeNode): void {
    if (node.open) grow(node, rowsBelow(node) + 1 - node.rows);
  }

  forget(node: TreeNode): void {
    this.#chosen.delete(node);
  }

  /** Counts everything anew. */
  recount(): void {
    const nodes = [...withAllBelow(this.#root)];
    for (let i = nodes.length - 1; i >= 0; i -= 1) {
      const node = nodes[i];
      if (!node) continue;
      node.open = this.#opens(node);
      node.rows = 1 + (node.open ? rowsBelow(node) : 0);
    }
  }

  #opens(node: TreeNode): boolean {
    return this.#found.has(node) || (this.#chosen.get(node) ?? node.depth < this.#depth);
  }

  #refresh(node: TreeNode): void {
    const open = this.#opens(node);
    if (open === node.open) return;
    node.open = open;
    const change = open ? rowsBelow(node) : 1 - node.rows;
    node.rows += change;
    if (node.parent?.open) grow(node.parent, change);
  }

  #pathTo(place: number): Step[] {
    let node = this.#root;
    const path: Step[] = [{ node, at: 0 }];
    for (let left = place; left > 0; ) {
      left -= 1;
      let at = 0;
      for (let child = node.children[at]; child && left >= child.rows; child = node.children[at]) {
        left -= child.rows;
        at += 1;
      }
      const child = node.children[at];
      if (!child) break;
      node = child;
      path.push({ node, at });
    }
    return path;
  }
}

/** A node and its place among its siblings. */
interface Step {
  readonly node: TreeNode;
  readonly at: number;
}

function rowOf({ node, at }: Step): TreeRow {
  const expanded = node.open && node.children.length > 0;
  return { node, expanded, position: at + 1, siblings: node.parent?.children.length ?? 1 };
}

/** To the next sibling of the last one, or of the nearest above it that has one. */
function climb(path: Step[]): void {
  for (let last = path.pop(); last; last = path.pop()) {
    const next = last.node.parent?.children[last.at + 1];
    if (!next) continue;
    path.push({ node: next, at: last.at + 1 });
    return;
  }
}

function rowsBelow(node: TreeNode): number {
  let rows = 0;
  for (const child of node.children) rows += child.rows;
  return rows;
}

function grow(from: TreeNode, by: number): void {
  let at: TreeNode | undefined = from;
  for (; at?.open; at = at.parent) at.rows += by;
}
