/** One document in the many ways that XML has to write it (XML 1.0 §2 to §4): whoever reads them must find the same. */
import fc from 'fast-check';
import type { MarkupAttribute, MarkupElement } from '../../../src-core/encoding/markup.ts';

export interface Spelling {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-8859-1';
  readonly mark: boolean;
  readonly declaration: boolean;
  /** Namespaces by prefix, or by a default declared where it changes. */
  readonly prefixes: boolean;
  readonly quote: '"' | "'";
  /** White space in tags. */
  readonly space: '' | ' ' | '\n\t ';
  readonly emptyAsPair: boolean;
  /** Every so many characters one is a reference; 0: only those that must be. */
  readonly references: number;
  /** Data in CDATA sections where it can be. */
  readonly cdata: boolean;
  /** Comments and instructions between the elements. */
  readonly comments: boolean;
}

export const spellings: fc.Arbitrary<Spelling> = fc.record({
  encoding: fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'iso-8859-1'),
  mark: fc.boolean(),
  declaration: fc.boolean(),
  prefixes: fc.boolean(),
  quote: fc.constantFrom('"', "'"),
  space: fc.constantFrom('', ' ', '\n\t '),
  emptyAsPair: fc.boolean(),
  references: fc.constantFrom(0, 1, 2, 5),
  cdata: fc.boolean(),
  comments: fc.boolean(),
});

export interface Spelt {
  readonly root: MarkupElement;
  readonly spelling: Spelling;
}

/** With a document type declaration that has the public identifier. */
export function spell({ root, spelling }: Spelt, publicId: string): Uint8Array {
  return encode(new Speller(spelling).document(root, publicId), spelling);
}

/** Whether a text stands in a CDATA section, which has no references: all of it must be storable as it is. */
export function isCdata(parent: MarkupElement, value: string, spelling: Spelling): boolean {
  if (!spelling.cdata || parent.name !== 'Data') return false;
  return !(spelling.encoding === 'iso-8859-1' ? /\]\]>|\r|[^\0-\xff]/ : /\]\]>|\r/).test(value);
}

function encode(text: string, { encoding, mark }: Spelling): Uint8Array {
  if (encoding === 'iso-8859-1') return Uint8Array.from(Buffer.from(text, 'latin1'));
  if (encoding === 'utf-8') return Uint8Array.from(Buffer.from(mark ? `\ufeff${text}` : text, 'utf8'));
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return Uint8Array.from(encoding === 'utf-16le' ? bytes : bytes.swap16());
}

/** Up to so many characters of a text: xml2wbxml takes quadratic time to join the pieces that references make. */
const MOST_REFERENCES = 2000;

class Speller {
  readonly #spelling: Spelling;
  #count = 0;

  constructor(spelling: Spelling) {
    this.#spelling = spelling;
  }

  document(root: MarkupElement, publicId: string): string {
    const { declaration, encoding, quote } = this.#spelling;
    const name = encoding.replace(/[lb]e$/, '').toUpperCase();
    // Without a declaration it is UTF-8, or UTF-16 by its mark.
    const declared = declaration || encoding === 'iso-8859-1';
    const head = declared ? `<?xml version=${quote}1.0${quote} encoding=${quote}${name}${quote}?>` : '';
    const prefix = this.#prefixOf(root.namespace);
    const type = `<!DOCTYPE ${prefix}${root.name} PUBLIC "${publicId}" "http://example.invalid/">`;
    return head + type + this.#comment() + this.#element(root, '') + this.#comment();
  }

  #element(node: MarkupElement, outer: string): string {
    const { space, emptyAsPair } = this.#spelling;
    const prefix = this.#prefixOf(node.namespace);
    const name = prefix + node.name;
    const declared =
      node.namespace === outer ? '' : this.#attribute(`xmlns${prefix && ':'}${prefix.slice(0, -1)}`, node.namespace);
    const attributes = (node.attributes ?? []).map(({ name, value }: MarkupAttribute) => this.#attribute(name, value));
    const tag = `<${name}${declared}${attributes.join('')}`;
    if (node.children.length === 0) return emptyAsPair ? `${tag}${space}></${name}${space}>` : `${tag}${space}/>`;
    const content = node.children.map(child => {
      if (child.kind === 'element') return this.#comment() + this.#element(child, node.namespace);
      if (child.kind === 'text') return this.#text(child.text, node);
      throw new Error('opaque data has no spelling in XML');
    });
    return `${tag}${space}>${content.join('')}</${name}${space}>`;
  }

  /** Documents inside stand in a default namespace of their own: libwbxml closes them by their name without a prefix. */
  #prefixOf(namespace: string): string {
    if (!this.#spelling.prefixes || !/^SYNCML:/i.test(namespace) || /devinf|dmddf/.test(namespace)) return '';
    return /metinf/.test(namespace) ? 'm:' : 's:';
  }

  #attribute(name: string, value: string): string {
    const { space, quote } = this.#spelling;
    const written = this.#references(value).replace(/[\t\n]/g, char => `&#${char.charCodeAt(0)};`);
    return `${space || ' '}${name}${space}=${space}${quote}${written}${quote}`;
  }

  #text(value: string, parent: MarkupElement): string {
    if (isCdata(parent, value, this.#spelling)) return `<![CDATA[${value}]]>`;
    return this.#references(value);
  }

  #references(value: string): string {
    const { references, encoding } = this.#spelling;
    let written = '';
    for (const char of value) {
      const code = char.codePointAt(0) ?? 0;
      const chosen = references > 0 && written.length < MOST_REFERENCES && this.#count++ % references === 0;
      if (chosen || (encoding === 'iso-8859-1' && code > 0xff))
        written += this.#count % 2 ? `&#${code};` : `&#x${code.toString(16)};`;
      else written += escaped(char);
    }
    return written;
  }

  #comment(): string {
    if (!this.#spelling.comments) return '';
    return this.#count++ % 2 ? '<!-- & <a> -->' : '<?x <a>?>';
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

function escaped(value: string): string {
  return value.replace(/[&<>"'\r]/g, char => ESCAPES[char] ?? char);
}
