/**
 * What an XML document must not have, found before the parser builds anything: definitions of its own, references that
 * stand for nothing, too many elements, too many inside each other. Each character is looked at once.
 */
import type { MarkupLimits } from '../markup.ts';
import { characterOf } from './references.ts';

/** Refuses the document at a character. */
export type Refuse = (code: string, message: string, index: number) => never;

/** Pieces that hold neither tags nor references, by how they begin and end. */
const OPAQUE_PIECES: readonly (readonly [begin: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/** The parser refuses these with an error of its own. */
const DANGEROUS = /^(?:__proto__|constructor|prototype)$/;

export function scanXml(text: string, limits: MarkupLimits, refuse: Refuse): void {
  const references = new References(text, refuse);
  let depth = 0;
  let elements = 0;
  let from = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', from)) {
    references.check(from, at);
    from = endOfOpaquePiece(text, at, refuse);
    if (from > at) continue;
    const tag = scanTag(text, at);
    from = tag.end;
    references.check(at, from);
    if (text.startsWith('!', at + 1)) checkDocumentType(text, at, from, refuse);
    else if (text.startsWith('/', at + 1)) depth--;
    else {
      if (++depth > limits.depth) refuse('too-deep', `more than ${limits.depth} elements inside each other`, at);
      if (++elements > limits.nodes) refuse('too-many', `more than ${limits.nodes} elements`, at);
      if (tag.values > limits.attributes) refuse('too-many', `more than ${limits.attributes} attributes`, at);
      const [name = ''] = text.slice(at + 1, at + 16).split(/[\s/>]/, 1);
      if (DANGEROUS.test(name)) refuse('not-accepted', `no element can be called ${name}`, at);
      if (text.endsWith('/', from - 1)) depth--;
    }
  }
  references.check(from, text.length);
}

/** Behind a comment, CDATA or instruction; where it begins, for anything else. */
function endOfOpaquePiece(text: string, at: number, refuse: Refuse): number {
  const [begin, end] = OPAQUE_PIECES.find(([start]) => text.startsWith(start, at)) ?? [];
  if (begin === undefined || end === undefined) return at;
  const found = text.indexOf(end, at + begin.length);
  return found < 0 ? refuse('not-well-formed', `expected ${end} for this ${begin}`, at) : found + end.length;
}

/** Behind the `>` of a tag, or where no tag can go on, which is for the validator to say; and how many quoted values it has. */
function scanTag(text: string, start: number): { end: number; values: number } {
  let values = 0;
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '>') return { end: at + 1, values };
    if (char === '<') return { end: at, values };
    if (char !== '"' && char !== "'") continue;
    const close = text.indexOf(char, at + 1);
    if (close < 0) break;
    at = close;
    values++;
  }
  return { end: text.length, values };
}

/** Behind the `>` of the tag that begins here. */
export function endOfTag(text: string, start: number): number {
  return scanTag(text, start).end;
}

/** Only a document type without definitions begins with `<!` here. */
function checkDocumentType(text: string, start: number, end: number, refuse: Refuse): void {
  if (!text.startsWith('<!DOCTYPE', start)) refuse('not-well-formed', 'expected a tag', start);
  const bracket = text
    .slice(start, end)
    .replace(/"[^"]*"|'[^']*'/g, quoted => ' '.repeat(quoted.length))
    .indexOf('[');
  if (bracket >= 0) refuse('internal-subset', 'definitions in the document type are not accepted', start + bracket);
}

const REFERENCE = /&(#?\w{1,40});/y;

/** Looks at the references of parts of the text, which come in order. */
class References {
  readonly #text: string;
  readonly #refuse: Refuse;
  /** The next `&` that is not behind the parts so far: searching it for each part would read the text again and again. */
  #next = -1;

  constructor(text: string, refuse: Refuse) {
    this.#text = text;
    this.#refuse = refuse;
  }

  check(start: number, end: number): void {
    if (this.#next < start) this.#find(start);
    for (; this.#next < end; this.#find(this.#next + 1)) {
      REFERENCE.lastIndex = this.#next;
      const name = REFERENCE.exec(this.#text)?.[1];
      if (name !== undefined && characterOf(name) === undefined)
        this.#refuse('entity', `&${name}; stands for no character`, this.#next);
    }
  }

  #find(from: number): void {
    const found = this.#text.indexOf('&', from);
    this.#next = found < 0 ? Number.POSITIVE_INFINITY : found;
  }
}
