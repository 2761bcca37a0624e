/** One device as the server knows it: its record, its tree, its queued work. */
import type { DeviceRecord } from '../store/contract.ts';
import type { Encoding } from '../syncml/codec.ts';
import type { Alert, Item } from '../syncml/message.ts';
import { type DeviceNode, DeviceTree, type Reading } from '../tree/device-tree.ts';
import { ROOT } from '../tree/uri.ts';
import { DeviceWork } from './device-work.ts';
import { readsAfter } from './firmware-reads.ts';
import { isUnread, PartialNodes, UNREAD_FORMAT } from './partial-nodes.ts';
import { ReadingAbilities } from './reading-abilities.ts';
import type { TreeSink } from './readings.ts';
import { SessionWork } from './session-work.ts';
import { operationOf, type TreeOperation, type TreeStep } from './tree-steps.ts';
import { WorkList } from './work-list.ts';

export interface TreeChange {
  readonly nodes: readonly DeviceNode[];
  readonly removed: readonly string[];
}

const FIRMWARE = './DevDetail/FwV';
const SOFTWARE = './DevDetail/SwV';

/** The session that does the device's work: SyncML SessionID, record, encoding. */
export interface WorkingSession {
  readonly id: string;
  readonly key: string;
  readonly encoding: Encoding;
}

export class Device implements TreeSink {
  readonly tree: DeviceTree;
  /** The queue; what people asked for is in `list` too. */
  readonly work = new DeviceWork();
  readonly list: WorkList;
  readonly abilities: ReadingAbilities;
  readonly #partial: PartialNodes;
  readonly #now: () => number;
  #record: DeviceRecord;
  #recordChanged = false;
  #session: WorkingSession = { id: '', key: '', encoding: 'wbxml' };
  #changed = new Map<string, DeviceNode>();
  #removed = new Set<string>();
  #operations: TreeOperation[] = [];
  /** Changed by steps that are recorded, but not in the nodes that are. */
  #unsaved = new Set<string>();
  #softwareRead = false;

  /** @param newWorkId rises with every call */
  constructor(record: DeviceRecord, nodes: Iterable<DeviceNode>, now: () => number, newWorkId = counter()) {
    this.#record = record;
    this.tree = new DeviceTree(nodes);
    this.#partial = new PartialNodes(this.tree.walk());
    this.#now = now;
    this.abilities = new ReadingAbilities(record.abilities);
    this.list = new WorkList({
      deviceId: record.id,
      work: this.work,
      newId: newWorkId,
      sink: this,
      abilities: this.abilities,
      now,
      sessionKey: () => this.#session.key,
    });
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
   * The queued work as one session does it. It begins when commands are first asked for: only a device that proved who it is
   * gets that far, so that nobody else disturbs a session at work.
   */
  workFor(session: WorkingSession): SessionWork {
    const heard = new Set<string>();
    return new SessionWork(
      this.work,
      worker => this.#begin(session, worker),
      alert => this.#readAfter(alert, heard),
    );
  }

  /** @param heard alerts of the session that something was read for: a device may repeat itself */
  #readAfter(alert: Alert, heard: Set<string>): void {
    const uris = [...new Set(readsAfter(alert, this.tree))];
    const told = JSON.stringify([alert.correlator, alert.items]);
    if (uris.length === 0 || heard.has(told)) return;
    heard.add(told);
    this.list.add({ kind: 'send', commands: uris.map(uri => ({ kind: 'get', uri })), thenRead: false });
  }

  readings(readings: readonly Reading[]): void {
    const at = this.#now();
    // One by one: a node may be among them twice.
    for (const one of readings) {
      if (one.uri === FIRMWARE || one.uri === SOFTWARE) this.#softwareRead = true;
      const before = this.tree.get(one.uri);
      const reading = before?.unread && one.format !== undefined && !one.unread ? { ...one, unread: '' } : one;
      this.#operations.push(operationOf(before, reading));
      for (const node of this.tree.apply([reading], at, this.#session.id)) {
        this.#changed.set(node.uri, node);
        this.#notePartial(node.uri, isUnread(node) ? (node.unread ?? 'not read') : undefined);
      }
      if (this.#removed.size > 0) this.#removed.delete(reading.uri);
    }
  }

  unread(uris: readonly string[], reason: string): void {
    const unknown = uris.filter(uri => !this.tree.get(uri));
    this.readings(unknown.map(uri => ({ uri, format: UNREAD_FORMAT, unread: reason })));
  }

  children(uri: string, names: readonly string[]): void {
    this.#drop(this.tree.retainChildren(uri, names));
  }

  removed(uri: string): void {
    this.#drop(this.tree.remove(uri));
  }

  /** The record where it changed since the last call. */
  takeRecord(): DeviceRecord | undefined {
    if (this.#softwareRead) this.#noteSoftware();
    const abilities = this.abilities.take();
    if (abilities) this.#record = { ...this.#record, abilities };
    if (abilities) this.#recordChanged = true;
    if (!this.#recordChanged) return undefined;
    this.#recordChanged = false;
    return this.#record;
  }

  /** What changed in the tree since the last call: to be recorded, and to be shown. */
  takeChange(): { readonly step: TreeStep; readonly change: TreeChange } | undefined {
    if (this.#operations.length === 0) return undefined;
    const step = { at: this.#now(), session: this.#session.id, operations: this.#operations };
    const change = { nodes: [...this.#changed.values()], removed: [...this.#removed] };
    for (const uri of this.#changed.keys()) this.#unsaved.add(uri);
    for (const uri of this.#removed) this.#unsaved.add(uri);
    this.#operations = [];
    this.#changed = new Map();
    this.#removed = new Set();
    return { step, change };
  }

  /** Steps changed these, and nodes that are kept may not hold it. */
  keepUnsaved(uris: Iterable<string>): void {
    for (const uri of uris) this.#unsaved.add(uri);
  }

  /** Nodes that steps changed since the last call. */
  takeUnsaved(): string[] {
    const unsaved = [...this.#unsaved];
    this.#unsaved = new Set();
    return unsaved;
  }

  /** These nodes as they are now. */
  asTheyAre(uris: readonly string[]): TreeChange {
    const nodes: DeviceNode[] = [];
    const removed: string[] = [];
    for (const uri of uris) {
      const node = this.tree.get(uri);
      if (node) nodes.push(node);
      else removed.push(uri);
    }
    return { nodes, removed };
  }

  /** The first session of a device reads its whole tree. */
  #begin(session: WorkingSession, worker: SessionWork): void {
    this.#session = session;
    this.abilities.begin(session.encoding);
    if (!this.tree.get(ROOT) && this.work.queued === 0) this.list.add({ kind: 'read', uri: ROOT });
    this.work.begin(worker);
  }

  #noteSoftware(): void {
    this.#softwareRead = false;
    const firmware = this.tree.get(FIRMWARE)?.value;
    const software = this.tree.get(SOFTWARE)?.value;
    if (firmware !== undefined && software !== undefined) this.abilities.software(`${firmware} ${software}`);
  }

  #drop(uris: readonly string[]): void {
    for (const uri of uris) {
      this.#operations.push({ removed: uri });
      this.#changed.delete(uri);
      this.#removed.add(uri);
      this.#notePartial(uri, undefined);
    }
  }

  /** A node above that is partial now says so with the reason of the first child, and that it is no longer. */
  #notePartial(uri: string, reason: string | undefined): void {
    const above = this.#partial.note(uri, reason !== undefined);
    if (above !== undefined && this.tree.get(above)?.format === 'node')
      this.readings([{ uri: above, unread: reason ?? '' }]);
  }
}

function counter(): () => number {
  let last = 0;
  return () => ++last;
}
