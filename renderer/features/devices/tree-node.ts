/** A node of the page's tree, kept small: a tree may have a hundred thousand. */
import type { NodeView, RareView } from '../../../src-core/workbench/views.ts';

/** When it was read and in which session; nodes that were read at once share one. */
export interface Visit {
  readonly readAt: number;
  readonly session: string;
}

/** Round of a node that is no part of the tree any more. */
export const GONE = -1;
const NONE: readonly TreeNode[] = [];
/** From so many children on they are found by a map. */
const MANY = 16;

export class TreeNode {
  /** Last segment of the URI. */
  readonly name: string;
  readonly parent: TreeNode | undefined;
  /** 0 for the root. */
  readonly depth: number;
  children: readonly TreeNode[] = NONE;
  /** Absent where only descendants were read. */
  visit: Visit | undefined = undefined;
  format = '';
  type: string | undefined = undefined;
  /** As `NodeView.value`. */
  value: string | undefined = undefined;
  rare: RareView | undefined = undefined;
  /** Whether its children show where it shows. */
  open = false;
  /** Rows that it takes where it shows, its own among them. */
  rows = 1;
  /** The reading of the whole tree that it was last part of. */
  round = 0;
  #byName: Map<string, TreeNode> | undefined = undefined;

  constructor(name: string, parent: TreeNode | undefined) {
    this.name = name;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  get uri(): string {
    return this.parent ? `${this.parent.uri}/${this.name}` : this.name;
  }

  /** All that was read of it; undefined where only descendants were. */
  get view(): NodeView | undefined {
    const { visit, format, type, value, rare } = this;
    return (
      visit && {
        uri: this.uri,
        format,
        past: 0,
        ...(this.parent && { name: this.name }),
        ...(type !== undefined && { type }),
        ...(value !== undefined && { value, size: sizeOf(format, value) }),
        ...rare,
        ...visit,
      }
    );
  }

  child(name: string): TreeNode | undefined {
    if (this.children.length < MANY) return this.children.find(child => child.name === name);
    this.#byName ??= new Map(this.children.map(child => [child.name, child]));
    return this.#byName.get(name);
  }

  addChild(name: string): TreeNode {
    const child = new TreeNode(name, this);
    if (this.children === NONE) this.children = [child];
    else (this.children as TreeNode[]).push(child);
    this.#byName?.set(name, child);
    return child;
  }

  keepChildren(kept: (child: TreeNode) => boolean): void {
    const children = this.children.filter(kept);
    if (children.length === this.children.length) return;
    this.children = children.length === 0 ? NONE : children;
    this.#byName = undefined;
  }
}

/** A node and all below it, open or not, in the order of the tree. */
export function* withAllBelow(root: TreeNode): Generator<TreeNode> {
  yield root;
  const path = [{ children: root.children, at: 0 }];
  for (let last = path.at(-1); last; last = path.at(-1)) {
    const child = last.children[last.at++];
    if (!child) path.pop();
    else {
      yield child;
      if (child.children.length > 0) path.push({ children: child.children, at: 0 });
    }
  }
}

export function isInterior(node: TreeNode): boolean {
  return node.children.length > 0 || node.visit === undefined || node.format === 'node';
}

const utf8 = new TextEncoder();

/** Bytes of a value: of the text, or of what base64 stands for. */
function sizeOf(format: string, value: string): number {
  if (format !== 'b64' && format !== 'bin') return utf8.encode(value).length;
  return Math.floor((value.replace(/[\s=]/g, '').length * 3) / 4);
}
