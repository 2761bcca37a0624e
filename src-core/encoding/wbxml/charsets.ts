/** Character sets of WBXML strings by their IANA MIBenum numbers (WAP-192-WBXML-20010725 §5.6). */

export interface Charset {
  readonly name: string;
  /** Bytes of the zero that ends a string. */
  readonly zero: 1 | 2;
  /** ASCII characters are their own bytes. */
  readonly extendsAscii: boolean;
  /** Undefined where the bytes are no text in it. */
  decode(bytes: Buffer): string | undefined;
}

export const UTF_8 = 106;

/** A byte order mark inside a document is a character like any other. */
function decoded(label: string): (bytes: Buffer) => string | undefined {
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  return bytes => {
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  };
}

const utf16be = decoded('utf-16be');
const utf16le = decoded('utf-16le');

/** RFC 2781: as its byte order mark says, big-endian without one. */
function utf16(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16le(bytes.subarray(2));
  return utf16be(bytes[0] === 0xfe && bytes[1] === 0xff ? bytes.subarray(2) : bytes);
}

const utf8: Charset = { name: 'UTF-8', zero: 1, extendsAscii: true, decode: decoded('utf-8') };

/** Not by TextDecoder's labels: those read US-ASCII and ISO-8859-1 as windows-1252. */
const CHARSETS: ReadonlyMap<number, Charset> = new Map([
  // Unknown: what the transport says, UTF-8 where it says nothing.
  [0, utf8],
  [
    3,
    {
      name: 'US-ASCII',
      zero: 1,
      extendsAscii: true,
      decode: bytes => (bytes.every(byte => byte < 0x80) ? bytes.toString('latin1') : undefined),
    },
  ],
  [4, { name: 'ISO-8859-1', zero: 1, extendsAscii: true, decode: bytes => bytes.toString('latin1') }],
  [UTF_8, utf8],
  [1013, { name: 'UTF-16BE', zero: 2, extendsAscii: false, decode: utf16be }],
  [1014, { name: 'UTF-16LE', zero: 2, extendsAscii: false, decode: utf16le }],
  [1015, { name: 'UTF-16', zero: 2, extendsAscii: false, decode: utf16 }],
]);

/** Undefined for a character set that is not read here. */
export function charsetOf(mibEnum: number): Charset | undefined {
  return CHARSETS.get(mibEnum);
}

/** For messages: the names and numbers of all of them. */
export const KNOWN_CHARSETS = [...CHARSETS]
  .filter(([number]) => number > 0)
  .map(([number, { name }]) => `${name} (${number})`)
  .join(', ');
