/** Character references and the five predefined entities (XML 1.0 §4.1, §4.6); no other entity is known here. */

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The character that `amp`, `#13` or `#x1F600` stands for, undefined where XML 1.0 knows none. */
export function characterOf(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,8})|([0-9]{1,10}))$/i.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isCharacter = code >= 0x20 ? code <= 0x10ffff : [0x09, 0x0a, 0x0d].includes(code);
  const excluded = (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
  return isCharacter && !excluded ? String.fromCodePoint(code) : undefined;
}

export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#?\w+);/g, (whole, name: string) => characterOf(name) ?? whole);
}
