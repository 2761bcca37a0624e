import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftOf } from '../../../src-core/server/jobs/command-input.ts';
import { execute } from '../../../src-core/session/client-commands.ts';
import { decodeMessage, type Encoding, encodeMessage } from '../../../src-core/syncml/codec.ts';
import type { Command } from '../../../src-core/syncml/message.ts';
import { planCommands } from '../../../src-core/tree/diff/commands.ts';
import { type Change, diffTrees } from '../../../src-core/tree/diff/diff.ts';
import { type Carried, typeOf } from '../../../src-core/tree/diff/fields.ts';
import type { SubtreeForm, TreeCommand } from '../../../src-core/tree/diff/tree-command.ts';
import { countRead, type KnownNode } from '../../../src-core/tree/known.ts';
import { ManagementTree } from '../../../src-core/tree/management-tree.ts';
import { interior, leaf, type TreeNode } from '../../../src-core/tree/node.ts';
import { edits, forests, plain } from '../../support/known-trees.ts';

const ONE = { serverId: 'one' };
const ROOT_ACL = 'Add=*&Delete=*&Get=*&Replace=*';
const ALL: ReadonlySet<Carried> = new Set(['ACL', 'LeafType', 'ObjectType', 'Title']);

const root = (children: readonly TreeNode[]): KnownNode => interior('.', children, { acl: ROOT_ACL });
const deviceWith = (children: readonly TreeNode[]) => new ManagementTree(children, { now: () => 0, rootAcl: ROOT_ACL });

/** The commands as they come out of a message. */
function sent(asked: readonly TreeCommand[], encoding: Encoding): readonly Command[] {
  const commands = asked.map((command, i) => ({ ...draftOf(command), cmdId: String(i + 1) }) as Command);
  const header = {
    verDTD: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: 1,
    target: { uri: 'd' },
    source: { uri: 's' },
  };
  return decodeMessage(encodeMessage({ header, commands, final: true }, encoding), encoding).commands;
}

/** Statuses of a server's commands at a device. */
function run(tree: ManagementTree, commands: readonly Command[]): number[] {
  const running = execute(commands, { tree, actor: ONE, interactive: false });
  const end = running.next();
  return end.done ? end.value.map(({ code }) => code) : [];
}

function stateOf(tree: ManagementTree): KnownNode {
  return typed(plain({ ...tree.subtree('.', 'device'), name: '.' }));
}

/** With the Type that a leaf has by default. */
function typed(node: KnownNode): KnownNode {
  const type = typeOf(node);
  return { ...node, ...(type !== undefined && { type }), children: node.children.map(typed) };
}

const FORMS: readonly SubtreeForm[] = ['nodes', 'tnds-wbxml', 'tnds-xml'];

describe('a tree applied from a diff', () => {
  it.each(FORMS.flatMap(form => (['wbxml', 'xml'] as const).map(encoding => [form, encoding] as const)))(
    'equals its target: %s in %s',
    (form, encoding) => {
      fc.assert(
        fc.property(edits('open', 'any'), ([from, to]) => {
          const device = deviceWith(from);
          const { changes } = diffTrees(root(from), root(to), { compared: ALL });
          const { commands, skipped } = planCommands(changes, { subtrees: form });
          const statuses = run(device, sent(commands, encoding));
          expect({ skipped, statuses: statuses.filter(code => code !== 200) }).toEqual({ skipped: [], statuses: [] });
          expect(stateOf(device)).toEqual(typed(plain(root(to))));
        }),
        { numRuns: 600 },
      );
    },
  );

  it('is as its target, so that a second diff finds nothing', () => {
    fc.assert(
      fc.property(edits('open', 'any'), ([from, to]) => {
        const device = deviceWith(from);
        run(device, sent(planCommands(diffTrees(root(from), root(to), { compared: ALL }).changes).commands, 'wbxml'));
        const now = { ...device.subtree('.', 'device'), name: '.' };
        expect(diffTrees(now, root(to), { compared: ALL }).changes).toEqual([]);
      }),
    );
  });

  it('takes no more commands than there are differences: one for each node and property', () => {
    fc.assert(
      fc.property(edits('open', 'any'), ([from, to]) => {
        const { changes } = diffTrees(root(from), root(to), { compared: ALL });
        const { commands } = planCommands(changes);
        expect(commands.length).toBeLessThanOrEqual(changes.reduce((sum, change) => sum + mostFor(change), 0));
      }),
    );
  });

  it('of a tree and itself there is nothing to do', () => {
    fc.assert(
      fc.property(forests('any'), tree => {
        const diff = diffTrees(root(tree), root(tree));
        expect([diff.changes, diff.unknown, diff.unread]).toEqual([[], { from: 0, to: 0 }, 0]);
      }),
    );
  });

  it('there and back again is as it was', () => {
    fc.assert(
      fc.property(edits('open', 'open'), ([from, to]) => {
        const device = deviceWith(from);
        for (const [a, b] of [
          [from, to],
          [to, from],
        ] as const)
          run(device, sent(planCommands(diffTrees(root(a), root(b), { compared: ALL }).changes).commands, 'wbxml'));
        expect(stateOf(device)).toEqual(typed(plain(root(from))));
      }),
    );
  });
});

/** A node is added with its title and its ACL; one that must be made anew also goes first. */
function mostFor(change: Change): number {
  switch (change.kind) {
    case 'removed':
    case 'moved':
      return 1;
    case 'added':
      return 3 * countRead(change.node);
    case 'changed': {
      const anew = change.fields.some(({ field }) => field === 'Type' || field === 'Format');
      return anew ? 1 + 3 * countRead(change.after) : change.fields.length;
    }
  }
}

describe('only a part of the difference', () => {
  const from = root([interior('A', [leaf('x', '1'), leaf('gone', '')]), interior('B', [leaf('y', '1')])]);
  const to = root([interior('A', [leaf('x', '2')]), interior('B', [leaf('y', '2')])]);

  it('is what is at or below one node', () => {
    const device = deviceWith(from.children as TreeNode[]);
    const { commands } = planCommands(diffTrees(from, to).changes, { within: './A' });
    expect(run(device, sent(commands, 'wbxml'))).toEqual([200, 200]);
    expect(device.get('./A/x', 'device').value).toBe('2');
    expect(device.has('./A/gone')).toBe(false);
    expect(device.get('./B/y', 'device').value).toBe('1');
  });
});
