/** Opaque data as people see it in XML: the document that it is, or text, or an element of our own that holds base64. */
import { element, type MarkupElement, type MarkupNode, type MarkupOpaque, text } from '../markup.ts';

/** Namespace of the one element that no document type has: `opaque`. */
const SHOWN_NAMESPACE = 'urn:dm-workbench:shown';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The document with nothing opaque in it. */
export function shown(node: MarkupElement): MarkupElement {
  return { ...node, children: node.children.map(shownNode) };
}

/** The bytes that an element of a shown document stands for, undefined for every other element. */
export function bytesShownBy(node: MarkupElement): Uint8Array | undefined {
  if (node.namespace !== SHOWN_NAMESPACE || node.name !== 'opaque') return undefined;
  const base64 = node.children.map(child => (child.kind === 'text' ? child.text : '')).join('');
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function shownNode(node: MarkupNode): MarkupNode {
  if (node.kind === 'element') return shown(node);
  return node.kind === 'opaque' ? shownOpaque(node) : node;
}

function shownOpaque({ bytes, document }: MarkupOpaque): MarkupNode {
  if (document) return shown(document);
  const characters = textOf(bytes);
  if (characters !== undefined) return text(characters);
  return element(SHOWN_NAMESPACE, 'opaque', [text(Buffer.from(bytes).toString('base64'))]);
}

/** Undefined where XML could not carry the bytes as characters. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const characters = strict.decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(characters) ? undefined : characters;
  } catch {
    return undefined;
  }
}
