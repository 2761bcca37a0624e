/** All devices: those that proved who they are, kept in the store, and the last few that only said so. */
import type { NodeChange, Store } from '../store/contract.ts';
import type { DeviceNode } from '../tree/device-tree.ts';
import { Device } from './device.ts';
import type { Effects } from './effects.ts';
import type { TreeStep } from './tree-steps.ts';

/** Strangers remembered, so that people see who knocked; no store keeps them. */
const STRANGERS = 100;
/** Steps that wait to be folded at most. */
const MOST_STEPS = 50_000;

export class DeviceRegistry {
  readonly #devices = new Map<string, Device>();
  readonly #strangers = new Map<string, Device>();
  readonly #store: Store;
  readonly #now: () => number;
  /** Recorded since they were folded last. */
  #steps = 0;

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
    for (const { deviceId, step } of await store.treeSteps()) {
      registry.#devices.get(deviceId)?.replay(step as unknown as TreeStep);
      registry.#steps++;
    }
    return registry;
  }

  get(id: string): Device | undefined {
    return this.#devices.get(id) ?? this.#strangers.get(id);
  }

  all(): Device[] {
    return [...this.#devices.values(), ...this.#strangers.values()];
  }

  /** The device of this identifier, a stranger if it is new: whoever says so has proved nothing yet. */
  known(id: string): Device {
    const known = this.get(id);
    if (known) return known;
    const device = new Device({ id, name: id, lastSeen: this.#now() }, [], this.#now);
    this.#strangers.set(id, device);
    return device;
  }

  /** The device proved that it is this user. */
  admit(device: Device, user: string): void {
    const { id } = device.record;
    this.#strangers.delete(id);
    this.#devices.set(id, device);
    device.seen(user);
  }

  /** Devices of this user are nobody's from now on. */
  release(user: string, effects: Effects): void {
    for (const device of this.#devices.values()) {
      if (device.record.user !== user) continue;
      device.release();
      this.save(device, effects);
      effects.events.push({ kind: 'device', deviceId: device.record.id });
    }
  }

  /** Writes what changed since the last time, and tells of changes in the tree. */
  save(device: Device, effects: Effects): void {
    const record = device.takeRecord();
    if (record) effects.write(this.#store.putDevice(record));
    const changed = device.takeChange();
    if (!changed) return;
    const { id: deviceId } = device.record;
    this.#steps++;
    effects.write(this.#store.addTreeStep(deviceId, { ...changed.step }));
    effects.events.push({ kind: 'tree', deviceId, change: changed.change });
    if (this.#steps >= MOST_STEPS) this.fold(effects);
  }

  /** Puts the nodes that steps changed in the place of the steps, so that there are never many to replay. */
  fold(effects: Effects): void {
    if (this.#steps === 0) return;
    const changes: NodeChange[] = [];
    for (const [deviceId, device] of this.#devices) {
      const change = device.takeUnsaved();
      // A node is JSON-safe as it is.
      if (change) changes.push({ deviceId, ...(change as unknown as Pick<NodeChange, 'nodes' | 'removed'>) });
    }
    this.#steps = 0;
    effects.write(this.#store.putNodes(changes));
  }

  /** Forgets the strangers who came first, but for those who are still here. */
  forgetStrangers(isHere: (id: string) => boolean): void {
    let surplus = this.#strangers.size - STRANGERS;
    for (const id of this.#strangers.keys()) {
      if (surplus <= 0) return;
      if (isHere(id)) continue;
      this.#strangers.delete(id);
      surplus--;
    }
  }
}
