/** A description out of a tree: what a device turned out to hold, as a beginning for its DDF. */
import type { KnownNode } from '../known.ts';
import { NODE_FORMATS, type NodeFormat } from '../node.ts';
import { childUri, ROOT } from '../uri.ts';
import {
  type Ddf,
  EXACTLY_ONE,
  isPlaceholder,
  type NodeDescription,
  RUN_TIME_PROPERTIES,
  type RunTimeProperty,
} from './description.ts';
import type { Descriptions, DeviceModel } from './descriptions.ts';
import type { SeenTree } from './seen-tree.ts';

export interface SkeletonOptions {
  /** What is described already is taken over: access, occurrence and the words. */
  readonly descriptions: Descriptions;
  readonly tree: SeenTree;
  readonly model?: DeviceModel;
}

/**
 * Every node under its own name, or, where it is one of a placeholder, the placeholder once. A node that nobody has described
 * could be read, so it takes Get; what else it takes only its maker knows. Values are not part of it.
 * @param above URI of the node above `node`; absent for the root, whose children then stand at the top
 */
export function skeletonOf(node: KnownNode, above: string | undefined, options: SkeletonOptions): Ddf {
  const { manufacturer, model } = options.model ?? {};
  const isRoot = node.name === ROOT && above === undefined;
  const nodes = isRoot
    ? childSkeletons(node, ROOT, options)
    : [{ ...skeleton(node, childUri(above ?? ROOT, node.name), options), ...(above !== undefined && { path: above }) }];
  return { ...(manufacturer && { manufacturer }), ...(model && { model }), nodes };
}

function childSkeletons({ children }: KnownNode, uri: string, options: SkeletonOptions): NodeDescription[] {
  const folded = new Map<NodeDescription | string, { readonly node: KnownNode; readonly uri: string }>();
  for (const child of children) {
    const at = childUri(uri, child.name);
    const described = options.descriptions.locate(at, options.tree)?.description;
    const key = described && isPlaceholder(described) ? described : child.name;
    const known = folded.get(key);
    // Of several nodes of a placeholder the fullest tells most.
    if (!known || known.node.children.length < child.children.length) folded.set(key, { node: child, uri: at });
  }
  return [...folded.values()].map(each => skeleton(each.node, each.uri, options));
}

function skeleton(node: KnownNode, uri: string, options: SkeletonOptions): NodeDescription {
  const described = options.descriptions.locate(uri, options.tree);
  const children = childSkeletons(node, uri, options);
  const seen = seenFormat(node, children);
  // A description that contradicts what was seen is not taken over.
  if (!described || (children.length > 0 && described.description.format !== 'node'))
    return { ...bare(node, children.length > 0 ? 'node' : seen), children };
  const { path: _, ...known } = described.description;
  const name = isPlaceholder(known) ? '' : node.name;
  return {
    ...known,
    name,
    ...runTimeOf(node, known.format),
    children: children.length > 0 ? children : known.children,
  };
}

function bare(node: KnownNode, format: NodeFormat): Omit<NodeDescription, 'children'> {
  const interior = format === 'node';
  return {
    name: node.name,
    access: ['Get'],
    format,
    mimeTypes: interior ? [] : [node.type || 'text/plain'],
    ...(interior && node.type && { identifier: node.type }),
    occurrence: EXACTLY_ONE,
    scope: 'Dynamic',
    ...(node.title && { title: node.title }),
    ...runTimeOf(node, format),
  };
}

function seenFormat(node: KnownNode, children: readonly NodeDescription[]): NodeFormat {
  return NODE_FORMATS.find(known => known === node.format) ?? (children.length > 0 ? 'node' : 'chr');
}

/** Mandatory properties with what they are in every node of the description, and the optional ones that were read. */
function runTimeOf(node: KnownNode, format: NodeFormat): { runTime: NonNullable<NodeDescription['runTime']> } {
  const values: Readonly<Record<RunTimeProperty, string | undefined>> = {
    ACL: '',
    Format: format,
    Name: '',
    Type: node.type ?? (format === 'node' ? '' : 'text/plain'),
    Size: undefined,
    Title: node.title === undefined ? undefined : '',
    TStamp: node.tstamp === undefined ? undefined : '',
    VerNo: node.verNo === undefined ? undefined : '',
  };
  const supported = RUN_TIME_PROPERTIES.flatMap(property => {
    const value = values[property];
    return value === undefined ? [] : [[property, value] as const];
  });
  return { runTime: Object.fromEntries(supported) };
}
