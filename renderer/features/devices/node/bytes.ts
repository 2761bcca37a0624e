/** Bytes as people type them: hexadecimal and text, to and from the base64 of a value. Pure. */

export function fromBase64(value: string): Uint8Array {
  return Uint8Array.from(atob(value.replace(/\s+/g, '')), c => c.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** `444D 20FF`: pairs of digits in groups of four. */
export function toHex(bytes: Uint8Array): string {
  const digits = Array.from(bytes, byte => byte.toString(16).padStart(2, '0').toUpperCase()).join('');
  return digits.replace(/(.{4})(?=.)/g, '$1 ');
}

/** Undefined where the text is not pairs of hexadecimal digits. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s:]+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

/** The bytes as text where they are text that comes back as the same bytes; undefined otherwise. */
export function toText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // Control characters but for line ends and tabs do not survive a text field.
    return /(?![\n\t])\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

export const fromText = (text: string): Uint8Array => new TextEncoder().encode(text);
