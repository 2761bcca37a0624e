/** WBXML 1.0 to 1.3 reader (WAP-192-WBXML-20010725 §5): bytes to a markup document with the byte range of every node. */
import { EncodingError } from '../../base/errors.ts';
import {
  DEFAULT_LIMITS,
  type MarkupAttribute,
  type MarkupElement,
  type MarkupLimits,
  type MarkupNode,
  type MarkupText,
} from '../markup.ts';
import { AttributeReader } from './attributes.ts';
import type { CodePage, DocumentType } from './code-pages.ts';
import { DOCUMENT_TYPES } from './document-types.ts';
import { type Header, readHeader } from './header.ts';
import { literalName } from './literal.ts';
import { hexByte, Source } from './source.ts';
import type { Strings, TextBudget } from './strings.ts';
import { extensionName, Token } from './tokens.ts';

export interface WbxmlReadOptions {
  readonly limits?: MarkupLimits;
  readonly types?: readonly DocumentType[];
  /** The type of a document that does not say its own (public identifier 1), where the transport does. */
  readonly assumed?: DocumentType;
  /** Whether opaque data is looked into for documents; it is where nothing is said. */
  readonly embedded?: boolean;
}

export interface WbxmlDocument {
  readonly type: DocumentType;
  /** Version as written: `1.2`. */
  readonly version: string;
  /** Name of the character set. */
  readonly charset: string;
  readonly root: MarkupElement;
}

interface Options {
  readonly limits: MarkupLimits;
  readonly types: readonly DocumentType[];
  readonly assumed: DocumentType | undefined;
  readonly embedded: boolean;
}

/** What one document and those embedded in it have left. */
interface Budget extends TextBudget {
  nodes: number;
  /** Opaque data that may still look like a document and be none. */
  broken: number;
}

/** More of them are no accident: looking into each would take its time. */
const MAX_BROKEN = 100;

/** @throws EncodingError with the byte offset and what was expected there. */
export function readWbxml(bytes: Uint8Array, options: WbxmlReadOptions = {}): WbxmlDocument {
  const { limits = DEFAULT_LIMITS, types = DOCUMENT_TYPES, assumed, embedded = true } = options;
  const source = new Source(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  if (bytes.length > limits.size) source.fail('too-large', `document of ${bytes.length} bytes is over ${limits.size}`);
  const budget = { nodes: limits.nodes, characters: limits.text, broken: MAX_BROKEN };
  return readDocument(source, { limits, types, assumed, embedded }, budget);
}

function readDocument(source: Source, options: Options, budget: Budget): WbxmlDocument {
  const header = readHeader(source, options.types, options.assumed, budget);
  const root = new BodyReader(source, header, options, budget).read();
  if (source.at < source.end) source.fail('trailing-bytes', 'expected the end of the document after its root element');
  return { type: header.type, version: header.version, charset: header.charset.name, root };
}

/** An element whose end is still to come. */
interface OpenElement {
  readonly kind: 'element';
  readonly name: string;
  readonly namespace: string;
  readonly attributes?: readonly MarkupAttribute[];
  readonly children: MarkupNode[];
  readonly range: { readonly start: number; end: number };
}

class BodyReader {
  readonly #source: Source;
  readonly #type: DocumentType;
  readonly #strings: Strings;
  readonly #options: Options;
  readonly #budget: Budget;
  #attributes: AttributeReader | undefined;
  #page: CodePage | undefined;
  /** Elements that are open, from the root inwards. */
  readonly #open: OpenElement[] = [];
  /** The last of them. */
  #parent: OpenElement | undefined;

  constructor(source: Source, { type, strings }: Header, options: Options, budget: Budget) {
    this.#source = source;
    this.#type = type;
    this.#strings = strings;
    this.#options = options;
    this.#budget = budget;
    this.#page = type.pages.get(0);
  }

  read(): MarkupElement {
    let root: MarkupElement | undefined;
    while (!root) root = this.#next();
    const source = this.#source;
    while (source.at < source.end && source.bytes[source.at] === Token.PI) {
      source.at++;
      this.#attributeReader.skipInstruction();
    }
    return root;
  }

  /** Takes one token with what belongs to it; the root element once that is complete. */
  #next(): MarkupElement | undefined {
    const source = this.#source;
    const start = source.at;
    if (start >= source.end) this.#endsTooSoon();
    source.at = start + 1;
    const token = source.bytes[start] as number;
    switch (token) {
      case Token.SWITCH_PAGE:
        this.#switchPage();
        return undefined;
      case Token.END:
        return this.#close(start);
      case Token.STR_I:
        this.#text(this.#strings.inline(start), start);
        return undefined;
      case Token.STR_T:
        this.#text(this.#strings.ofTable(start, 'a string table index'), start);
        return undefined;
      case Token.ENTITY:
        this.#text(this.#strings.entity(start), start);
        return undefined;
      case Token.OPAQUE:
        this.#opaque(start);
        return undefined;
      case Token.PI:
        this.#attributeReader.skipInstruction();
        return undefined;
      default:
        return this.#element(token, start);
    }
  }

  #element(token: number, start: number): MarkupElement | undefined {
    const source = this.#source;
    const name = this.#nameOf(token, start);
    this.#count(start);
    const depth = this.#options.limits.depth;
    if (this.#open.length >= depth) source.fail('too-deep', `more than ${depth} elements inside each other`, start);
    const namespace = this.#page?.namespace ?? '';
    const attributes = token & Token.WITH_ATTRIBUTES ? this.#readAttributes() : undefined;
    const children = token & Token.WITH_CONTENT ? this.#firstText() : [];
    const range = { start, end: source.at };
    const opened: OpenElement = attributes
      ? { kind: 'element', name, namespace, attributes, children, range }
      : { kind: 'element', name, namespace, children, range };
    this.#parent?.children.push(opened);
    if (token & Token.WITH_CONTENT) {
      this.#open.push(opened);
      this.#parent = opened;
      return undefined;
    }
    return this.#parent ? undefined : opened;
  }

  /** Most elements hold one string: their list of children is made for it. */
  #firstText(): MarkupNode[] {
    const source = this.#source;
    const start = source.at;
    if (source.bytes[start] !== Token.STR_I || start >= source.end) return [];
    this.#count(start);
    source.at = start + 1;
    const text = this.#strings.inline(start);
    return [{ kind: 'text', text, range: { start, end: source.at } }];
  }

  #nameOf(token: number, start: number): string {
    const name = this.#page?.tags[token & 0x3f];
    return name === undefined ? this.#rareName(token, start) : name;
  }

  #rareName(token: number, start: number): string {
    const source = this.#source;
    if ((token & 0x3f) === Token.LITERAL) return literalName(source, this.#strings, start);
    const extension = extensionName(token);
    if (extension) source.fail('unsupported-token', `${extension} has no meaning in ${this.#type.name}`, start);
    const expected = `expected a tag of ${this.#page?.namespace || this.#type.name}, found token ${hexByte(token)}`;
    return source.fail('unknown-token', expected, start);
  }

  #readAttributes(): MarkupAttribute[] | undefined {
    const attributes = this.#attributeReader.read();
    this.#budget.nodes -= attributes.length;
    return attributes.length > 0 ? attributes : undefined;
  }

  #close(start: number): MarkupElement | undefined {
    const closed = this.#open.pop();
    if (!closed) this.#source.fail('unexpected-end-token', 'expected the root element, found END', start);
    closed.range.end = this.#source.at;
    this.#parent = this.#open[this.#open.length - 1];
    return this.#parent ? undefined : closed;
  }

  /** Neighbouring texts are one text to XML; the range covers all of them. */
  #text(text: string, start: number): void {
    const { children } = this.#parentOfText(start);
    this.#count(start);
    const end = this.#source.at;
    const last = children[children.length - 1];
    if (last?.kind === 'text') children[children.length - 1] = joined(last, text, end);
    else children.push({ kind: 'text', text, range: { start, end } });
  }

  #opaque(start: number): void {
    const parent = this.#parentOfText(start);
    this.#count(start);
    const source = this.#source;
    const from = source.skip(source.uint('the length of opaque data'), 'opaque data');
    const bytes = new Uint8Array(source.bytes.buffer, source.bytes.byteOffset + from, source.at - from);
    const range = { start, end: source.at };
    const document = this.#options.embedded ? this.#documentIn(parent, from) : undefined;
    parent.children.push(document ? { kind: 'opaque', bytes, document, range } : { kind: 'opaque', bytes, range });
  }

  /** The document that opaque data is, undefined where it is none or a broken one. */
  #documentIn(parent: OpenElement, from: number): MarkupElement | undefined {
    const { embedded } = this.#type;
    const { at: end, bytes } = this.#source;
    if (!embedded?.in.includes(parent.name) || from === end || (bytes[from] as number) > 3) return undefined;
    if (this.#budget.broken <= 0) return undefined;
    try {
      const options = { ...this.#options, types: embedded.types, assumed: embedded.types[0] };
      return readDocument(new Source(bytes, from, end), options, this.#budget).root;
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
      this.#budget.broken--;
      return undefined;
    }
  }

  #parentOfText(start: number): OpenElement {
    return this.#parent ?? this.#source.fail('text-at-root', 'expected the root element, found text', start);
  }

  get #attributeReader(): AttributeReader {
    const limit = this.#options.limits.attributes;
    this.#attributes ??= new AttributeReader(this.#source, this.#type, this.#strings, limit);
    return this.#attributes;
  }

  #switchPage(): void {
    const source = this.#source;
    const number = source.byte('a code page');
    const page = this.#type.pages.get(number);
    if (!page) source.fail('code-page', `expected a code page of ${this.#type.name}, found ${number}`, source.at - 1);
    this.#page = page;
  }

  #count(offset: number): void {
    if (--this.#budget.nodes < 0)
      this.#source.fail('too-many', `more than ${this.#options.limits.nodes} elements and texts`, offset);
  }

  #endsTooSoon(): never {
    const expected = this.#parent ? `content or the end of ${this.#parent.name}` : 'the root element';
    return this.#source.fail('unexpected-end', `expected ${expected}, found the end of the document`);
  }
}

function joined(first: MarkupText, more: string, end: number): MarkupText {
  return { kind: 'text', text: first.text + more, range: { start: first.range?.start ?? end, end } };
}
