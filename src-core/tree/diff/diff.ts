/** What makes one tree another: nodes added, removed, changed and renamed. Time is linear in the nodes of both. */
import type { KnownNode } from '../known.ts';
import { childUri, ROOT } from '../uri.ts';
import { type Carried, carriedByBoth, type FieldChange, fieldsChanged } from './fields.ts';
import { findRenamed } from './renames.ts';

/** Of nodes added and removed only the topmost; all below it came or went with it. URIs are those of the second tree. */
export type Change =
  | { readonly kind: 'added' | 'removed'; readonly uri: string; readonly node: KnownNode }
  | {
      readonly kind: 'changed';
      readonly uri: string;
      readonly fields: readonly FieldChange[];
      readonly before: KnownNode;
      readonly after: KnownNode;
    }
  /** The same node under another name; `from` is its URI when all above it has the new names. */
  | { readonly kind: 'moved'; readonly uri: string; readonly from: string; readonly node: KnownNode };

export interface TreeDiff {
  /** A parent before what is below it, and under one parent: removed, renamed, then the others. */
  readonly changes: readonly Change[];
  /** Nodes of the one tree that may or may not be in the other: it was not read there. Only the topmost are counted. */
  readonly unknown: { readonly from: number; readonly to: number };
  /** Leaves whose value only one of the trees has. */
  readonly unread: number;
  /** What both trees carry: the absence of these counts. */
  readonly compared: ReadonlySet<Carried>;
}

export interface DiffOptions {
  /** Properties whose absence means something in both trees; where nothing is said the trees tell. */
  readonly compared?: ReadonlySet<Carried>;
}

export function diffTrees(from: KnownNode, to: KnownNode, options: DiffOptions = {}): TreeDiff {
  const comparison = new Comparison(options.compared ?? carriedByBoth(from, to));
  comparison.nodes(from, to, ROOT);
  return comparison;
}

class Comparison implements TreeDiff {
  readonly changes: Change[] = [];
  readonly unknown = { from: 0, to: 0 };
  readonly compared: ReadonlySet<Carried>;
  unread = 0;

  constructor(compared: ReadonlySet<Carried>) {
    this.compared = compared;
  }

  /** Two nodes that are the same one, neither of which turned from leaf to interior node. */
  nodes(before: KnownNode, after: KnownNode, uri: string): void {
    if ((before.value === undefined) !== (after.value === undefined)) this.unread++;
    const fields = fieldsChanged(before, after, this.compared);
    if (fields.length > 0) this.changes.push({ kind: 'changed', uri, fields, before, after });
    if (before.children.length > 0 || after.children.length > 0) this.#children(before, after, uri);
  }

  #children(before: KnownNode, after: KnownNode, uri: string): void {
    const wanted = new Map(after.children.map(child => [child.name, child]));
    const gone: KnownNode[] = [];
    const come = new Set(after.children);
    const same: { before: KnownNode; after: KnownNode }[] = [];
    for (const child of before.children) {
      const other = wanted.get(child.name);
      if (other && !turns(child, other)) {
        same.push({ before: child, after: other });
        come.delete(other);
      } else if (other || after.format === 'node') gone.push(child);
      else this.unknown.to++;
    }
    const added = this.#knownlyAdded(come, before);
    const renamed = findRenamed(gone, added, this.compared);
    this.#report(gone, added, renamed, uri);
    for (const pair of [...renamed, ...same]) this.nodes(pair.before, pair.after, childUri(uri, pair.after.name));
  }

  /** What is new in the second tree, and was not merely unknown in the first. */
  #knownlyAdded(come: ReadonlySet<KnownNode>, before: KnownNode): KnownNode[] {
    const names = new Set(before.children.map(child => child.name));
    return [...come].filter(child => {
      if (before.format === 'node' || names.has(child.name)) return true;
      this.unknown.from++;
      return false;
    });
  }

  #report(
    gone: readonly KnownNode[],
    added: readonly KnownNode[],
    renamed: readonly { before: KnownNode; after: KnownNode }[],
    uri: string,
  ): void {
    const moved = new Set(renamed.flatMap(({ before, after }) => [before, after]));
    const put = (kind: 'added' | 'removed', node: KnownNode) => {
      if (!moved.has(node)) this.changes.push({ kind, uri: childUri(uri, node.name), node });
    };
    for (const node of gone) put('removed', node);
    for (const { before, after } of renamed) {
      const [at, was] = [childUri(uri, after.name), childUri(uri, before.name)];
      this.changes.push({ kind: 'moved', uri: at, from: was, node: after });
    }
    for (const node of added) put('added', node);
  }
}

/** From leaf to interior node or back: another node of the same name. */
function turns(before: KnownNode, after: KnownNode): boolean {
  if (before.format === undefined || after.format === undefined) return false;
  return (before.format === 'node') !== (after.format === 'node');
}
