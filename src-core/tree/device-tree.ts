/** The server's view of one device's tree: every node as last read, when and in which session, with its earlier values. */
import type { TreeNode } from './node.ts';
import { childUri, formatUri, MAX_LEVELS, ROOT } from './uri.ts';

/** One reading of a node; absent fields were not read this time. */
export interface Reading {
  readonly uri: string;
  readonly format?: string;
  readonly type?: string;
  readonly value?: string;
  readonly acl?: string;
  readonly title?: string;
  readonly tstamp?: string;
  readonly verNo?: number;
  /** Why the node itself was not read, where it is only known to be there; empty once it was. */
  readonly unread?: string;
}

export interface PastValue {
  readonly value: string;
  readonly readAt: number;
  readonly session: string;
}

export interface DeviceNode extends Reading {
  readonly format: string;
  /** Milliseconds since 1970. */
  readonly readAt: number;
  /** SyncML SessionID. */
  readonly session: string;
  /** Earlier values, newest first. */
  readonly history: readonly PastValue[];
}

const HISTORY = 50;
const NO_HISTORY: readonly PastValue[] = [];

/** When nodes were read. All that were read at once share one, which keeps a large tree small. */
interface Visit {
  readonly readAt: number;
  readonly session: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What few nodes have. */
type Rare = Pick<Reading, 'acl' | 'title' | 'tstamp' | 'verNo' | 'unread'>;

/** A place in the tree; without a visit it is known only by what is below it. */
interface Place {
  readonly name: string;
  readonly parent: Place | undefined;
  children: Map<string, Place> | undefined;
  visit: Visit | undefined;
  format: string;
  type: string | undefined;
  value: string | undefined;
  rare: Rare | undefined;
  history: readonly PastValue[];
}

export class DeviceTree {
  readonly #root = newPlace(ROOT, undefined);
  /** One text for each format and type, however many messages named it. */
  readonly #words = new Map<string, string>();
  #visit: Visit = { readAt: 0, session: '' };
  /** The last parent that was looked up: siblings come together. */
  #near: { readonly uri: string; readonly place: Place } = { uri: ROOT, place: this.#root };
  #size = 0;

  constructor(nodes: Iterable<DeviceNode> = []) {
    for (const node of nodes) this.put(node);
  }

  /** The node is exactly this, whatever was known of it. */
  put(node: DeviceNode): void {
    const place = this.#ensure(node.uri);
    if (!place) return;
    place.type = undefined;
    place.value = undefined;
    place.rare = undefined;
    this.#take(place, node, this.#visitOf(node.readAt, node.session));
    place.history = node.history.length > 0 ? node.history : NO_HISTORY;
  }

  /** Nodes that were read. */
  get size(): number {
    return this.#size;
  }

  get(uri: string): DeviceNode | undefined {
    const place = this.#find(uri);
    return place?.visit && nodeAt(place, place.visit, wholeUri(uri));
  }

  /** Names of the children that are known. */
  children(uri: string): string[] {
    return [...(this.#find(uri)?.children?.keys() ?? [])];
  }

  /** Every node that was read, a parent before its children. */
  nodes(): DeviceNode[] {
    return [...this.walk()];
  }

  /** As `nodes`, one by one. What changes meanwhile is given as it was or as it is. */
  *walk(): Generator<DeviceNode> {
    for (const [place, uri] of below(this.#root, ROOT)) if (place.visit) yield nodeAt(place, place.visit, uri);
  }

  /** Takes readings in; returns the nodes as they are now. */
  apply(readings: readonly Reading[], readAt: number, session: string): DeviceNode[] {
    const visit = this.#visitOf(readAt, session);
    return readings.flatMap(reading => {
      const place = this.#ensure(reading.uri);
      if (!place) return [];
      this.#take(place, reading, visit);
      return [nodeAt(place, visit, wholeUri(reading.uri))];
    });
  }

  /** The children of an interior node are exactly these: others are gone. Returns the URIs removed. */
  retainChildren(uri: string, names: readonly string[]): string[] {
    const children = this.#find(uri)?.children;
    if (!children) return [];
    const kept = new Set(names);
    return [...children.values()].filter(({ name }) => !kept.has(name)).flatMap(child => this.#remove(child));
  }

  /** Removes a node and everything below it. Returns the URIs removed. */
  remove(uri: string): string[] {
    const place = this.#find(uri);
    return place ? this.#remove(place) : [];
  }

  #remove(place: Place): string[] {
    const gone: string[] = [];
    for (const [inside, uri] of below(place, uriOf(place))) if (inside.visit) gone.push(uri);
    this.#size -= gone.length;
    this.#near = { uri: ROOT, place: this.#root };
    place.children = undefined;
    place.visit = undefined;
    detach(place);
    return gone;
  }

  #take(place: Place, reading: Reading, visit: Visit): void {
    const { value, format, type } = reading;
    const { visit: before } = place;
    if (!before) this.#size++;
    if (before && place.value !== undefined && value !== undefined && place.value !== value)
      place.history = [{ value: place.value, ...before }, ...place.history].slice(0, HISTORY);
    if (value !== undefined) place.value = value;
    if (format !== undefined) place.format = this.#word(format);
    if (type !== undefined) place.type = this.#word(type);
    const rare = rareOf(reading);
    if (rare) place.rare = { ...place.rare, ...rare };
    place.visit = visit;
  }

  #find(uri: string): Place | undefined {
    return this.#locate(uri, childOf);
  }

  /** Undefined for what is no place in a tree. */
  #ensure(uri: string): Place | undefined {
    return this.#locate(uri, (parent, name) => childOf(parent, name) ?? addChild(parent, name));
  }

  #locate(uri: string, step: (parent: Place, name: string) => Place | undefined): Place | undefined {
    const cut = uri.lastIndexOf('/');
    const { uri: near, place } = this.#near;
    if (cut === near.length && cut + 1 < uri.length && uri.startsWith(near)) return step(place, uri.slice(cut + 1));
    let at: Place | undefined = this.#root;
    for (const name of namesOf(uri) ?? ['']) {
      if (name === '') return undefined;
      at = step(at, name);
      if (!at) return undefined;
    }
    if (at.parent) this.#near = { uri: uri.slice(0, cut), place: at.parent };
    return at;
  }

  #visitOf(readAt: number, session: string): Visit {
    if (this.#visit.readAt !== readAt || this.#visit.session !== session) this.#visit = { readAt, session };
    return this.#visit;
  }

  #word(text: string): string {
    const known = this.#words.get(text);
    if (known === undefined) this.#words.set(text, text);
    return known ?? text;
  }
}

function newPlace(name: string, parent: Place | undefined): Place {
  return {
    name,
    parent,
    children: undefined,
    visit: undefined,
    format: 'chr',
    type: undefined,
    value: undefined,
    rare: undefined,
    history: NO_HISTORY,
  };
}

function childOf(parent: Place, name: string): Place | undefined {
  return parent.children?.get(name);
}

function addChild(parent: Place, name: string): Place {
  const child = newPlace(name, parent);
  parent.children ??= new Map();
  parent.children.set(name, child);
  return child;
}

/** Takes a place out; those above that were known only by it go with it. */
function detach(place: Place): void {
  for (let at = place; at.parent && !at.visit && !at.children; at = at.parent) {
    at.parent.children?.delete(at.name);
    if (at.parent.children?.size === 0) at.parent.children = undefined;
  }
}

/** A place and all below it, each with its URI; the deepest tree takes no deeper stack. */
function* below(place: Place, uri: string): Generator<[Place, string]> {
  yield [place, uri];
  const open = [{ uri, children: place.children?.values() }];
  for (let last = open.at(-1); last; last = open.at(-1)) {
    const next = last.children?.next();
    if (!next || next.done) {
      open.pop();
      continue;
    }
    const child = next.value;
    const below = childUri(last.uri, child.name);
    yield [child, below];
    if (child.children) open.push({ uri: below, children: child.children.values() });
  }
}

function nodeAt({ format, type, value, rare, history }: Place, { readAt, session }: Visit, uri: string): DeviceNode {
  const node: Mutable<DeviceNode> = { uri, format, readAt, session, history };
  if (type !== undefined) node.type = type;
  if (value !== undefined) node.value = value;
  return rare ? Object.assign(node, rare) : node;
}

function rareOf({ acl, title, tstamp, verNo, unread }: Reading): Rare | undefined {
  if ((acl ?? title ?? tstamp ?? verNo ?? unread) === undefined) return undefined;
  return {
    ...(acl !== undefined && { acl }),
    ...(title !== undefined && { title }),
    ...(tstamp !== undefined && { tstamp }),
    ...(verNo !== undefined && { verNo }),
    ...(unread !== undefined && { unread }),
  };
}

function uriOf(place: Place): string {
  const names: string[] = [];
  for (let at = place; at.parent; at = at.parent) names.push(at.name);
  return formatUri(names.reverse());
}

function wholeUri(uri: string): string {
  return uri === ROOT || uri.startsWith('./') ? uri : `./${uri}`;
}

/** Node names from the root, also of a URI without `./` (TND §5); undefined for what names no node. */
function namesOf(uri: string): string[] | undefined {
  if (uri === ROOT) return [];
  const names = (uri.startsWith('./') ? uri.slice(2) : uri).split('/', MAX_LEVELS + 1);
  return names.length > MAX_LEVELS || names.includes('') ? undefined : names;
}

/** URI of the node above, undefined for the root. */
export function parentOf(uri: string): string | undefined {
  return uri === ROOT ? undefined : uri.slice(0, uri.lastIndexOf('/'));
}

/** Every node of a subtree as a reading; `path` is the URI above it without the leading `./`. */
export function readingsOf(path: string, node: TreeNode): Reading[] {
  const names = path === '' ? [] : path.split('/');
  return walk(node.name === '' || node.name === ROOT ? names : [...names, node.name], node);
}

function walk(path: readonly string[], node: TreeNode): Reading[] {
  const { children, name: _, ...properties } = node;
  return [{ ...properties, uri: formatUri(path) }, ...children.flatMap(child => walk([...path, child.name], child))];
}
