/** A diff as the page shows it: one row for each node that changed, came or went. Pure. */

import { parentOf } from '../../tree/device-tree.ts';
import type { Change, TreeDiff } from '../../tree/diff/diff.ts';
import { type Carried, carriedBy, type FieldChange } from '../../tree/diff/fields.ts';
import { countRead, type KnownNode, walkKnown } from '../../tree/known.ts';
import { ROOT } from '../../tree/uri.ts';
import type { ChangeKind, ChangeView, DiffView, FieldView } from './views.ts';

/** More rows nobody reads, and the page would take long to get them. */
const ROWS = 100_000;
/** Characters of a text in a row. */
const SHORT = 200;

export function diffView(diff: TreeDiff, from: KnownNode, to: KnownNode): DiffView {
  const counts: Record<ChangeKind, number> = { added: 0, changed: 0, moved: 0, removed: 0 };
  const changes: ChangeView[] = [];
  let more = 0;
  for (const row of rowsOf(diff.changes, SHORT)) {
    counts[row.kind]++;
    if (changes.length < ROWS) changes.push(row);
    else more++;
  }
  return {
    changes,
    more,
    counts,
    nodes: { from: countRead(from), to: countRead(to) },
    unknown: diff.unknown,
    unread: diff.unread,
    notCompared: notCompared(from, to),
  };
}

/** Nothing of their texts is cut. */
export function changesAt(diff: TreeDiff, uri: string): ChangeView[] {
  return [...rowsOf(diff.changes, Number.POSITIVE_INFINITY)].filter(row => row.uri === uri);
}

function* rowsOf(changes: readonly Change[], short: number): Generator<ChangeView> {
  for (const change of changes) {
    const group = parentOf(change.uri) ?? ROOT;
    switch (change.kind) {
      case 'added':
      case 'removed':
        for (const { uri, node } of walkKnown(change.node, change.uri)) {
          const inside = uri === change.uri ? {} : { inside: true as const };
          yield {
            kind: change.kind,
            uri,
            group,
            ...formatOf(node),
            ...inside,
            fields: wholeNode(change.kind, node, short),
          };
        }
        break;
      case 'moved':
        yield { kind: 'moved', uri: change.uri, from: change.from, group, ...formatOf(change.node), fields: [] };
        break;
      case 'changed': {
        const fields = change.fields.map(field => fieldView(field, short));
        yield { kind: 'changed', uri: change.uri, group, ...formatOf(change.after), fields };
      }
    }
  }
}

function formatOf({ format }: KnownNode): { format?: string } {
  return format === undefined ? {} : { format };
}

function wholeNode(kind: 'added' | 'removed', node: KnownNode, short: number): FieldView[] {
  const { value, type, title, acl } = node;
  const all = { Value: value, Type: type, Title: title, ACL: acl };
  return Object.entries(all).flatMap(([name, text]) => {
    if (text === undefined) return [];
    const field = name as FieldChange['field'];
    return [fieldView(kind === 'added' ? { field, new: text } : { field, old: text }, short)];
  });
}

function fieldView({ field, old, new: now }: FieldChange, short: number): FieldView {
  const cut = (text: string) => (text.length > short ? `${text.slice(0, short)}…` : text);
  return {
    field,
    ...(old !== undefined && { old: cut(old), ...(old.length > short && { oldLength: old.length }) }),
    ...(now !== undefined && { new: cut(now), ...(now.length > short && { newLength: now.length }) }),
  };
}

const WORDS: Readonly<Record<Carried, string>> = {
  ACL: 'ACL',
  LeafType: 'Type of leaves',
  ObjectType: 'Type of interior nodes',
  Title: 'Title',
};

function notCompared(from: KnownNode, to: KnownNode): DiffView['notCompared'] {
  const [first, second] = [carriedBy(from), carriedBy(to)];
  const missing = (side: 'from' | 'to', here: ReadonlySet<Carried>, there: ReadonlySet<Carried>) =>
    [...there].filter(name => !here.has(name)).map(name => ({ property: WORDS[name], missingIn: side }));
  return [...missing('from', first, second), ...missing('to', second, first)];
}
