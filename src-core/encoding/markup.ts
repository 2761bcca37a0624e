/** A markup document as a value: what XML and WBXML both decode to and are written from. */

/** Half-open byte range [start, end) in the source document. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

export interface MarkupElement {
  readonly kind: 'element';
  /** Local name without prefix. */
  readonly name: string;
  /** Namespace URI as SyncML writes it (`SYNCML:SYNCML1.2`, `syncml:metinf`, `syncml:dmddf1.2`), or empty. */
  readonly namespace: string;
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
  readonly range?: SourceRange;
}

export type MarkupNode = MarkupElement | MarkupText | MarkupOpaque;

export function element(
  namespace: string,
  name: string,
  children: readonly (MarkupNode | undefined)[] = [],
): MarkupElement {
  return { kind: 'element', namespace, name, children: children.filter(child => child !== undefined) };
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

/** Text of an element: its text and opaque children (as UTF-8) joined; elements inside do not count. */
export function textOf(parent: MarkupElement): string {
  return parent.children
    .map(child =>
      child.kind === 'text'
        ? child.text
        : child.kind === 'opaque'
          ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(child.bytes)
          : '',
    )
    .join('');
}
