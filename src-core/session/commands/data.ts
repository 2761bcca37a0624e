/** Data of an Item and the value of a node: formats, bytes, TNDS objects (OMA-TS-DM_TND-V1_2_1 §7.7.2, RepPro §6.6.1). */
import { EncodingError, ProtocolError } from '../../base/errors.ts';
import type { ItemData, Meta } from '../../syncml/message.ts';
import { NODE_FORMATS, type NodeFormat } from '../../tree/node.ts';
import { readTndsWbxml, readTndsXml, TNDS_WBXML_TYPE, TNDS_XML_TYPE, type TndsNode } from '../../tree/tnds.ts';

/** What an Item says of a leaf, as the tree keeps it: b64 and bin as base64 text. */
export interface LeafData {
  readonly format: NodeFormat;
  readonly value: string;
}

/** @throws ProtocolError 415 for a format that no node has. */
export function formatIn({ format }: Meta, current: NodeFormat = 'chr'): NodeFormat {
  // Without a Format a node keeps its own, a new one is text (MetInf: chr is the default).
  const name = format ?? current;
  const known = NODE_FORMATS.find(candidate => candidate === name);
  if (!known) throw new ProtocolError('format', `${name.slice(0, 32)} is no format of a node`, 415);
  return known;
}

/**
 * The value in an Item without Data is empty. Base64 is a node's native value only where its type is text: bytes that had
 * to travel as base64 become bytes, and the node's Format bin (TND §7.7.2).
 * @param current format of the node that is there already
 * @throws ProtocolError 400 for text that is no base64, 415 for an unknown format or bytes that are no text
 */
export function leafData(data: ItemData = '', meta: Meta = {}, current?: NodeFormat): LeafData {
  const format = formatIn(meta, current);
  switch (format) {
    case 'bin':
      return { format, value: Buffer.from(data).toString('base64') };
    case 'b64': {
      const bytes = data instanceof Uint8Array ? Buffer.from(data) : bytesOf(data);
      if (current === 'bin' || isBinary(meta.type)) return { format: 'bin', value: bytes.toString('base64') };
      return { format, value: data instanceof Uint8Array ? bytes.toString('base64') : data };
    }
    case 'null':
      return { format, value: '' };
    default:
      return { format, value: textOf(data) };
  }
}

/** Bytes travel as they are; the writer of XML makes base64 of them. */
export function dataOf({ format, value }: { readonly format: NodeFormat; readonly value?: string }): ItemData {
  return format === 'bin' ? Uint8Array.from(Buffer.from(value ?? '', 'base64')) : (value ?? '');
}

export function isTnds({ type }: Meta): boolean {
  return type === TNDS_WBXML_TYPE || type === TNDS_XML_TYPE;
}

/** @throws ProtocolError 400 for data that is no TNDS object, 415 for a node of a format that there is not */
export function tndsIn(data: ItemData = '', meta: Meta = {}): TndsNode[] {
  try {
    if (meta.type === TNDS_XML_TYPE) return readTndsXml(meta.format === 'b64' ? decoded(data) : textOf(data));
    return readTndsWbxml(data instanceof Uint8Array ? data : bytesOf(data));
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new ProtocolError('tnds', cause.message, cause.code === 'tnds-format' ? 415 : 400, { cause });
  }
}

function decoded(data: ItemData): string {
  return textOf(data instanceof Uint8Array ? data : bytesOf(data));
}

function bytesOf(base64: string): Buffer {
  const digits = base64.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits) || digits.replace(/=+$/, '').length % 4 === 1) {
    throw new ProtocolError('base64', 'the data is no base64', 400);
  }
  return Buffer.from(digits, 'base64');
}

function textOf(data: ItemData): string {
  if (typeof data === 'string') return data;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch (cause) {
    throw new ProtocolError('no-text', 'the data is neither text nor of format bin', 415, { cause });
  }
}

/** The type says that the data has a binary form; text is the default. */
function isBinary(type = 'text/plain'): boolean {
  return !/^text\/|[/+](xml|json)$/i.test(type);
}
