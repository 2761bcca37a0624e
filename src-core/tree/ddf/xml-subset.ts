/**
 * OMA's own DDFs have an instruction inside their document type: `[<?oma-dm-ddf-ver supported-versions="1.2"?>]`. It defines
 * nothing, so that it may be read; everything else inside a document type is left to the XML reader, which refuses it.
 */

/** Where a document type is looked for: a licence may stand before it. */
const HEAD_BYTES = 64 * 1024;
const INSTRUCTIONS = /\[\s*(?:<\?[^?>]*\?>\s*)*\]/y;

/** The document with blanks in place of such a subset: offsets stay what they are. */
export function withoutDocumentSubset(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  const begin = head.indexOf('<!DOCTYPE');
  const bracket = begin < 0 ? -1 : head.indexOf('[', begin);
  if (bracket < 0 || head.slice(begin, bracket).includes('>')) return bytes;
  INSTRUCTIONS.lastIndex = bracket;
  const subset = INSTRUCTIONS.exec(head)?.[0];
  return subset === undefined ? bytes : Uint8Array.from(bytes).fill(0x20, bracket, bracket + subset.length);
}
