/** Finds the description of a node: by the management object that it belongs to, or by its place in the tree. */
import { childUri, formatUri, parseUri } from '../uri.ts';
import { type Ddf, describedNodes, isPlaceholder, type NodeDescription, pathSegments } from './description.ts';
import type { SeenTree } from './seen-tree.ts';

/** One document, as it is known to people. */
export interface DdfFile {
  readonly id: string;
  readonly title: string;
  /** `own`: added by the person. */
  readonly origin: 'built-in' | 'own';
  readonly ddf: Ddf;
}

/** Where a node is described. */
export interface Described {
  readonly file: DdfFile;
  readonly description: NodeDescription;
  /** The topmost description above it in the same document, and the URI of the node that it describes. */
  readonly root: NodeDescription;
  readonly rootUri: string;
  /** False where case does not tell names below the node apart. */
  readonly caseSensitive: boolean;
}

export interface DeviceModel {
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
}

interface Anchor {
  readonly file: DdfFile;
  readonly node: NodeDescription;
}

export class Descriptions {
  readonly #byIdentifier = new Map<string, Anchor[]>();
  /** By the URI that it describes; a placeholder's ends with `/` and nothing. */
  readonly #byUri = new Map<string, Anchor[]>();

  /** Of two that describe the same node the person's own counts, then the one for this very model, then the earlier. */
  constructor(files: readonly DdfFile[]) {
    for (const file of files.toSorted((a, b) => rankOf(a) - rankOf(b))) {
      for (const node of joined(file.ddf.nodes)) this.#anchor({ file, node });
    }
  }

  /** The nearest description counts: an object inside another is described by its own (§7.7.7.2). */
  locate(uri: string, tree: SeenTree): Described | undefined {
    const { path } = parseUri(uri);
    for (let depth = path.length; depth >= 0; depth--) {
      for (const anchor of this.#anchorsAt(path.slice(0, depth), tree)) {
        const described = descend(anchor, path, depth, tree);
        if (described) return described;
      }
    }
    return undefined;
  }

  /** Descriptions that begin right below a node: what may be added there beside its own children. */
  rootsBelow(uri: string): { readonly file: DdfFile; readonly description: NodeDescription }[] {
    const found: { file: DdfFile; description: NodeDescription }[] = [];
    for (const [at, anchors] of this.#byUri) {
      if (at === uri || at.slice(0, at.lastIndexOf('/')) !== uri) continue;
      // Of one name the nearest counts; objects without a name are told apart by their identifiers.
      const apart = at.endsWith('/') ? anchors : anchors.slice(0, 1);
      found.push(...apart.map(({ file, node }) => ({ file, description: node })));
    }
    return found;
  }

  /** Objects that have no place of their own: one may be added wherever the device has room for it. */
  objects(): { readonly file: DdfFile; readonly description: NodeDescription }[] {
    return [...this.#byIdentifier.values()].flatMap(([anchor]) =>
      anchor && standsAnywhere(anchor.node) ? [{ file: anchor.file, description: anchor.node }] : [],
    );
  }

  #anchorsAt(path: readonly string[], tree: SeenTree): Anchor[] {
    const uri = formatUri(path);
    const type = tree.get(uri)?.type;
    const inPlaceOf = path.length === 0 ? undefined : this.#byUri.get(childUri(formatUri(path.slice(0, -1)), ''));
    return [...((type && this.#byIdentifier.get(type)) || []), ...(this.#byUri.get(uri) ?? []), ...(inPlaceOf ?? [])];
  }

  #anchor(anchor: Anchor): void {
    const { node } = anchor;
    if (node.identifier) push(this.#byIdentifier, node.identifier, anchor);
    if (standsAnywhere(node)) return;
    const above = formatUri(pathSegments(node.path ?? ''));
    push(this.#byUri, node.name === '.' ? '.' : childUri(above, node.name), anchor);
  }
}

/** A placeholder that is an object and has no Path: its identifier alone finds it. */
export function standsAnywhere(node: NodeDescription): boolean {
  return isPlaceholder(node) && node.path === undefined && node.identifier !== undefined;
}

/** Descriptions of a standard object, or of no model in particular: a device may allow more than they say (StdObj §5.1.2). */
export function isGeneric({ ddf }: DdfFile): boolean {
  return ddf.manufacturer === undefined && ddf.model === undefined;
}

function rankOf(file: DdfFile): number {
  return (file.origin === 'own' ? 0 : 2) + (isGeneric(file) ? 1 : 0);
}

/** Only descriptions for this model, and those for none in particular. */
export function forModel(files: readonly DdfFile[], { manufacturer, model }: DeviceModel): DdfFile[] {
  const fits = (said: string | undefined, known: string | undefined) =>
    said === undefined || known === undefined || said.trim().toLowerCase() === known.trim().toLowerCase();
  return files.filter(({ ddf }) => fits(ddf.manufacturer, manufacturer) && fits(ddf.model, model));
}

/** The description of a child by its name: the named one, or of the placeholders the one that is of its format, if any is. */
export function childDescription(
  { children }: NodeDescription,
  name: string,
  caseSensitive: boolean,
  format?: string,
): NodeDescription | undefined {
  const same = (other: string) => other === name || (!caseSensitive && other.toLowerCase() === name.toLowerCase());
  const named = children.find(child => !isPlaceholder(child) && same(child.name));
  if (named) return named;
  const placeholders = children.filter(isPlaceholder);
  const alike = (child: NodeDescription) => (child.format === 'node') === (format === 'node');
  return placeholders.find(child => child.format === format) ?? placeholders.find(alike) ?? placeholders[0];
}

/** What a node says of case holds below it as well (§9.4.3.23). */
export function isCaseSensitive({ caseSense }: NodeDescription, above: boolean): boolean {
  return caseSense === undefined ? above : caseSense === 'CS';
}

function descend(
  { file, node }: Anchor,
  path: readonly string[],
  depth: number,
  tree: SeenTree,
): Described | undefined {
  const rootUri = formatUri(path.slice(0, depth));
  let uri = rootUri;
  let description = node;
  let caseSensitive = isCaseSensitive(node, true);
  for (const name of path.slice(depth)) {
    uri = childUri(uri, name);
    const child = childDescription(description, name, caseSensitive, tree.get(uri)?.format);
    if (!child) return undefined;
    description = child;
    caseSensitive = isCaseSensitive(child, caseSensitive);
  }
  return { file, description, root: node, rootUri, caseSensitive };
}

/** A description may go on elsewhere in its document: such a Path leads back to where it belongs (§9.4.1.5). */
function joined(nodes: readonly NodeDescription[]): readonly NodeDescription[] {
  if (nodes.every(({ path }) => path === undefined)) return nodes;
  const byPlace = new Map<string, NodeDescription>();
  for (const { node, above } of describedNodes(nodes)) {
    const place = formatUri([...above, node.name].flatMap(pathSegments));
    if (!byPlace.has(place)) byPlace.set(place, node);
  }
  const below = new Map<NodeDescription, NodeDescription[]>();
  const tops = nodes.filter(node => {
    const parent = node.path === undefined ? undefined : byPlace.get(formatUri(pathSegments(node.path)));
    if (parent && parent !== node) push(below, parent, node);
    return !parent || parent === node;
  });
  const whole = (node: NodeDescription): NodeDescription => ({
    ...node,
    children: [...node.children, ...(below.get(node) ?? [])].map(whole),
  });
  return tops.map(whole);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
