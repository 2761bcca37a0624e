/** One device as the server knows it: its record, its tree, its queued work. */
import type { ServerWork } from '../session/server-session.ts';
import type { DeviceRecord } from '../store/contract.ts';
import type { Item } from '../syncml/message.ts';
import { type DeviceNode, DeviceTree, type Reading } from '../tree/device-tree.ts';
import { ROOT } from '../tree/uri.ts';
import { DeviceWork } from './device-work.ts';
import { ReadSubtree } from './jobs.ts';
import type { TreeSink } from './readings.ts';
import { operationOf, replay, type TreeOperation, type TreeStep } from './tree-steps.ts';

export interface TreeChange {
  readonly nodes: readonly DeviceNode[];
  readonly removed: readonly string[];
}

export class Device implements TreeSink {
  readonly tree: DeviceTree;
  readonly work = new DeviceWork();
  readonly #now: () => number;
  #record: DeviceRecord;
  #recordChanged = false;
  #session = '';
  #changed = new Map<string, DeviceNode>();
  #removed = new Set<string>();
  #operations: TreeOperation[] = [];
  /** Changed by steps that are recorded, but not in the nodes that are. */
  #unsaved = new Set<string>();

  constructor(record: DeviceRecord, nodes: Iterable<DeviceNode>, now: () => number) {
    this.#record = record;
    this.tree = new DeviceTree(nodes);
    this.#now = now;
  }

  get record(): DeviceRecord {
    return this.#record;
  }

  /** The device proved that it is this user. */
  seen(user: string): void {
    this.#record = { ...this.#record, user, lastSeen: this.#now() };
    this.#recordChanged = true;
  }

  /** It is nobody's until somebody proves to be its user. */
  release(): void {
    const { user: _, ...record } = this.#record;
    this.#record = record;
    this.#recordChanged = true;
  }

  /** Takes DevInfo into the tree and into the record. */
  describe(items: readonly Item[]): void {
    const readings = items.flatMap(({ source, meta, data }) =>
      source && typeof data === 'string' ? [{ uri: source.uri, format: meta?.format ?? 'chr', value: data }] : [],
    );
    this.readings(readings);
    const valueAt = (uri: string) => readings.find(reading => reading.uri === uri)?.value;
    const manufacturer = valueAt('./DevInfo/Man');
    const model = valueAt('./DevInfo/Mod');
    this.#record = { ...this.#record, ...(manufacturer && { manufacturer }), ...(model && { model, name: model }) };
    this.#recordChanged = true;
  }

  /**
   * The queued work as one session (SyncML SessionID) does it. It begins when commands are first asked for: only a device
   * that proved who it is gets that far, so that nobody else disturbs a session at work.
   */
  workFor(session: string): ServerWork {
    let begun = false;
    return {
      next: () => {
        if (!begun) this.#begin(session);
        begun = true;
        return this.work.next();
      },
      onStatus: (command, status) => this.work.onStatus(command, status),
      onResults: (command, results) => this.work.onResults(command, results),
      onUnsent: (draft, error) => this.work.onUnsent(draft, error),
    };
  }

  readings(readings: readonly Reading[]): void {
    const at = this.#now();
    // One by one: a node may be among them twice.
    for (const reading of readings) {
      this.#operations.push(operationOf(this.tree.get(reading.uri), reading));
      for (const node of this.tree.apply([reading], at, this.#session)) this.#changed.set(node.uri, node);
      if (this.#removed.size > 0) this.#removed.delete(reading.uri);
    }
  }

  children(uri: string, names: readonly string[]): void {
    this.#drop(this.tree.retainChildren(uri, names));
  }

  removed(uri: string): void {
    this.#drop(this.tree.remove(uri));
  }

  /** The record where it changed since the last call. */
  takeRecord(): DeviceRecord | undefined {
    if (!this.#recordChanged) return undefined;
    this.#recordChanged = false;
    return this.#record;
  }

  /** What changed in the tree since the last call: to be recorded, and to be shown. */
  takeChange(): { readonly step: TreeStep; readonly change: TreeChange } | undefined {
    if (this.#operations.length === 0) return undefined;
    const step = { at: this.#now(), session: this.#session, operations: this.#operations };
    const change = { nodes: [...this.#changed.values()], removed: [...this.#removed] };
    for (const uri of this.#changed.keys()) this.#unsaved.add(uri);
    for (const uri of this.#removed) this.#unsaved.add(uri);
    this.#operations = [];
    this.#changed = new Map();
    this.#removed = new Set();
    return { step, change };
  }

  /** A step that was recorded earlier. */
  replay(step: TreeStep): void {
    for (const uri of replay(this.tree, step)) this.#unsaved.add(uri);
  }

  /** Nodes that steps changed since the last call. */
  takeUnsaved(): TreeChange | undefined {
    if (this.#unsaved.size === 0) return undefined;
    const nodes: DeviceNode[] = [];
    const removed: string[] = [];
    for (const uri of this.#unsaved) {
      const node = this.tree.get(uri);
      if (node) nodes.push(node);
      else removed.push(uri);
    }
    this.#unsaved = new Set();
    return { nodes, removed };
  }

  /** The first session of a device reads its whole tree. */
  #begin(session: string): void {
    this.#session = session;
    if (!this.tree.get(ROOT) && this.work.queued === 0) this.work.add(() => new ReadSubtree(ROOT, this));
    this.work.begin();
  }

  #drop(uris: readonly string[]): void {
    for (const uri of uris) {
      this.#operations.push({ removed: uri });
      this.#changed.delete(uri);
      this.#removed.add(uri);
    }
  }
}
