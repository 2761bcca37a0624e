/** WBXML 1.1 to 1.3 reader (WAP-192-WBXML-20010725 §5): bytes to a markup document with the byte range of every node. */

import { toHex } from '../../base/bytes.ts';
import { EncodingError } from '../../base/errors.ts';
import type { MarkupElement, MarkupNode } from '../markup.ts';
import { type CodePage, DOCUMENT_TYPES, type DocumentType } from './code-pages.ts';
import { Token } from './tokens.ts';

export interface WbxmlLimits {
  /** Bytes of the whole document. */
  readonly size: number;
  /** Elements inside elements. */
  readonly depth: number;
  /** Elements and texts together. */
  readonly nodes: number;
}

export const DEFAULT_LIMITS: WbxmlLimits = { size: 16 * 1024 * 1024, depth: 64, nodes: 1_000_000 };

export interface WbxmlDocument {
  readonly type: DocumentType;
  /** Version as written: `1.2`. */
  readonly version: string;
  readonly root: MarkupElement;
}

/** @throws EncodingError with the byte offset and what was expected there. */
export function readWbxml(bytes: Uint8Array, limits: WbxmlLimits = DEFAULT_LIMITS): WbxmlDocument {
  return new Reader(bytes, limits).document();
}

/** IANA MIBenum numbers of the character sets read here, as WHATWG labels. */
const CHARSETS: ReadonlyMap<number, string> = new Map([
  [0, 'utf-8'],
  [3, 'us-ascii'],
  [4, 'iso-8859-1'],
  [106, 'utf-8'],
]);

interface OpenElement {
  readonly name: string;
  readonly namespace: string;
  readonly start: number;
  readonly children: MarkupNode[];
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #limits: WbxmlLimits;
  #at = 0;
  #nodes = 0;
  #strings: Uint8Array = new Uint8Array();
  #stringsAt = 0;
  #decoder = decoderOf('utf-8');

  constructor(bytes: Uint8Array, limits: WbxmlLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  document(): WbxmlDocument {
    if (this.#bytes.length > this.#limits.size) {
      throw new EncodingError(
        'too-large',
        `WBXML document of ${this.#bytes.length} bytes is over ${this.#limits.size}`,
        0,
      );
    }
    const version = this.#version();
    const { type, finish } = this.#publicId();
    this.#charset();
    this.#stringTable();
    const documentType = type ?? finish();
    const root = this.#body(documentType);
    if (this.#at < this.#bytes.length)
      this.#fail('trailing-bytes', 'expected the end of the document after its root element');
    return { type: documentType, version, root };
  }

  #version(): string {
    const start = this.#at;
    const byte = this.#byte('the WBXML version');
    if (byte === 0 || byte > 3)
      this.#fail('version', `expected WBXML version 1.1 to 1.3 (01 to 03), found ${hex(byte)}`, start);
    return `1.${byte}`;
  }

  /** A public identifier is a number, or (0) an index into the string table, which comes later. */
  #publicId(): { type?: DocumentType; finish: () => DocumentType } {
    const start = this.#at;
    const number = this.#uint('the public identifier');
    const unknown = (what: string): never =>
      this.#fail('document-type', `expected a known public identifier, found ${what}`, start);
    if (number !== 0) {
      const type = DOCUMENT_TYPES.find(candidate => candidate.publicIdNumber === number);
      return type ? { type, finish: () => type } : unknown(`0x${number.toString(16)}`);
    }
    const index = this.#uint('the public identifier in the string table');
    return {
      finish: () => {
        const publicId = this.#tableString(index, start);
        return DOCUMENT_TYPES.find(candidate => candidate.publicId === publicId) ?? unknown(JSON.stringify(publicId));
      },
    };
  }

  #charset(): void {
    const start = this.#at;
    const number = this.#uint('the character set');
    const label = CHARSETS.get(number);
    if (!label) this.#fail('charset', `expected UTF-8 (106), US-ASCII (3) or ISO-8859-1 (4), found ${number}`, start);
    this.#decoder = decoderOf(label);
  }

  #stringTable(): void {
    const length = this.#uint('the length of the string table');
    this.#stringsAt = this.#at;
    this.#strings = this.#take(length, 'the string table');
  }

  #body(type: DocumentType): MarkupElement {
    let page = this.#page(type, type.pages.keys().next().value ?? 0);
    // A document starts in code page 00; a type without one starts in its own.
    if (type.pages.has(0)) page = this.#page(type, 0);
    const open: OpenElement[] = [];
    for (;;) {
      const start = this.#at;
      const token = this.#byte(open.length === 0 ? 'the root element' : `content or the end of ${open.at(-1)?.name}`);
      const parent = open.at(-1);
      if (token === Token.SWITCH_PAGE) {
        page = this.#page(type, this.#byte('a code page'));
        continue;
      }
      if (token === Token.END) {
        const done = open.pop();
        if (!done) this.#fail('unexpected-end-token', 'expected the root element, found END', start);
        const closed = this.#close(done);
        const outer = open.at(-1);
        if (!outer) return closed;
        outer.children.push(closed);
        continue;
      }
      const content = this.#content(token, start);
      if (content) {
        if (!parent) this.#fail('text-at-root', 'expected the root element, found text', start);
        append(parent.children, content);
        continue;
      }
      const opened = this.#open(token, page, start);
      if (token & Token.WITH_ATTRIBUTES)
        this.#fail('attributes', 'expected no attributes in this document type', start);
      if (token & Token.WITH_CONTENT) {
        if (open.length >= this.#limits.depth)
          this.#fail('too-deep', `more than ${this.#limits.depth} elements inside each other`, start);
        open.push(opened);
        continue;
      }
      const empty = this.#close(opened);
      if (!parent) return empty;
      parent.children.push(empty);
    }
  }

  #open(token: number, page: CodePage, start: number): OpenElement {
    this.#count(start);
    const id = token & 0x3f;
    const name = id === Token.LITERAL ? this.#tableString(this.#uint('a literal tag'), start) : page.tags.get(id);
    if (name === undefined) {
      this.#fail('unknown-token', `expected a tag of ${page.namespace}, found token ${hex(token)}`, start);
    }
    return { name, namespace: page.namespace, start, children: [] };
  }

  #close(opened: OpenElement): MarkupElement {
    const { name, namespace, start, children } = opened;
    return { kind: 'element', name, namespace, children, range: { start, end: this.#at } };
  }

  /** Text or opaque content, or undefined where the token is a tag. */
  #content(token: number, start: number): MarkupNode | undefined {
    switch (token) {
      case Token.STR_I:
        return this.#text(this.#decode(this.#inlineString(), start), start);
      case Token.STR_T:
        return this.#text(this.#tableString(this.#uint('a string table index'), start), start);
      case Token.ENTITY: {
        const code = this.#uint('a character entity');
        if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
          this.#fail('entity', `expected a Unicode character, found ${code}`, start);
        return this.#text(String.fromCodePoint(code), start);
      }
      case Token.OPAQUE: {
        this.#count(start);
        const bytes = this.#take(this.#uint('the length of opaque data'), 'opaque data');
        return { kind: 'opaque', bytes: Uint8Array.from(bytes), range: { start, end: this.#at } };
      }
      case Token.EXT_I_0:
      case Token.EXT_I_1:
      case Token.EXT_I_2:
      case Token.EXT_T_0:
      case Token.EXT_T_1:
      case Token.EXT_T_2:
      case Token.EXT_0:
      case Token.EXT_1:
      case Token.EXT_2:
      case Token.PI:
        return this.#fail('unsupported-token', `token ${hex(token)} has no meaning in this document type`, start);
      default:
        return undefined;
    }
  }

  #text(value: string, start: number): MarkupNode {
    this.#count(start);
    return { kind: 'text', text: value, range: { start, end: this.#at } };
  }

  #page(type: DocumentType, number: number): CodePage {
    const page = type.pages.get(number);
    if (!page) this.#fail('code-page', `expected a code page of ${type.name}, found ${number}`, this.#at - 1);
    return page;
  }

  #inlineString(): Uint8Array {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) this.#fail('unterminated-string', 'expected a string that ends with 00', this.#bytes.length);
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    return bytes;
  }

  #tableString(index: number, usedAt: number): string {
    if (index >= this.#strings.length) {
      this.#fail('string-table', `expected an index below ${this.#strings.length}, found ${index}`, usedAt);
    }
    const end = this.#strings.indexOf(0, index);
    return this.#decode(this.#strings.subarray(index, end < 0 ? undefined : end), this.#stringsAt + index);
  }

  #decode(bytes: Uint8Array, offset: number): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return this.#fail(
        'charset',
        `expected text in ${this.#decoder.encoding}, found ${toHex(bytes.subarray(0, 16))}`,
        offset,
      );
    }
  }

  #count(offset: number): void {
    if (++this.#nodes > this.#limits.nodes)
      this.#fail('too-many', `more than ${this.#limits.nodes} elements and texts`, offset);
  }

  #byte(what: string): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) this.#fail('unexpected-end', `expected ${what}, found the end of the document`);
    this.#at++;
    return byte;
  }

  /** mb_u_int32: seven bits a byte, at most five bytes. */
  #uint(what: string): number {
    const start = this.#at;
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = this.#byte(what);
      value = value * 128 + (byte & 0x7f);
      if ((byte & 0x80) === 0) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    return this.#fail('mb-u-int32', `expected ${what} as a number of at most 32 bits`, start);
  }

  #take(length: number, what: string): Uint8Array {
    if (length > this.#bytes.length - this.#at) {
      this.#fail(
        'unexpected-end',
        `expected ${length} bytes of ${what}, found ${this.#bytes.length - this.#at}`,
        this.#bytes.length,
      );
    }
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  #fail(code: string, message: string, offset = this.#at): never {
    throw new EncodingError(code, `WBXML: ${message}`, offset);
  }
}

/** A byte order mark inside a document is a character like any other. */
function decoderOf(label: string): InstanceType<typeof TextDecoder> {
  return new TextDecoder(label, { fatal: true, ignoreBOM: true });
}

/** Neighbouring texts are one text to XML; the range covers all of them. */
function append(children: MarkupNode[], node: MarkupNode): void {
  const last = children.at(-1);
  if (node.kind === 'text' && last?.kind === 'text') {
    const range = last.range && node.range ? { start: last.range.start, end: node.range.end } : undefined;
    children[children.length - 1] = { kind: 'text', text: last.text + node.text, ...(range && { range }) };
    return;
  }
  children.push(node);
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
