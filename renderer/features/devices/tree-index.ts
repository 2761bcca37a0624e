/** The page's index of one device's tree: nodes by URI, children in the device's order, rows for a virtual list. No React. */
import type { NodeView, TreeUpdate } from '../../../src-core/workbench/views.ts';

export interface TreeNode {
  readonly uri: string;
  /** Last segment of the URI. */
  readonly name: string;
  readonly parent: string | undefined;
  /** 0 for the root. */
  readonly depth: number;
  readonly children: readonly string[];
  /** Absent where only descendants were read. */
  readonly view: NodeView | undefined;
}

interface MutableNode extends TreeNode {
  children: string[];
  view: NodeView | undefined;
}

export interface TreeRow {
  readonly node: TreeNode;
  readonly expanded: boolean;
  /** Place among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

/** A value that changed while the tree was open. */
export interface ValueChange {
  readonly old: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const ROOT = '.';

export class TreeIndex {
  readonly deviceId: string;
  /** The last change of each value, by URI. */
  readonly changes = new Map<string, ValueChange>();
  private readonly nodes = new Map<string, MutableNode>();

  constructor(deviceId: string) {
    this.deviceId = deviceId;
  }

  /** Nodes that were read (interior nodes known only by their descendants do not count), and when the last one was. */
  summary(): { readonly count: number; readonly readAt: number } {
    let count = 0;
    let readAt = 0;
    for (const { view } of this.nodes.values()) {
      if (!view) continue;
      count += 1;
      readAt = Math.max(readAt, view.readAt);
    }
    return { count, readAt };
  }

  get(uri: string): TreeNode | undefined {
    return this.nodes.get(uri);
  }

  uris(): Iterable<string> {
    return this.nodes.keys();
  }

  /** Takes an update. Taking it twice changes nothing more. */
  apply(update: TreeUpdate, now: number): void {
    const before = update.kind === 'all' ? new Map(this.nodes) : this.nodes;
    if (update.kind === 'all') this.nodes.clear();
    else for (const uri of update.removed) this.remove(uri);
    for (const view of update.nodes) {
      const old = before.get(view.uri)?.view?.value;
      if (old !== undefined && view.value !== undefined && old !== view.value) {
        this.changes.set(view.uri, { old, at: now });
      }
      this.ensure(view.uri).view = view;
    }
  }

  /** Visible rows from the root down. */
  rows(isExpanded: (node: TreeNode) => boolean): TreeRow[] {
    const rows: TreeRow[] = [];
    const root = this.nodes.get(ROOT);
    if (!root) return rows;
    const stack: { node: MutableNode; position: number; siblings: number }[] = [
      { node: root, position: 1, siblings: 1 },
    ];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { node, position, siblings } = next;
      const expanded = node.children.length > 0 && isExpanded(node);
      rows.push({ node, expanded, position, siblings });
      if (!expanded) continue;
      for (let i = node.children.length - 1; i >= 0; i -= 1) {
        const child = this.nodes.get(node.children[i] ?? '');
        if (child) stack.push({ node: child, position: i + 1, siblings: node.children.length });
      }
    }
    return rows;
  }

  ancestors(uri: string): string[] {
    const found: string[] = [];
    for (let at = this.nodes.get(uri)?.parent; at !== undefined; at = this.nodes.get(at)?.parent) found.push(at);
    return found;
  }

  /** The ACL in force and the node that carries it: an empty one is its parent's (OMA-TS-DM_TND-V1_2_1, ACL). */
  aclOf(uri: string): { readonly acl: string; readonly from: string } | undefined {
    for (const at of [uri, ...this.ancestors(uri)]) {
      const acl = this.nodes.get(at)?.view?.acl;
      if (acl) return { acl, from: at };
    }
    return undefined;
  }

  private ensure(uri: string): MutableNode {
    const known = this.nodes.get(uri);
    if (known) return known;
    const cut = uri.lastIndexOf('/');
    const parent = cut < 0 ? undefined : this.ensure(uri.slice(0, cut));
    const node: MutableNode = {
      uri,
      name: uri.slice(cut + 1),
      parent: parent?.uri,
      depth: parent ? parent.depth + 1 : 0,
      children: [],
      view: undefined,
    };
    this.nodes.set(uri, node);
    parent?.children.push(uri);
    return node;
  }

  private remove(uri: string): void {
    const node = this.nodes.get(uri);
    if (!node) return;
    const parent = node.parent === undefined ? undefined : this.nodes.get(node.parent);
    if (parent) parent.children = parent.children.filter(child => child !== uri);
    const stack = [node];
    for (let next = stack.pop(); next; next = stack.pop()) {
      this.nodes.delete(next.uri);
      for (const child of next.children) {
        const below = this.nodes.get(child);
        if (below) stack.push(below);
      }
    }
  }
}

export function isInterior(node: TreeNode): boolean {
  return node.children.length > 0 || node.view === undefined || node.view.format === 'node';
}
