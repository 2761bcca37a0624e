/** A tree with something for every rule, and what tests ask of it. */
import { ManagementTree, type TreeOptions } from '../../src-core/tree/management-tree.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';

export const ONE = { serverId: 'one' };
export const TWO = { serverId: 'two' };
const ALL = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';
export const STAMP = '20260102T030405Z';

export function plant(options: Partial<TreeOptions> = {}): ManagementTree {
  return new ManagementTree(
    [
      interior(
        'Open',
        [
          leaf('Text', 'v', { title: 'A text' }),
          leaf('Number', '1', { format: 'int' }),
          leaf('Bytes', 'AAEC', { format: 'bin', type: 'image/png' }),
          interior('Inner', [leaf('Deep', 'd'), interior('Empty', [])], { type: 'urn:x' }),
          leaf('Mine', 'm', { acl: 'Get=one&Replace=one' }),
        ],
        { acl: ALL },
      ),
      interior(
        'One',
        [
          leaf('Value', '1'),
          leaf('Twos', '2', { acl: 'Get=two&Replace=two' }),
          interior('Kept', [leaf('Leaf', 'k', { acl: 'Get=*' })]),
        ],
        {
          acl: 'Add=one&Delete=one&Get=one+two&Replace=one',
        },
      ),
      // Everybody may add, nobody but the creator may replace.
      interior('Shared', [], { acl: 'Add=*&Get=*' }),
      interior('Built', [leaf('In', 'b'), interior('Part', [])], { acl: ALL }),
      interior('DMAcc', [], { acl: 'Get=*' }),
      interior('Inbox', [], { acl: 'Add=*&Get=*' }),
    ],
    {
      now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
      rootAcl: 'Add=*&Get=*',
      permanent: uri => uri.startsWith('./Built'),
      ...options,
    },
  );
}

/** Everything in the tree: names, values, properties, order. */
export function all(tree: ManagementTree): TreeNode {
  return tree.subtree('.', 'device');
}

/** 200, or the status with which it was refused; then nothing may have changed. */
export function statusOf(tree: ManagementTree, act: () => unknown): number {
  const before = all(tree);
  try {
    act();
    return 200;
  } catch (error) {
    if (JSON.stringify(all(tree)) !== JSON.stringify(before)) throw new Error('refused, and yet the tree has changed');
    return (error as { status: number }).status;
  }
}
