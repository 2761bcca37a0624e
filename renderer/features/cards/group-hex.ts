/** Hexadecimal in words of four bytes: `3B9F9680 1FC78031`. */
export function groupHex(hex: string): string {
  return hex.replace(/(.{8})(?=.)/g, '$1 ');
}
