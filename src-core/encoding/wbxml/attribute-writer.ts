/** Attributes of a WBXML element as the fewest tokens that give them (WAP-192-WBXML-20010725 §5.8.3). */
import { EncodingError } from '../../base/errors.ts';
import type { MarkupAttribute } from '../markup.ts';
import type { DocumentType } from './code-pages.ts';
import type { Output } from './output.ts';
import { Token } from './tokens.ts';

/** Tokens of one code page, and what they save against a string. */
interface Choice {
  readonly page: number;
  readonly tokens: readonly number[];
}

/** Keeps the code page of the attribute code space, which is its own. */
export class AttributeWriter {
  readonly #out: Output;
  readonly #type: DocumentType;
  readonly #string: (value: string) => void;
  #page = 0;

  constructor(out: Output, type: DocumentType, string: (value: string) => void) {
    this.#out = out;
    this.#type = type;
    this.#string = string;
  }

  write(attributes: readonly MarkupAttribute[]): void {
    for (const attribute of attributes) this.#attribute(attribute);
    this.#out.byte(Token.END);
  }

  #attribute({ name, value }: MarkupAttribute): void {
    const start = this.#startOf(name, value);
    if (!start) {
      throw new EncodingError(
        'unknown-attribute',
        `WBXML: attribute ${name} has no token in ${this.#type.name}`,
        this.#out.length,
      );
    }
    this.#tokens(start);
    const rest = value.slice(start.covered);
    if (rest === '') return;
    const choice = this.#valueOf(rest);
    if (choice) this.#tokens(choice);
    else this.#string(rest);
  }

  /** The start that covers most of the value, of the first page that has it. */
  #startOf(name: string, value: string): (Choice & { readonly covered: number }) | undefined {
    let best: (Choice & { readonly covered: number }) | undefined;
    for (const [page, { starts }] of this.#type.attributePages ?? []) {
      for (const [token, start] of starts.entries()) {
        if (start?.name !== name || !value.startsWith(start.value)) continue;
        const covered = start.value.length;
        if (!best || covered > best.covered) best = { page, tokens: [token], covered };
      }
    }
    return best;
  }

  /** Tokens that are the whole value, where they are shorter than the string. */
  #valueOf(value: string): Choice | undefined {
    let best: Choice | undefined;
    let size = Buffer.byteLength(value) + 2;
    for (const [page, { values }] of this.#type.attributePages ?? []) {
      const tokens = split(value, values);
      const cost = tokens.length + (page === this.#page ? 0 : 2);
      if (tokens.length > 0 && cost < size) {
        best = { page, tokens };
        size = cost;
      }
    }
    return best;
  }

  #tokens({ page, tokens }: Choice): void {
    if (page !== this.#page) {
      this.#out.byte(Token.SWITCH_PAGE);
      this.#out.byte(page);
      this.#page = page;
    }
    for (const token of tokens) this.#out.byte(token);
  }
}

/** Value tokens whose texts joined are the whole value, the longest first; none where there are no such. */
function split(value: string, values: readonly (string | undefined)[]): number[] {
  const tokens: number[] = [];
  for (let at = 0; at < value.length; ) {
    let token = -1;
    let length = 0;
    for (const [candidate, text] of values.entries()) {
      if (text !== undefined && text.length > length && value.startsWith(text, at)) {
        token = candidate;
        length = text.length;
      }
    }
    if (length === 0) return [];
    tokens.push(token);
    at += length;
  }
  return tokens;
}
