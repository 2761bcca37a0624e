/** A document rewritten node by node, each with the elements around it. */
import { element, type MarkupElement, type MarkupNode } from '../../../src-core/encoding/markup.ts';

/** From the inside outwards: the first is the parent. Their children are as they were. */
export type Around = readonly MarkupElement[];
export type Change = (node: MarkupNode, around: Around) => MarkupNode;

/** Elements whole before their children: a change may give another element, whose children are then rewritten. */
export function rewrite(root: MarkupElement, ...changes: readonly Change[]): MarkupElement {
  let out = root;
  for (const change of changes) out = rewritten(out, change, []) as MarkupElement;
  return out;
}

function rewritten(node: MarkupNode, change: Change, around: Around): MarkupNode {
  const changed = change(node, around);
  if (changed.kind !== 'element') return changed;
  const inner = [changed, ...around];
  const children = changed.children.map(child => rewritten(child, change, inner));
  return element(changed.namespace, changed.name, children, changed.attributes);
}
