/** A recorded message without its secrets and of the same length, so that every offset in it stays what it was. */
import { EncodingError } from '../base/errors.ts';
import { Token } from '../encoding/wbxml/tokens.ts';
import { decodeMarkup } from '../syncml/codec.ts';
import { redact } from './message-secrets.ts';
import { type ByteSource, type HiddenRange, hideBlindly, readUint } from './secret-bytes.ts';

export interface Masked {
  readonly bytes: Uint8Array;
  /** What stars stand for. */
  readonly hidden: readonly HiddenRange[];
}

const STAR = 0x2a;
/** Another sign that no base64 has. */
const OTHER = 0x21;

/** Passwords, digests made of them, and nonces become stars. */
export function maskMessage(source: ByteSource): Masked {
  const hidden = secretsIn(source);
  const bytes = Uint8Array.from(source.bytes);
  for (const range of hidden) {
    const texts = range.tokens ? textsIn(source.bytes, range) : [range];
    for (const { start, end } of texts) bytes.fill(STAR, start, end);
  }
  return { bytes, hidden };
}

/** The bytes of a masked message with another sign in place of its stars. */
export function withOtherStars({ bytes, encoding }: ByteSource, masked: readonly Span[]): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (const range of masked) {
    const texts = encoding === 'wbxml' ? textsIn(bytes, range) : [range];
    for (const { start, end } of texts) changed.fill(OTHER, start, end);
  }
  return changed;
}

function secretsIn(source: ByteSource): readonly HiddenRange[] {
  try {
    return redact(decodeMarkup(source.bytes, source.encoding), source, true).ranges;
  } catch (error) {
    if (error instanceof EncodingError) return hideBlindly(source, true);
    throw error;
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What the tokens carry, so that the document can still be read; all of the range where they are others than of content. */
function textsIn(bytes: Uint8Array, range: Span): Span[] {
  const texts: Span[] = [];
  for (let at = range.start; at < range.end; ) {
    const token = bytes[at];
    if (token === Token.STR_I) {
      const end = bytes.indexOf(0, at);
      if (end < 0 || end >= range.end) return [range];
      texts.push({ start: at + 1, end });
      at = end + 1;
    } else if (token === Token.OPAQUE) {
      const { value, next } = readUint(bytes, at + 1);
      texts.push({ start: next, end: Math.min(range.end, next + value) });
      at = next + value;
      // The entry of the string table is a range of its own.
    } else if (token === Token.STR_T) at = readUint(bytes, at + 1).next;
    else return [range];
  }
  return texts;
}
