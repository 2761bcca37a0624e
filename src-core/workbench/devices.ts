/** The Devices room's side of the core: list, tree, ladder, and work for a device. */
import { RequestError } from '../base/errors.ts';
import type { Device } from '../server/device.ts';
import type { DmServer, ServerEvent } from '../server/dm-server.ts';
import type { AccountRecord, SessionRecord, Store } from '../store/contract.ts';
import type { DeviceNode } from '../tree/device-tree.ts';
import { valueSize } from '../tree/node.ts';
import { streamSessions } from './ladder-stream.ts';
import type { SessionsUpdate, SessionView } from './message-views.ts';
import { sessionView } from './messages.ts';
import { type Rest, restOf, type Topic } from './topic.ts';
import { streamTree } from './tree-stream.ts';
import type { DeviceView, NodeView, PastValueView, Reachability, TreeUpdate } from './views.ts';
import type { WorkRoom } from './work.ts';

const SESSIONS_SHOWN = 20;
const GATHER_MS = 100;

export class DevicesRoom {
  readonly #server: DmServer;
  readonly #store: Store;
  readonly #events: Topic<ServerEvent>;
  readonly #work: WorkRoom;
  readonly #isVirtual: (deviceId: string) => boolean;
  readonly #rest: Rest;

  constructor(options: {
    readonly server: DmServer;
    readonly store: Store;
    readonly events: Topic<ServerEvent>;
    readonly work: WorkRoom;
    readonly isVirtual: (deviceId: string) => boolean;
    /** Between two lists of devices: many in session change it all the time. */
    readonly rest?: Rest;
  }) {
    this.#server = options.server;
    this.#store = options.store;
    this.#events = options.events;
    this.#work = options.work;
    this.#isVirtual = options.isVirtual;
    this.#rest = options.rest ?? restOf(GATHER_MS);
  }

  watch(signal: AbortSignal): AsyncIterable<readonly DeviceView[]> {
    return this.#events.states(() => this.list(), signal, { rest: this.#rest });
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
          detail: `${waitingFor(account)} · bootstrap on ${account.origin}`,
          virtual: false,
          nodeCount: 0,
          queued: 0,
        }),
      ),
    ];
  }

  watchTree(deviceId: string, signal: AbortSignal): AsyncIterable<TreeUpdate> {
    const tree = () => this.#server.devices.get(deviceId)?.tree;
    return streamTree({ deviceId, events: this.#events, tree }, signal);
  }

  history(deviceId: string, uri: string): readonly PastValueView[] {
    return this.#server.devices.get(deviceId)?.tree.get(uri)?.history ?? [];
  }

  watchSessions(deviceId: string, signal: AbortSignal): AsyncIterable<SessionsUpdate> {
    return streamSessions({ deviceId, store: this.#store, events: this.#events }, signal);
  }

  async sessions(deviceId: string): Promise<SessionView[]> {
    const records = await this.#store.sessions(deviceId, SESSIONS_SHOWN);
    return Promise.all(records.map(async record => sessionView(record, await this.#store.messages(record.key))));
  }

  nodes(deviceId: string): NodeView[] {
    return this.#device(deviceId).tree.nodes().map(nodeView);
  }

  async read(deviceId: string, uri: string): Promise<{ queued: boolean }> {
    return queued(await this.#work.ask(deviceId, { kind: 'read', uri }));
  }

  async replace(deviceId: string, uri: string, format: string, value: string): Promise<{ queued: boolean }> {
    const type = this.#device(deviceId).tree.get(uri)?.type;
    const command = { kind: 'replace' as const, uri, format, ...(type && { type }), value };
    return queued(await this.#work.ask(deviceId, { kind: 'send', commands: [command], thenRead: true }));
  }

  /** @throws RequestError where the device has none */
  async freeAccount(deviceId: string): Promise<void> {
    const { user } = this.#device(deviceId).record;
    if (user === undefined) {
      throw new RequestError('no-account', `no account belongs to ${deviceId}`, {
        advice: 'Look for the device that the account belongs to: its failed session names it',
      });
    }
    await this.#server.rebind(user);
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
    const held = this.#server.live.held(record.id);
    return {
      id: record.id,
      name: record.name,
      ...(record.manufacturer && { manufacturer: record.manufacturer }),
      ...(record.model && { model: record.model }),
      ...(record.user !== undefined && { account: record.user }),
      reachability,
      detail: detailOf(reachability, record.user, last, work.queued),
      virtual: this.#isVirtual(record.id),
      lastSeen: record.lastSeen,
      nodeCount: tree.size,
      queued: work.queued,
      ...(held && { held }),
    };
  }

  #reachability(deviceId: string, last: SessionRecord | undefined): Reachability {
    if (this.#server.inSession(deviceId)) return 'in-session';
    if (!last) return 'never';
    return last.state === 'failed' ? 'failed' : 'seen';
  }
}

/** Nobody will do it before the device comes by itself. */
function queued({ held, summoned }: { readonly held: boolean; readonly summoned: boolean }): { queued: boolean } {
  return { queued: !held && !summoned };
}

function waitingFor({ freedFrom }: AccountRecord): string {
  return freedFrom === undefined
    ? 'never connected'
    : `freed from ${freedFrom}, belongs to the next device that proves it`;
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

export function nodeView(node: DeviceNode): NodeView {
  const size = node.value === undefined ? {} : { size: sizeOf(node.format, node.value) };
  const { history, unread = '', ...fields } = node;
  return {
    ...fields,
    ...(unread !== '' && { unread }),
    ...(unread !== '' && node.format === 'node' && { partial: true as const }),
    past: history.length,
    ...size,
    ...(node.uri.includes('/') && { name: node.uri.slice(node.uri.lastIndexOf('/') + 1) }),
  };
}

function sizeOf(format: string, value: string): number {
  return valueSize({ format: format === 'b64' || format === 'bin' ? 'b64' : 'chr', value });
}
