/** What fast-xml-parser yields as a markup document: names without prefixes, texts joined and decoded, ranges in bytes. */
import { XMLParser } from 'fast-xml-parser';
import { EncodingError } from '../../base/errors.ts';
import type { MarkupAttribute, MarkupElement, MarkupNode, SourceRange } from '../markup.ts';
import { decodeReferences } from './references.ts';
import { endOfTag } from './scan.ts';
import type { XmlSource } from './source.ts';

export const TEXT = '#text';
export const CDATA = '#cdata';
const ATTRIBUTES = ':@';
const PLACE = XMLParser.getMetaDataSymbol() as unknown as symbol;

/** Not a prefix or none, and a name (Namespaces in XML 1.0 §3): to the parser a colon is a letter like any other. */
const NO_QNAME = /^:|:(?:[\d.\-\u00b7\u203f\u2040]|[\u0300-\u036f])|:.*:|:$/;

/** A node as the parser gives it with `preserveOrder`: one key names the element, `:@` holds its attributes. */
export type Parsed = Readonly<Record<string | symbol, unknown>>;

/** Where an element is, as indexes of characters; texts have none. */
interface Place {
  readonly startIndex: number;
  readonly endIndex: number;
}

/** Prefix to namespace URI as an element declares them, and those around it; the empty prefix is the default namespace. */
interface Scope {
  readonly own: ReadonlyMap<string, string>;
  readonly outer?: Scope;
}

export class Converter {
  readonly #source: XmlSource;

  constructor(source: XmlSource) {
    this.#source = source;
  }

  roots(nodes: readonly Parsed[]): MarkupElement[] {
    const all = this.#nodes(nodes, 0, this.#source.text.length, { own: new Map() });
    return all.filter(node => node.kind === 'element');
  }

  /** The nodes between two characters: what lies between the elements, which know their places, is one text each. */
  #nodes(nodes: readonly Parsed[], start: number, end: number, scope: Scope): MarkupNode[] {
    const out: MarkupNode[] = [];
    let text = '';
    let at = start;
    const endText = (index: number) => {
      if (text !== '') out.push({ kind: 'text', text, range: this.#range(at, index) });
      text = '';
    };
    for (const node of nodes) {
      const place = node[PLACE] as Place | undefined;
      if (place) {
        endText(place.startIndex);
        out.push(this.#element(node, place, scope));
        at = place.endIndex;
      } else text += textOf(node);
    }
    endText(end);
    return out;
  }

  #element(node: Parsed, place: Place, outer: Scope): MarkupElement {
    const qualifiedName = Object.keys(node).find(key => key !== ATTRIBUTES) ?? '';
    const attributes = attributesOf(node);
    const scope = scopeOf(attributes, outer);
    const colon = qualifiedName.indexOf(':');
    // The parser ends a name also at white space that XML does not have.
    if (qualifiedName === '' || (colon >= 0 && NO_QNAME.test(qualifiedName))) this.#noName(qualifiedName, place);
    const { text } = this.#source;
    const start = endOfTag(text, place.startIndex);
    // An empty-element tag has no end tag to look for: the search would go back to somebody else's.
    const end = text[start - 2] === '/' ? start : text.lastIndexOf('</', place.endIndex - 1);
    const own = attributes.filter(({ name }) => !isDeclaration(name));
    return {
      kind: 'element',
      name: qualifiedName.slice(colon + 1),
      namespace: namespaceOf(colon < 0 ? '' : qualifiedName.slice(0, colon), scope),
      ...(own.length > 0 && { attributes: own }),
      children: this.#nodes(node[qualifiedName] as Parsed[], start, end, scope),
      range: this.#range(place.startIndex, place.endIndex),
    };
  }

  #noName(found: string, { startIndex }: Place): never {
    const message = `XML: expected a name with one prefix or none, found ${JSON.stringify(found)}`;
    throw new EncodingError('not-well-formed', message, this.#source.byteAt(startIndex));
  }

  #range(start: number, end: number): SourceRange {
    return { start: this.#source.byteAt(start), end: this.#source.byteAt(end) };
  }
}

/** White space in values becomes spaces, references what they stand for (XML 1.0 §3.3.3). */
function attributesOf(node: Parsed): MarkupAttribute[] {
  const values = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>);
  return values.map(([name, value]) => ({ name, value: decodeReferences(value.replace(/[\t\n\r]/g, ' ')) }));
}

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:');
}

function scopeOf(attributes: readonly MarkupAttribute[], outer: Scope): Scope {
  const declared = attributes.filter(({ name }) => isDeclaration(name));
  if (declared.length === 0) return outer;
  return { own: new Map(declared.map(({ name, value }): [string, string] => [name.slice(6), value])), outer };
}

/** Empty for a prefix that nothing declares. */
function namespaceOf(prefix: string, scope: Scope | undefined): string {
  return scope === undefined ? '' : (scope.own.get(prefix) ?? namespaceOf(prefix, scope.outer));
}

/** References are decoded here: the parser would leave numeric ones as they are. */
function textOf(node: Parsed): string {
  if (Object.hasOwn(node, TEXT)) return decodeReferences(String(node[TEXT]));
  const parts = (node[CDATA] ?? []) as readonly Parsed[];
  return parts.map(part => String(part[TEXT] ?? '')).join('');
}
