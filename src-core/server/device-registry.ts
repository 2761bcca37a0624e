/** All devices: those that proved who they are, kept in the store, and the last few that only said so. */
import type { DeviceRecord, NodeChange, Store } from '../store/contract.ts';
import type { DeviceNode } from '../tree/device-tree.ts';
import { Device } from './device.ts';
import { Effects } from './effects.ts';
import type { TreeStep } from './tree-steps.ts';
import type { WorkRecord } from './work-item.ts';

/** Strangers remembered, so that people see who knocked; no store keeps them. */
const STRANGERS = 100;
/** Steps that wait to be folded at most. */
const MOST_STEPS = 50_000;
/** Work of one device that is done and still known. */
const WORK_KEPT = 200;

export class DeviceRegistry {
  readonly #devices = new Map<string, Device>();
  readonly #strangers = new Map<string, Device>();
  readonly #store: Store;
  readonly #now: () => number;
  /** Recorded since they were folded last. */
  #steps = 0;
  #lastWork: number;

  private constructor(store: Store, now: () => number, lastWork: number) {
    this.#store = store;
    this.#now = now;
    this.#lastWork = lastWork;
  }

  static async load(store: Store, now: () => number): Promise<DeviceRegistry> {
    const registry = new DeviceRegistry(store, now, await store.jobs.lastId());
    for (const record of await store.devices()) {
      const nodes = (await store.nodes(record.id)) as unknown as DeviceNode[];
      registry.#devices.set(record.id, registry.#device(record, nodes));
    }
    for (const { deviceId, step } of await store.treeSteps()) {
      registry.#devices.get(deviceId)?.replay(step as unknown as TreeStep);
      registry.#steps++;
    }
    // A record is JSON-safe as it is.
    for (const job of (await store.jobs.undone()) as unknown as WorkRecord[])
      registry.#devices.get(job.deviceId)?.list.restore(job);
    const effects = new Effects();
    for (const device of registry.#devices.values()) registry.#saveWork(device, effects);
    await effects.written();
    return registry;
  }

  #device(record: DeviceRecord, nodes: readonly DeviceNode[]): Device {
    return new Device(record, nodes, this.#now, () => ++this.#lastWork);
  }

  get(id: string): Device | undefined {
    return this.#devices.get(id) ?? this.#strangers.get(id);
  }

  /** A device that proved who it is: what people ask of it is kept. */
  proven(id: string): Device | undefined {
    return this.#devices.get(id);
  }

  all(): Device[] {
    return [...this.#devices.values(), ...this.#strangers.values()];
  }

  /** The device of this identifier, a stranger if it is new: whoever says so has proved nothing yet. */
  known(id: string): Device {
    const known = this.get(id);
    if (known) return known;
    const device = this.#device({ id, name: id, lastSeen: this.#now() }, []);
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
    this.#saveWork(device, effects);
    const changed = device.takeChange();
    if (!changed) return;
    const { id: deviceId } = device.record;
    this.#steps++;
    effects.write(this.#store.addTreeStep(deviceId, { ...changed.step }));
    effects.events.push({ kind: 'tree', deviceId, change: changed.change });
    if (this.#steps >= MOST_STEPS) this.fold(effects);
  }

  /** New work of a device, before it may be done. */
  record(work: WorkRecord, effects: Effects): void {
    // A record is JSON-safe as it is.
    effects.write(this.#store.jobs.put({ ...work }));
    effects.events.push({ kind: 'work', deviceId: work.deviceId });
  }

  #saveWork(device: Device, effects: Effects): void {
    const records = device.list.take();
    if (records.length === 0) return;
    const { id: deviceId } = device.record;
    for (const record of records) effects.write(this.#store.jobs.put({ ...record }));
    if (records.some(({ done }) => done)) effects.write(this.#store.jobs.trim(deviceId, WORK_KEPT));
    effects.events.push({ kind: 'work', deviceId });
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
