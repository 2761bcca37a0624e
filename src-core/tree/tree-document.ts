/**
 * A tree as a JSON document that opens again:
 * `{"dmTree": 1, "name", "takenAt", "device", "nodes": [{"uri", "format", "type", "value", "acl", "title", "tstamp", "verNo"}]}`.
 * Nodes stand parents first; only `dmTree` and the `uri` of each node must be there, and what is absent is not known. `value` is
 * text, of b64 and bin base64. Other members are ignored, so that later versions may add some.
 */
import { EncodingError } from '../base/errors.ts';
import type { Reading } from './device-tree.ts';
import { type KnownNode, saysAnything, TreeBuilder, walkKnown } from './known.ts';
import { isNodeName, MAX_LEVELS, ROOT } from './uri.ts';

const VERSION = 1;

/** Where a tree comes from, for people. */
export interface TreeOrigin {
  readonly name?: string;
  /** Milliseconds since 1970. */
  readonly takenAt?: number;
  /** Identifier of the device. */
  readonly device?: string;
}

export interface TreeDocument extends TreeOrigin {
  readonly tree: KnownNode;
}

/** One node a line, so that documents compare line by line as well. */
export function writeTreeDocument(document: TreeDocument): string {
  return [...treeDocumentParts(document)].join('');
}

/** The same in pieces: whoever writes a large one does other things in between. */
export function* treeDocumentParts({ tree, name, takenAt, device }: TreeDocument): Generator<string> {
  const head = JSON.stringify({
    dmTree: VERSION,
    ...(name !== undefined && { name }),
    ...(takenAt !== undefined && { takenAt: new Date(takenAt).toISOString() }),
    ...(device !== undefined && { device }),
  });
  let part = `${head.slice(0, -1)},"nodes":[`;
  let separator = '\n';
  for (const { uri, node } of walkKnown(tree, ROOT)) {
    // A node between others that nobody read comes back by itself.
    if (!saysAnything(node)) continue;
    part += separator + lineOf(uri, node);
    separator = ',\n';
    if (part.length < PART) continue;
    yield part;
    part = '';
  }
  yield `${part}\n]}\n`;
}

const PART = 64 * 1024;

function lineOf(uri: string, { format, type, value, acl, title, tstamp, verNo }: KnownNode): string {
  return JSON.stringify({ uri, format, type, value, acl, title, tstamp, verNo });
}

/** The readings of a document that `writeTreeDocument` wrote, as it wrote them: nothing is checked. */
export function ownReadings(text: string): readonly Reading[] {
  return (JSON.parse(text) as { nodes: readonly Reading[] }).nodes;
}

/** @throws EncodingError with the offset in bytes of what is wrong */
export function readTreeDocument(text: string, mostNodes = MOST_NODES): TreeDocument {
  const document = parseJson(text);
  if (!isRecord(document) || document.dmTree === undefined) fail(text, 0, 'expected an object with "dmTree": 1');
  const { dmTree, name, takenAt, device, nodes } = document;
  if (dmTree !== VERSION) fail(text, 0, `version ${JSON.stringify(dmTree)} is not known here, expected ${VERSION}`);
  if (!Array.isArray(nodes)) fail(text, 0, 'expected "nodes" as a list');
  const at = Date.parse(String(takenAt));
  return {
    ...(typeof name === 'string' && { name }),
    ...(!Number.isNaN(at) && { takenAt: at }),
    ...(typeof device === 'string' && { device }),
    tree: checked(build(nodes, text, mostNodes), text),
  };
}

/** Nodes between others cost no line: a small file could name very many. */
const MOST_NODES = 2_000_000;

function build(nodes: readonly unknown[], text: string, most: number): KnownNode {
  const builder = new TreeBuilder();
  for (const [i, node] of nodes.entries()) {
    const refuse = (why: string) => fail(text, offsetOfNode(text, i), why);
    builder.add(readNode(node, refuse));
    if (builder.size > most) refuse(`there are more than ${most} nodes`);
  }
  return builder.root;
}

const TEXTS = ['format', 'type', 'value', 'acl', 'title', 'tstamp'] as const;

function readNode(node: unknown, refuse: (why: string) => never): Reading {
  if (!isRecord(node)) return refuse('expected a node as an object');
  const { uri, verNo } = node;
  if (typeof uri !== 'string' || !isUri(uri)) return refuse('expected "uri" as ./A/B, of the root as a dot');
  const reading: Record<string, unknown> = { uri };
  for (const field of TEXTS) {
    const value = node[field];
    if (value === undefined) continue;
    if (typeof value !== 'string') return refuse(`expected "${field}" of ${uri} as text`);
    reading[field] = value;
  }
  if (verNo === undefined) return reading as unknown as Reading;
  if (!Number.isInteger(verNo)) return refuse(`expected "verNo" of ${uri} as a whole number`);
  return { ...(reading as unknown as Reading), verNo: Number(verNo) };
}

function isUri(uri: string): boolean {
  const [root, ...names] = uri.split('/');
  return (
    root === ROOT && names.length <= MAX_LEVELS && names.every((name, i) => isNodeName(name, i < names.length - 1))
  );
}

function checked(tree: KnownNode, text: string): KnownNode {
  for (const { uri, node } of walkKnown(tree, ROOT)) {
    if (node.children.length > 0 && node.format !== undefined && node.format !== 'node')
      fail(text, Math.max(0, text.indexOf(JSON.stringify(uri))), `${uri} is a leaf and has nodes below it`);
  }
  return tree;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = (cause as Error).message.replace(/(, (\.{3})?".*| in JSON.*)/s, '');
    return fail(text, positionIn(cause as Error, text) ?? brokenAt(text), why);
  }
}

/** Where the parser stopped, if it says so. */
function positionIn({ message }: Error, text: string): number | undefined {
  if (message.startsWith('Unexpected end')) return text.length;
  const [, position] = / at position (\d+)/.exec(message) ?? [];
  return position === undefined ? undefined : Number(position);
}

/** The parser does not always say where: the longest beginning that something could complete ends there. */
function brokenAt(text: string): number {
  let [sound, broken] = [0, text.length + 1];
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1;
    if (canGoOn(text.slice(0, middle))) sound = middle;
    else broken = middle;
  }
  return sound;
}

function canGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    return positionIn(error as Error, beginning) === beginning.length;
  }
}

/** Where the node of this number begins: objects inside `nodes` are counted, whatever is in their texts. */
function offsetOfNode(text: string, number: number): number {
  const start = text.search(/"nodes"\s*:\s*\[/);
  let depth = 0;
  let count = -1;
  for (const { 0: token, index } of text.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]|[^\s,:"[\]{}]+/g)) {
    if (depth === 1 && !/^[\]}]/.test(token)) count++;
    if (depth === 1 && count === number) return start + index;
    if (/^[[{]/.test(token)) depth++;
    else if (/^[\]}]/.test(token)) depth--;
  }
  return start;
}

function fail(text: string, index: number, why: string): never {
  throw new EncodingError('tree-document', `Tree as JSON: ${why}`, Buffer.byteLength(text.slice(0, index)));
}
