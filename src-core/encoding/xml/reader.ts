/**
 * XML reader on fast-xml-parser: text to a markup document. No external entities, no entity definitions, any prefixes.
 * References are decoded here: the parser would leave numeric ones as they are.
 */
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
  processEntities: false,
});

/** @throws EncodingError with the character offset where the text is not well-formed. */
export function readXml(text: string): MarkupElement {
  checkReferences(text);
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) {
    const { msg, line, col } = verdict.err;
    throw new EncodingError('not-well-formed', `XML: ${msg}`, offsetOf(text, line, col));
  }
  const roots = convert(parse(text), new Map()).filter(node => node.kind === 'element');
  const [root] = roots;
  if (!root || roots.length > 1) throw new EncodingError('root', 'XML: expected one root element', 0);
  return root;
}

/** The parser refuses what a validator lets pass: too deep, or names that are dangerous in JavaScript. */
function parse(text: string): Parsed[] {
  try {
    return parser.parse(text) as Parsed[];
  } catch (cause) {
    throw new EncodingError('not-accepted', `XML: ${(cause as Error).message}`, 0, { cause });
  }
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** What is no place for references (to its end, or all the rest: each character is read once), an entity definition, or a reference. */
const REFERENCES = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<!ENTITY|&(#?\w+);/gi;

function checkReferences(text: string): void {
  for (const { 0: found, 1: name, index } of text.matchAll(REFERENCES)) {
    if (/^<!ENTITY/i.test(found)) {
      throw new EncodingError('entity-definition', 'XML: entity definitions are not accepted', index);
    }
    if (name !== undefined && characterOf(name) === undefined) {
      throw new EncodingError('entity', `XML: ${found} stands for no character`, index);
    }
  }
}

/** The character that `amp`, `#13` or `#x1F600` stands for, undefined where XML 1.0 knows none. */
function characterOf(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,8})|([0-9]{1,10}))$/i.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isCharacter = code >= 0x20 ? code <= 0x10ffff : [0x09, 0x0a, 0x0d].includes(code);
  const excluded = (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
  return isCharacter && !excluded ? String.fromCodePoint(code) : undefined;
}

function decodeReferences(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => characterOf(name) ?? whole);
}

/** Prefix to namespace URI; the empty prefix is the default namespace. */
type Scope = ReadonlyMap<string, string>;

function convert(nodes: readonly Parsed[], outer: Scope): MarkupNode[] {
  const out: MarkupNode[] = [];
  for (const node of nodes) {
    const key = Object.keys(node).find(name => name !== ATTRIBUTES);
    if (key === undefined) continue;
    if (key === TEXT) pushText(out, decodeReferences(String(node[TEXT])));
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
    : new Map([...outer, ...declared.map(([name, uri]): [string, string] => [name.slice(6), decodeReferences(uri)])]);
}

function textOfCdata(parts: readonly Parsed[]): string {
  return parts.map(part => String(part[TEXT] ?? '')).join('');
}

function pushText(out: MarkupNode[], text: string): void {
  const last = out.at(-1);
  if (last?.kind === 'text') out[out.length - 1] = { kind: 'text', text: last.text + text };
  else out.push({ kind: 'text', text });
}

/** The validator gives no column for an empty document: that is its start. */
function offsetOf(text: string, line: number, column: number | undefined): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  return start + Math.max((column ?? 1) - 1, 0);
}
