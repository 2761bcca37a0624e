/** The nodes of one list as they come in: which children each interior node has in it, once all are there. */
import { parentOf, type Reading } from '../../tree/device-tree.ts';
import { isWithin } from '../../tree/uri.ts';

export class ListedNodes {
  readonly #top: string;
  readonly #children = new Map<string, string[]>();
  #size = 0;

  /** @param top the node that the list begins with */
  constructor(top: string) {
    this.#top = top;
  }

  get size(): number {
    return this.#size;
  }

  /** Returns those that belong to the list. */
  add(readings: readonly Reading[]): Reading[] {
    const within = readings.filter(({ uri }) => isWithin(uri, this.#top));
    this.#size += within.length;
    for (const { uri, format } of within) {
      if (format === 'node') this.#namesIn(uri);
      const parent = parentOf(uri);
      if (uri !== this.#top && parent !== undefined) this.#namesIn(parent).push(uri.slice(parent.length + 1));
    }
    return within;
  }

  childrenOf(uri: string): readonly string[] {
    return this.#children.get(uri) ?? [];
  }

  /** Interior nodes below the first. */
  inner(): string[] {
    return [...this.#children.keys()].filter(uri => uri !== this.#top);
  }

  #namesIn(parent: string): string[] {
    const known = this.#children.get(parent);
    if (known) return known;
    const names: string[] = [];
    this.#children.set(parent, names);
    return names;
  }
}
