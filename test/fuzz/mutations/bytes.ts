/** Bytes cut and put together. */

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** With so many bytes less from there on, and others in their place. */
export function replaced(
  bytes: Uint8Array,
  at: number,
  length: number,
  by: Uint8Array | readonly number[],
): Uint8Array {
  return joined(bytes.subarray(0, at), Uint8Array.from(by), bytes.subarray(at + length));
}
