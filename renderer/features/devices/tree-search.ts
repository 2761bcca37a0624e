/** Finds nodes by URI or value: plain text, or a regular expression between slashes. Pure. */
import type { TreeIndex, TreeNode } from './tree-index.ts';

export interface Matcher {
  /** Places in `text` that match, as half-open ranges, none of them empty. */
  readonly ranges: (text: string) => readonly Range[];
}

export type Range = readonly [start: number, end: number];

export type Query =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'search'; readonly matcher: Matcher };

/** `text`, or `/expression/` with an optional `i`. Plain text does not mind case. */
export function parseQuery(text: string): Query {
  const wanted = text.trim();
  if (wanted === '') return { kind: 'none' };
  const expression = /^\/(.+)\/(i?)$/.exec(wanted);
  try {
    const source = expression?.[1] ?? escapeExpression(wanted);
    const flags = expression ? `g${expression[2] ?? ''}` : 'gi';
    const regex = new RegExp(source, flags);
    return { kind: 'search', matcher: { ranges: value => findRanges(regex, value) } };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function findRanges(regex: RegExp, text: string): Range[] {
  const ranges: Range[] = [];
  for (const match of text.matchAll(regex)) {
    if (match[0].length > 0) ranges.push([match.index, match.index + match[0].length]);
  }
  return ranges;
}

/** Places in a node's own segment. The whole URI is searched, but a match counts for the node in which it ends. */
export function nameRanges(matcher: Matcher, node: TreeNode): Range[] {
  const start = node.uri.length - node.name.length;
  return matcher
    .ranges(node.uri)
    .filter(([, end]) => end > start)
    .map(([from, to]) => [Math.max(0, from - start), to - start]);
}

export interface Matches {
  /** In the order of the tree. */
  readonly uris: readonly string[];
  /** Interior nodes that must be open for all matches to show. */
  readonly open: ReadonlySet<string>;
}

export function findMatches(tree: TreeIndex, matcher: Matcher): Matches {
  const uris: string[] = [];
  const open = new Set<string>();
  for (const { node } of tree.rows(() => true)) {
    const value = node.view?.value;
    if (nameRanges(matcher, node).length === 0 && (value === undefined || matcher.ranges(value).length === 0)) continue;
    uris.push(node.uri);
    for (let at = node.parent; at !== undefined && !open.has(at); at = tree.get(at)?.parent) open.add(at);
  }
  return { uris, open };
}

export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** The text cut at the ranges, for marking. */
export function cutAt(text: string, ranges: readonly Range[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}
