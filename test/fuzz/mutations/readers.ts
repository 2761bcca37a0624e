/** All that reads bytes from outside, asked about one input: it is read, or refused with an error of ours and its place. */
import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { EncodingError, ProtocolError } from '../../../src-core/base/errors.ts';
import { readDmBootstrap } from '../../../src-core/bootstrap/dm-profile.ts';
import { element, type MarkupElement, type MarkupNode, text } from '../../../src-core/encoding/markup.ts';
import { readWbxml, type WbxmlDocument } from '../../../src-core/encoding/wbxml/reader.ts';
import { writeWbxml } from '../../../src-core/encoding/wbxml/writer.ts';
import { readXml } from '../../../src-core/encoding/xml/reader.ts';
import { writeXml } from '../../../src-core/encoding/xml/writer.ts';
import { decodeMessage, encodeMessage } from '../../../src-core/syncml/codec.ts';
import type { Message } from '../../../src-core/syncml/message.ts';
import { readMessage } from '../../../src-core/syncml/read.ts';
import { readTnds } from '../../../src-core/tree/tnds.ts';
import type { Input } from './corpus.ts';

/** `again`: what was read is also written and read again. @returns whether it was read. @throws whatever no reader may throw */
export function readAll({ encoding, bytes }: Input, again: boolean): boolean {
  return encoding === 'wbxml' ? readAsWbxml(bytes, again) : readAsXml(bytes, again);
}

function readAsWbxml(bytes: Uint8Array, again: boolean): boolean {
  const document = attempt(bytes, () => readWbxml(bytes));
  if (!document) return false;
  checkRanges(document.root, 0, bytes.length);
  if (again) readAgain(document);
  attempt(bytes, () => readTnds(document.root));
  const message = attempt(bytes, () => decodeMessage(bytes, 'wbxml'));
  if (!message) return true;
  if (again) messageAgain(message);
  attempt(bytes, () => readDmBootstrap(bytes), ProtocolError);
  return true;
}

function readAsXml(bytes: Uint8Array, again: boolean): boolean {
  const root = attempt(bytes, () => readXml(bytes));
  if (!root) return false;
  checkRanges(root, 0, bytes.length);
  if (again) same(bare(carried(readXml(writeXml(root)))), bare(carried(root)), 'XML written and read again');
  attempt(bytes, () => readTnds(root));
  // As decodeMessage does; the XML has been read.
  const message = attempt(bytes, () => readMessage(root));
  if (message && again) messageAgain(message);
  return true;
}

function messageAgain(message: Message): void {
  same(told(decodeMessage(encodeMessage(message, 'wbxml'), 'wbxml')), told(message), 'message');
}

/** Without a word on the differences: finding those takes longer than all the rest. */
function same(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(`${what} is not the same`);
}

/** Without ranges and documents inside; a string with nothing in it is no text, and one with a NUL is written as opaque data. */
function bare({ namespace, name, attributes, children }: MarkupElement): MarkupElement {
  const content = children.flatMap((child): MarkupNode[] => {
    if (child.kind === 'element') return [bare(child)];
    if (child.kind === 'opaque') return [{ kind: 'opaque', bytes: child.bytes }];
    if (child.text.includes('\0')) return [{ kind: 'opaque', bytes: new TextEncoder().encode(child.text) }];
    return child.text === '' ? [] : [text(child.text)];
  });
  return element(namespace, name, content, attributes);
}

/** Characters that XML has not are read and shown, and written as U+FFFD (encoding/xml/writer). */
function carried({ namespace, name, attributes, children }: MarkupElement): MarkupElement {
  const written = (value: string) => value.replace(/[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]/gu, '\ufffd');
  const content = children.map(child =>
    child.kind === 'element' ? carried(child) : child.kind === 'text' ? text(written(child.text)) : child,
  );
  return element(
    written(namespace),
    name,
    content,
    attributes?.map(one => ({ ...one, value: written(one.value) })),
  );
}

/** What of a message is written: no warnings, which are of the bytes read. */
function told({ warnings: _, ...message }: Message): unknown {
  return written(message);
}

function written(value: unknown): unknown {
  // A text with a NUL travels as opaque data, which stays bytes where the type says so: text all the same.
  if (value instanceof Uint8Array) return isUtf8(value) ? Buffer.from(value).toString() : value;
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  // Some servers put Meta into an Alert, where the DTD has none: it is read, and not written.
  const isAlert = 'kind' in value && value.kind === 'Alert';
  const entries = Object.entries(value).filter(([key]) => !(isAlert && key === 'meta'));
  return Object.fromEntries(entries.map(([key, entry]) => [key, written(entry)]));
}

/** For people everything can be shown; what has tokens for its names is written and read as it was. */
function readAgain({ root, type }: WbxmlDocument): void {
  readOurs(writeXml(root, { pretty: true }));
  let again: Uint8Array;
  try {
    again = writeWbxml(root, type);
  } catch (error) {
    // A literal has no token.
    if (error instanceof EncodingError && /^unknown-(element|attribute)$/.test(error.code)) return;
    throw error;
  }
  same(bare(readWbxml(again).root), bare(root), 'WBXML written and read again');
}

/** A name that the XML parser will not have, or a limit: what is written has declarations of namespaces besides. */
const REFUSED_AGAIN: ReadonlySet<string> = new Set(['not-accepted', 'too-many', 'too-large']);

/** XML of ours is read; undefined where it may be refused even so. */
function readOurs(xml: string): MarkupElement | undefined {
  try {
    return readXml(xml);
  } catch (error) {
    if (error instanceof EncodingError && REFUSED_AGAIN.has(error.code)) return undefined;
    throw error;
  }
}

/** Undefined where it is refused as it may be. */
function attempt<T>(bytes: Uint8Array, read: () => T, besides?: typeof ProtocolError): T | undefined {
  try {
    return read();
  } catch (error) {
    if (besides && error instanceof besides) return undefined;
    if (!(error instanceof EncodingError)) throw error;
    const { offset } = error;
    if (Number.isInteger(offset) && offset >= 0 && offset <= bytes.length) return undefined;
    throw new Error(`offset ${offset} in ${bytes.length} bytes`, { cause: error });
  }
}

/** Every node lies within its parent. */
function checkRanges(node: MarkupNode, start: number, end: number): void {
  const range = node.range;
  if (!range || range.start < start || range.end > end || range.start > range.end) {
    throw new Error(`a range of ${range?.start} to ${range?.end} within ${start} to ${end}`);
  }
  if (node.kind === 'element') for (const child of node.children) checkRanges(child, range.start, range.end);
  if (node.kind === 'opaque' && node.document) checkRanges(node.document, range.start, range.end);
}
