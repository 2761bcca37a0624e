/** The page's index of one device's tree: nodes by URI, children in the device's order, kept with every update. No React. */
import type { NodeColumns, TreeUpdate } from '../../../src-core/workbench/views.ts';
import { GONE, TreeNode, type Visit, withAllBelow } from './tree-node.ts';
import { TreeRows } from './tree-rows.ts';

/** A value that changed while the tree was open. */
export interface ValueChange {
  readonly old: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How long a changed value stands out. */
export const FLASH_MS = 4000;

/** Told which nodes an update brought (undefined: a part of the whole tree) and whether it took any away. */
export type TreeListener = (touched: readonly TreeNode[] | undefined, removed: boolean) => void;

const ROOT = '.';

export class TreeIndex {
  readonly deviceId: string;
  readonly root = new TreeNode(ROOT, undefined);
  readonly rows = new TreeRows(this.root);
  /** Changes that still stand out, oldest first. */
  readonly changes = new Map<TreeNode, ValueChange>();
  /** All parts came. */
  complete = false;
  readonly #listeners = new Set<TreeListener>();
  #count = 0;
  #total = 0;
  #readAt = 0;
  #round = 0;

  constructor(deviceId: string) {
    this.deviceId = deviceId;
  }

  /** Nodes that were read (those known only by their descendants do not count), how many will be, when the last one was. */
  summary(): { readonly count: number; readonly total: number; readonly readAt: number } {
    return { count: this.#count, total: Math.max(this.#count, this.#total), readAt: this.#readAt };
  }

  get(uri: string): TreeNode | undefined {
    const [first, ...names] = uri.split('/');
    let at: TreeNode | undefined = first === ROOT ? this.root : undefined;
    for (const name of names) at = at?.child(name);
    return at === this.root && !this.#known(at) ? undefined : at;
  }

  *uris(): Generator<string> {
    for (const node of withAllBelow(this.root)) if (this.#known(node)) yield node.uri;
  }

  /** Takes an update. Taking it twice changes nothing more. */
  apply(update: TreeUpdate, now: number): void {
    this.#fade(now);
    if (update.kind === 'part') this.#takePart(update, now);
    else this.#takeChange(update, now);
    this.rows.expect(Math.max(this.#count, this.#total));
  }

  listen(listener: TreeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  ancestors(uri: string): string[] {
    const found: string[] = [];
    for (let at = this.get(uri)?.parent; at; at = at.parent) found.push(at.uri);
    return found;
  }

  /** The ACL in force and the node that carries it: an empty one is its parent's (OMA-TS-DM_TND-V1_2_1, ACL). */
  aclOf(uri: string): { readonly acl: string; readonly from: string } | undefined {
    for (let at = this.get(uri); at; at = at.parent) {
      const acl = at.rare?.acl;
      if (acl) return { acl, from: at.uri };
    }
    return undefined;
  }

  #takeChange({ removed, nodes }: Extract<TreeUpdate, { kind: 'changed' }>, now: number): void {
    this.#remove(removed);
    this.#tell(this.#take(nodes, now), removed.length > 0);
  }

  /** A tree that comes again takes the place of what was known: what is in no part of it is gone. */
  #takePart({ first, last, total, nodes }: Extract<TreeUpdate, { kind: 'part' }>, now: number): void {
    if (first) {
      this.#round += 1;
      this.#total = total;
      this.rows.expect(Math.max(this.#count, total));
    }
    this.#take(nodes, now);
    if (last) {
      this.#total = 0;
      this.complete = true;
      if (this.#round > 1) {
        this.#sweep(this.root);
        this.rows.recount();
      }
    }
    this.#tell(undefined, last);
  }

  #tell(touched: readonly TreeNode[] | undefined, removed: boolean): void {
    for (const listener of this.#listeners) listener(touched, removed);
  }

  #take(columns: NodeColumns, now: number): TreeNode[] {
    const { visits, words, rare } = columns;
    const shared = visits.map(([readAt, session]): Visit => ({ readAt, session }));
    const parents: TreeNode[] = [];
    const taken = columns.name.map((name, i) => {
      const node = this.#place(columns, parents, columns.parent[i] ?? -1, name);
      const visit = shared[columns.visit[i] ?? 0];
      const value = columns.value[i] ?? undefined;
      if (!node.visit) this.#count += 1;
      else if (node.value !== undefined && value !== undefined && node.value !== value) this.#flash(node, now);
      node.visit = visit;
      node.format = words[columns.format[i] ?? 0] ?? '';
      node.type = words[columns.type[i] ?? -1];
      node.value = value;
      node.rare = undefined;
      node.round = this.#round;
      if (visit && visit.readAt > this.#readAt) this.#readAt = visit.readAt;
      return node;
    });
    for (const [i, fields] of rare) {
      const node = taken[i];
      if (node) node.rare = fields;
    }
    return taken;
  }

  /** Parents are looked up when they are needed: only then do those come before that are their siblings. */
  #place({ parents: uris }: NodeColumns, parents: TreeNode[], parent: number, name: string): TreeNode {
    if (parent < 0) return this.root;
    let above = parents[parent];
    if (!above) {
      above = this.#ensure(uris[parent] ?? ROOT);
      parents[parent] = above;
    }
    return above.child(name) ?? this.#add(above, name);
  }

  #ensure(uri: string): TreeNode {
    let at = this.root;
    for (const name of uri.split('/').slice(1)) at = at.child(name) ?? this.#add(at, name);
    return at;
  }

  #add(parent: TreeNode, name: string): TreeNode {
    const node = parent.addChild(name);
    this.rows.added(node);
    return node;
  }

  #flash(node: TreeNode, at: number): void {
    this.changes.delete(node);
    if (node.value !== undefined) this.changes.set(node, { old: node.value, at });
  }

  #fade(now: number): void {
    for (const [node, { at }] of this.changes) {
      if (now - at < FLASH_MS) return;
      this.changes.delete(node);
    }
  }

  #remove(uris: readonly string[]): void {
    const gone = new Set(uris.map(uri => this.get(uri)).filter(node => node !== undefined));
    const parents = new Set<TreeNode>();
    for (const node of gone) {
      for (const below of withAllBelow(node)) {
        this.#unread(below);
        if (below.parent) below.round = GONE;
      }
      if (!node.parent) this.#removeChildren(node, () => true);
      else if (!isBelow(node, gone)) parents.add(node.parent);
    }
    for (const parent of parents) {
      this.#removeChildren(parent, child => gone.has(child));
      this.#prune(parent);
    }
  }

  /** Those that were known only by what is gone go too. */
  #prune(from: TreeNode): void {
    for (let at = from; at.parent && !this.#known(at); at = at.parent) {
      const empty = at;
      empty.round = GONE;
      this.#removeChildren(at.parent, child => child === empty);
    }
  }

  #removeChildren(parent: TreeNode, gone: (child: TreeNode) => boolean): void {
    parent.keepChildren(child => !gone(child));
    this.rows.shrunk(parent);
  }

  #unread(node: TreeNode): void {
    if (node.visit) this.#count -= 1;
    node.visit = undefined;
    node.value = undefined;
    node.rare = undefined;
    this.changes.delete(node);
    this.rows.forget(node);
  }

  /** False where nothing is left of it. */
  #sweep(node: TreeNode): boolean {
    node.keepChildren(child => this.#sweep(child));
    if (node.visit && node.round !== this.#round) this.#unread(node);
    if (this.#known(node)) return true;
    node.round = GONE;
    return false;
  }

  #known(node: TreeNode): boolean {
    return node.visit !== undefined || node.children.length > 0;
  }
}

function isBelow(node: TreeNode, nodes: ReadonlySet<TreeNode>): boolean {
  for (let at = node.parent; at; at = at.parent) if (nodes.has(at)) return true;
  return false;
}
