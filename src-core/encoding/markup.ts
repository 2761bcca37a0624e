/** A markup document as a value: what XML and WBXML both decode to and are written from. */

/** Half-open byte range [start, end) in the source document. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

export interface MarkupAttribute {
  readonly name: string;
  readonly value: string;
}

export interface MarkupElement {
  readonly kind: 'element';
  /** Local name without prefix. */
  readonly name: string;
  /** Namespace URI as SyncML writes it (`SYNCML:SYNCML1.2`, `syncml:metinf`, `syncml:dmddf1.2`), or empty. */
  readonly namespace: string;
  /** Only where there are any; namespace declarations are none. */
  readonly attributes?: readonly MarkupAttribute[];
  readonly children: readonly MarkupNode[];
  readonly range?: SourceRange;
}

export interface MarkupText {
  readonly kind: 'text';
  readonly text: string;
  readonly range?: SourceRange;
}

/** Bytes that the encoding carries as they are (WBXML OPAQUE). */
export interface MarkupOpaque {
  readonly kind: 'opaque';
  readonly bytes: Uint8Array;
  /** The document that the bytes are (TNDS in SyncML Data), decoded in place; `bytes` stay what is written. */
  readonly document?: MarkupElement;
  readonly range?: SourceRange;
}

export type MarkupNode = MarkupElement | MarkupText | MarkupOpaque;

/** Takes a document piece by piece: what need not be built before it is written. */
export interface MarkupSink {
  open(namespace: string, name: string, attributes?: readonly MarkupAttribute[]): void;
  /** Content of the element that is open; an empty text is none. */
  text(value: string): void;
  opaque(bytes: Uint8Array): void;
  close(name: string): void;
}

/** What a reader takes before it refuses: the counts are of one document with those embedded in it. */
export interface MarkupLimits {
  /** Bytes of the whole document. */
  readonly size: number;
  /** Elements inside elements. */
  readonly depth: number;
  /** Elements, attributes, texts and opaque data together. */
  readonly nodes: number;
  /** Attributes of one element. */
  readonly attributes: number;
  /** Characters of all texts together: a string table gives one string many times. */
  readonly text: number;
}

/** Fit a message of 16 MiB that is nothing but small items. */
export const DEFAULT_LIMITS: MarkupLimits = {
  size: 16 * 1024 * 1024,
  depth: 64,
  nodes: 5_000_000,
  attributes: 64,
  text: 32 * 1024 * 1024,
};

export function element(
  namespace: string,
  name: string,
  children: readonly (MarkupNode | undefined)[] = [],
  attributes: readonly MarkupAttribute[] = [],
): MarkupElement {
  return {
    kind: 'element',
    name,
    namespace,
    ...(attributes.length > 0 && { attributes }),
    children: children.filter(child => child !== undefined),
  };
}

export function text(value: string): MarkupText {
  return { kind: 'text', text: value };
}

export function childElements(parent: MarkupElement): MarkupElement[] {
  return parent.children.filter(child => child.kind === 'element');
}

export function findChild(parent: MarkupElement, name: string): MarkupElement | undefined {
  return parent.children.find(child => child.kind === 'element' && child.name === name) as MarkupElement | undefined;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text of an element: its text and opaque children (as UTF-8) joined; elements inside do not count. */
export function textOf(parent: MarkupElement): string {
  const first = parent.children[0];
  if (first?.kind === 'text' && parent.children.length === 1) return first.text;
  let all = '';
  for (const child of parent.children) {
    if (child.kind === 'text') all += child.text;
    else if (child.kind === 'opaque') all += utf8.decode(child.bytes);
  }
  return all;
}
