/** Damage to the order of things: whole elements left out, repeated, moved, exchanged, put where they do not belong. */
import type { Random } from '../random.ts';
import { joined, replaced } from './bytes.ts';
import type { Original, Part } from './corpus.ts';

type Damage = (bytes: Uint8Array, part: Part, others: Others) => Uint8Array;

interface Others {
  readonly random: Random;
  /** Another element of the same document. */
  readonly sibling: Part;
  /** An element of another document. */
  readonly stranger: Uint8Array;
}

const DAMAGES: readonly Damage[] = [
  function remove(bytes, { start, end }) {
    return replaced(bytes, start, end - start, []);
  },
  function repeat(bytes, { start, end }, { random }) {
    const times = new Array<Uint8Array>(random.times(end - start)).fill(bytes.subarray(start, end));
    return joined(bytes.subarray(0, start), ...times, bytes.subarray(end));
  },
  /** Over another, or into it, or around it: whatever comes of it. */
  function copy(bytes, { start, end }, { sibling }) {
    return replaced(bytes, sibling.start, sibling.end - sibling.start, bytes.subarray(start, end));
  },
  function exchange(bytes, { start, end }, { stranger }) {
    return replaced(bytes, start, end - start, stranger);
  },
  function add(bytes, { end }, { stranger }) {
    return replaced(bytes, end, 0, stranger);
  },
];

/** The same bytes where nothing is known of its elements. */
export function mutateElements(original: Original, random: Random, other: Original): Uint8Array {
  if (original.parts.length === 0 || other.parts.length === 0) return original.bytes;
  const { start, end } = random.of(other.parts);
  const others = { random, sibling: random.of(original.parts), stranger: other.bytes.subarray(start, end) };
  return random.of(DAMAGES)(original.bytes, random.of(original.parts), others);
}
