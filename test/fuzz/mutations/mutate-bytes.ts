/** Damage to bytes, most of it where WBXML has its tokens, lengths and indexes. */
import type { Random } from '../random.ts';
import { joined, replaced } from './bytes.ts';

type Damage = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Global tokens, and what stands at the edges. */
const TOKENS = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x40, 0x41, 0x42, 0x43, 0x44, 0x80, 0x81, 0x82, 0x83, 0x84, 0xc0, 0xc1, 0xc2, 0xc3,
  0xc4, 0x05, 0x3f, 0x7f, 0x85, 0xff,
];

/** mb_u_int32: none, some, 2³¹ and 2³², too many bytes, zero in many. */
const NUMBERS = [
  [0],
  [1],
  [0x7f],
  [0x81, 0x00],
  [0xff, 0x7f],
  [0x84, 0x80, 0x80, 0x00],
  [0x87, 0xff, 0xff, 0xff, 0x7f],
  [0x88, 0x80, 0x80, 0x80, 0x00],
  [0x8f, 0xff, 0xff, 0xff, 0x7f],
  [0x90, 0x80, 0x80, 0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0x80, 0x80, 0x80, 0x00],
];

/** Tokens with a length, an index or a number behind them. */
const WITH_NUMBER = new Set([0x02, 0x04, 0x44, 0x80, 0x83, 0x84, 0xc3, 0xc4]);

const DAMAGES: readonly Damage[] = [
  function flipBit(bytes, random) {
    const at = random.below(bytes.length);
    return replaced(bytes, at, 1, [(bytes[at] as number) ^ (1 << random.below(8))]);
  },
  function setByte(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 1, [random.below(256)]);
  },
  function setToken(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 1, [random.of(TOKENS)]);
  },
  function insert(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 0, random.bytes(1 + random.below(8)));
  },
  function remove(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 1 + random.below(16), []);
  },
  function repeat(bytes, random) {
    const from = random.below(bytes.length);
    return replaced(bytes, random.below(bytes.length), 0, bytes.subarray(from, from + 1 + random.below(64)));
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, 1 + random.below(bytes.length));
  },
  function splice(bytes, random, other) {
    return joined(bytes.subarray(0, 1 + random.below(bytes.length)), other.subarray(random.below(other.length)));
  },
  /** The public identifier, the character set, the length of the string table. */
  function headerNumber(bytes, random) {
    return replaced(bytes, 1 + random.below(5), random.below(3), random.of(NUMBERS));
  },
  function bodyNumber(bytes, random) {
    const at = tokenFrom(bytes, random.below(bytes.length), byte => WITH_NUMBER.has(byte));
    return replaced(bytes, at + 1, 1, random.of(NUMBERS));
  },
  function otherIndex(bytes, random) {
    const at = tokenFrom(bytes, random.below(bytes.length), byte => byte === 0x83);
    return replaced(bytes, at + 1, 1, [random.below(128)]);
  },
  function otherTag(bytes, random) {
    const at = tokenFrom(bytes, random.below(bytes.length), byte => (byte & 0x3f) >= 5);
    const tag = bytes[at] as number;
    return replaced(bytes, at, 1, [random.of([tag ^ 0x40, tag ^ 0x80, random.below(256)])]);
  },
  function switchPage(bytes, random) {
    return replaced(bytes, random.below(bytes.length), 0, [0x00, random.below(4)]);
  },
  function nest(bytes, random) {
    const at = tokenFrom(bytes, random.below(bytes.length), byte => (byte & 0xc0) === 0x40);
    const levels = random.times(2);
    const tags = new Uint8Array(levels).fill(bytes[at] as number);
    return joined(bytes.subarray(0, at), tags, bytes.subarray(at), new Uint8Array(levels).fill(0x01));
  },
];

/** Seldom more than three damages. */
export function mutateBytes(original: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  let bytes = original;
  do {
    if (bytes.length === 0) bytes = Uint8Array.of(random.below(256));
    bytes = random.of(DAMAGES)(bytes, random, other);
  } while (random.below(2) > 0);
  return bytes;
}

/** The first such byte from there on, or the place itself. */
function tokenFrom(bytes: Uint8Array, from: number, test: (byte: number) => boolean): number {
  const found = bytes.subarray(from).findIndex(test);
  return found < 0 ? from : from + found;
}
