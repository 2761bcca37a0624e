/** XML writer: a markup document to text. The namespace is declared wherever it changes, as SyncML documents do. */
import { EncodingError } from '../../base/errors.ts';
import type { MarkupElement, MarkupNode } from '../markup.ts';

export interface XmlWriteOptions {
  /** Two spaces a level for people; absent: no white space is added. */
  readonly pretty?: boolean;
  /** The XML declaration in front. */
  readonly declaration?: boolean;
}

/** Opaque bytes are written as UTF-8 text; bytes that are none must be base64 by then. @throws EncodingError */
export function writeXml(root: MarkupElement, options: XmlWriteOptions = {}): string {
  const body = writeElement(root, '', options.pretty ? '' : undefined);
  return options.declaration ? `<?xml version="1.0" encoding="UTF-8"?>${options.pretty ? '\n' : ''}${body}` : body;
}

/** `indent` is the white space in front of the element when pretty-printing. */
function writeElement(node: MarkupElement, outerNamespace: string, indent: string | undefined): string {
  const xmlns = node.namespace === outerNamespace ? '' : ` xmlns="${escapeXml(node.namespace)}"`;
  if (node.children.length === 0) return `<${node.name}${xmlns}/>`;
  const nested = indent !== undefined && node.children.every(child => child.kind === 'element');
  const inner = indent === undefined ? undefined : `${indent}  `;
  const content = node.children.map(child => writeNode(child, node.namespace, nested ? inner : undefined));
  const body = nested
    ? content
        .map(part => `\n${inner}${part}`)
        .join('')
        .concat(`\n${indent}`)
    : content.join('');
  return `<${node.name}${xmlns}>${body}</${node.name}>`;
}

function writeNode(node: MarkupNode, namespace: string, indent: string | undefined): string {
  if (node.kind === 'element') return writeElement(node, namespace, indent);
  return escapeXml(node.kind === 'text' ? node.text : decodeOpaque(node.bytes));
}

function decodeOpaque(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new EncodingError('binary-in-xml', 'XML: these bytes are no text, write them as base64', 0, { cause });
  }
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** Characters that XML 1.0 cannot carry are replaced by U+FFFD: the text stays readable and well-formed. */
function escapeXml(value: string): string {
  return (
    value
      .replace(/[&<>"\r]/g, char => ESCAPES[char] ?? char)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}
