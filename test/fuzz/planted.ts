/** A campaign with a mistake planted in it, for the test of the fuzzer: the seed says which, and it comes at case 25. */
import type { Campaign } from './campaign.ts';
import { Found } from './found.ts';

export const MISTAKES = ['nothing', 'a wrong answer', 'a bug', 'a hang', 'the end of the process', 'a leak'] as const;
const AT = 25;
const MIB = 2 ** 20;

export const campaign: Campaign = {
  name: 'planted',
  module: import.meta.url,
  count: 50,
  stallMs: 1000,
  async open(seed) {
    const leaked: Uint8Array[] = [];
    let tried = 0;
    return {
      attempt(run) {
        tried++;
        if (run < AT) return;
        switch (MISTAKES[seed]) {
          case 'a wrong answer':
            throw new Found('that is wrong', 'less');
          case 'a bug':
            throw new TypeError('x is not a function');
          case 'a hang':
            for (;;);
          case 'the end of the process':
            process.exit(3);
            return;
          case 'a leak':
            leaked.push(new Uint8Array(2 * MIB).fill(1));
        }
      },
      input: run => `input ${run}`,
      figures: () => ({ tried }),
      async close() {},
    };
  },
};
