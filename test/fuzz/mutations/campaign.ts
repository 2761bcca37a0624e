/** Mutated inputs: the case number gives the original, the other one, and what is done to them. */
import { toHex } from '../../../src-core/base/bytes.ts';
import type { Encoding } from '../../../src-core/syncml/codec.ts';
import type { Campaign } from '../campaign.ts';
import { Found } from '../found.ts';
import { Random } from '../random.ts';
import { corpus, type Input, type Original, partsOf } from './corpus.ts';
import { minimise } from './minimise.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateElements } from './mutate-elements.ts';
import { mutateXml } from './mutate-xml.ts';
import { readAll } from './readers.ts';

/** What is read is written and read again in one of so many cases: it takes longer than all the rest. Odd: all workers get some. */
const AGAIN_EVERY = 5;

export const campaign: Campaign = {
  name: 'mutations',
  module: import.meta.url,
  count: 1_000_000,
  stallMs: 2000,
  async open(seed) {
    const originals = corpus(seed);
    const of = (encoding: Encoding) => originals.filter(original => original.encoding === encoding);
    const others = { wbxml: of('wbxml'), xml: of('xml') };
    const inputOf = (run: number): Input => {
      const random = new Random(seed, run);
      const original = random.of(originals);
      const other = random.of(others[original.encoding]);
      return { encoding: original.encoding, bytes: mutate(original, random, other) };
    };
    let taken = 0;
    return {
      attempt(run, beat) {
        const input = inputOf(run);
        const again = run % AGAIN_EVERY === 0;
        const error = errorOf(input, again);
        if (error === true) taken++;
        else if (error !== undefined) throw found(input, error, again, beat);
      },
      input: run => describe(inputOf(run)),
      figures: () => ({ taken }),
      async close() {},
    };
  },
};

/** Its elements, or its bytes and characters, or both. */
function mutate(original: Original, random: Random, other: Original): Uint8Array {
  const which = random.below(3);
  const bytes = which < 2 ? mutateElements(original, random, other) : original.bytes;
  if (which === 0) return bytes;
  return (original.encoding === 'wbxml' ? mutateBytes : mutateXml)(bytes, random, other.bytes);
}

/** Lines of the stack of an error: what is found is tried again with them. */
const STACK = 10;

/** True where it was read, undefined where it was refused, else what was thrown. Most are refused, which is quicker without a stack. */
function errorOf(input: Input, again: boolean, stack = 0): unknown {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = stack;
  try {
    return readAll(input, again) || undefined;
  } catch (error) {
    return error;
  } finally {
    Error.stackTraceLimit = usual;
  }
}

function found({ encoding, bytes }: Input, error: unknown, again: boolean, beat: () => void): Found {
  const kind = kindOf(error);
  const isSame = (less: Uint8Array) => {
    beat();
    return kindOf(errorOf({ encoding, bytes: less }, again)) === kind;
  };
  const least = minimise(bytes, less => partsOf({ encoding, bytes: less }), isSame);
  const input = { encoding, bytes: least };
  const cause = errorOf(input, again, STACK);
  return new Found(firstLine(cause), describe(input), cause);
}

/** The same error but for its numbers. */
function kindOf(error: unknown): string {
  return firstLine(error).replace(/\d+/g, '#');
}

function firstLine(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error);
}

function describe({ encoding, bytes }: Input): string {
  return `${encoding} ${toHex(bytes)}`;
}
