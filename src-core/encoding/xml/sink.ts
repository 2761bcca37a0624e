/** Writes an XML document piece by piece. The namespace is declared wherever it changes, as SyncML documents do. */
import { EncodingError } from '../../base/errors.ts';
import type { MarkupAttribute, MarkupSink } from '../markup.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class XmlSink implements MarkupSink {
  #out = '';
  /** Namespaces of the open elements, in front of them the one that holds around the document. */
  readonly #namespaces: string[];
  /** The last tag has got no content yet, and no `>`. */
  #childless = false;

  constructor(namespace = '') {
    this.#namespaces = [namespace];
  }

  open(namespace: string, name: string, attributes: readonly MarkupAttribute[] = []): void {
    this.#content();
    this.#out += `<${name}`;
    if (namespace !== this.#namespaces.at(-1)) this.#attribute('xmlns', namespace);
    for (const attribute of attributes) this.#attribute(attribute.name, attribute.value);
    this.#namespaces.push(namespace);
    this.#childless = true;
  }

  text(value: string): void {
    if (value === '') return;
    this.#content();
    this.#out += escapeXml(value);
  }

  /** As UTF-8 text. @throws EncodingError where the bytes are none: by then they must be base64 */
  opaque(bytes: Uint8Array): void {
    try {
      this.text(strict.decode(bytes));
    } catch (cause) {
      throw new EncodingError('binary-in-xml', 'XML: these bytes are no text, write them as base64', 0, { cause });
    }
  }

  close(name: string): void {
    this.#out += this.#childless ? '/>' : `</${name}>`;
    this.#childless = false;
    this.#namespaces.pop();
  }

  /** Mark-up as it stands, between elements. */
  raw(markup: string): void {
    this.#content();
    this.#out += markup;
  }

  finish(): string {
    return this.#out;
  }

  #content(): void {
    if (this.#childless) this.#out += '>';
    this.#childless = false;
  }

  /** Line ends and tabs as references: as they stand they would be read as spaces. */
  #attribute(name: string, value: string): void {
    this.#out += ` ${name}="${escapeXml(value).replace(/[\t\n]/g, char => `&#${char.charCodeAt(0)};`)}"`;
  }
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** Characters that XML 1.0 cannot carry are replaced by U+FFFD: the text stays readable and well-formed. */
function escapeXml(value: string): string {
  return (
    value
      .replace(/[&<>"\r]/g, char => ESCAPES[char] ?? char)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
  );
}
