/** The trees of snapshots: packed in the store, and the few that were used last at hand. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createGzip, gunzip } from 'node:zlib';
import { RequestError } from '../../base/errors.ts';
import type { NewSnapshot, SnapshotRecord, SnapshotStore } from '../../store/contract.ts';
import { countRead, type KnownNode } from '../../tree/known.ts';
import { ownReadings, type TreeDocument, treeDocumentParts } from '../../tree/tree-document.ts';
import { buildTree } from './patience.ts';

const unpack = promisify(gunzip);
/** Two that are compared, and one that is compared with them next. */
const AT_HAND = 3;

export class SnapshotShelf {
  readonly #store: SnapshotStore;
  /** The one used last comes last. */
  readonly #trees = new Map<string, Promise<KnownNode>>();

  constructor(store: SnapshotStore) {
    this.#store = store;
  }

  all(): Promise<SnapshotRecord[]> {
    return this.#store.all();
  }

  async put(tree: KnownNode, about: Omit<NewSnapshot, 'nodes' | 'content'>): Promise<SnapshotRecord> {
    const nodes = countRead(tree);
    const content = await buffer(Readable.from(treeDocumentParts({ tree })).pipe(createGzip()));
    const key = await this.#store.add({ ...about, nodes, content });
    return { ...about, key, nodes, bytes: content.length };
  }

  async rename(key: string, name: string): Promise<void> {
    await this.record(key);
    await this.#store.rename(key, name);
  }

  async remove(key: string): Promise<void> {
    await this.#store.remove(key);
    this.#trees.delete(key);
  }

  /** @throws RequestError */
  async record(key: string): Promise<SnapshotRecord> {
    const found = (await this.#store.all()).find(snapshot => snapshot.key === key);
    return found ?? unknown();
  }

  /** @throws RequestError */
  async document(key: string): Promise<TreeDocument> {
    const { name, takenAt, source, origin } = await this.record(key);
    return { tree: await this.tree(key), name, takenAt, ...(source === 'device' && { device: origin }) };
  }

  /** @throws RequestError */
  tree(key: string): Promise<KnownNode> {
    const tree = this.#trees.get(key) ?? this.#read(key);
    this.#trees.delete(key);
    this.#trees.set(key, tree);
    tree.catch(() => this.#trees.delete(key));
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > AT_HAND && oldest !== undefined) this.#trees.delete(oldest);
    return tree;
  }

  async #read(key: string): Promise<KnownNode> {
    const content = (await this.#store.content(key)) ?? unknown();
    return buildTree(ownReadings((await unpack(content)).toString()));
  }
}

function unknown(): never {
  throw new RequestError('unknown-snapshot', 'this snapshot is not there any more', {
    advice: 'Somebody deleted it; choose another',
  });
}
