/** What a new node of a description cannot do without (OMA-TS-DM_TND-V1_2_1 §9.4.3.5). */
import type { NodeFormat } from '../node.ts';
import { isPlaceholder, type NodeDescription } from './description.ts';

export interface RequiredNode {
  /** From the new node. */
  readonly path: string;
  readonly description: NodeDescription;
  /** What a leaf begins with: what the description says, else something that fits its format. */
  readonly value?: string;
}

const FILLERS: Readonly<Partial<Record<NodeFormat, string>>> = {
  bool: 'false',
  int: '0',
  float: '0',
  date: '1970-01-01',
  time: '00:00:00',
};

/** Parents first. Left out: nodes without a name of their own, and permanent ones, which are there by themselves. */
export function* requiredBelow(node: NodeDescription, above = ''): Generator<RequiredNode> {
  for (const child of node.children) {
    const { occurrence, scope, format } = child;
    if (occurrence.least === 0 || scope === 'Permanent' || isPlaceholder(child)) continue;
    const path = `${above}${child.name}`;
    yield { path, description: child, ...(format !== 'node' && { value: firstValue(child) }) };
    yield* requiredBelow(child, `${path}/`);
  }
}

function firstValue({ format, value, defaultValue }: NodeDescription): string {
  return value ?? defaultValue ?? FILLERS[format] ?? '';
}
