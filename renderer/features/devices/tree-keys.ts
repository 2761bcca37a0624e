/** What a key does in the tree (WAI-ARIA Authoring Practices, tree view). Pure but for `typed`, which remembers type-ahead. */
import { rowAfter } from '../../components/list-keys.ts';
import type { TreeNode } from './tree-node.ts';
import type { TreeRow, TreeRows } from './tree-rows.ts';

export interface TreeKey {
  readonly key: string;
  readonly rows: TreeRows;
  /** Place of the selected row; -1 where it is folded away. */
  readonly at: number;
  /** Rows in one page. */
  readonly page: number;
  readonly typed: { text: string; at: number };
  /** Milliseconds, any origin. */
  readonly now: number;
}

export interface TreeMove {
  readonly to?: number;
  readonly fold?: { readonly nodes: readonly TreeNode[]; readonly open: boolean };
}

/** A pause this long starts type-ahead anew. */
const TYPING_MS = 700;

/** Undefined where the key means nothing here. */
export function moveInTree(press: TreeKey): TreeMove | undefined {
  const { key, rows, at, page } = press;
  const row = rows.at(at);
  const to = rowAfter(key, { at, count: rows.count, page });
  if (to !== undefined) return { to };
  switch (key) {
    case 'ArrowRight':
      return row ? openOrEnter(row, at) : { to: 0 };
    case 'ArrowLeft':
      return row ? closeOrLeave(row, rows) : { to: 0 };
    case 'Enter':
      return row && row.node.children.length > 0 ? { fold: { nodes: [row.node], open: !row.expanded } } : {};
    case '*':
      return row ? { fold: { nodes: siblingsOf(row.node), open: true } } : {};
    default:
      return /^[^\s/]$/u.test(key) ? typeAhead(press) : undefined;
  }
}

function openOrEnter({ node, expanded }: TreeRow, at: number): TreeMove {
  if (node.children.length === 0) return {};
  return expanded ? { to: at + 1 } : { fold: { nodes: [node], open: true } };
}

function closeOrLeave({ node, expanded }: TreeRow, rows: TreeRows): TreeMove {
  if (expanded) return { fold: { nodes: [node], open: false } };
  return node.parent ? { to: rows.placeOf(node.parent) } : {};
}

function siblingsOf(node: TreeNode): TreeNode[] {
  return (node.parent?.children ?? [node]).filter(({ children }) => children.length > 0);
}

function typeAhead({ key, rows, at, typed, now }: TreeKey): TreeMove {
  typed.text = now - typed.at > TYPING_MS ? key : typed.text + key;
  typed.at = now;
  const wanted = typed.text.toLowerCase();
  // One letter looks further down; more letters may still fit the row at hand.
  const from = typed.text.length === 1 ? at + 1 : Math.max(0, at);
  const found = firstNamed(wanted, rows, from) ?? firstNamed(wanted, rows, 0);
  return found === undefined ? {} : { to: found };
}

function firstNamed(wanted: string, rows: TreeRows, from: number): number | undefined {
  let place = from;
  for (const { node } of rows.from(from)) {
    if (node.name.toLowerCase().startsWith(wanted)) return place;
    place += 1;
  }
  return undefined;
}
