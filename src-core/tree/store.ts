/** The nodes of a management tree and how they change: every change can be undone, exactly and in any number. */
import type { NodeState, StoredNode } from './stored-node.ts';
import { walk } from './stored-node.ts';

/** A run of changes; transactions inside it end before it does. */
export interface Transaction {
  /** Keeps the changes; a transaction around this one can still undo them. */
  commit(): void;
  rollback(): void;
}

export class Store {
  readonly root: StoredNode;
  /** Milliseconds since 1970. */
  readonly #now: () => number;
  /** The last one: commands come many in a second. */
  #stamp = { second: Number.NaN, text: '' };
  #size = 0;
  #order = 0;
  /** Steps back, newest last; kept only while a transaction is open. */
  #undo: (() => void)[] = [];
  #open = 0;
  /** Parents to which undoing gave a child back, at the end of the others. */
  readonly #disordered = new Set<StoredNode>();

  constructor(root: Omit<NodeState, 'tstamp'>, now: () => number) {
    this.#now = now;
    const place = { name: '', permanent: true, parent: undefined, children: new Map(), order: 0 };
    this.root = { ...root, ...place, tstamp: this.stamp() };
  }

  /** Nodes below the root. */
  get size(): number {
    return this.#size;
  }

  lookup(path: readonly string[]): StoredNode | undefined {
    let node: StoredNode | undefined = this.root;
    for (const name of path) node = node?.children.get(name);
    return node;
  }

  /** ISO 8601, basic format, UTC (TND §7.7.6). */
  stamp(): string {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#stamp.second) {
      const text = new Date(second * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
      this.#stamp = { second, text };
    }
    return this.#stamp.text;
  }

  attach(parent: StoredNode, name: string, state: NodeState, permanent: boolean): StoredNode {
    const node: StoredNode = {
      ...state,
      name,
      permanent,
      parent,
      children: new Map(),
      order: ++this.#order,
    };
    parent.children.set(name, node);
    this.#size++;
    this.#record(() => {
      parent.children.delete(node.name);
      this.#size -= count(node);
    });
    return node;
  }

  /** Takes a node and all below it out of the tree. */
  detach(node: StoredNode): void {
    const { parent } = node;
    if (!parent) return;
    parent.children.delete(node.name);
    this.#size -= count(node);
    this.#record(() => {
      this.#putBack(parent, node);
      this.#size += count(node);
    });
  }

  rename(node: StoredNode, name: string): void {
    const { parent, name: before, order } = node;
    if (!parent) return;
    parent.children.delete(before);
    Object.assign(node, { name, order: ++this.#order });
    parent.children.set(name, node);
    this.#record(() => {
      parent.children.delete(node.name);
      Object.assign(node, { name: before, order });
      this.#putBack(parent, node);
    });
  }

  set(node: StoredNode, change: Partial<NodeState>): void {
    const before: Partial<NodeState> = {};
    for (const key of Object.keys(change) as (keyof NodeState)[]) Object.assign(before, { [key]: node[key] });
    Object.assign(node, change);
    this.#record(() => Object.assign(node, before));
  }

  /** The node has changed: VerNo goes up by one, from FFFF to 0, and TStamp is now (TND §7.7.8). */
  touch(node: StoredNode): void {
    this.set(node, { verNo: (node.verNo + 1) & 0xffff, tstamp: this.stamp() });
  }

  begin(): Transaction {
    const mark = this.#undo.length;
    this.#open++;
    return {
      commit: () => this.#close(),
      rollback: () => {
        while (this.#undo.length > mark) this.#undo.pop()?.();
        for (const parent of this.#disordered) sortChildren(parent);
        this.#disordered.clear();
        this.#close();
      },
    };
  }

  /**
   * Does all of it or, where it throws, nothing. With `forget` a transaction around it does not undo it: what the device
   * itself changes stays, whatever becomes of the commands of a server.
   */
  all<T>(forget: boolean, act: () => T): T {
    const mark = this.#undo.length;
    const transaction = this.begin();
    try {
      const result = act();
      if (forget) this.#undo.length = mark;
      transaction.commit();
      return result;
    } catch (error) {
      transaction.rollback();
      throw error;
    }
  }

  #record(step: () => void): void {
    if (this.#open > 0) this.#undo.push(step);
  }

  #putBack(parent: StoredNode, node: StoredNode): void {
    parent.children.set(node.name, node);
    this.#disordered.add(parent);
  }

  #close(): void {
    if (--this.#open === 0) this.#undo = [];
  }
}

function sortChildren({ children }: StoredNode): void {
  const sorted = [...children.values()].sort((a, b) => a.order - b.order);
  children.clear();
  for (const child of sorted) children.set(child.name, child);
}

function count(node: StoredNode): number {
  let nodes = 0;
  for (const _ of walk(node)) nodes++;
  return nodes;
}
