/** The server's view of one device's tree: every node as last read, when and in which session, with its earlier values. */
import type { TreeNode } from './node.ts';
import { childUri, formatUri, isWithin, ROOT } from './uri.ts';

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

export class DeviceTree {
  readonly #nodes = new Map<string, DeviceNode>();

  constructor(nodes: Iterable<DeviceNode> = []) {
    for (const node of nodes) this.#nodes.set(node.uri, node);
  }

  get size(): number {
    return this.#nodes.size;
  }

  get(uri: string): DeviceNode | undefined {
    return this.#nodes.get(uri);
  }

  nodes(): DeviceNode[] {
    return [...this.#nodes.values()];
  }

  /** Takes readings in; returns the nodes as they are now. */
  apply(readings: readonly Reading[], readAt: number, session: string): DeviceNode[] {
    return readings.map(reading => {
      const before = this.#nodes.get(reading.uri);
      const changed = before?.value !== undefined && reading.value !== undefined && before.value !== reading.value;
      const past =
        before?.value === undefined ? [] : [{ value: before.value, readAt: before.readAt, session: before.session }];
      const node: DeviceNode = {
        ...before,
        ...reading,
        format: reading.format ?? before?.format ?? 'chr',
        readAt,
        session,
        history: changed ? [...past, ...before.history].slice(0, HISTORY) : (before?.history ?? []),
      };
      this.#nodes.set(reading.uri, node);
      return node;
    });
  }

  /** The children of an interior node are exactly these: others are gone. Returns the URIs removed. */
  retainChildren(uri: string, names: readonly string[]): string[] {
    const kept = new Set(names.map(name => childUri(uri, name)));
    const gone = this.nodes().filter(node => parentOf(node.uri) === uri && !kept.has(node.uri));
    return gone.flatMap(node => this.remove(node.uri));
  }

  /** Removes a node and everything below it. Returns the URIs removed. */
  remove(uri: string): string[] {
    const gone = [...this.#nodes.keys()].filter(candidate => isWithin(candidate, uri));
    for (const candidate of gone) this.#nodes.delete(candidate);
    return gone;
  }
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
