/** Nodes that went and nodes that came under one parent, paired where one is the other under a new name. */
import type { KnownNode } from '../known.ts';
import { type Carried, fieldsChanged } from './fields.ts';

export interface Renamed {
  readonly before: KnownNode;
  readonly after: KnownNode;
}

/**
 * First what is equal but for the name; then the only two of a shape of which at least half of the leaves are equal: an
 * account that was renamed and got a new password is still that account. Time is linear in the nodes given.
 */
export function findRenamed(
  gone: readonly KnownNode[],
  come: readonly KnownNode[],
  compared: ReadonlySet<Carried>,
): Renamed[] {
  if (gone.length === 0 || come.length === 0) return [];
  const contents = new Names(node => JSON.stringify(contentOf(node, compared)));
  const equal = pairs(gone, come, contents, false);
  const paired = new Set(equal.flatMap(({ before, after }) => [before, after]));
  const rest = (nodes: readonly KnownNode[]) => nodes.filter(node => !paired.has(node) && node.children.length > 0);
  const shapes = new Names(node => node.format ?? '');
  const alike = pairs(rest(gone), rest(come), shapes, true).filter(pair => isAlike(pair, compared));
  return [...equal, ...alike];
}

function pairs(gone: readonly KnownNode[], come: readonly KnownNode[], names: Names, onlyTwo: boolean): Renamed[] {
  const waiting = groups(gone, names);
  const wanted = groups(come, names);
  return [...wanted].flatMap(([name, afters]) => {
    const befores = waiting.get(name) ?? [];
    if (onlyTwo && (afters.length > 1 || befores.length > 1)) return [];
    return afters.flatMap((after, i) => {
      const before = befores[i];
      return before ? [{ before, after }] : [];
    });
  });
}

/** A node that nobody read is equal to none. */
function groups(nodes: readonly KnownNode[], names: Names): Map<number, KnownNode[]> {
  const readable = nodes.filter(node => node.format !== undefined);
  return Map.groupBy(readable, node => names.of(node));
}

/** One number for all subtrees that are the same: in what the words say of each node, and in the names below it. */
class Names {
  readonly #numbers = new Map<string, number>();
  readonly #words: (node: KnownNode) => string;

  constructor(words: (node: KnownNode) => string) {
    this.#words = words;
  }

  of(node: KnownNode): number {
    const children = node.children.map(child => `${child.name}/${this.of(child)}`).sort();
    const key = `${this.#words(node)}\n${children.join('/')}`;
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    return number;
  }
}

function contentOf(node: KnownNode, compared: ReadonlySet<Carried>): unknown[] {
  const { format, type, value } = node;
  const acl = compared.has('ACL') ? node.acl : undefined;
  const title = compared.has('Title') ? node.title : undefined;
  return [format, type, value, acl, title];
}

function isAlike({ before, after }: Renamed, compared: ReadonlySet<Carried>): boolean {
  if (before.type !== after.type) return false;
  const count = { equal: 0, leaves: 0 };
  countEqual(before, after, compared, count);
  return count.equal * 2 >= count.leaves;
}

function countEqual(
  before: KnownNode,
  after: KnownNode,
  compared: ReadonlySet<Carried>,
  count: { equal: number; leaves: number },
): void {
  if (before.format !== 'node') {
    count.leaves++;
    if (fieldsChanged(before, after, compared).length === 0) count.equal++;
    return;
  }
  const others = new Map(after.children.map(child => [child.name, child]));
  for (const child of before.children) {
    const other = others.get(child.name);
    if (other) countEqual(child, other, compared, count);
  }
}
