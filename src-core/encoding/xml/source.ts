/** The source of an XML document: its bytes as text, and where in the bytes each character is (XML 1.0 §4.3.3, Appendix F). */
import { EncodingError } from '../../base/errors.ts';

export interface XmlSource {
  readonly text: string;
  /** Offset in bytes of the character at this index of the text. */
  byteAt(index: number): number;
}

/** The text as the bytes have it, a byte order mark included. @throws EncodingError where they are no text in their encoding */
export function decodeSource(bytes: Uint8Array): XmlSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const label = byteOrder(buffer) ?? declared(buffer);
  const text = DECODERS[label](buffer);
  switch (label) {
    case 'utf-8':
      return { text, byteAt: text.length === buffer.length ? index => index : utf8Offsets(text) };
    case 'utf-16le':
    case 'utf-16be':
      return { text, byteAt: index => index * 2 };
    default:
      return { text, byteAt: index => index };
  }
}

/** A text that is in memory: its bytes are those it has in UTF-8. */
export function sourceOf(text: string): XmlSource {
  return { text, byteAt: utf8Offsets(text) };
}

type Label = 'utf-8' | 'utf-16le' | 'utf-16be' | 'us-ascii' | 'iso-8859-1';

const DECODERS: Readonly<Record<Label, (bytes: Buffer) => string>> = {
  'utf-8': strictly('utf-8', text => Buffer.from(text)),
  'utf-16le': strictly('utf-16le', text => Buffer.from(text, 'utf16le')),
  'utf-16be': strictly('utf-16be', text => Buffer.from(text, 'utf16le').swap16()),
  'us-ascii': bytes => {
    const wrong = bytes.findIndex(byte => byte >= 0x80);
    if (wrong >= 0) noText('US-ASCII', wrong);
    return bytes.toString('latin1');
  },
  'iso-8859-1': bytes => bytes.toString('latin1'),
};

/** Names as documents declare them (IANA), in lower case. */
const LABELS: ReadonlyMap<string, Label> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'us-ascii'],
  ['ascii', 'us-ascii'],
  ['iso-8859-1', 'iso-8859-1'],
  ['iso8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
]);

/** What a byte order mark says, or a `<` that takes two bytes. */
function byteOrder(bytes: Buffer): Label | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  if (first === 0x3c && second === 0) return 'utf-16le';
  return undefined;
}

/** What the declaration says; UTF-8 without one. */
function declared(bytes: Buffer): Label {
  const head = bytes.toString('latin1', 0, 256);
  const declaration = /^<\?xml\s[^>]*?\bencoding\s*=\s*(["'])(.*?)\1/.exec(head);
  const name = declaration?.[2];
  if (name === undefined) return 'utf-8';
  const label = LABELS.get(name.toLowerCase());
  if (label) return label;
  const at = head.indexOf(name, (declaration?.[0].length ?? 0) - name.length - 1);
  const found = /^utf-?16/i.test(name) ? `${name}, which these bytes are not` : JSON.stringify(name);
  throw new EncodingError('charset', `XML: expected UTF-8, US-ASCII, ISO-8859-1 or UTF-16, found ${found}`, at);
}

function strictly(label: string, encode: (text: string) => Buffer): (bytes: Buffer) => string {
  const strict = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder(label, { ignoreBOM: true });
  return bytes => {
    try {
      return strict.decode(bytes);
    } catch {
      // Decoded leniently and encoded again, the document differs from where it stops being text.
      const again = encode(lenient.decode(bytes));
      const differs = bytes.findIndex((byte, i) => byte !== again[i]);
      // It ends inside a character that begins like U+FFFD, the one it was replaced by.
      const offset = differs < 0 ? again.length - encode('\ufffd').length : differs;
      return noText(label.toUpperCase(), offset);
    }
  };
}

function noText(name: string, offset: number): never {
  throw new EncodingError('charset', `XML: expected text in ${name}`, offset);
}

const STEP = 64;

/** Counts from the last of the offsets noted every 64 characters. */
function utf8Offsets(text: string): (index: number) => number {
  const noted = new Uint32Array(Math.ceil(text.length / STEP) + 1);
  let offset = 0;
  for (let i = 0; i < text.length; i++) {
    if (i % STEP === 0) noted[i / STEP] = offset;
    offset += utf8Size(text.charCodeAt(i));
  }
  const end = offset;
  return index => {
    if (index >= text.length) return end;
    const first = index - (index % STEP);
    let at = noted[first / STEP] ?? 0;
    for (let i = first; i < index; i++) at += utf8Size(text.charCodeAt(i));
    return at;
  };
}

/** Bytes of a UTF-16 code unit; the halves of a pair share its four. */
function utf8Size(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) return 2;
  return 3;
}
