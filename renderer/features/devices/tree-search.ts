/** The search in one tree: what was typed, what it finds, slice by slice, and which match is at hand. No React. */
import { shownValue } from './node/values.ts';
import { type Hit, parseQuery, type Query, type Range, type Slice } from './search-query.ts';
import type { SliceSearcher } from './slice-searcher.ts';
import type { TreeIndex } from './tree-index.ts';
import { GONE, type TreeNode, withAllBelow } from './tree-node.ts';

/** Nodes in one slice: a few milliseconds for the page. */
const SLICE = 2000;

/** Where a node matches. */
export interface Match {
  readonly name: readonly Range[];
  readonly value: readonly Range[];
}

export type SearchState = 'done' | 'running' | 'slow' | 'failed';

export class TreeSearch {
  text = '';
  query: Query = { kind: 'none' };
  state: SearchState = 'done';
  /** Grows with everything that changes here. */
  version = 0;
  readonly #index: TreeIndex;
  readonly #searcher: SliceSearcher;
  readonly #listeners = new Set<() => void>();
  #matches = new Map<TreeNode, Match>();
  /** False where nodes were found out of the order of the tree. */
  #sorted = true;
  #ordered: readonly TreeNode[] | undefined;
  #current: TreeNode | undefined;
  /** The search under way: another one ends it. */
  #run: object = {};
  #settled: Promise<void> = Promise.resolve();
  /** The slice in the worker. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(index: TreeIndex, searcher: SliceSearcher) {
    this.#index = index;
    this.#searcher = searcher;
  }

  get count(): number {
    return this.#matches.size;
  }

  /** Place of the match at hand, from 1; 0 before the first step. */
  get place(): number {
    return this.#current ? this.#inOrder().indexOf(this.#current) + 1 : 0;
  }

  /** The first match so far. */
  get first(): TreeNode | undefined {
    return this.#sorted ? this.#matches.keys().next().value : this.#inOrder()[0];
  }

  matchOf(node: TreeNode): Match | undefined {
    return this.#matches.get(node);
  }

  /** Follows the tree for as long as somebody listens. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    const leave = this.#index.listen((touched, removed) => this.#treeChanged(touched, removed));
    return () => {
      this.#listeners.delete(listener);
      leave();
      if (this.#listeners.size === 0) this.#searcher.close();
    };
  }

  setText(text: string): void {
    this.text = text;
    this.query = parseQuery(text);
    this.#current = undefined;
    this.#start();
  }

  /** The match after (1) or before (-1) the one last gone to, once the search is done; goes round. */
  async step(by: 1 | -1): Promise<TreeNode | undefined> {
    const run = this.#run;
    await this.#settled;
    await this.#turn;
    const nodes = this.#inOrder();
    if (run !== this.#run || nodes.length === 0) return undefined;
    const at = this.place;
    const next = ((at === 0 && by < 0 ? 0 : at - 1) + by + nodes.length) % nodes.length;
    this.#current = nodes[next];
    this.#tell();
    return this.#current;
  }

  #start(): void {
    const run = {};
    this.#run = run;
    this.#matches = new Map();
    this.#sorted = true;
    this.#ordered = undefined;
    this.#index.rows.closeFound();
    const wanted = this.query.kind === 'search';
    this.state = wanted ? 'running' : 'done';
    this.#settled = wanted ? this.#searchAll(run) : Promise.resolve();
    this.#tell();
  }

  async #searchAll(run: object): Promise<void> {
    let nodes: TreeNode[] = [];
    for (const node of withAllBelow(this.#index.root)) {
      nodes.push(node);
      if (nodes.length < SLICE) continue;
      if (!(await this.#search(nodes, run, true))) return;
      nodes = [];
    }
    if (await this.#search(nodes, run, true)) this.#end('done');
  }

  /** False where there is no use in going on. */
  async #search(nodes: readonly TreeNode[], run: object, inOrder: boolean): Promise<boolean> {
    try {
      const hits = await this.#inTurn(nodes, run);
      if (run !== this.#run) return false;
      if (hits) this.#take(nodes, hits, inOrder);
      else this.#end('slow');
      return hits !== undefined;
    } catch {
      if (run === this.#run) this.#end('failed');
      return false;
    }
  }

  #inTurn(nodes: readonly TreeNode[], run: object): Promise<readonly Hit[] | undefined> {
    const turn = this.#turn.then(async () => {
      const { query } = this;
      if (run !== this.#run || query.kind !== 'search') return undefined;
      return this.#searcher.search({ source: query.source, flags: query.flags }, sliceOf(nodes));
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #take(nodes: readonly TreeNode[], hits: readonly Hit[], inOrder: boolean): void {
    const before = new Set(nodes.filter(node => this.#matches.delete(node)));
    const found: TreeNode[] = [];
    for (const { at, name, value } of hits) {
      const node = nodes[at];
      if (!node || node.round === GONE) continue;
      this.#matches.set(node, { name, value });
      if (!before.has(node)) found.push(node);
    }
    if (!inOrder && hits.length > 0) this.#sorted = false;
    this.#ordered = undefined;
    this.#index.rows.openFound(found);
    this.#tell();
  }

  #treeChanged(touched: readonly TreeNode[] | undefined, removed: boolean): void {
    if (this.query.kind !== 'search') return;
    if (removed) this.#dropGone();
    if (!touched) {
      if (this.#index.complete) this.#start();
    } else if (this.state === 'done' || this.state === 'running') {
      void this.#search(touched, this.#run, false);
    }
  }

  #dropGone(): void {
    for (const node of this.#matches.keys()) if (node.round === GONE) this.#matches.delete(node);
    this.#ordered = undefined;
  }

  #inOrder(): readonly TreeNode[] {
    if (!this.#ordered) {
      const matches = this.#matches;
      this.#ordered = this.#sorted
        ? [...matches.keys()]
        : [...withAllBelow(this.#index.root)].filter(node => matches.has(node));
    }
    return this.#ordered;
  }

  #end(state: SearchState): void {
    this.state = state;
    this.#tell();
  }

  #tell(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}

function sliceOf(nodes: readonly TreeNode[]): Slice {
  const uris = nodes.map(({ uri }) => uri);
  return {
    uris,
    starts: nodes.map(({ name }, i) => (uris[i] ?? '').length - name.length),
    // As they are shown: a search does not tell what a secret holds.
    values: nodes.map(({ name, value }) => shownValue(name, value)),
  };
}
