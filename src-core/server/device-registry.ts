/** All devices: those that proved who they are, kept in the store, and the last few that only said so. */
import type { DeviceRecord, NodeRecord, Store } from '../store/contract.ts';
import type { DeviceNode } from '../tree/device-tree.ts';
import { Device } from './device.ts';
import { Effects } from './effects.ts';
import { type KeptNode, type NumberedStep, restore } from './tree-steps.ts';
import type { WorkRecord } from './work-item.ts';

/** Strangers remembered, so that people see who knocked; no store keeps them. */
const STRANGERS = 100;
/** Nodes that are written in one go, and steps that are forgotten: others have their turn in between. */
const SLICE = 500;
/** Work of one device that is done and still known. */
const WORK_KEPT = 200;

export class DeviceRegistry {
  readonly #devices = new Map<string, Device>();
  readonly #strangers = new Map<string, Device>();
  readonly #store: Store;
  readonly #now: () => number;
  readonly #slice: number;
  /** Numbers of the step that was recorded last, and of the last one that nodes hold and that is forgotten. */
  #lastStep = 0;
  #folded = 0;
  #folding: Promise<void> | undefined;
  #closed = false;
  #lastWork: number;

  private constructor(store: Store, now: () => number, lastWork: number, slice: number) {
    this.#store = store;
    this.#now = now;
    this.#lastWork = lastWork;
    this.#slice = slice;
  }

  static async load(store: Store, now: () => number, slice = SLICE): Promise<DeviceRegistry> {
    const registry = new DeviceRegistry(store, now, await store.jobs.lastId(), slice);
    await registry.#loadTrees();
    // A record is JSON-safe as it is.
    for (const job of (await store.jobs.undone()) as unknown as WorkRecord[])
      registry.#devices.get(job.deviceId)?.list.restore(job);
    const effects = new Effects();
    for (const device of registry.#devices.values()) registry.#saveWork(device, effects);
    await effects.written();
    return registry;
  }

  /** What is kept was written as such, and is JSON-safe. */
  async #loadTrees(): Promise<void> {
    const steps = (await this.#store.treeSteps()) as unknown as (NumberedStep & { readonly deviceId: string })[];
    const byDevice = Map.groupBy(steps, ({ deviceId }) => deviceId);
    this.#lastStep = steps.at(-1)?.id ?? 0;
    for (const record of await this.#store.devices()) {
      const kept = (await this.#store.nodes(record.id)) as unknown as KeptNode[];
      for (const { upTo = 0 } of kept) this.#lastStep = Math.max(this.#lastStep, upTo);
      const { nodes, changed } = restore(kept, byDevice.get(record.id) ?? []);
      const device = this.#device(record, nodes);
      device.keepUnsaved(changed);
      this.#devices.set(record.id, device);
    }
    this.#folded = (steps[0]?.id ?? this.#lastStep + 1) - 1;
  }

  #device(record: DeviceRecord, nodes: Iterable<DeviceNode>): Device {
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
    this.#saveTree(device, effects);
  }

  #saveTree(device: Device, effects: Effects): void {
    const changed = device.takeChange();
    if (!changed) return;
    const { id: deviceId } = device.record;
    effects.write(this.#store.addTreeStep(++this.#lastStep, deviceId, { ...changed.step }));
    effects.events.push({ kind: 'tree', deviceId, change: changed.change });
  }

  /** New work of a device, before it may be done. */
  record(work: WorkRecord, effects: Effects): void {
    // A record is JSON-safe as it is.
    effects.write(this.#store.jobs.add({ ...work }));
    effects.events.push({ kind: 'work', deviceId: work.deviceId });
  }

  #saveWork(device: Device, effects: Effects): void {
    const { added, changed } = device.list.take();
    const records = [...added, ...changed];
    if (records.length === 0) return;
    const { id: deviceId } = device.record;
    for (const record of added) effects.write(this.#store.jobs.add({ ...record }));
    for (const record of changed) effects.write(this.#store.jobs.update({ ...record }));
    if (records.some(({ done }) => done)) effects.write(this.#store.jobs.trim(deviceId, WORK_KEPT));
    effects.events.push({ kind: 'work', deviceId });
  }

  /** Puts the nodes that steps changed in the place of the steps, so that there are never many to replay. */
  fold(effects: Effects): void {
    if (this.#lastStep === this.#folded) return;
    this.#folding ??= this.#foldAll(effects).finally(() => {
      this.#folding = undefined;
    });
    effects.write(this.#folding);
  }

  /** Resolves when nothing is being folded: what is left is folded by the next run of the program. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#folding?.catch(() => undefined);
  }

  /** The steps stay until all nodes are written: what ends in between is found again from both (`restore`). */
  async #foldAll(effects: Effects): Promise<void> {
    const upTo = this.#lastStep;
    for (const device of [...this.#devices.values()]) await this.#foldDevice(device, effects);
    if (this.#closed) return;
    while (this.#folded < upTo) {
      const until = Math.min(this.#folded + this.#slice, upTo);
      await this.#store.forgetTreeSteps(until);
      this.#folded = until;
    }
  }

  async #foldDevice(device: Device, effects: Effects): Promise<void> {
    const unsaved = device.takeUnsaved();
    try {
      while (unsaved.length > 0 && !this.#closed) {
        await this.#putNodes(device, unsaved.slice(0, this.#slice), effects);
        unsaved.splice(0, this.#slice);
      }
    } catch (error) {
      device.keepUnsaved(unsaved);
      throw error;
    }
  }

  /** As they are after all steps so far: what is not recorded as one becomes one first. */
  async #putNodes(device: Device, uris: readonly string[], { events }: Effects): Promise<void> {
    const effects = new Effects();
    this.#saveTree(device, effects);
    const { nodes, removed } = device.asTheyAre(uris);
    const upTo = this.#lastStep;
    // A node is JSON-safe as it is.
    const kept = nodes.map((node): NodeRecord => ({ ...node, upTo }));
    effects.write(this.#store.putNodes([{ deviceId: device.record.id, nodes: kept, removed }]));
    await effects.written();
    events.push(...effects.events);
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
