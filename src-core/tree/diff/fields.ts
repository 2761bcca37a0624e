/** What two nodes may differ in, and which of that can be compared at all (OMA-TS-DM_TND-V1_2_1 §7.7). */
import { type KnownNode, nodesOf } from '../known.ts';

export type Field = 'ACL' | 'Format' | 'Title' | 'Type' | 'Value';

/** `old` or `new` is absent where the node has none: an ACL that is inherited, no title. */
export interface FieldChange {
  readonly field: Field;
  readonly old?: string;
  readonly new?: string;
}

/**
 * Properties that mean something where they are absent (inherited, none, default). That counts only in a tree that carries
 * them at all: one read with plain Gets has no ACL anywhere, and says nothing about ACLs.
 */
export type Carried = 'ACL' | 'LeafType' | 'ObjectType' | 'Title';
const EVERYTHING: readonly Carried[] = ['ACL', 'LeafType', 'ObjectType', 'Title'];

export function carriedBy(tree: KnownNode): ReadonlySet<Carried> {
  const carried = new Set<Carried>();
  for (const node of nodesOf(tree)) {
    if (node.acl !== undefined) carried.add('ACL');
    if (node.title !== undefined) carried.add('Title');
    if (node.type !== undefined) carried.add(node.format === 'node' ? 'ObjectType' : 'LeafType');
    if (carried.size === EVERYTHING.length) break;
  }
  return carried;
}

export function carriedByBoth(from: KnownNode, to: KnownNode): ReadonlySet<Carried> {
  const second = carriedBy(to);
  return new Set([...carriedBy(from)].filter(property => second.has(property)));
}

/** What differs between two nodes of which both are leaves or both are not; children are no matter here. */
export function fieldsChanged(before: KnownNode, after: KnownNode, compared: ReadonlySet<Carried>): FieldChange[] {
  const changes: FieldChange[] = [];
  const compare = (field: Field, a: string | undefined, b: string | undefined) => {
    if (a !== b) changes.push({ field, ...(a !== undefined && { old: a }), ...(b !== undefined && { new: b }) });
  };
  if (before.format !== undefined && after.format !== undefined) compare('Format', before.format, after.format);
  if (before.value !== undefined && after.value !== undefined) compare('Value', before.value, after.value);
  if (mayCompare(before.type, after.type, compared.has(before.format === 'node' ? 'ObjectType' : 'LeafType')))
    compare('Type', typeOf(before), typeOf(after));
  if (mayCompare(before.title, after.title, compared.has('Title'))) compare('Title', before.title, after.title);
  if (mayCompare(before.acl, after.acl, compared.has('ACL'))) compare('ACL', before.acl, after.acl);
  return changes;
}

function mayCompare(a: string | undefined, b: string | undefined, absentCounts: boolean): boolean {
  return absentCounts || (a !== undefined && b !== undefined);
}

/** A leaf without a Type is text (TND §7.7.7). */
export function typeOf({ format, type }: KnownNode): string | undefined {
  return type ?? (format === 'node' ? undefined : 'text/plain');
}
