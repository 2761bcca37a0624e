/** The rows of a comparison: changes under the node whose children they are, filtered and folded. Pure. */
import type { ChangeKind, ChangeView, FieldView } from '../../../../src-core/workbench/snapshots/views.ts';
import { BULLETS, isSecretNode } from '../node/values.ts';

export type DiffRow =
  | { readonly kind: 'group'; readonly uri: string; readonly count: number; readonly open: boolean }
  | { readonly kind: 'change'; readonly change: ChangeView };

export interface DiffFilter {
  /** Part of a URI or of a text, old or new; letters of either case. */
  readonly text: string;
  /** Kinds that are left out. */
  readonly without: ReadonlySet<ChangeKind>;
}

/** Groups in the order of the tree; each with its changes as the core gives them. */
export function groupChanges(changes: readonly ChangeView[], filter: DiffFilter): Map<string, ChangeView[]> {
  const groups = new Map<string, ChangeView[]>();
  const text = filter.text.trim().toLowerCase();
  for (const change of changes) {
    if (filter.without.has(change.kind) || !fits(change, text)) continue;
    const group = groups.get(change.group);
    if (group) group.push(change);
    else groups.set(change.group, [change]);
  }
  return groups;
}

export function rowsOf(groups: ReadonlyMap<string, readonly ChangeView[]>, folded: ReadonlySet<string>): DiffRow[] {
  const rows: DiffRow[] = [];
  for (const [uri, changes] of groups) {
    const open = !folded.has(uri);
    rows.push({ kind: 'group', uri, count: changes.length, open });
    if (open) for (const change of changes) rows.push({ kind: 'change', change });
  }
  return rows;
}

function fits({ uri, from = '', fields }: ChangeView, text: string): boolean {
  if (text === '') return true;
  if (uri.toLowerCase().includes(text) || from.toLowerCase().includes(text)) return true;
  return (
    !isSecretNode(uri) && fields.some(field => `${field.old ?? ''}\n${field.new ?? ''}`.toLowerCase().includes(text))
  );
}

/** Its name below the group: `./A/B/c` in `./A` is `B/c`. */
export function nameIn({ uri, group }: ChangeView): string {
  return uri === group ? uri : uri.slice(group.length + 1);
}

/** Values of secrets are not shown, only that they differ. */
export function shownFields({ uri, fields }: ChangeView): readonly FieldView[] {
  if (!isSecretNode(uri)) return fields;
  return fields.map(field => (field.field === 'Value' ? hidden(field) : field));
}

function hidden({ field, old, new: now }: FieldView): FieldView {
  return { field, ...(old !== undefined && { old: BULLETS }), ...(now !== undefined && { new: BULLETS }) };
}

export const KINDS: readonly ChangeKind[] = ['added', 'removed', 'changed', 'moved'];

export const KIND_MARK: Readonly<Record<ChangeKind, string>> = { added: '+', removed: '−', changed: '~', moved: '→' };

export const KIND_WORD: Readonly<Record<ChangeKind, string>> = {
  added: 'added',
  removed: 'removed',
  changed: 'changed',
  moved: 'renamed',
};

/** One change a line, as it can be pasted into a report. */
export function changeAsText(change: ChangeView): string {
  const moved = change.from === undefined ? '' : ` (was ${change.from})`;
  const texts = shownFields(change).map(({ field, old, new: now }) => {
    if (change.kind === 'added') return `${field} ${JSON.stringify(now ?? '')}`;
    if (change.kind === 'removed') return `${field} ${JSON.stringify(old ?? '')}`;
    return `${field} ${quoted(old)} → ${quoted(now)}`;
  });
  return `${KIND_MARK[change.kind]} ${change.uri}${moved}${texts.length > 0 ? ` ${texts.join(', ')}` : ''}`;
}

const quoted = (text: string | undefined): string => (text === undefined ? 'none' : JSON.stringify(text));

/** Enough to choose from. */
const PARTS = 300;

/** Nodes below which something changed, as parts that make sense alone: the groups and the nodes above them. */
export function partsOf(changes: readonly ChangeView[]): string[] {
  const parts = new Set<string>();
  for (const { group, uri, inside } of changes) {
    if (inside) continue;
    for (let at = group; at.includes('/') && !parts.has(at); at = at.slice(0, at.lastIndexOf('/'))) parts.add(at);
    parts.add(uri);
    if (parts.size > PARTS) break;
  }
  parts.delete('.');
  return [...parts].sort();
}
