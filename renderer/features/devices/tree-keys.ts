/** What a key does in the tree (WAI-ARIA Authoring Practices, tree view). Pure but for `typed`, which remembers type-ahead. */
import type { TreeRow } from './tree-index.ts';

export interface TreeKey {
  readonly key: string;
  readonly rows: readonly TreeRow[];
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
  readonly fold?: { readonly uris: readonly string[]; readonly open: boolean };
}

/** A pause this long starts type-ahead anew. */
const TYPING_MS = 700;

/** Undefined where the key means nothing here. */
export function moveInTree(press: TreeKey): TreeMove | undefined {
  const { key, rows, at, page } = press;
  const last = rows.length - 1;
  const row = rows[at];
  const within = (to: number): TreeMove => ({ to: Math.max(0, Math.min(last, to)) });
  switch (key) {
    case 'ArrowDown':
      return within(at + 1);
    case 'ArrowUp':
      return within(at - 1);
    case 'PageDown':
      return within(at + page);
    case 'PageUp':
      return within(at - page);
    case 'Home':
      return within(0);
    case 'End':
      return within(last);
    case 'ArrowRight':
      return row ? openOrEnter(row, at) : within(0);
    case 'ArrowLeft':
      return row ? closeOrLeave(row, rows) : within(0);
    case 'Enter':
      return row && row.node.children.length > 0 ? { fold: { uris: [row.node.uri], open: !row.expanded } } : {};
    case '*':
      return row ? { fold: { uris: siblingsOf(row, rows), open: true } } : {};
    default:
      return /^[^\s/]$/u.test(key) ? typeAhead(press) : undefined;
  }
}

function openOrEnter(row: TreeRow, at: number): TreeMove {
  if (row.node.children.length === 0) return {};
  return row.expanded ? { to: at + 1 } : { fold: { uris: [row.node.uri], open: true } };
}

function closeOrLeave(row: TreeRow, rows: readonly TreeRow[]): TreeMove {
  if (row.expanded) return { fold: { uris: [row.node.uri], open: false } };
  const parent = rows.findIndex(r => r.node.uri === row.node.parent);
  return parent < 0 ? {} : { to: parent };
}

function siblingsOf(row: TreeRow, rows: readonly TreeRow[]): string[] {
  return rows.filter(r => r.node.parent === row.node.parent && r.node.children.length > 0).map(r => r.node.uri);
}

function typeAhead({ key, rows, at, typed, now }: TreeKey): TreeMove {
  typed.text = now - typed.at > TYPING_MS ? key : typed.text + key;
  typed.at = now;
  const wanted = typed.text.toLowerCase();
  // One letter looks further down; more letters may still fit the row at hand.
  const from = typed.text.length === 1 ? at + 1 : Math.max(0, at);
  for (let i = 0; i < rows.length; i += 1) {
    const to = (from + i) % rows.length;
    if (rows[to]?.node.name.toLowerCase().startsWith(wanted)) return { to };
  }
  return {};
}
