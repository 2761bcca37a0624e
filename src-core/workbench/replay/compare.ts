/**
 * Two messages element by element. What must differ between two runs does not count: session and message numbers, credentials,
 * nonces, addresses in the header, and times. Secrets are bullets on both sides. Pure.
 */
import { toHex } from '../../base/bytes.ts';
import { childElements, type MarkupElement, type MarkupNode, textOf } from '../../encoding/markup.ts';
import { writeXml } from '../../encoding/xml/writer.ts';
import { decodeMarkup } from '../../syncml/codec.ts';
import { redact } from '../message-secrets.ts';
import type { ByteSource } from '../secret-bytes.ts';
import { align } from './align.ts';

export interface ElementDifference {
  /** `SyncBody/Status[2]/Data`. */
  readonly path: string;
  /** Text of the element, or all of it as XML; absent where it is not there. */
  readonly recorded?: string;
  readonly replayed?: string;
}

/** In document order. */
export function compareMessages(recorded: ByteSource, replayed: ByteSource): ElementDifference[] {
  const differences: ElementDifference[] = [];
  compareElements(rootOf(recorded), rootOf(replayed), () => '', differences);
  return differences;
}

function rootOf(source: ByteSource): MarkupElement {
  return redact(decodeMarkup(source.bytes, source.encoding), source, true).root;
}

/** Children that say which run it was, by their parent; `*`: of any parent. */
const OF_THE_RUN: Readonly<Record<string, ReadonlySet<string>>> = {
  '*': new Set(['CmdID', 'MsgRef', 'CmdRef', 'NextNonce']),
  SyncHdr: new Set(['SessionID', 'MsgID', 'RespURI', 'Cred', 'Target', 'Source']),
};
/** A status for the header names addresses. */
const OF_HEADER_STATUS: ReadonlySet<string> = new Set(['TargetRef', 'SourceRef']);

/** Most elements are the same: where they are is written only of those that differ. */
type Path = () => string;

function compareElements(a: MarkupElement, b: MarkupElement, path: Path, found: ElementDifference[]): void {
  const [left, right] = [countingChildren(a), countingChildren(b)];
  if (left.length === 0 && right.length === 0) {
    compareContent(a, b, path, found);
    return;
  }
  const [leftPaths, rightPaths] = [new ChildPaths(path, left), new ChildPaths(path, right)];
  for (const [one, other] of align(left, right, keyOf)) {
    if (one && other) compareElements(one, other, () => leftPaths.to(one), found);
    else if (one) found.push({ path: leftPaths.to(one), recorded: shownAs(one) });
    else if (other) found.push({ path: rightPaths.to(other), replayed: shownAs(other) });
  }
}

function countingChildren(parent: MarkupElement): MarkupElement[] {
  const own = OF_THE_RUN[parent.name];
  const isHeaderStatus = parent.name === 'Status' && childText(parent, 'Cmd') === 'SyncHdr';
  return [...parent.children].flatMap((child): MarkupElement[] => {
    if (child.kind === 'opaque' && child.document) return [child.document];
    if (child.kind !== 'element' || OF_THE_RUN['*']?.has(child.name) || own?.has(child.name)) return [];
    return isHeaderStatus && OF_HEADER_STATUS.has(child.name) ? [] : [child];
  });
}

function compareContent(a: MarkupElement, b: MarkupElement, path: Path, found: ElementDifference[]): void {
  const recorded = contentOf(a);
  const replayed = contentOf(b);
  if (recorded !== replayed && !(isTime(recorded) && isTime(replayed)))
    found.push({ path: path(), recorded, replayed });
}

function contentOf({ children }: MarkupElement): string {
  return children.map(contentOfNode).join('');
}

function contentOfNode(node: MarkupNode): string {
  if (node.kind === 'text') return node.text;
  return node.kind === 'opaque' ? textOrHex(node.bytes) : '';
}

function textOrHex(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return toHex(bytes);
  }
}

/** ISO 8601, basic or extended: a time stamp of a node. */
const isTime = (text: string): boolean => /^\d{4}-?\d\d-?\d\dT\d\d:?\d\d:?\d\d(?:[.,]\d+)?Z?$/.test(text);

/** Commands are the same where they say the same about the same: by name, what they answer, and their first URI. */
function keyOf(node: MarkupElement): string {
  return [node.name, childText(node, 'Cmd'), childText(node, 'TargetRef'), firstUri(node) ?? ''].join(' ');
}

function firstUri(node: MarkupElement): string | undefined {
  for (const child of childElements(node)) {
    if (child.name === 'LocURI') return textOf(child);
    const inner = firstUri(child);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function childText(parent: MarkupElement, name: string): string {
  const child = childElements(parent).find(one => one.name === name);
  return child ? textOf(child).trim() : '';
}

/** Paths of the children of one element, which are numbered once, when the first is asked for. */
class ChildPaths {
  readonly #parent: Path;
  readonly #siblings: readonly MarkupElement[];
  #paths: ReadonlyMap<MarkupElement, string> | undefined;

  constructor(parent: Path, siblings: readonly MarkupElement[]) {
    this.#parent = parent;
    this.#siblings = siblings;
  }

  to(node: MarkupElement): string {
    this.#paths ??= this.#number();
    return this.#paths.get(node) ?? node.name;
  }

  #number(): Map<MarkupElement, string> {
    const parent = this.#parent();
    const byName = Map.groupBy(this.#siblings, ({ name }) => name);
    const paths = new Map<MarkupElement, string>();
    for (const [name, same] of byName)
      for (const [i, node] of same.entries())
        paths.set(node, `${parent && `${parent}/`}${name}${same.length > 1 ? `[${i + 1}]` : ''}`);
    return paths;
  }
}

function shownAs(node: MarkupElement): string {
  return childElements(node).length > 0 ? writeXml(withoutNamespaces(node), { pretty: true }) : contentOf(node);
}

/** For people: the names say enough. */
function withoutNamespaces(node: MarkupElement): MarkupElement {
  const children = node.children.map(child => (child.kind === 'element' ? withoutNamespaces(child) : child));
  return { ...node, namespace: '', children };
}
