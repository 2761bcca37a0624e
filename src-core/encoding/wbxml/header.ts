/** The head of a WBXML document (WAP-192-WBXML-20010725 §5.3): version, public identifier, character set, string table. */
import { type Charset, charsetOf, KNOWN_CHARSETS } from './charsets.ts';
import type { DocumentType } from './code-pages.ts';
import { hexByte, type Source } from './source.ts';
import { Strings, type TextBudget } from './strings.ts';

export interface Header {
  /** Version as written: `1.2`. */
  readonly version: string;
  readonly type: DocumentType;
  readonly charset: Charset;
  readonly strings: Strings;
}

/** The number of a document that does not say its type (§7.2). */
const UNKNOWN = 1;

/** `assumed` is the type of documents that do not say theirs. */
export function readHeader(
  source: Source,
  types: readonly DocumentType[],
  assumed: DocumentType | undefined,
  budget: TextBudget,
): Header {
  const version = readVersion(source);
  const publicIdAt = source.at;
  const number = source.uint('the public identifier');
  const index = number === 0 ? source.uint('the public identifier in the string table') : 0;
  const byNumber = number === UNKNOWN ? assumed : types.find(type => type.publicIdNumber === number);
  if (number !== 0 && !byNumber) unknownType(source, `0x${number.toString(16)}`, publicIdAt);
  const charset = readCharset(source, version);
  const strings = readStringTable(source, charset, budget);
  const type = byNumber ?? typeByText(source, types, strings.at(index, publicIdAt), publicIdAt);
  return { version, type, charset, strings };
}

function readVersion(source: Source): string {
  const byte = source.byte('the WBXML version');
  if (byte > 3)
    source.fail('version', `expected WBXML version 1.0 to 1.3 (00 to 03), found ${hexByte(byte)}`, source.at - 1);
  return `1.${byte}`;
}

function typeByText(source: Source, types: readonly DocumentType[], publicId: string, at: number): DocumentType {
  const same = (type: DocumentType) => type.publicId.toLowerCase() === publicId.toLowerCase();
  return types.find(same) ?? unknownType(source, JSON.stringify(publicId.slice(0, 64)), at);
}

function unknownType(source: Source, found: string, at: number): never {
  return source.fail('document-type', `expected a known public identifier, found ${found}`, at);
}

/** WBXML 1.0 has no field for it: UTF-8, as where the field says unknown. */
function readCharset(source: Source, version: string): Charset {
  const at = source.at;
  const number = version === '1.0' ? 0 : source.uint('the character set');
  return charsetOf(number) ?? source.fail('charset', `expected one of ${KNOWN_CHARSETS}, found ${number}`, at);
}

function readStringTable(source: Source, charset: Charset, budget: TextBudget): Strings {
  const length = source.uint('the length of the string table');
  source.skip(length, 'the string table');
  return new Strings(source, charset, length, budget);
}
