/** XML reader on fast-xml-parser: text to a markup document. No external entities, no entity definitions, any prefixes. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { EncodingError } from '../../base/errors.ts';
import type { MarkupElement, MarkupNode } from '../markup.ts';

const TEXT = '#text';
const CDATA = '#cdata';
const ATTRIBUTES = ':@';

/** What fast-xml-parser yields with `preserveOrder`: one key names the element, `:@` holds its attributes. */
type Parsed = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: TEXT,
  cdataPropName: CDATA,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: true,
});

/** @throws EncodingError with the character offset where the text is not well-formed. */
export function readXml(text: string): MarkupElement {
  const definition = text.search(/<!ENTITY/i);
  if (definition >= 0) {
    throw new EncodingError('entity-definition', 'XML: entity definitions are not accepted', definition);
  }
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) {
    const { msg, line, col } = verdict.err;
    throw new EncodingError('not-well-formed', `XML: ${msg}`, offsetOf(text, line, col));
  }
  const roots = convert(parser.parse(text) as Parsed[], new Map()).filter(node => node.kind === 'element');
  const [root] = roots;
  if (!root || roots.length > 1) throw new EncodingError('root', 'XML: expected one root element', 0);
  return root;
}

/** Prefix to namespace URI; the empty prefix is the default namespace. */
type Scope = ReadonlyMap<string, string>;

function convert(nodes: readonly Parsed[], outer: Scope): MarkupNode[] {
  const out: MarkupNode[] = [];
  for (const node of nodes) {
    const key = Object.keys(node).find(name => name !== ATTRIBUTES);
    if (key === undefined) continue;
    if (key === TEXT) pushText(out, String(node[TEXT]));
    else if (key === CDATA) pushText(out, textOfCdata(node[CDATA] as Parsed[]));
    else out.push(convertElement(key, node, outer));
  }
  return out;
}

function convertElement(qualifiedName: string, node: Parsed, outer: Scope): MarkupElement {
  const scope = scopeOf((node[ATTRIBUTES] ?? {}) as Record<string, string>, outer);
  const colon = qualifiedName.indexOf(':');
  const namespace = scope.get(colon < 0 ? '' : qualifiedName.slice(0, colon)) ?? '';
  const children = convert(node[qualifiedName] as Parsed[], scope);
  return { kind: 'element', namespace, name: qualifiedName.slice(colon + 1), children };
}

function scopeOf(attributes: Record<string, string>, outer: Scope): Scope {
  const declared = Object.entries(attributes).filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
  return declared.length === 0
    ? outer
    : new Map([...outer, ...declared.map(([name, uri]): [string, string] => [name.slice(6), uri])]);
}

function textOfCdata(parts: readonly Parsed[]): string {
  return parts.map(part => String(part[TEXT] ?? '')).join('');
}

function pushText(out: MarkupNode[], text: string): void {
  const last = out.at(-1);
  if (last?.kind === 'text') out[out.length - 1] = { kind: 'text', text: last.text + text };
  else out.push({ kind: 'text', text });
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  return start + Math.max(column - 1, 0);
}
