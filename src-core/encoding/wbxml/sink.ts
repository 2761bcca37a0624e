/** Writes the body of a WBXML document piece by piece (WAP-192-WBXML-20010725 §5.8), in UTF-8. */
import { EncodingError } from '../../base/errors.ts';
import type { MarkupAttribute, MarkupSink } from '../markup.ts';
import { AttributeWriter } from './attribute-writer.ts';
import type { CodePage, DocumentType } from './code-pages.ts';
import { Output } from './output.ts';
import { Token } from './tokens.ts';

/** Index in the string table of a text that shall be written as a reference; undefined: it is written in place. */
export type TableLookup = (text: string) => number | undefined;

const NOTHING = -1;

export class WbxmlSink implements MarkupSink {
  readonly out = new Output();
  readonly #type: DocumentType;
  readonly #lookup: TableLookup | undefined;
  #attributes: AttributeWriter | undefined;
  #page: CodePage | undefined;
  /** Where the tag is that has got no content yet. */
  #childless = NOTHING;

  constructor(type: DocumentType, lookup?: TableLookup) {
    this.#type = type;
    this.#lookup = lookup;
    // Documents begin in page 00, which may not be the one that is written.
    const [number, page] = firstPage(type);
    if (number === 0) this.#page = page;
  }

  /** Whether a tag of the first page can be written without switching to it. */
  get atFirstPage(): boolean {
    return this.#page === firstPage(this.#type)[1];
  }

  open(namespace: string, name: string, attributes?: readonly MarkupAttribute[]): void {
    this.#content();
    const token = this.#tokenOf(namespace, name);
    this.#childless = this.out.length;
    if (attributes === undefined || attributes.length === 0) this.out.byte(token);
    else {
      this.out.byte(token | Token.WITH_ATTRIBUTES);
      this.#attributes ??= new AttributeWriter(this.out, this.#type, value => this.#string(value));
      this.#attributes.write(attributes);
    }
  }

  text(value: string): void {
    if (value === '') return;
    this.#content();
    this.#string(value);
  }

  opaque(bytes: Uint8Array): void {
    this.#content();
    this.out.opaque(bytes);
  }

  close(_name: string): void {
    if (this.#childless === NOTHING) this.out.byte(Token.END);
    this.#childless = NOTHING;
  }

  /** The open element gets content: its tag must say so. */
  #content(): void {
    if (this.#childless === NOTHING) return;
    this.out.setBits(this.#childless, Token.WITH_CONTENT);
    this.#childless = NOTHING;
  }

  #string(value: string): void {
    const index = this.#lookup?.(value);
    if (index === undefined) this.out.text(value);
    else {
      this.out.byte(Token.STR_T);
      this.out.uint(index);
    }
  }

  /** The token of a tag, after the switch to its page where that is another. */
  #tokenOf(namespace: string, name: string): number {
    const current = this.#page;
    if (current !== undefined && current.namespace === namespace) {
      const token = current.tokens.get(name);
      if (token !== undefined) return token;
    }
    for (const [number, page] of this.#type.pages) {
      const token = page.namespace === namespace ? page.tokens.get(name) : undefined;
      if (token === undefined) continue;
      this.out.byte(Token.SWITCH_PAGE);
      this.out.byte(number);
      this.#page = page;
      return token;
    }
    const found = `${name} of ${namespace || 'no namespace'} has no token in ${this.#type.name}`;
    throw new EncodingError('unknown-element', `WBXML: ${found}`, this.out.length, {
      advice: 'Write it as XML, or take a document type that knows the element',
    });
  }
}

function firstPage(type: DocumentType): readonly [number, CodePage] | readonly [] {
  return type.pages.entries().next().value ?? [];
}
