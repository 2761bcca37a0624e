/** Attributes and processing instructions of a WBXML body (WAP-192-WBXML-20010725 §5.8.3, §5.8.4.8). */
import type { MarkupAttribute } from '../markup.ts';
import type { AttributePage, AttributeStart, DocumentType } from './code-pages.ts';
import { literalName } from './literal.ts';
import { hexByte, type Source } from './source.ts';
import type { Strings } from './strings.ts';
import { extensionName, Token } from './tokens.ts';

/** Keeps the code page of the attribute code space, which is its own. */
export class AttributeReader {
  readonly #source: Source;
  readonly #type: DocumentType;
  readonly #strings: Strings;
  readonly #limit: number;
  #page: AttributePage | undefined;

  constructor(source: Source, type: DocumentType, strings: Strings, limit: number) {
    this.#source = source;
    this.#type = type;
    this.#strings = strings;
    this.#limit = limit;
    this.#page = type.attributePages?.get(0);
  }

  /** All attributes of an element, after its tag, with the END behind them; namespace declarations are passed over. */
  read(): MarkupAttribute[] {
    const out: MarkupAttribute[] = [];
    for (;;) {
      const at = this.#source.at;
      const attribute = this.#attribute('an attribute or the end of the attributes');
      if (!attribute) return out;
      if (out.length >= this.#limit) this.#source.fail('too-many', `more than ${this.#limit} attributes`, at);
      if (out.some(({ name }) => name === attribute.name))
        this.#source.fail('duplicate-attribute', `expected ${attribute.name} once`, at);
      if (!/^xmlns(:|$)/.test(attribute.name)) out.push(attribute);
    }
  }

  /** Passes over a processing instruction, after its token: nothing here has a use for one. */
  skipInstruction(): void {
    const source = this.#source;
    const named = this.#attribute('the name of a processing instruction');
    if (named && source.byte('the end of a processing instruction') === Token.END) return;
    source.fail('instruction', 'expected a processing instruction with one name', source.at - 1);
  }

  /** Undefined at the END. */
  #attribute(what: string): MarkupAttribute | undefined {
    const source = this.#source;
    for (;;) {
      const at = source.at;
      const token = source.byte(what);
      if (token === Token.END) return undefined;
      if (token === Token.SWITCH_PAGE) this.#switchPage();
      else {
        const { name, value } = this.#start(token, at);
        return { name, value: value + this.#value() };
      }
    }
  }

  #start(token: number, at: number): AttributeStart {
    if (token === Token.LITERAL) return { name: literalName(this.#source, this.#strings, at), value: '' };
    const start = token < Token.ATTRIBUTE_VALUE ? this.#page?.starts[token] : undefined;
    const expected = `expected an attribute of ${this.#type.name}, found token ${hexByte(token)}`;
    return start ?? this.#source.fail('unknown-token', expected, at);
  }

  /** All parts of a value; what begins the next attribute or ends them stays. */
  #value(): string {
    const source = this.#source;
    let value = '';
    for (;;) {
      const at = source.at;
      const token = source.byte('an attribute value or the end of the attributes');
      if (token === Token.SWITCH_PAGE) {
        this.#switchPage();
        continue;
      }
      source.at = at;
      const part = this.#strings.value(token) ?? this.#valueToken(token, at);
      if (part === undefined) return value;
      value += part;
    }
  }

  /** Undefined for a token that is no part of a value. */
  #valueToken(token: number, at: number): string | undefined {
    const source = this.#source;
    const extension = extensionName(token);
    if (extension) source.fail('unsupported-token', `${extension} has no meaning in ${this.#type.name}`, at);
    if (token < Token.ATTRIBUTE_VALUE) return undefined;
    source.at++;
    const expected = `expected an attribute value of ${this.#type.name}, found token ${hexByte(token)}`;
    return this.#page?.values[token] ?? source.fail('unknown-token', expected, at);
  }

  #switchPage(): void {
    const source = this.#source;
    const number = source.byte('a code page');
    const expected = `expected a code page of attributes of ${this.#type.name}, found ${number}`;
    this.#page = this.#type.attributePages?.get(number) ?? source.fail('code-page', expected, source.at - 1);
  }
}
