/** TNDS: a subtree as one document, in XML or WBXML (OMA-TS-DM_TNDS-V1_2 §6). */
import { EncodingError } from '../base/errors.ts';
import { childElements, element, findChild, type MarkupElement, text, textOf } from '../encoding/markup.ts';
import { DM_DDF_1_2, DMDDF_NAMESPACE } from '../encoding/wbxml/code-pages.ts';
import { readWbxml } from '../encoding/wbxml/reader.ts';
import { writeWbxml } from '../encoding/wbxml/writer.ts';
import { readXml } from '../encoding/xml/reader.ts';
import { NODE_FORMATS, type NodeFormat, type TreeNode } from './node.ts';

export const TNDS_WBXML_TYPE = 'application/vnd.syncml.dmtnds+wbxml';
export const TNDS_XML_TYPE = 'application/vnd.syncml.dmtnds+xml';

/** Where a subtree belongs: `path` is the URI above it without the leading `./`, empty for the root. */
export interface TndsNode {
  readonly path: string;
  readonly node: TreeNode;
}

export function writeTnds(nodes: readonly TndsNode[]): MarkupElement {
  return ddf('MgmtTree', [leaf('VerDTD', '1.2'), ...nodes.map(({ path, node }) => writeNode(node, path))]);
}

export function writeTndsWbxml(nodes: readonly TndsNode[]): Uint8Array {
  return writeWbxml(writeTnds(nodes), DM_DDF_1_2);
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
export function readTnds(root: MarkupElement): TndsNode[] {
  if (root.name !== 'MgmtTree') fail(root, `expected MgmtTree, found ${root.name}`);
  return childElements(root)
    .filter(child => child.name === 'Node')
    .map(node => ({ path: childText(node, 'Path') ?? '', node: readNode(node) }));
}

function writeNode(node: TreeNode, path: string): MarkupElement {
  const type = node.type && (node.format === 'node' ? leaf('DDFName', node.type) : leaf('MIME', node.type));
  return ddf('Node', [
    leaf('NodeName', node.name),
    path === '' ? undefined : leaf('Path', path),
    ddf('RTProperties', [
      node.acl ? leaf('ACL', node.acl) : undefined,
      ddf('Format', [ddf(node.format)]),
      node.title ? leaf('Title', node.title) : undefined,
      node.tstamp ? leaf('TStamp', node.tstamp) : undefined,
      type ? ddf('Type', [type]) : undefined,
      node.verNo === undefined ? undefined : leaf('VerNo', String(node.verNo)),
    ]),
    ...node.children.map(child => writeNode(child, '')),
    node.value === undefined ? undefined : leaf('Value', node.value),
  ]);
}

function readNode(node: MarkupElement): TreeNode {
  const name = childText(node, 'NodeName');
  if (name === undefined) fail(node, 'expected NodeName in Node');
  const properties = findChild(node, 'RTProperties');
  const children = childElements(node).filter(child => child.name === 'Node');
  const value = childText(node, 'Value');
  const of = (property: string) => (properties ? childText(properties, property) : undefined);
  const type = properties && findChild(properties, 'Type');
  const typeName = type && textOf(childElements(type)[0] ?? type);
  const verNo = of('VerNo');
  if (verNo && !/^\d{1,5}$/.test(verNo))
    fail(node, `expected VerNo as a number, found ${JSON.stringify(verNo.slice(0, 32))}`);
  return {
    name,
    format: readFormat(properties, value === undefined),
    ...(typeName && { type: typeName }),
    ...pick('acl', of('ACL')),
    ...pick('title', of('Title')),
    ...pick('tstamp', of('TStamp')),
    ...(verNo && { verNo: Number(verNo) }),
    ...(value !== undefined && { value }),
    children: children.map(readNode),
  };
}

/** Without a Format the value decides: a node with one is text, a node without is interior. */
function readFormat(properties: MarkupElement | undefined, isInterior: boolean): NodeFormat {
  const format = properties && findChild(properties, 'Format');
  const name = format && childElements(format)[0]?.name;
  if (!format || name === undefined) return isInterior ? 'node' : 'chr';
  return NODE_FORMATS.find(known => known === name) ?? fail(format, `${name} is no format of a node`);
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

function fail(node: MarkupElement, message: string): never {
  throw new EncodingError('tnds', `TNDS: ${message}`, node.range?.start ?? 0);
}
