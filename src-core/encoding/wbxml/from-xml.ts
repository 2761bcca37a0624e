/** A document that was XML, made ready for WBXML: without its indentation, documents inside it and shown bytes as opaque data. */
import { findChild, type MarkupElement, type MarkupNode, textOf } from '../markup.ts';
import { bytesShownBy } from '../xml/shown.ts';
import type { DocumentType } from './code-pages.ts';
import { DOCUMENT_TYPES } from './document-types.ts';
import { writeWbxml } from './writer.ts';

/** The type that has this root element, its namespace, and the version that VerDTD says, as far as they are told. */
export function documentTypeOf(
  root: MarkupElement,
  types: readonly DocumentType[] = DOCUMENT_TYPES,
): DocumentType | undefined {
  const named = types.filter(type => type.root === root.name);
  const exact = named.filter(type => hasTag(type, root.namespace, root.name));
  const candidates = exact.length > 0 ? exact : named;
  const version = versionOf(root) ?? versionOf(findChild(root, 'SyncHdr'));
  return candidates.find(({ name }) => name.split(' ').at(-1) === version) ?? candidates[0];
}

function versionOf(parent: MarkupElement | undefined): string | undefined {
  const version = parent && findChild(parent, 'VerDTD');
  return version && textOf(version).trim();
}

export function fromXml(root: MarkupElement, type: DocumentType): MarkupElement {
  return prepared(root, type, '');
}

function prepared(node: MarkupElement, type: DocumentType, outer: string): MarkupElement {
  const namespace = namespaceOf(node, type, outer);
  const holdsElements = node.children.some(child => child.kind === 'element');
  const children = holdsElements ? node.children.filter(child => !isWhiteSpace(child)) : node.children;
  return {
    kind: 'element',
    name: node.name,
    namespace,
    ...(node.attributes && { attributes: node.attributes }),
    children: children.map(child =>
      child.kind === 'element' ? preparedChild(child, node.name, type, namespace) : child,
    ),
  };
}

function preparedChild(child: MarkupElement, parent: string, type: DocumentType, outer: string): MarkupNode {
  const bytes = bytesShownBy(child);
  if (bytes) return { kind: 'opaque', bytes };
  const { embedded } = type;
  const inner = embedded?.in.includes(parent) ? documentTypeOf(child, embedded.types) : undefined;
  return inner ? { kind: 'opaque', bytes: writeWbxml(fromXml(child, inner), inner) } : prepared(child, type, outer);
}

/** Its own where the type knows the element there; devices leave namespaces out, so else the one around, or the first that has it. */
function namespaceOf({ namespace, name }: MarkupElement, type: DocumentType, outer: string): string {
  const known = [namespace, outer].find(candidate => hasTag(type, candidate, name));
  return known ?? [...type.pages.values()].find(page => page.tokens.has(name))?.namespace ?? namespace;
}

function hasTag(type: DocumentType, namespace: string, name: string): boolean {
  return [...type.pages.values()].some(page => page.namespace === namespace && page.tokens.has(name));
}

function isWhiteSpace(node: MarkupNode): boolean {
  return node.kind === 'text' && node.text.trim() === '';
}
