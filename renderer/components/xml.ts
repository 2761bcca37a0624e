/** Lays out and colours XML for reading. Pure; never changes what is copied. */

export interface XmlToken {
  readonly kind: 'tag' | 'name' | 'attribute' | 'string' | 'text' | 'comment';
  readonly text: string;
}

const PIECE = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<[^>]*>|[^<]+/g;

/** One element a line, two spaces a level; a leaf stays on one line. Text that already has lines is left alone. */
export function layoutXml(xml: string): string {
  if (/>\s*\n\s*</.test(xml)) return xml;
  const lines: string[] = [];
  let depth = 0;
  let leaf = '';
  const put = (text: string) => lines.push('  '.repeat(depth) + text);
  for (const [piece] of xml.matchAll(PIECE)) {
    if (piece.startsWith('</')) {
      if (leaf) {
        put(leaf + piece);
        leaf = '';
      } else {
        depth = Math.max(0, depth - 1);
        put(piece);
      }
    } else if (/^<[A-Za-z_]/.test(piece) && !piece.endsWith('/>')) {
      if (leaf) {
        put(leaf);
        depth += 1;
      }
      leaf = piece;
    } else if (leaf && (!piece.startsWith('<') || piece.startsWith('<![CDATA['))) {
      leaf += piece;
    } else if (piece.trim()) {
      if (leaf) {
        put(leaf);
        depth += 1;
        leaf = '';
      }
      put(piece);
    }
  }
  if (leaf) put(leaf);
  return lines.join('\n');
}

const TAG_PART = /("[^"]*"|'[^']*')|([^\s<>/=?"']+)(?=\s*=)|(<[/?]?|[/?]?>|=)|([^\s<>/=?"']+)|\s+|./g;

/** Pieces with their role, in order; joined they are the text itself. */
export function tokenizeXml(xml: string): XmlToken[] {
  const tokens: XmlToken[] = [];
  for (const [piece] of xml.matchAll(PIECE)) {
    if (piece.startsWith('<!--')) tokens.push({ kind: 'comment', text: piece });
    else if (piece.startsWith('<![CDATA[') || !piece.startsWith('<')) tokens.push({ kind: 'text', text: piece });
    else
      for (const [text, string, attribute, , name] of piece.matchAll(TAG_PART))
        tokens.push({ kind: string ? 'string' : attribute ? 'attribute' : name ? 'name' : 'tag', text });
  }
  return tokens;
}
