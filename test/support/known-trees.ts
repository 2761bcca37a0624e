/** Generated trees (fast-check), and edits of one into another: for diffs, documents and snapshots. */
import fc from 'fast-check';
import type { KnownNode } from '../../src-core/tree/known.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';

const name = fc.constantFrom('A', 'B', 'C', 'D', 'é€', 'x y', 'n.1');
const title = fc.option(fc.constantFrom('Title', '<é>'), { nil: undefined });
const ALL_RIGHTS = ['Add=*&Delete=*&Exec=*&Get=*&Replace=*', 'Add=one&Delete=one&Get=one+two&Replace=one'];
/** `open` leaves the server `one` every right. */
const acls = {
  none: fc.constant(undefined),
  open: fc.option(fc.constantFrom(...ALL_RIGHTS), { nil: undefined }),
  any: fc.option(fc.constantFrom(...ALL_RIGHTS, 'Get=*', 'Get=two&Replace=two'), { nil: undefined }),
};
export type Acls = keyof typeof acls;

/** Formats with a type and values that a device keeps as they are. */
const contents = fc.oneof(
  fc.record({
    format: fc.constant('chr' as const),
    type: fc.constant('text/plain'),
    value: fc.constantFrom('', 'v', ' <w> '),
  }),
  fc.record({
    format: fc.constant('int' as const),
    type: fc.constant('text/plain'),
    value: fc.constantFrom('1', '-7'),
  }),
  fc.record({
    format: fc.constant('bool' as const),
    type: fc.constant('text/plain'),
    value: fc.constantFrom('true', 'false'),
  }),
  fc.record({
    format: fc.constant('bin' as const),
    type: fc.constant('image/png'),
    value: fc.constantFrom('', 'AAEC', '/w=='),
  }),
  fc.record({
    format: fc.constant('b64' as const),
    type: fc.constant('text/plain'),
    value: fc.constantFrom('AAEC', ''),
  }),
  fc.record({
    format: fc.constant('xml' as const),
    type: fc.constant('text/xml'),
    value: fc.constantFrom('<a/>', '<b>&amp;</b>'),
  }),
);

function leaves(kind: Acls): fc.Arbitrary<TreeNode> {
  return fc
    .record({ name, contents, title, acl: acls[kind] })
    .map(({ name: called, contents: what, ...more }) => leaf(called, what.value, { ...what, ...defined(more) }));
}

function nodes(kind: Acls, depth: number): fc.Arbitrary<TreeNode> {
  if (depth === 0) return leaves(kind);
  const type = fc.option(fc.constantFrom('urn:a', 'urn:b'), { nil: undefined });
  const children = fc.uniqueArray(nodes(kind, depth - 1), { selector: child => child.name, maxLength: 4 });
  const inner = fc
    .record({ name, title, acl: acls[kind], type, children })
    .map(({ name: called, children: below, ...more }) => interior(called, below, defined(more)));
  return fc.oneof({ weight: 2, arbitrary: inner }, { weight: 1, arbitrary: leaves(kind) });
}

/** Children of a root. */
export function forests(kind: Acls = 'none'): fc.Arbitrary<TreeNode[]> {
  return fc.uniqueArray(nodes(kind, 3), { selector: child => child.name, maxLength: 4 });
}

/** Two forests of which the second is mostly the first: nodes dropped, renamed, changed and added. */
export function edits(first: Acls = 'none', second: Acls = first): fc.Arbitrary<[TreeNode[], TreeNode[]]> {
  const dice = fc.infiniteStream(fc.nat(11));
  return fc.tuple(forests(first), forests(second), dice).map(([from, other, throws]) => {
    return [from, mixed(from, other, () => throws.next().value ?? 11)];
  });
}

function mixed(from: readonly TreeNode[], other: readonly TreeNode[], next: () => number): TreeNode[] {
  const out = new Map<string, TreeNode>();
  for (const node of from) {
    const dice = next();
    const match = other.find(candidate => candidate.name === node.name);
    if (dice === 0) continue;
    const below = () => (node.format === 'node' ? mixed(node.children, match?.children ?? [], next) : []);
    const kept = dice === 1 && match ? match : { ...changed(node, dice), children: below() };
    const called = dice === 2 ? `${node.name}-renamed` : node.name;
    out.set(called, { ...kept, name: called });
  }
  for (const node of other) if (!out.has(node.name) && next() < 2) out.set(node.name, node);
  return [...out.values()];
}

function changed(node: TreeNode, dice: number): TreeNode {
  const { title, ...untitled } = node;
  if (dice === 3 && node.format === 'chr') return { ...node, value: `${node.value}!` };
  if (dice === 4) return title === undefined ? { ...node, title: 'Now titled' } : untitled;
  return dice === 5 ? { ...node, acl: 'Add=one&Delete=one&Get=one&Replace=one' } : node;
}

/** Without what a device keeps to itself, and children in the order of their names. */
export function plain(node: KnownNode): KnownNode {
  const { tstamp: _, verNo: __, children, ...rest } = node;
  const sorted = children.map(plain).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...rest, children: sorted };
}

function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
