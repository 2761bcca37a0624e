import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor, ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { all, ONE, plant, TWO } from './tree-under-test.ts';

const NAMES = ['Open', 'One', 'Shared', 'Built', 'Inner', 'Text', 'Deep', 'a', 'b'];
const LIKELY = [
  './Open',
  './Open/Text',
  './Open/Inner',
  './Open/Inner/Deep',
  './Open/a',
  './Open/b',
  './Shared/a',
  './One/Value',
];
const uri = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...LIKELY) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }).map(names => `./${names.join('/')}`),
  },
);
const actor = fc.constantFrom<Actor>(ONE, TWO, ONE);
const node = fc.constantFrom(
  leaf('', 'n'),
  interior('', []),
  interior('', [leaf('a', '1'), interior('b', [leaf('Deep', '2')])], { acl: 'Add=*&Delete=*&Get=*&Replace=*' }),
);
const objects = fc.constantFrom(
  [{ path: '', node: interior('Inner', [leaf('Deep', 'o'), leaf('a', 'o')]) }],
  [
    { path: '', node: leaf('a', 'o') },
    { path: '', node: interior('b', []) },
  ],
);
type Step = (tree: ManagementTree) => unknown;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(uri, node, actor).map(
    ([at, n, who]): Step =>
      t =>
        t.add(at, n, who),
  ),
  fc.tuple(uri, fc.constantFrom('x', 'y'), actor).map(
    ([at, v, who]): Step =>
      t =>
        t.replace(at, v, who, { format: 'xml', type: 'a/b' }),
  ),
  fc.tuple(uri, fc.constantFrom('a', 'b', 'c'), actor).map(
    ([at, v, who]): Step =>
      t =>
        t.replace(`${at}?prop=Name`, v, who),
  ),
  fc.tuple(uri, fc.constantFrom('Get=*', '', 'Add=*&Get=*&Replace=*&Delete=*'), actor).map(
    ([at, v, who]): Step =>
      t =>
        t.replace(`${at}?prop=ACL`, v, who),
  ),
  fc.tuple(uri, fc.constantFrom('T', ''), actor).map(
    ([at, v, who]): Step =>
      t =>
        t.replace(`${at}?prop=Title`, v, who),
  ),
  fc.tuple(uri, actor).map(
    ([at, who]): Step =>
      t =>
        t.delete(at, who),
  ),
  fc.tuple(uri, uri, actor).map(
    ([from, to, who]): Step =>
      t =>
        t.copy(from, to, who),
  ),
  fc.tuple(uri, objects, actor).map(
    ([at, o, who]): Step =>
      t =>
        t.addObjects(at, o, who),
  ),
  fc.tuple(uri, objects, actor).map(
    ([at, o, who]): Step =>
      t =>
        t.replaceObjects(at, o, who),
  ),
);

/** How many of the steps were done; a refused one must have changed nothing. */
function perform(tree: ManagementTree, steps: readonly Step[]): number {
  let done = 0;
  for (const act of steps) {
    const before = all(tree);
    try {
      act(tree);
      done++;
    } catch (error) {
      expect(error).toMatchObject({ name: 'ProtocolError' });
      expect(all(tree)).toEqual(before);
    }
  }
  return done;
}

describe('transactions', () => {
  it('undo any commands exactly: nodes, their order, values and properties', () => {
    let done = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        (before, inside) => {
          let now = 0;
          const tree = plant({ now: () => (now += 1000) });
          perform(tree, before);
          const state = all(tree);
          const { size } = tree;
          const transaction = tree.begin();
          done += perform(tree, inside);
          transaction.rollback();
          expect(all(tree)).toEqual(state);
          expect(tree.size).toBe(size);
        },
      ),
      { numRuns: 300 },
    );
    // The property means something: commands were done, not only refused.
    expect(done).toBeGreaterThan(300);
  });

  it('inside one another: the outer undoes what the inner kept', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 6 }),
        fc.array(step, { maxLength: 6 }),
        fc.boolean(),
        (first, second, keep) => {
          const tree = plant();
          const start = all(tree);
          const outer = tree.begin();
          perform(tree, first);
          const middle = all(tree);
          const inner = tree.begin();
          perform(tree, second);
          const end = all(tree);
          if (keep) inner.commit();
          else inner.rollback();
          expect(all(tree)).toEqual(keep ? end : middle);
          outer.rollback();
          expect(all(tree)).toEqual(start);
        },
      ),
    );
  });

  it('commit keeps the changes', () => {
    const tree = plant();
    const transaction = tree.begin();
    tree.replace('./Open/Text', 'w', ONE);
    transaction.commit();
    tree.begin().rollback();
    expect(tree.get('./Open/Text', ONE).value).toBe('w');
  });

  it('what the device itself changes meanwhile stays, as a nonce must', () => {
    const tree = plant();
    const transaction = tree.begin();
    tree.replace('./Open/Text', 'by the server', ONE);
    tree.replace('./DMAcc?prop=Title', 'by the device', 'device');
    tree.add('./DMAcc/acc', leaf('', 'nonce'), 'device');
    expect(() => tree.add('./DMAcc/acc', leaf('', 'again'), 'device')).toThrow(
      expect.objectContaining({ status: 418 }),
    );
    transaction.rollback();
    expect(tree.get('./Open/Text', ONE).value).toBe('v');
    expect(tree.property('./DMAcc', 'Title', 'device')).toBe('by the device');
    expect(tree.get('./DMAcc/acc', 'device').value).toBe('nonce');
  });

  it('the place among siblings is undone as well', () => {
    const tree = plant();
    const names = () =>
      tree
        .get('./Open', ONE)
        .children.map(({ name }) => name)
        .join(' ');
    const before = names();
    const transaction = tree.begin();
    tree.delete('./Open/Number', ONE);
    tree.delete('./Open/Text', ONE);
    tree.add('./Open/Number', leaf('', '2'), ONE);
    tree.replace('./Open/Bytes?prop=Name', 'Text', ONE);
    expect(names()).toBe('Inner Mine Number Text');
    transaction.rollback();
    expect(names()).toBe(before);
  });
});
