/** A document's bytes, all of them in their order, and beside them the range and the name of what they belong to, indented by level. */
import { toHex } from '../base/bytes.ts';
import type { MarkupElement, MarkupNode, SourceRange } from '../encoding/markup.ts';
import type { Document } from './document.ts';

const ROW = 16;

/** Bytes from one place to another, and what they begin, are or end. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly meaning: string;
  /** Of all that begins here. */
  readonly range?: SourceRange;
}

export function hexLines({ bytes, root, type, wbxml }: Document): string[] {
  const { start, end } = rangeOf(root);
  const head = wbxml ? `WBXML ${wbxml.version}, ${type}, ${wbxml.charset}` : 'before the root element';
  const pieces = [
    { start: 0, end: start, meaning: head },
    ...elementPieces(root, ''),
    { start: end, end: bytes.length, meaning: 'after the root element' },
  ];
  const width = String(bytes.length).length;
  return pieces.filter(piece => piece.end > piece.start).flatMap(piece => rowsOf(piece, bytes, width));
}

function elementPieces(node: MarkupElement, indent: string): Piece[] {
  const range = rangeOf(node);
  const attributes = (node.attributes ?? []).map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).join('');
  const begin = { start: range.start, end: beginOf(node.children[0]) ?? range.end, range };
  const pieces: Piece[] = [{ ...begin, meaning: `${indent}${node.name}${attributes}` }];
  for (const [i, child] of node.children.entries()) {
    pieces.push(...nodePieces(child, `${indent}  `));
    const next = beginOf(node.children[i + 1]);
    const gap = { start: rangeOf(child).end, end: next ?? range.end };
    // Between children stand switches of the code page, in XML comments.
    pieces.push({ ...gap, meaning: next === undefined ? `${indent}end of ${node.name}` : `${indent}  …` });
  }
  return pieces;
}

function nodePieces(node: MarkupNode, indent: string): Piece[] {
  if (node.kind === 'element') return elementPieces(node, indent);
  const range = rangeOf(node);
  if (node.kind === 'text') return [{ ...range, range, meaning: `${indent}${JSON.stringify(node.text)}` }];
  if (!node.document) return [{ ...range, range, meaning: `${indent}opaque, length ${node.bytes.length}` }];
  const head = { start: range.start, end: rangeOf(node.document).start, range };
  return [{ ...head, meaning: `${indent}opaque document` }, ...elementPieces(node.document, `${indent}  `)];
}

function rowsOf({ start, end, range, meaning }: Piece, bytes: Uint8Array, width: number): string[] {
  const shown = range ?? { start, end };
  const place = `${String(shown.start).padStart(width)}–${String(shown.end).padEnd(width)}`;
  const rows: string[] = [];
  for (let at = start; at < end; at += ROW) {
    const hex = toHex(bytes.subarray(at, Math.min(at + ROW, end)), ' ').padEnd(ROW * 3);
    const first = at === start;
    rows.push(`${first ? place : ' '.repeat(place.length)}  ${hex} ${first ? meaning : ''}`.trimEnd());
  }
  return rows;
}

function rangeOf({ range }: MarkupNode): SourceRange {
  return range ?? { start: 0, end: 0 };
}

function beginOf(node: MarkupNode | undefined): number | undefined {
  return node && rangeOf(node).start;
}
