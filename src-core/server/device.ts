/** One device as the server knows it: its record, its tree, its queued work. */
import type { ServerWork } from '../session/server-session.ts';
import type { DeviceRecord, Store } from '../store/contract.ts';
import { type DeviceNode, DeviceTree } from '../tree/device-tree.ts';
import { DeviceWork, type TreeSink } from './jobs.ts';

export interface TreeChange {
  readonly nodes: readonly DeviceNode[];
  readonly removed: readonly string[];
}

export class Device implements TreeSink {
  record: DeviceRecord;
  readonly tree: DeviceTree;
  readonly work = new DeviceWork();
  readonly #now: () => number;
  #session = '';
  #changed = new Map<string, DeviceNode>();
  #removed = new Set<string>();

  constructor(record: DeviceRecord, nodes: Iterable<DeviceNode>, now: () => number) {
    this.record = record;
    this.tree = new DeviceTree(nodes);
    this.#now = now;
  }

  /**
   * The queued work as one session (SyncML SessionID) does it. It begins when commands are first asked for: only a device
   * that proved who it is gets that far, so that nobody else disturbs a session at work.
   */
  workFor(session: string): ServerWork {
    let begun = false;
    return {
      next: () => {
        if (!begun) {
          begun = true;
          this.#session = session;
          this.work.begin();
        }
        return this.work.next();
      },
      onStatus: (command, status) => this.work.onStatus(command, status),
      onResults: (command, results) => this.work.onResults(command, results),
    };
  }

  readings(readings: Parameters<TreeSink['readings']>[0]): void {
    for (const node of this.tree.apply(readings, this.#now(), this.#session)) {
      this.#changed.set(node.uri, node);
      this.#removed.delete(node.uri);
    }
  }

  children(uri: string, names: readonly string[]): void {
    this.#drop(this.tree.retainChildren(uri, names));
  }

  removed(uri: string): void {
    this.#drop(this.tree.remove(uri));
  }

  /** What changed since the last call. */
  takeChange(): TreeChange | undefined {
    if (this.#changed.size + this.#removed.size === 0) return undefined;
    const change = { nodes: [...this.#changed.values()], removed: [...this.#removed] };
    this.#changed = new Map();
    this.#removed = new Set();
    return change;
  }

  #drop(uris: readonly string[]): void {
    for (const uri of uris) {
      this.#changed.delete(uri);
      this.#removed.add(uri);
    }
  }
}

/** All devices, loaded once from the store. */
export class DeviceRegistry {
  readonly #devices = new Map<string, Device>();
  readonly #store: Store;
  readonly #now: () => number;

  private constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  static async load(store: Store, now: () => number): Promise<DeviceRegistry> {
    const registry = new DeviceRegistry(store, now);
    for (const record of await store.devices()) {
      const nodes = (await store.nodes(record.id)) as unknown as DeviceNode[];
      registry.#devices.set(record.id, new Device(record, nodes, now));
    }
    return registry;
  }

  get(id: string): Device | undefined {
    return this.#devices.get(id);
  }

  all(): Device[] {
    return [...this.#devices.values()];
  }

  /** The device of this identifier, made known if it is new; whoever says so has proved nothing yet. */
  async known(id: string): Promise<Device> {
    const known = this.#devices.get(id);
    if (known) return known;
    const record: DeviceRecord = { id, name: id, lastSeen: this.#now() };
    const device = new Device(record, [], this.#now);
    this.#devices.set(id, device);
    await this.#store.putDevice(record);
    return device;
  }

  /** The device proved that it is this user. */
  async seen(device: Device, user: string): Promise<void> {
    device.record = { ...device.record, user, lastSeen: this.#now() };
    await this.#store.putDevice(device.record);
  }

  /** Takes DevInfo into the record. */
  async describe(device: Device, info: { manufacturer?: string; model?: string }): Promise<void> {
    const { manufacturer, model } = info;
    device.record = {
      ...device.record,
      ...(manufacturer && { manufacturer }),
      ...(model && { model, name: model }),
    };
    await this.#store.putDevice(device.record);
  }

  async save(device: Device, change: TreeChange): Promise<void> {
    await this.#store.putNodes(
      device.record.id,
      change.nodes as unknown as Parameters<Store['putNodes']>[1],
      change.removed,
    );
  }
}
