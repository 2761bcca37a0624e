/** What the answers to a Get say about a device's tree. */
import { EncodingError } from '../base/errors.ts';
import { isSuccess } from '../syncml/codes.ts';
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
}

/** A node that vanished is gone; one that may not be read is there, unknown; a ?list may not be supported. */
export function takeRefusal(uri: string, code: number, sink: TreeSink): void {
  if (isSuccess(code) || uri.includes('?')) return;
  // There is always a root: such a device only does not show it.
  if (code === 404 && uri !== ROOT) sink.removed(uri);
  else sink.readings([{ uri, format: 'unknown' }]);
}

export function takeResults(
  results: Results,
  sink: TreeSink,
  onChildren: (uri: string, names: readonly string[]) => void = () => {},
): void {
  for (const item of results.items) {
    const uri = item.source?.uri;
    if (uri === undefined || item.data === undefined) continue;
    const meta = results.meta ? { ...results.meta, ...item.meta } : (item.meta ?? {});
    // A TNDS object names the node it begins with, without the list that was asked for (TND §8.2).
    if (isTnds(meta) || uri.includes('?')) sink.readings(readableProperties(item, meta));
    else if (meta.format !== 'node') sink.readings([leafReading(uri, item.data, meta)]);
    else {
      const names = textOf(item.data)
        .split('/')
        .filter(name => name !== '');
      sink.readings([{ uri, format: 'node', ...(meta.type !== undefined && { type: meta.type }) }]);
      sink.children(uri, names);
      onChildren(uri, names);
    }
  }
}

function isTnds({ type }: Meta): boolean {
  return type === TNDS_WBXML_TYPE || type === TNDS_XML_TYPE;
}

function leafReading(uri: string, data: ItemData, { format = 'chr', type }: Meta): Reading {
  const value = textOf(data);
  return type === undefined ? { uri, format, value } : { uri, format, type, value };
}

/** Bytes are base64 text in the server's view. */
function textOf(data: ItemData): string {
  return typeof data === 'string' ? data : Buffer.from(data).toString('base64');
}

/** A TNDS object that cannot be read costs its properties, not the session. */
function readableProperties(item: Item, meta: Meta): Reading[] {
  try {
    return propertiesOf(item, meta);
  } catch (error) {
    if (error instanceof EncodingError) return [];
    throw error;
  }
}

/** Properties come as TNDS; values are the Gets' business. */
function propertiesOf(item: Item, meta: Meta): Reading[] {
  const objects =
    meta.type === TNDS_WBXML_TYPE && item.data instanceof Uint8Array
      ? readTndsWbxml(item.data)
      : meta.type === TNDS_XML_TYPE && typeof item.data === 'string'
        ? readTndsXml(item.data)
        : [];
  return objects.flatMap(({ path, node }) => readingsOf(path, node)).map(({ value: _, ...reading }) => reading);
}
