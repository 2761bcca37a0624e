/** What the answers to a Get say about a device's tree. */
import { EncodingError } from '../base/errors.ts';
import { describeStatus, isSuccess } from '../syncml/codes.ts';
import type { Item, ItemData, Meta, Results } from '../syncml/message.ts';
import { type Reading, readingsOf } from '../tree/device-tree.ts';
import { readTndsWbxml, readTndsXml, TNDS_WBXML_TYPE, TNDS_XML_TYPE } from '../tree/tnds.ts';
import { ROOT } from '../tree/uri.ts';

/** What answers change in the server's view. */
export interface TreeSink {
  readings(readings: readonly Reading[]): void;
  /** The children of an interior node are exactly these. */
  children(uri: string, names: readonly string[]): void;
  removed(uri: string): void;
  /** These nodes are there, and were not read: where nothing is known of them, that is. */
  unread(uris: readonly string[], reason: string): void;
}

/** A node that vanished is gone; one that may not be read is there, unknown; a ?list or ?prop may not be supported. */
export function takeRefusal(uri: string, code: number, sink: TreeSink): void {
  if (isSuccess(code) || uri.includes('?')) return;
  // There is always a root: such a device only does not show it.
  if (code === 404 && uri !== ROOT) sink.removed(uri);
  else sink.readings([{ uri, format: 'unknown', unread: `${code} ${describeStatus(code)}` }]);
}

/** Values of nodes, names of children, properties one by one. */
export function takeResults(
  results: Results,
  sink: TreeSink,
  onChildren: (uri: string, names: readonly string[]) => void = () => {},
): void {
  for (const item of results.items) {
    const uri = item.source?.uri;
    if (uri === undefined || item.data === undefined) continue;
    const meta = metaOf(results, item);
    // A TNDS object names the node it begins with, without the list that was asked for (TND §8.2).
    if (isTnds(meta)) sink.readings(withoutValues(tndsReadings(item, meta)));
    else if (uri.includes('?')) takeProperty(uri, textOf(item.data), sink);
    else if (meta.format !== 'node') sink.readings([leafReading(uri, textOf(item.data), meta)]);
    else {
      const names = namesIn(item.data);
      sink.readings([{ uri, format: 'node', ...(meta.type !== undefined && { type: meta.type }) }]);
      sink.children(uri, names);
      onChildren(uri, names);
    }
  }
}

/** The nodes of a ?list, in whatever number of Results they came (TND §8.2). */
export function listReadings(results: Results): Reading[] {
  return results.items.flatMap(item => {
    const meta = metaOf(results, item);
    if (isTnds(meta)) return tndsReadings(item, meta);
    const uri = item.source?.uri;
    return uri === undefined || uri.includes('?') ? [] : [structureReading(uri, item.data, meta)];
  });
}

/** What a node has by default is not said (TND §8.2). */
function structureReading(uri: string, data: ItemData | undefined, { format = 'chr', type }: Meta): Reading {
  if (format === 'node') return type === undefined ? { uri, format } : { uri, format, type };
  return { uri, format, type: type ?? 'text/plain', value: data === undefined ? '' : textOf(data) };
}

const FIELD_OF = { ACL: 'acl', Title: 'title', TStamp: 'tstamp', Type: 'type', Format: 'format' } as const;

/** Name and Size are known without. */
function takeProperty(target: string, value: string, sink: TreeSink): void {
  const [uri = '', property = ''] = target.split('?prop=');
  if (property === 'VerNo' && /^\d+$/.test(value)) sink.readings([{ uri, verNo: Number(value) }]);
  const field = FIELD_OF[property as keyof typeof FIELD_OF];
  if (field !== undefined) sink.readings([{ uri, [field]: value }]);
}

function withoutValues(readings: readonly Reading[]): Reading[] {
  return readings.map(({ value: _, ...reading }) => reading);
}

function metaOf(results: Results, item: Item): Meta {
  return results.meta ? { ...results.meta, ...item.meta } : (item.meta ?? {});
}

function isTnds({ type }: Meta): boolean {
  return type === TNDS_WBXML_TYPE || type === TNDS_XML_TYPE;
}

function leafReading(uri: string, value: string, { format = 'chr', type }: Meta): Reading {
  return type === undefined ? { uri, format, value } : { uri, format, type, value };
}

function namesIn(data: ItemData): string[] {
  return textOf(data)
    .split('/')
    .filter(name => name !== '');
}

/** Bytes are base64 text in the server's view. */
export function textOf(data: ItemData): string {
  return typeof data === 'string' ? data : Buffer.from(data).toString('base64');
}

/** A TNDS object that cannot be read costs its nodes, not the session. */
function tndsReadings(item: Item, meta: Meta): Reading[] {
  try {
    return tndsNodes(item, meta).flatMap(({ path, node }) => readingsOf(path, node));
  } catch (error) {
    if (error instanceof EncodingError) return [];
    throw error;
  }
}

function tndsNodes({ data }: Item, { type }: Meta) {
  if (type === TNDS_WBXML_TYPE && data instanceof Uint8Array) return readTndsWbxml(data);
  return type === TNDS_XML_TYPE && typeof data === 'string' ? readTndsXml(data) : [];
}
