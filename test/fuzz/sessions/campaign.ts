/** Sessions with peers of any kind, at both ends, each made small by fast-check where something does not hold. */
import fc from 'fast-check';
import { toHex } from '../../../src-core/base/bytes.ts';
import type { Campaign } from '../campaign.ts';
import { tryOne } from '../property.ts';
import { seedOf } from '../random.ts';
import { ClientTrial } from './client-trial.ts';
import { type Scenario, scenarios } from './scenario.ts';
import { ServerTrial } from './server-trial.ts';

interface Trial {
  readonly side: 'client' | 'server';
  readonly scenario: Scenario;
}

const trials: fc.Arbitrary<Trial> = fc.record({ side: fc.constantFrom('client', 'server'), scenario: scenarios });

export const campaign: Campaign = {
  name: 'sessions',
  module: import.meta.url,
  count: 20_000,
  stallMs: 5000,
  async open(seed) {
    let messages = 0;
    const run = ({ side, scenario }: Trial, said: (bytes: Uint8Array) => void) =>
      new (side === 'client' ? ClientTrial : ServerTrial)(scenario, said).run();
    /** The scenario, and the bytes that the peer sent in it. */
    const describe = (trial: Trial): string => {
      const all: string[] = [];
      try {
        run(trial, bytes => all.push(toHex(bytes)));
      } catch {
        // It is known by now.
      }
      return `${JSON.stringify(trial)} ${all.join(' ')}`;
    };
    return {
      async attempt(number, beat) {
        const property = fc.asyncProperty(trials, async trial => {
          beat();
          run(trial, () => messages++);
        });
        await tryOne(property, seedOf(seed, number), ([trial]) => describe(trial));
      },
      input(number) {
        const [trial] = fc.sample(trials, { seed: seedOf(seed, number), numRuns: 1 });
        return JSON.stringify(trial);
      },
      figures: () => ({ messages }),
      async close() {},
    };
  },
};
