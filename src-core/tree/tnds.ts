/** TNDS: a subtree as one document, in XML or WBXML (OMA-TS-DM_TNDS-V1_2 §6). */
import { EncodingError } from '../base/errors.ts';
import { childElements, element, findChild, type MarkupElement, text, textOf } from '../encoding/markup.ts';
import { readWbxml } from '../encoding/wbxml/reader.ts';
import { DM_DDF_1_2, DMDDF_NAMESPACE } from '../encoding/wbxml/types/dm-ddf.ts';
import { writeWbxml } from '../encoding/wbxml/writer.ts';
import { readXml } from '../encoding/xml/reader.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type { Reading } from './device-tree.ts';
import { type KnownNode, treeOf } from './known.ts';
import { NODE_FORMATS, type NodeFormat, type TreeNode } from './node.ts';
import { formatUri, isNodeName, MAX_LEVELS, ROOT } from './uri.ts';

export const TNDS_WBXML_TYPE = 'application/vnd.syncml.dmtnds+wbxml';
export const TNDS_XML_TYPE = 'application/vnd.syncml.dmtnds+xml';

/**
 * Where a subtree belongs: `path` is the URI above it without the leading `./`, empty for the root. A node whose name is
 * empty gets it from the command that brings it (TNDS §6.3.1.6).
 */
export interface TndsNode {
  readonly path: string;
  readonly node: TreeNode;
}

/** The same of which not everything need be known: what is not is left out. */
interface TndsKnown {
  readonly path: string;
  readonly node: KnownNode;
}

/** What an object may say of a node besides its name and place (TNDS §6.1). */
export type TndsProperty = 'ACL' | 'Format' | 'Title' | 'TStamp' | 'Type' | 'VerNo' | 'Value';
export const TNDS_PROPERTIES: ReadonlySet<TndsProperty> = new Set([
  'ACL',
  'Format',
  'Title',
  'TStamp',
  'Type',
  'VerNo',
  'Value',
]);

export function writeTnds(nodes: readonly TndsKnown[], properties = TNDS_PROPERTIES): MarkupElement {
  return ddf('MgmtTree', [leaf('VerDTD', '1.2'), ...nodes.map(({ path, node }) => writeNode(node, path, properties))]);
}

export function writeTndsWbxml(nodes: readonly TndsKnown[], properties = TNDS_PROPERTIES): Uint8Array {
  return writeWbxml(writeTnds(nodes, properties), DM_DDF_1_2);
}

export function writeTndsXml(nodes: readonly TndsKnown[], properties = TNDS_PROPERTIES): string {
  return writeXml(writeTnds(nodes, properties));
}

/** @throws EncodingError */
export function readTndsWbxml(bytes: Uint8Array): TndsNode[] {
  return readTnds(readWbxml(bytes).root);
}

/** @throws EncodingError */
export function readTndsXml(document: string): TndsNode[] {
  return readTnds(readXml(document));
}

/** @throws EncodingError where the document is no TNDS object. */
export function readTnds(document: MarkupElement): TndsNode[] {
  return topNodes(document).map(node => ({
    path: childText(node, 'Path') ?? '',
    node: readNode(node, childText(node, 'NodeName') ?? ''),
  }));
}

function topNodes(document: MarkupElement): MarkupElement[] {
  // Some servers put the MgmtTree into the SyncML element of the DDF document type.
  const root = (document.name === 'SyncML' && findChild(document, 'MgmtTree')) || document;
  if (root.name !== 'MgmtTree') fail(root, `expected MgmtTree, found ${root.name}`);
  return childNodes(root);
}

/**
 * The tree that a document describes, as a file of its own: nothing completes it, and what it does not say is not known.
 * Without a Format a node with others below it is interior, any other may be anything. @throws EncodingError
 */
export function readTndsTree(document: MarkupElement): KnownNode {
  return treeOf(topNodes(document).flatMap(node => [...said(node, segments(childText(node, 'Path') ?? ''))]));
}

/** What a document says of a node and of all below it. */
function* said(node: MarkupElement, above: readonly string[]): Generator<Reading> {
  const name = childText(node, 'NodeName') ?? fail(node, 'expected NodeName in Node');
  const path = above.length === 0 && (name === '' || name === ROOT) ? [] : [...above, name];
  const below = childNodes(node);
  if (findChild(node, 'DFProperties')) fail(node, 'this describes nodes (DDF), expected a tree', 'ddf');
  if (path.length > 0 && !isNodeName(name, below.length > 0))
    fail(node, `${JSON.stringify(name.slice(0, 64))} is no name of a node`);
  const { format, children: _, name: __, ...properties } = readNode(node, name, false);
  const known = saysFormat(node) ? format : below.length > 0 ? 'node' : undefined;
  if (path.length > MAX_LEVELS) fail(node, `its Path has more than ${MAX_LEVELS} levels`);
  if (below.length > 0 && known !== 'node') fail(node, `${formatUri(path)} is a leaf and has nodes below it`);
  yield { ...properties, uri: formatUri(path), ...(known !== undefined && { format: known }) };
  for (const child of below) yield* said(child, path);
}

function writeNode(node: KnownNode, path: string, properties: ReadonlySet<TndsProperty>): MarkupElement {
  const has = (property: TndsProperty) => properties.has(property);
  const type = node.type && (node.format === 'node' ? leaf('DDFName', node.type) : leaf('MIME', node.type));
  return ddf('Node', [
    leaf('NodeName', node.name === ROOT ? '' : node.name),
    path === '' ? undefined : leaf('Path', path),
    ddf('RTProperties', [
      has('ACL') && node.acl ? leaf('ACL', node.acl) : undefined,
      has('Format') && node.format ? ddf('Format', [ddf(node.format)]) : undefined,
      has('Title') && node.title ? leaf('Title', node.title) : undefined,
      has('TStamp') && node.tstamp ? leaf('TStamp', node.tstamp) : undefined,
      has('Type') && type ? ddf('Type', [type]) : undefined,
      has('VerNo') && node.verNo !== undefined ? leaf('VerNo', String(node.verNo)) : undefined,
    ]),
    ...node.children.map(child => writeNode(child, '', properties)),
    has('Value') && node.value !== undefined ? leaf('Value', node.value) : undefined,
  ]);
}

function readNode(node: MarkupElement, name = childText(node, 'NodeName'), withChildren = true): TreeNode {
  if (name === undefined) fail(node, 'expected NodeName in Node');
  const properties = findChild(node, 'RTProperties');
  const children = withChildren ? childNodes(node) : [];
  const value = findChild(node, 'Value');
  const of = (property: string) => (properties ? childText(properties, property) : undefined);
  const type = properties && findChild(properties, 'Type');
  const typeName = type && textOf(childElements(type)[0] ?? type).trim();
  const verNo = of('VerNo');
  if (verNo && !/^\d{1,5}$/.test(verNo))
    fail(node, `expected VerNo as a number, found ${JSON.stringify(verNo.slice(0, 32))}`);
  const format = readFormat(properties, value === undefined);
  return {
    name,
    format,
    ...(typeName && { type: typeName }),
    ...pick('acl', of('ACL')),
    ...pick('title', of('Title')),
    ...pick('tstamp', of('TStamp')),
    ...(verNo && { verNo: Number(verNo) }),
    ...(value && { value: readValue(value, format) }),
    children: children.map(child => readNode(child)),
  };
}

/** Without a Format the value decides: a node with one is text, a node without is interior. */
function readFormat(properties: MarkupElement | undefined, isInterior: boolean): NodeFormat {
  const format = properties && findChild(properties, 'Format');
  const name = format && childElements(format)[0]?.name;
  if (!format || name === undefined) return isInterior ? 'node' : 'chr';
  return NODE_FORMATS.find(known => known === name) ?? fail(format, `${name} is no format of a node`, 'tnds-format');
}

function saysFormat(node: MarkupElement): boolean {
  const properties = findChild(node, 'RTProperties');
  const format = properties && findChild(properties, 'Format');
  return format !== undefined && childElements(format).length > 0;
}

/** A Path may be written as a URI is, with or without `./`. */
function segments(path: string): string[] {
  return path.split('/').filter(name => name !== '' && name !== ROOT);
}

/** Bytes of a binary value come as base64 text, or as they are where WBXML carries them. */
function readValue(value: MarkupElement, format: NodeFormat): string {
  const opaque = value.children.filter(child => child.kind === 'opaque');
  if (format !== 'bin' || opaque.length === 0) return textOf(value);
  return Buffer.concat(opaque.map(child => child.bytes)).toString('base64');
}

function childNodes(parent: MarkupElement): MarkupElement[] {
  return childElements(parent).filter(child => child.name === 'Node');
}

function childText(parent: MarkupElement, name: string): string | undefined {
  const child = findChild(parent, name);
  return child && textOf(child);
}

function pick<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value ? { [key]: value } : {}) as { [P in K]?: string };
}

function leaf(name: string, value: string): MarkupElement {
  return ddf(name, value === '' ? [] : [text(value)]);
}

function ddf(name: string, children: Parameters<typeof element>[2] = []): MarkupElement {
  return element(DMDDF_NAMESPACE, name, children);
}

function fail(node: MarkupElement, message: string, code = 'tnds'): never {
  throw new EncodingError(code, `TNDS: ${message}`, node.range?.start ?? 0);
}
