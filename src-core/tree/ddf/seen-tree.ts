/** What is known of a device's tree while commands for it are planned: a view, that the server's reading of it fits. */
import { childUri } from '../uri.ts';

export interface SeenNode {
  readonly format: string;
  /** MIME type of a leaf, identifier of an interior node's management object. */
  readonly type?: string;
  /** Binary values as base64 text. */
  readonly value?: string;
}

export interface SeenTree {
  get(uri: string): SeenNode | undefined;
  /** Names of the children that are known. */
  children(uri: string): readonly string[];
}

/** A tree with what the commands before have done to it, as far as it can be foreseen. */
export class PlannedTree implements SeenTree {
  readonly #tree: SeenTree;
  readonly #added = new Map<string, SeenNode>();
  readonly #gone = new Set<string>();

  constructor(tree: SeenTree) {
    this.#tree = tree;
  }

  get(uri: string): SeenNode | undefined {
    return this.#added.get(uri) ?? (this.#isGone(uri) ? undefined : this.#tree.get(uri));
  }

  children(uri: string): string[] {
    const before = this.#isGone(uri) ? [] : this.#tree.children(uri);
    const prefix = childUri(uri, '');
    const added = [...this.#added.keys()]
      .filter(each => each.startsWith(prefix))
      .map(each => each.slice(prefix.length));
    const kept = before.filter(name => !this.#gone.has(childUri(uri, name)));
    return [...new Set([...kept, ...added.filter(name => !name.includes('/'))])];
  }

  add(uri: string, node: SeenNode): void {
    this.#added.set(uri, node);
  }

  delete(uri: string): void {
    for (const each of [...this.#added.keys()])
      if (each === uri || each.startsWith(`${uri}/`)) this.#added.delete(each);
    this.#gone.add(uri);
  }

  /** It went, or something above it did. */
  #isGone(uri: string): boolean {
    if (this.#gone.size === 0) return false;
    for (let at = uri; ; at = at.slice(0, at.lastIndexOf('/'))) {
      if (this.#gone.has(at)) return true;
      if (!at.includes('/')) return false;
    }
  }
}
