/**
 * XML reader on fast-xml-parser: text to a markup document with the byte range of every node. No external entities, no
 * entity definitions, any prefixes.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { EncodingError } from '../../base/errors.ts';
import { DEFAULT_LIMITS, type MarkupElement, type MarkupLimits } from '../markup.ts';
import { CDATA, Converter, type Parsed, TEXT } from './converter.ts';
import { type Refuse, scanXml } from './scan.ts';
import { decodeSource, sourceOf } from './source.ts';

const parser = new XMLParser({
  preserveOrder: true,
  captureMetaData: true,
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
  jPath: false,
  // The scan counts them, and says where.
  maxNestedTags: Number.MAX_SAFE_INTEGER,
  onDangerousProperty: name => name,
});

/** The parser takes about a kilobyte for an element: 500,000 elements are a message of 16 MiB in XML. */
export const XML_LIMITS: MarkupLimits = { ...DEFAULT_LIMITS, nodes: 500_000 };

/** Bytes are read in the encoding that they declare. @throws EncodingError with the offset in bytes where it is not well-formed */
export function readXml(document: string | Uint8Array, limits: MarkupLimits = XML_LIMITS): MarkupElement {
  if (document.length > limits.size)
    throw new EncodingError('too-large', `XML: document of ${document.length} bytes is over ${limits.size}`, 0);
  const source = typeof document === 'string' ? sourceOf(document) : decodeSource(document);
  const refuse: Refuse = (code, message, index) => {
    throw new EncodingError(code, `XML: ${message}`, source.byteAt(index));
  };
  scanXml(source.text, limits, refuse);
  validate(source.text, refuse);
  const [root, second] = new Converter(source).roots(parse(source.text));
  if (!root || second)
    throw new EncodingError(
      'root',
      'XML: expected one root element',
      second?.range?.start ?? source.byteAt(source.text.length),
    );
  return root;
}

function validate(text: string, refuse: Refuse): void {
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  const verdict = XMLValidator.validate(text.slice(mark));
  if (verdict === true) return;
  const { msg, line, col } = verdict.err;
  refuse('not-well-formed', msg, mark + indexOf(text.slice(mark), line, col));
}

/** The validator gives no column for an empty document: that is its start. */
function indexOf(text: string, line: number, column: number | undefined): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  return Math.min(start + Math.max((column ?? 1) - 1, 0), text.length);
}

/** The parser may refuse what scan and validator let pass. */
function parse(text: string): Parsed[] {
  try {
    return parser.parse(text) as Parsed[];
  } catch (cause) {
    throw new EncodingError('not-accepted', `XML: ${(cause as Error).message}`, 0, { cause });
  }
}
