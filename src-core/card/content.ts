/** What a content file of a card holds, as far as a plan must know before it writes over it. */
import { type FilePart, partOf } from '../encoding/pkcs15.ts';
import type { ProfileKind } from './profile-kind.ts';

/** How far into a document its public identifier may stand. */
export const HEAD = 64;

/**
 * Blank, or a bootstrap of this kind, whole or half written: nobody else's.
 * @param document what is to be written: a write of it may have been cut anywhere.
 */
export function isFree(content: Uint8Array, kind: ProfileKind, document: Uint8Array): boolean {
  return (
    content.every((byte, i) => byte === 0xff || byte === document[i]) ||
    content.every(byte => byte === 0) ||
    looksLike(content, kind)
  );
}

export function isBlank(content: Uint8Array): boolean {
  return content.every(byte => byte === 0xff);
}

/** The WBXML head of its document: version, and the public identifier as a number or as a string. */
export function looksLike(content: Uint8Array, { publicIds, publicIdText }: ProfileKind): boolean {
  const [version = 0, first = 0, second] = content;
  if (version < 1 || version > 3) return false;
  if (first === 0)
    return new TextDecoder('latin1').decode(content.subarray(0, HEAD)).toUpperCase().includes(publicIdText);
  return first >= publicIds[0] && first <= publicIds[1] && second !== 0xff;
}

/** The file with this document there, the rest of its part FF, what lies around the part as it was; the document fits. */
export function withDocument(file: Uint8Array, part: FilePart | undefined, document: Uint8Array): Uint8Array {
  const result = file.slice();
  const own = partOf(result, part).fill(0xff);
  own.set(document);
  return result;
}
