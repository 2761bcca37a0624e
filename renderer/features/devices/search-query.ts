/** What is looked for in a tree: plain text, or a regular expression between slashes. Pure; the expression runs in a worker. */

/** Half open, never empty. */
export type Range = readonly [start: number, end: number];

/** An expression as it goes to the worker. */
export interface Wanted {
  readonly source: string;
  readonly flags: string;
}

export type Query =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | ({ readonly kind: 'search' } & Wanted);

/** `text`, or `/expression/` with an optional `i`. Plain text does not mind case. */
export function parseQuery(text: string): Query {
  const wanted = text.trim();
  if (wanted === '') return { kind: 'none' };
  const expression = /^\/(.+)\/(i?)$/.exec(wanted);
  const source = expression?.[1] ?? escapeExpression(wanted);
  const flags = expression ? `g${expression[2] ?? ''}` : 'gi';
  try {
    new RegExp(source, flags);
    return { kind: 'search', source, flags };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** Nodes of a tree to be searched, as columns. */
export interface Slice {
  readonly uris: readonly string[];
  /** Where the node's own segment begins in its URI. */
  readonly starts: readonly number[];
  readonly values: readonly (string | undefined)[];
}

/** What matches at one node. The whole URI is searched, but a match counts for the node in which it ends. */
export interface Hit {
  /** Place in the slice. */
  readonly at: number;
  /** In the name, and in the value. */
  readonly name: readonly Range[];
  readonly value: readonly Range[];
}

/** Ranges told of one text; a row shows no more. */
const RANGES = 20;

export function searchSlice({ source, flags }: Wanted, { uris, starts, values }: Slice): Hit[] {
  const regex = new RegExp(source, flags);
  const hits: Hit[] = [];
  for (const [at, uri] of uris.entries()) {
    const name = nameRanges(regex, uri, starts[at] ?? 0);
    const text = values[at];
    const value = text === undefined ? [] : findRanges(regex, text);
    if (name.length + value.length > 0) hits.push({ at, name: name.slice(0, RANGES), value: value.slice(0, RANGES) });
  }
  return hits;
}

function nameRanges(regex: RegExp, uri: string, start: number): Range[] {
  return findRanges(regex, uri)
    .filter(([, end]) => end > start)
    .map(([from, to]) => [Math.max(0, from - start), to - start]);
}

function findRanges(regex: RegExp, text: string): Range[] {
  const ranges: Range[] = [];
  for (const match of text.matchAll(regex)) {
    if (match[0].length > 0) ranges.push([match.index, match.index + match[0].length]);
  }
  return ranges;
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
    if (start >= text.length) break;
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}
