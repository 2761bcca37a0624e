/** WBXML 1.2 writer (WAP-192-WBXML-20010725 §5): a markup document to bytes, UTF-8, without a string table. */
import { EncodingError } from '../../base/errors.ts';
import type { MarkupElement, MarkupNode } from '../markup.ts';
import type { CodePage, DocumentType } from './code-pages.ts';
import { Token, UTF_8 } from './tokens.ts';

const WBXML_1_2 = 0x02;
const encoder = new TextEncoder();

/** @throws EncodingError where an element has no token in the document type; `offset` is the byte it would stand at. */
export function writeWbxml(root: MarkupElement, type: DocumentType): Uint8Array {
  const out = new Output();
  out.byte(WBXML_1_2);
  if (type.publicIdNumber !== undefined) {
    out.uint(type.publicIdNumber);
    out.uint(UTF_8);
    out.uint(0);
  } else {
    const publicId = encoder.encode(`${type.publicId}\0`);
    out.uint(0);
    out.uint(0);
    out.uint(UTF_8);
    out.uint(publicId.length);
    out.bytes(publicId);
  }
  new Writer(out, type).element(root);
  return out.finish();
}

class Writer {
  readonly #out: Output;
  readonly #pages: ReadonlyMap<string, readonly [number, CodePage]>;
  readonly #type: DocumentType;
  #page: number;

  constructor(out: Output, type: DocumentType) {
    this.#out = out;
    this.#type = type;
    this.#pages = new Map([...type.pages].reverse().map(([number, page]) => [page.namespace, [number, page]]));
    this.#page = 0;
  }

  element(node: MarkupElement): void {
    const [number, page] = this.#pages.get(node.namespace) ?? [];
    const token = page?.tokens.get(node.name);
    if (number === undefined || token === undefined) {
      throw new EncodingError(
        'unknown-element',
        `WBXML: ${node.name} of ${node.namespace || 'no namespace'} has no token in ${this.#type.name}`,
        this.#out.length,
      );
    }
    if (number !== this.#page) {
      this.#out.byte(Token.SWITCH_PAGE);
      this.#out.byte(number);
      this.#page = number;
    }
    const empty = node.children.length === 0;
    this.#out.byte(empty ? token : token | Token.WITH_CONTENT);
    for (const child of node.children) this.#node(child);
    if (!empty) this.#out.byte(Token.END);
  }

  #node(node: MarkupNode): void {
    if (node.kind === 'element') this.element(node);
    else if (node.kind === 'opaque') this.#opaque(node.bytes);
    else this.#text(encoder.encode(node.text));
  }

  #text(bytes: Uint8Array): void {
    // An inline string ends at its first 00; text that has one travels as opaque data.
    if (bytes.includes(0)) {
      this.#opaque(bytes);
      return;
    }
    this.#out.byte(Token.STR_I);
    this.#out.bytes(bytes);
    this.#out.byte(0);
  }

  #opaque(bytes: Uint8Array): void {
    this.#out.byte(Token.OPAQUE);
    this.#out.uint(bytes.length);
    this.#out.bytes(bytes);
  }
}

/** A buffer that grows by doubling. */
class Output {
  #buffer = new Uint8Array(1024);
  length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.length++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#buffer.set(values, this.length);
    this.length += values.length;
  }

  uint(value: number): void {
    const digits = [value % 128];
    for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
      digits.unshift((rest % 128) | 0x80);
    for (const digit of digits) this.byte(digit);
  }

  finish(): Uint8Array {
    return this.#buffer.slice(0, this.length);
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.length + more));
    grown.set(this.#buffer);
    this.#buffer = grown;
  }
}
