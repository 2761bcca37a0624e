/** The Devices room's side of the core: list, tree, ladder, and work for a device. */
import { RequestError } from '../base/errors.ts';
import type { Device } from '../server/device.ts';
import type { DmServer, ServerEvent } from '../server/dm-server.ts';
import { ReadSubtree, ReplaceLeaf } from '../server/jobs.ts';
import type { SessionRecord, Store } from '../store/contract.ts';
import type { DeviceNode } from '../tree/device-tree.ts';
import { valueSize } from '../tree/node.ts';
import { messageBody, sessionView } from './messages.ts';
import type { Topic } from './topic.ts';
import type { DeviceView, MessageBody, NodeView, Reachability, SessionView, TreeUpdate } from './views.ts';

/** Asks a device to connect where that is possible; false where it must be waited for. */
export type Summon = (deviceId: string) => boolean;

const SESSIONS_SHOWN = 20;

export class DevicesRoom {
  readonly #server: DmServer;
  readonly #store: Store;
  readonly #events: Topic<ServerEvent>;
  readonly #summon: Summon;
  readonly #isVirtual: (deviceId: string) => boolean;

  constructor(options: {
    readonly server: DmServer;
    readonly store: Store;
    readonly events: Topic<ServerEvent>;
    readonly summon: Summon;
    readonly isVirtual: (deviceId: string) => boolean;
  }) {
    this.#server = options.server;
    this.#store = options.store;
    this.#events = options.events;
    this.#summon = options.summon;
    this.#isVirtual = options.isVirtual;
  }

  watch(signal: AbortSignal): AsyncIterable<readonly DeviceView[]> {
    return this.#events.states(() => this.list(), signal);
  }

  async list(): Promise<DeviceView[]> {
    const seen = await Promise.all(this.#server.devices.all().map(device => this.#seenView(device)));
    const accounts = await this.#store.accounts();
    const waiting = accounts.filter(account => account.deviceId === undefined);
    return [
      ...seen.toSorted((a, b) => (b.lastSeen ?? 0) - (a.lastSeen ?? 0)),
      ...waiting.map(
        (account): DeviceView => ({
          id: `user:${account.user}`,
          name: account.user,
          reachability: 'never',
          detail: `never connected · bootstrap on ${account.origin}`,
          virtual: false,
          nodeCount: 0,
          queued: 0,
        }),
      ),
    ];
  }

  async *watchTree(deviceId: string, signal: AbortSignal): AsyncGenerator<TreeUpdate> {
    const batches = this.#events.batches(signal);
    // Listen before the first read, so that no change falls between the two.
    let next = batches.next();
    try {
      yield { kind: 'all', nodes: this.#server.devices.get(deviceId)?.tree.nodes().map(nodeView) ?? [] };
      for (let batch = await next; !batch.done; batch = await next) {
        next = batches.next();
        const update = treeUpdate(deviceId, batch.value);
        if (update) yield update;
      }
    } finally {
      await batches.return(undefined);
    }
  }

  watchSessions(deviceId: string, signal: AbortSignal): AsyncIterable<readonly SessionView[]> {
    return this.#events.states(() => this.sessions(deviceId), signal);
  }

  async sessions(deviceId: string): Promise<SessionView[]> {
    const records = await this.#store.sessions(deviceId, SESSIONS_SHOWN);
    return Promise.all(records.map(async record => sessionView(record, await this.#store.messages(record.key))));
  }

  async messageBody(key: string): Promise<MessageBody> {
    const record = await this.#store.message(key);
    if (!record)
      throw new RequestError('unknown-message', 'this message is not recorded', { advice: 'Open its session again' });
    return messageBody(record);
  }

  nodes(deviceId: string): NodeView[] {
    return this.#device(deviceId).tree.nodes().map(nodeView);
  }

  read(deviceId: string, uri: string): { queued: boolean } {
    const device = this.#device(deviceId);
    return this.#queue(device, () => new ReadSubtree(uri, device));
  }

  replace(deviceId: string, uri: string, format: string, value: string): { queued: boolean } {
    const device = this.#device(deviceId);
    const type = device.tree.get(uri)?.type;
    return this.#queue(device, () => new ReplaceLeaf(uri, { format, ...(type && { type }), value }, device));
  }

  #queue(device: Device, job: Parameters<Device['work']['add']>[0]): { queued: boolean } {
    device.work.add(job);
    const deviceId = device.record.id;
    this.#events.emit({ kind: 'device', deviceId });
    return { queued: !this.#summon(deviceId) };
  }

  #device(deviceId: string): Device {
    const device = this.#server.devices.get(deviceId);
    if (device) return device;
    throw new RequestError('unknown-device', `device ${deviceId} has never connected`, {
      advice: 'Bootstrap it and let it connect once; then its tree can be read',
    });
  }

  async #seenView(device: Device): Promise<DeviceView> {
    const { record, tree, work } = device;
    const [last] = await this.#store.sessions(record.id, 1);
    const reachability = this.#reachability(record.id, last);
    return {
      id: record.id,
      name: record.name,
      ...(record.manufacturer && { manufacturer: record.manufacturer }),
      ...(record.model && { model: record.model }),
      reachability,
      detail: detailOf(reachability, record.user, last, work.queued),
      virtual: this.#isVirtual(record.id),
      lastSeen: record.lastSeen,
      nodeCount: tree.size,
      queued: work.queued,
    };
  }

  #reachability(deviceId: string, last: SessionRecord | undefined): Reachability {
    if (this.#server.inSession(deviceId)) return 'in-session';
    if (!last) return 'never';
    return last.state === 'failed' ? 'failed' : 'seen';
  }
}

function detailOf(
  reachability: Reachability,
  user: string | undefined,
  last: SessionRecord | undefined,
  queued: number,
): string {
  const waiting = queued > 0 ? ` · ${queued} queued` : '';
  switch (reachability) {
    case 'in-session':
      return `in session ${last?.sessionId ?? ''}${user ? ` · as ${user}` : ''}`;
    case 'failed':
      return `session ${last?.sessionId} failed · ${last?.detail}${waiting}`;
    case 'seen':
      return `session ${last?.sessionId} completed${user ? ` · as ${user}` : ''}${waiting}`;
    case 'never':
      return `never connected${waiting}`;
  }
}

/** What a batch of events changes in one device's tree; undefined where nothing. Later events win. */
function treeUpdate(deviceId: string, events: readonly ServerEvent[]): TreeUpdate | undefined {
  const nodes = new Map<string, NodeView>();
  const removed = new Set<string>();
  for (const event of events) {
    if (event.kind !== 'tree' || event.deviceId !== deviceId) continue;
    for (const uri of event.change.removed) {
      nodes.delete(uri);
      removed.add(uri);
    }
    for (const node of event.change.nodes) {
      nodes.set(node.uri, nodeView(node));
      removed.delete(node.uri);
    }
  }
  return nodes.size + removed.size === 0
    ? undefined
    : { kind: 'changed', nodes: [...nodes.values()], removed: [...removed] };
}

export function nodeView(node: DeviceNode): NodeView {
  const size = node.value === undefined ? {} : { size: sizeOf(node.format, node.value) };
  return { ...node, ...size, ...(node.uri.includes('/') && { name: node.uri.slice(node.uri.lastIndexOf('/') + 1) }) };
}

function sizeOf(format: string, value: string): number {
  return valueSize({ format: format === 'b64' || format === 'bin' ? 'b64' : 'chr', value });
}
