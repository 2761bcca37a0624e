/** Damage to XML: to its characters, and to its tags, references and sections. */
import type { Random } from '../random.ts';
import { mutateBytes } from './mutate-bytes.ts';

type Damage = (text: string, random: Random, other: string) => string;

/** What XML gives a meaning to, and what it must not have. */
const PIECES = [
  '<',
  '>',
  '/>',
  '</',
  '&',
  ';',
  '"',
  "'",
  '=',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?x ',
  '?>',
  '<!DOCTYPE a [<!ENTITY x "y">]>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '<!ENTITY',
  '&x;',
  '&amp;',
  '&#0;',
  '&#10;',
  '&#xD800;',
  '&#x110000;',
  '&#99999999999;',
  '<?xml version="1.0" encoding="UTF-16"?>',
  '<?xml version="1.0" encoding="ISO-8859-1"?>',
  ' xmlns="syncml:metinf"',
  ' xmlns:a="b"',
  ' a="1"',
  ' a="1" a="2"',
  '<__proto__>',
  '<constructor/>',
  '<a:b:c/>',
  '\0',
  '\ufeff',
  '\ufffe',
  '\ud800',
  '\u{1F600}',
  '\r\n',
];

const TAG = /<[^<>]*>/g;

const DAMAGES: readonly Damage[] = [
  function insertPiece(text, random) {
    return inserted(text, random, random.of(PIECES));
  },
  function insertMany(text, random) {
    const piece = random.of(PIECES);
    return inserted(text, random, piece.repeat(random.times(piece.length)));
  },
  function insertCharacter(text, random) {
    return inserted(text, random, String.fromCharCode(random.below(random.of([0x80, 0x10000]))));
  },
  function remove(text, random) {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + random.below(16));
  },
  function repeat(text, random) {
    const from = random.below(text.length + 1);
    return inserted(text, random, text.slice(from, from + 1 + random.below(100)));
  },
  function splice(text, random, other) {
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
  },
  function removeTag(text, random) {
    return withTag(text, random, () => '');
  },
  function repeatTag(text, random) {
    return withTag(text, random, tag => tag.repeat(random.times(tag.length)));
  },
  function otherTag(text, random, other) {
    return withTag(text, random, () => random.of(other.match(TAG) ?? ['<a>']));
  },
  function moreAttributes(text, random) {
    const attributes = Array.from({ length: random.times(8) }, (_, i) => ` a${i}="${i}"`).join('');
    return withTag(text, random, tag => tag.replace(/(?=\/?>$)/, attributes));
  },
  function nest(text, random) {
    const levels = random.times(7);
    return withTag(text, random, tag => '<a>'.repeat(levels) + tag + '</a>'.repeat(levels));
  },
];

/** Seldom more than three damages, to characters or now and then to bytes. */
export function mutateXml(original: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  if (random.below(3) === 0) return mutateBytes(original, random, other);
  let text = Buffer.from(original).toString('utf8');
  const otherText = Buffer.from(other).toString('utf8');
  do text = random.of(DAMAGES)(text, random, otherText);
  while (random.below(2) > 0);
  if (random.below(16) > 0) return Uint8Array.from(Buffer.from(text, 'utf8'));
  return Uint8Array.from(Buffer.from(text, random.of(['utf16le', 'latin1'] as const)));
}

function inserted(text: string, random: Random, piece: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}

function withTag(text: string, random: Random, change: (tag: string) => string): string {
  const tags = [...text.matchAll(TAG)];
  const tag = tags[random.below(tags.length || 1)];
  return tag ? text.slice(0, tag.index) + change(tag[0]) + text.slice(tag.index + tag[0].length) : text;
}
