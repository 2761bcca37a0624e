import { describe, expect, it } from 'vitest';
import { requiredBelow } from '../../../src-core/tree/ddf/required.ts';
import { group, value } from './samples.ts';

const SOME = { least: 0, most: 1 } as const;

describe('what a new node requires', () => {
  it('nodes that must be there, parents first; what may be left out takes all below it with it', () => {
    const node = group('Car', [
      group('Engine', [value('Fuel'), value('Name', { occurrence: SOME })]),
      group('Radio', [value('Station')], { occurrence: SOME }),
    ]);
    expect([...requiredBelow(node)].map(({ path }) => path)).toEqual(['Engine', 'Engine/Fuel']);
  });

  it('nodes without a name of their own, and permanent ones, are not added', () => {
    const node = group('Car', [group('', [value('Fuel')]), value('Vin', { scope: 'Permanent' })]);
    expect([...requiredBelow(node)]).toEqual([]);
  });

  it.each([
    ['the value of the description', value('A', { value: 'v', defaultValue: 'd' }), 'v'],
    ['its default', value('A', { defaultValue: 'd' }), 'd'],
    ['what fits its format', value('A', { format: 'int' }), '0'],
    ['nothing', value('A'), ''],
  ])('a leaf begins with %s', (_, leaf, expected) => {
    expect([...requiredBelow(group('Car', [leaf]))]).toMatchObject([{ path: 'A', value: expected }]);
  });
});
