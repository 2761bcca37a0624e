/** A tree as a file: TNDS in XML or WBXML, or JSON that opens again with everything that is known. */
import { EncodingError } from '../base/errors.ts';
import { readWbxml } from '../encoding/wbxml/reader.ts';
import { DM_DDF_1_2 } from '../encoding/wbxml/types/dm-ddf.ts';
import { readXml } from '../encoding/xml/reader.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import { countRead, findKnown, type KnownNode, onlyWithin } from './known.ts';
import {
  readTndsTree,
  TNDS_PROPERTIES,
  TNDS_WBXML_TYPE,
  TNDS_XML_TYPE,
  type TndsProperty,
  writeTnds,
  writeTndsWbxml,
} from './tnds.ts';
import { readTreeDocument, type TreeDocument, writeTreeDocument } from './tree-document.ts';
import { ROOT } from './uri.ts';

export type TreeForm = 'json' | 'tnds-wbxml' | 'tnds-xml';

export const TREE_FORMS: Readonly<Record<TreeForm, { readonly mediaType: string; readonly extension: string }>> = {
  json: { mediaType: 'application/json', extension: 'tree.json' },
  'tnds-wbxml': { mediaType: TNDS_WBXML_TYPE, extension: 'tnds.wbxml' },
  'tnds-xml': { mediaType: TNDS_XML_TYPE, extension: 'tnds.xml' },
};

export interface TreeFileOptions {
  readonly form: TreeForm;
  /** Only this node and what is below it. Default: everything. */
  readonly uri?: string;
  /** TNDS with these only; JSON has always all. */
  readonly properties?: ReadonlySet<TndsProperty>;
}

/** Undefined where the tree has no such node. */
export function writeTreeFile(document: TreeDocument, options: TreeFileOptions): Uint8Array | undefined {
  const { form, uri = ROOT, properties = TNDS_PROPERTIES } = options;
  const node = findKnown(document.tree, uri);
  const tree = onlyWithin(document.tree, uri);
  if (!node || !tree) return undefined;
  if (form === 'json') return utf8(writeTreeDocument({ ...document, tree }));
  const objects = objectsOf(node, uri);
  if (form === 'tnds-wbxml') return writeTndsWbxml(objects, properties);
  return utf8(`${writeXml(writeTnds(objects, properties), { declaration: true, pretty: true })}\n`);
}

/** `path` is the URI above without the leading `./`. */
function objectsOf(node: KnownNode, uri: string): { path: string; node: KnownNode }[] {
  return [{ path: uri.split('/').slice(1, -1).join('/'), node }];
}

/** @throws EncodingError with the offset in bytes */
export function readTreeFile(bytes: Uint8Array): TreeDocument {
  const document = readAny(bytes);
  if (countRead(document.tree) === 0) throw new EncodingError('no-nodes', 'there is no node in it', 0);
  return document;
}

/** WBXML begins with its version, JSON with a brace, XML with `<` in some encoding. */
function readAny(bytes: Uint8Array): TreeDocument {
  const first = bytes[0] ?? 0;
  if (first >= 0x01 && first <= 0x03) return { tree: readTndsTree(readWbxml(bytes, { assumed: DM_DDF_1_2 }).root) };
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return readTreeDocument(textOf(bytes));
  if (start.startsWith('<') || first >= 0xfe) return { tree: readTndsTree(readXml(bytes)) };
  throw new EncodingError('no-tree', 'expected TNDS in XML or WBXML, or a tree as JSON', 0, {
    advice: 'Export a snapshot to see what such a file looks like',
  });
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new EncodingError('no-utf8', 'Tree as JSON: it is not UTF-8', brokenUtf8At(bytes));
  }
}

/** How far the bytes are text. */
function brokenUtf8At(bytes: Uint8Array): number {
  const lossy = new TextDecoder().decode(bytes);
  return Buffer.byteLength(lossy.slice(0, lossy.indexOf('\ufffd')));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
