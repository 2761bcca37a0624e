/** The outline of a message as rows, found by byte, and the ways between them. Pure. */
import type { MessageBody, OutlineNode } from '../../../../src-core/workbench/message-views.ts';

type OutlineText = Exclude<OutlineNode, { kind: 'element' }>;

/** Bytes [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An element with the text that is all it holds, or a text beside elements. */
export interface OutlineRow {
  readonly at: number;
  readonly node: OutlineNode;
  readonly value: OutlineText | undefined;
  readonly span: Span | undefined;
  readonly depth: number;
  /** Row of the element around it; -1 for the root. */
  readonly parent: number;
  /** Last row inside it; the row itself where it holds none. */
  readonly last: number;
  readonly position: number;
  readonly siblings: number;
}

type Draft = { -readonly [K in keyof OutlineRow]: OutlineRow[K] };

export class MessageIndex {
  readonly rows: readonly OutlineRow[];
  /** Bytes of the message. */
  readonly size: number;
  /** Row of the innermost element at each byte; -1 where there is none. */
  readonly #owners: Int32Array;
  readonly #commands = new Map<string, number>();

  constructor({ outline, hex }: Pick<MessageBody, 'outline' | 'hex'>) {
    this.size = hex.length / 2;
    this.rows = rowsOf(outline);
    this.#owners = new Int32Array(this.size).fill(-1);
    for (const row of this.rows) {
      // Inner rows come later and take their bytes.
      if (row.span) this.#owners.fill(row.at, row.span.start, row.span.end);
      const id = row.node.kind === 'element' && row.node.name === 'CmdID' ? row.value?.text.trim() : undefined;
      if (id !== undefined && !row.node.embedded && !this.#commands.has(id)) this.#commands.set(id, row.parent);
    }
  }

  rowAt(byte: number): number | undefined {
    const at = this.#owners[byte] ?? -1;
    return at < 0 ? undefined : at;
  }

  /** Row of the command with this CmdID. */
  command(cmdId: string): number | undefined {
    return this.#commands.get(cmdId);
  }

  /** Rows around it, the root first. */
  ancestors(at: number): number[] {
    const way: number[] = [];
    for (let up = this.rows[at]?.parent ?? -1; up >= 0; up = this.rows[up]?.parent ?? -1) way.unshift(up);
    return way;
  }

  /** Rows on screen, in order. */
  visible(folded: ReadonlySet<number>): number[] {
    const shown: number[] = [];
    for (let at = 0; at < this.rows.length; at += 1) {
      shown.push(at);
      if (folded.has(at)) at = this.rows[at]?.last ?? at;
    }
    return shown;
  }
}

export const nameOf = (row: OutlineRow): string => (row.node.kind === 'element' ? row.node.name : row.node.kind);

/** The text of a row; undefined for an element that holds others. */
export const textOf = (row: OutlineRow): OutlineText | undefined =>
  row.node.kind === 'element' ? row.value : row.node;

export function spanOf({ start, end }: { readonly start?: number; readonly end?: number }): Span | undefined {
  return start === undefined || end === undefined ? undefined : { start, end };
}

function rowsOf(outline: readonly OutlineNode[]): OutlineRow[] {
  const rows: Draft[] = [];
  const open: { readonly depth: number; readonly row: Draft }[] = [];
  const counts = new Map<number, number>();
  for (let i = 0; i < outline.length; i += 1) {
    const node = outline[i];
    if (!node) break;
    while ((open.at(-1)?.depth ?? -1) >= node.depth) open.pop();
    const parent = open.at(-1)?.row.at ?? -1;
    const value = node.kind === 'element' ? soleText(outline, i) : undefined;
    const position = (counts.get(parent) ?? 0) + 1;
    counts.set(parent, position);
    const at = rows.length;
    const row: Draft = {
      at,
      node,
      value,
      span: spanOf(node),
      depth: open.length,
      parent,
      last: at,
      position,
      siblings: 1,
    };
    rows.push(row);
    for (const outer of open) outer.row.last = at;
    open.push({ depth: node.depth, row });
    if (value) i += 1;
  }
  for (const row of rows) row.siblings = counts.get(row.parent) ?? 1;
  return rows;
}

/** The text or opaque data of an element that holds nothing else; a document in it does not count. */
function soleText(outline: readonly OutlineNode[], at: number): OutlineText | undefined {
  const child = outline[at + 1];
  const depth = outline[at]?.depth ?? 0;
  if (!child || child.depth !== depth + 1 || child.kind === 'element') return undefined;
  let next = at + 2;
  while ((outline[next]?.depth ?? -1) > depth + 1) next += 1;
  return (outline[next]?.depth ?? -1) <= depth ? child : undefined;
}
