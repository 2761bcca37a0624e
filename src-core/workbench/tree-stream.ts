/**
 * One device's tree as the page follows it: the tree in parts, then what changes, gathered for a moment so that the page draws
 * seldom. A page that is slow gets fewer updates, not older ones: what waits are names, and nodes are read when they are sent.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { ServerEvent } from '../server/effects.ts';
import { type DeviceNode, type DeviceTree, parentOf } from '../tree/device-tree.ts';
import { columnsOf } from './node-columns.ts';
import type { Topic } from './topic.ts';
import type { TreeUpdate } from './views.ts';

/** A part that fills the screen at once, then parts that take the page a few milliseconds each. */
const FIRST_PART = 400;
const PART = 4000;
const GATHER_MS = 100;

export interface TreeSource {
  readonly deviceId: string;
  readonly events: Topic<ServerEvent>;
  /** Undefined while nobody knows the device. */
  readonly tree: () => DeviceTree | undefined;
}

export async function* streamTree(source: TreeSource, signal: AbortSignal): AsyncGenerator<TreeUpdate> {
  // Listen before the first read, so that no change falls between the two.
  const changes = new Changes(source);
  try {
    for await (const part of partsOf(source.tree())) {
      if (signal.aborted) return;
      yield part;
    }
    for (;;) {
      await changes.some(signal);
      if (signal.aborted) return;
      yield changes.take(source.tree());
      await setTimeout(GATHER_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    changes.close();
  }
}

async function* partsOf(tree: DeviceTree | undefined): AsyncGenerator<TreeUpdate> {
  const total = tree?.size ?? 0;
  let first = true;
  let nodes: DeviceNode[] = [];
  for (const node of tree?.walk() ?? []) {
    if (nodes.length === (first ? FIRST_PART : PART)) {
      yield { kind: 'part', first, last: false, total, nodes: columnsOf(nodes) };
      first = false;
      nodes = [];
      // Devices in session wait for one part at most.
      await setImmediate();
    }
    nodes.push(node);
  }
  yield { kind: 'part', first, last: true, total, nodes: columnsOf(nodes) };
}

/** What changed in the tree of one device and was not sent yet, by name. */
class Changes {
  readonly #unsubscribe: () => void;
  readonly #changed = new Set<string>();
  #removed = new Set<string>();
  #wake = () => {};

  constructor({ events, deviceId }: TreeSource) {
    this.#unsubscribe = events.subscribe(event => {
      if (event.kind !== 'tree' || event.deviceId !== deviceId) return;
      for (const uri of event.change.removed) this.#removed.add(uri);
      for (const { uri } of event.change.nodes) this.#changed.add(uri);
      this.#wake();
    });
  }

  /** Resolves when there is something to tell, or nobody to tell it to. */
  async some(signal: AbortSignal): Promise<void> {
    if (this.#changed.size + this.#removed.size > 0 || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#wake = wake;
    signal.addEventListener('abort', wake);
    await promise;
    signal.removeEventListener('abort', wake);
  }

  /** All that is gone, and as many of the others as make one part. What is there again is no longer gone. */
  take(tree: DeviceTree | undefined): TreeUpdate {
    const removed = [...this.#removed].filter(uri => !tree?.get(uri));
    this.#removed = new Set();
    const nodes: DeviceNode[] = [];
    for (const uri of this.#changed) {
      if (nodes.length === PART) break;
      this.#changed.delete(uri);
      const node = tree?.get(uri);
      if (node) nodes.push(node);
    }
    return { kind: 'changed', removed: highest(removed), nodes: columnsOf(nodes) };
  }

  close(): void {
    this.#unsubscribe();
  }
}

/** What is below another that is gone needs no word of its own. */
function highest(uris: readonly string[]): string[] {
  const gone = new Set(uris);
  return uris.filter(uri => !gone.has(parentOf(uri) ?? ''));
}
