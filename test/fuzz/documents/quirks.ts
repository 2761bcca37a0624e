/**
 * Where libwbxml 0.11 is known to give something else than the document has: each with its reason, and all of them. What
 * is compared is compared exactly, with these done to the document before.
 */
import type { MarkupElement, MarkupNode, MarkupText } from '../../../src-core/encoding/markup.ts';
import { text } from '../../../src-core/encoding/markup.ts';
import { readWbxml } from '../../../src-core/encoding/wbxml/reader.ts';
import { DEVINF_NAMESPACE } from '../../../src-core/encoding/wbxml/types/devinf.ts';
import { DMDDF_NAMESPACE } from '../../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { METINF_NAMESPACE } from '../../../src-core/encoding/wbxml/types/metinf.ts';
import type { ToWbxml } from '../../support/libwbxml/program.ts';
import { bareElement } from '../../support/markup-documents.ts';

import { type Around, type Change, rewrite } from './rewrite.ts';
import { isCdata, type Spelling, type Spelt } from './spelling.ts';

/** What a document is with those inside it shown as elements, as XML has them, and other bytes as base64, as XML carries them. */
export function shownDocument(root: MarkupElement): MarkupElement {
  return rewrite(root, node => {
    if (node.kind !== 'opaque') return node;
    return documentIn(node.bytes) ?? base64Of(node.bytes);
  });
}

/** The document that wbxml2xml must find in our WBXML, and the one to write for it. */
export function forWbxml2xml(root: MarkupElement): { readonly write: MarkupElement; readonly expect: MarkupElement } {
  const write = rewrite(root, bytesAsText, noElementsInCdata, noEndOfCdata);
  return { write, expect: rewrite(write, openDocument, typeAsXml, lineEnds, spacesInAttributes) };
}

/** The document that we must find in what xml2wbxml writes, and the one to spell for it, and how. */
export function forXml2wbxml(
  root: MarkupElement,
  wished: Spelling,
): { readonly write: Spelt; readonly expect: MarkupElement } {
  const document = shownDocument(rewrite(root, noTreeInSyncml11, noInnerTree));
  const spelling: Spelling = { ...wished, encoding: hasDocumentIn(document) ? 'utf-8' : wished.encoding };
  return {
    write: { root: document, spelling },
    expect: rewrite(document, typeAsWbxml(spelling), cdataAsOpaque(spelling)),
  };
}

/**
 * xml2wbxml names a character set in WBXML 1.0, which has no place for it, and wbxml2xml reads none there. It takes most of a
 * minute to make the string table of 100 KB.
 */
export function optionsForXml2wbxml(xml: Uint8Array, { version, stringTable }: ToWbxml): ToWbxml {
  return { version: version === '1.0' ? '1.1' : version, stringTable: stringTable && xml.length < 20_000 };
}

/** wbxml2xml writes opaque data as it is, whether or not XML can carry it; but for documents inside, which it reads. */
const bytesAsText: Change = node => (node.kind === 'opaque' && !documentIn(node.bytes) ? base64Of(node.bytes) : node);

/** It goes on with a CDATA section that it has begun for text of Data: elements beside it come to be text. */
const noElementsInCdata: Change = (node, around) => {
  if (node.kind !== 'element' || !isInCdata([node, ...around])) return node;
  const isMixed = node.children.some(child => child.kind === 'text');
  return isMixed ? { ...node, children: node.children.filter(child => child.kind !== 'element') } : node;
};

/** It puts Data into CDATA sections without a look at what ends them. */
const noEndOfCdata: Change = (node, around) =>
  node.kind === 'text' && isInCdata(around) ? text(node.text.replaceAll(']]>', ']] >')) : node;

/** It gives the documents inside Data as elements. */
const openDocument: Change = node => (node.kind === 'opaque' ? (documentIn(node.bytes) ?? node) : node);

/** It calls the type of a document inside what it is in XML, and TNDS only in SyncML 1.2. */
const typeAsXml: Change = (node, [parent, ...around]) => {
  if (node.kind !== 'text' || parent?.name !== 'Type' || parent.namespace !== METINF_NAMESPACE) return node;
  if (node.text === 'application/vnd.syncml-devinf+wbxml') return text('application/vnd.syncml-devinf+xml');
  const is12 = around.at(-1)?.namespace === 'SYNCML:SYNCML1.2';
  if (is12 && node.text === 'application/vnd.syncml.dmtnds+wbxml') return text('application/vnd.syncml.dmtnds+xml');
  return node;
};

/** It writes carriage returns as they are, and XML has none that are not referenced (XML 1.0 §2.11). */
const lineEnds: Change = node => {
  if (node.kind === 'text') return text(node.text.replace(/\r\n?/g, '\n'));
  return node.kind === 'element' ? withAttributes(node, value => value.replace(/\r\n?/g, '\n')) : node;
};

/** It writes white space in attributes as it is, and XML makes spaces of that (XML 1.0 §3.3.3). */
const spacesInAttributes: Change = node =>
  node.kind === 'element' ? withAttributes(node, value => value.replace(/[\t\n]/g, ' ')) : node;

/** xml2wbxml reads a document inside from the bytes of the whole, without what the whole says of its encoding. */
function hasDocumentIn(root: MarkupElement): boolean {
  return root.name === 'SyncML' && contains(root, ({ namespace }) => OTHER.has(namespace));
}

/** It refuses a DM DDF document inside SyncML 1.1. */
const noTreeInSyncml11: Change = (node, around) => {
  if (node.kind !== 'opaque' || around.at(-1)?.namespace !== 'SYNCML:SYNCML1.1') return node;
  return documentIn(node.bytes)?.namespace === DMDDF_NAMESPACE ? base64Of(node.bytes) : node;
};

/** It takes a MgmtTree inside anything for a document, and refuses it inside what is not SyncML. */
const noInnerTree: Change = (node, around) =>
  node.kind === 'element' && node.name === 'MgmtTree' && around.length > 0 ? { ...node, name: 'Node' } : node;

/** It calls the type of a document inside what it is in WBXML, in every text of SyncML that is one, whatever its case. */
const typeAsWbxml =
  (spelling: Spelling): Change =>
  (node, around) => {
    if (!isTypeText(node, around) || isOpaque(node, around, spelling)) return node;
    return text(node.text.toLowerCase().replace(/\+xml$/, '+wbxml'));
  };

/** It writes CDATA sections as opaque data, and so what it takes for a vCard, whose line ends it makes CR LF; also a lone one. */
const cdataAsOpaque =
  (spelling: Spelling): Change =>
  (node, around) => {
    if (node.kind !== 'text' || !isOpaque(node, around, spelling)) return node;
    const value = isInCdata(around) || node.text === '\n' ? node.text.replaceAll('\n', '\r\n') : node.text;
    return { kind: 'opaque', bytes: new TextEncoder().encode(value) };
  };

function isOpaque(node: MarkupText, around: Around, spelling: Spelling): boolean {
  const [parent] = around;
  return parent !== undefined && (isInCdata(around) || isCdata(parent, node.text, spelling));
}

/** Data of an Item, or of a Cred, in an Add or Replace is taken for a vCard, unless its type is one that it knows. */
function isInCdata([data, holder, command]: Around): boolean {
  if (data?.name !== 'Data' || !/^SYNCML:/.test(data.namespace)) return false;
  const known = typeOf(holder) ?? typeOf(command) ?? '';
  return (command?.name === 'Add' || command?.name === 'Replace') && !KNOWN_TYPES.has(known);
}

const KNOWN_TYPES: ReadonlySet<string> = new Set(
  ['application/vnd.syncml-devinf', 'application/vnd.syncml.dmtnds'].flatMap(type => [`${type}+wbxml`, `${type}+xml`]),
);

function typeOf(holder: MarkupElement | undefined): string | undefined {
  return firstText(childNamed(childNamed(holder, 'Meta'), 'Type'));
}

function childNamed(parent: MarkupElement | undefined, name: string): MarkupElement | undefined {
  return parent?.children.find((child): child is MarkupElement => child.kind === 'element' && child.name === name);
}

function firstText(parent: MarkupElement | undefined): string | undefined {
  const first = parent?.children[0];
  return first?.kind === 'text' ? first.text : undefined;
}

const XML_TYPE = /^application\/vnd\.syncml(-devinf|\.dmtnds)\+xml$/i;

/** Namespaces of documents inside. */
const OTHER: ReadonlySet<string> = new Set([DEVINF_NAMESPACE, DMDDF_NAMESPACE]);

function isTypeText(node: MarkupNode, around: Around): node is MarkupText {
  const inSyncml =
    /^SYNCML:/.test(around.at(-1)?.namespace ?? '') && !around.some(({ namespace }) => OTHER.has(namespace));
  return inSyncml && node.kind === 'text' && XML_TYPE.test(node.text);
}

function contains(node: MarkupElement, test: (node: MarkupElement) => boolean): boolean {
  return test(node) || node.children.some(child => child.kind === 'element' && contains(child, test));
}

function withAttributes(node: MarkupElement, change: (value: string) => string): MarkupElement {
  const { attributes } = node;
  return attributes
    ? { ...node, attributes: attributes.map(({ name, value }) => ({ name, value: change(value) })) }
    : node;
}

function base64Of(bytes: Uint8Array): MarkupText {
  return text(Buffer.from(bytes).toString('base64'));
}

function documentIn(bytes: Uint8Array): MarkupElement | undefined {
  try {
    return bareElement(readWbxml(bytes).root);
  } catch {
    return undefined;
  }
}
