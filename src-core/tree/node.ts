/** Nodes of a management tree with their run-time properties (OMA-TS-DM_TND-V1_2_1 §7). */

export type NodeFormat = 'b64' | 'bin' | 'bool' | 'chr' | 'date' | 'float' | 'int' | 'node' | 'null' | 'time' | 'xml';

export const NODE_FORMATS: readonly NodeFormat[] = [
  'b64',
  'bin',
  'bool',
  'chr',
  'date',
  'float',
  'int',
  'node',
  'null',
  'time',
  'xml',
];

export interface TreeNode {
  readonly name: string;
  readonly format: NodeFormat;
  /** MIME type of a leaf, or DDF identifier of an interior node. */
  readonly type?: string;
  readonly title?: string;
  /** As written: `Get=*&Replace=dm.example`. Absent: inherited. */
  readonly acl?: string;
  /** ISO 8601, UTC. */
  readonly tstamp?: string;
  readonly verNo?: number;
  /** Value of a leaf; b64 and bin as base64 text. */
  readonly value?: string;
  readonly children: readonly TreeNode[];
}

export function interior(name: string, children: readonly TreeNode[], more: Partial<TreeNode> = {}): TreeNode {
  return { name, format: 'node', children, ...more };
}

export function leaf(name: string, value: string, more: Partial<TreeNode> = {}): TreeNode {
  return { name, format: 'chr', type: 'text/plain', value, children: [], ...more };
}

/** Bytes of a leaf's value: UTF-8 text, or what base64 stands for. */
export function valueSize(node: Pick<TreeNode, 'format' | 'value'>): number {
  const encoding = node.format === 'b64' || node.format === 'bin' ? 'base64' : 'utf8';
  return Buffer.byteLength(node.value ?? '', encoding);
}
