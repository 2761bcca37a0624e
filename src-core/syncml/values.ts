/** What single elements of a message hold: text, numbers, data. */
import { concatBytes } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import { childElements, type MarkupElement, type MarkupOpaque, textOf } from '../encoding/markup.ts';
import { METINF_NAMESPACE } from '../encoding/wbxml/types/metinf.ts';
import { SYNCML_NAMESPACE } from '../encoding/wbxml/types/syncml.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import type { ItemData, Meta } from './message.ts';

/** Name of an element, empty where it is of a namespace that has nothing to do with SyncML; devices leave namespaces out. */
export function nameOf({ name, namespace }: MarkupElement): string {
  const ours =
    namespace === SYNCML_NAMESPACE || namespace === METINF_NAMESPACE || namespace === '' || /^syncml:/i.test(namespace);
  return ours ? name : '';
}

/** Text without the white space that XML devices put around it. */
export function textValue(node: MarkupElement): string {
  const text = textOf(node);
  // Most have none: trimming costs more than looking.
  return isSpace(text.charCodeAt(0)) || isSpace(text.charCodeAt(text.length - 1)) ? text.trim() : text;
}

function isSpace(code: number): boolean {
  return code <= 0x20 || code >= 0x80;
}

/** @throws EncodingError where it is no number of one to ten digits */
export function numberValue(node: MarkupElement): number {
  const value = textValue(node);
  let number = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) noNumber(node, value);
    number = number * 10 + digit;
  }
  return value.length === 0 || value.length > 10 ? noNumber(node, value) : number;
}

function noNumber(node: MarkupElement, value: string): never {
  const found = JSON.stringify(value.slice(0, 32));
  return fail(node, 'not-a-number', `expected a number in ${node.name}, found ${found}`);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes stay bytes where the item or else its command says so; elements inside Data (TNDS, DevInf) become their XML text. */
export function dataValue(
  node: MarkupElement,
  own: Meta | undefined,
  outer: Meta | undefined,
  isChunk = false,
): ItemData {
  const { children } = node;
  const first = children[0];
  if (first === undefined) return '';
  // A chunk of base64 text is read when the rest has come: it may end inside a group of four.
  if (first.kind === 'text' && children.length === 1)
    return isChunk ? first.text : (base64Value(first.text, own, outer) ?? first.text);
  const opaque = children.filter(child => child.kind === 'opaque');
  if (opaque.length === children.length) return opaqueValue(opaque, own, outer);
  const inner = childElements(node);
  if (inner.length > 0) return inner.map(child => writeXml(child)).join('');
  const text = textOf(node);
  return isChunk ? text : (base64Value(text, own, outer) ?? text);
}

function opaqueValue(pieces: readonly MarkupOpaque[], own: Meta | undefined, outer: Meta | undefined): ItemData {
  const first = pieces[0];
  const bytes = first && pieces.length === 1 ? first.bytes : concatBytes(pieces.map(piece => piece.bytes));
  // A copy: the value outlives the buffer that the message came in.
  if (formatOf(own, outer) === 'bin' || isWbxml(own, outer)) return new Uint8Array(bytes);
  try {
    return strict.decode(bytes);
  } catch {
    return new Uint8Array(bytes);
  }
}

/**
 * Base64 text is bytes where the type leaves no doubt: of anything else it may be the value itself. Absent too where it is no
 * whole base64 text, but the end of one that came in chunks.
 */
export function base64Value(text: string, own: Meta | undefined, outer: Meta | undefined): Uint8Array | undefined {
  if (formatOf(own, outer) !== 'b64' || !isWbxml(own, outer)) return undefined;
  return text.replace(/\s+/g, '').length % 4 === 0 ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined;
}

function formatOf(own: Meta | undefined, outer: Meta | undefined): string | undefined {
  return own?.format ?? outer?.format;
}

function isWbxml(own: Meta | undefined, outer: Meta | undefined): boolean {
  return (own?.type ?? outer?.type ?? '').endsWith('+wbxml');
}

export function missing(parent: MarkupElement, name: string): never {
  return fail(parent, 'missing-element', `expected ${name} in ${parent.name}`);
}

export function fail(node: MarkupElement, code: string, message: string): never {
  throw new EncodingError(code, `SyncML: ${message}`, node.range?.start ?? 0);
}
