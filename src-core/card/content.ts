/** What a content file of a card holds, as far as a plan must know before it writes over it. */

/** Blank, or a bootstrap, whole or half written: nobody else's. */
export function isFree(content: Uint8Array): boolean {
  return content.every(byte => byte === 0xff) || content.every(byte => byte === 0) || looksLikeBootstrap(content);
}

/** The WBXML head of a SyncML message: version, and the public identifier of SyncML as a number or as a string. */
export function looksLikeBootstrap(content: Uint8Array): boolean {
  const [version = 0, first = 0, second] = content;
  return version >= 1 && version <= 3 && ((first >= 0x9f && first <= 0xa4 && second !== 0xff) || first === 0x00);
}
