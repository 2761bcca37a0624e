/** Which interior nodes have children that were not read: such a part of the tree is shown as partial. */
import { type DeviceNode, parentOf } from '../tree/device-tree.ts';

export class PartialNodes {
  readonly #unread = new Map<string, Set<string>>();

  constructor(nodes: Iterable<DeviceNode> = []) {
    for (const node of nodes) this.note(node.uri, isUnread(node));
  }

  /** Returns the node above where it became partial by that, or ceased to be. */
  note(uri: string, unread: boolean): string | undefined {
    if (!unread && this.#unread.size === 0) return undefined;
    const parent = parentOf(uri);
    if (parent === undefined) return undefined;
    const children = this.#unread.get(parent);
    if (!unread) {
      if (!children?.delete(uri) || children.size > 0) return undefined;
      this.#unread.delete(parent);
      return parent;
    }
    if (children) {
      children.add(uri);
      return undefined;
    }
    this.#unread.set(parent, new Set([uri]));
    return parent;
  }
}

/** It is there, and nothing else of it is known. */
export function isUnread({ format, unread }: Pick<DeviceNode, 'format' | 'unread'>): boolean {
  return format === UNREAD_FORMAT && unread !== '';
}

/** Format of a node that was not read. */
export const UNREAD_FORMAT = 'unknown';
