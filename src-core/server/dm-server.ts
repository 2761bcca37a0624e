/**
 * The DM server: finds the session a message belongs to, lets it answer, and keeps what happened. Transports (HTTP, later
 * OBEX) hand in bytes and carry bytes back; the session machine itself does no I/O.
 */

import { ProtocolError } from '../base/errors.ts';
import type { SessionEvent } from '../session/events.ts';
import { type Exchange, ServerSession } from '../session/server-session.ts';
import type { AccountRecord, MessageRecord, SessionRecord, Store } from '../store/contract.ts';
import { decodeMessage, type Encoding, encodeMessage } from '../syncml/codec.ts';
import type { Item, Message } from '../syncml/message.ts';
import { ROOT } from '../tree/uri.ts';
import { type Device, DeviceRegistry, type TreeChange } from './device.ts';
import { ReadSubtree } from './jobs.ts';

export interface DmServerOptions {
  readonly store: Store;
  /** Address that devices use, also the Source of every message. */
  readonly url: string;
  readonly now: () => number;
  readonly newNonce: () => Uint8Array;
  /** Unique key of a session or message. */
  readonly newKey: () => string;
  readonly onEvent?: (event: ServerEvent) => void;
}

export type ServerEvent =
  | { readonly kind: 'device'; readonly deviceId: string }
  | { readonly kind: 'tree'; readonly deviceId: string; readonly change: TreeChange }
  | { readonly kind: 'session'; readonly deviceId: string; readonly sessionKey: string };

/** The two messages of one exchange as they were on the wire. */
interface Wire {
  readonly bytes: Uint8Array;
  readonly receivedAt: number;
  readonly answer: Uint8Array;
}

interface LiveSession {
  /** Random, in RespURI: what tells one session from another on the wire. */
  readonly id: string;
  readonly machine: ServerSession;
  readonly device: Device;
  readonly account: AccountRecord | undefined;
  record: SessionRecord;
  lastMessageAt: number;
}

/** Query parameter of RespURI. */
export const SESSION_PARAMETER = 's';

const MAX_MSG_SIZE = 64 * 1024;
/** A device that says nothing for this long has gone. */
export const SESSION_TIMEOUT_MS = 5 * 60_000;

export class DmServer {
  readonly #options: DmServerOptions;
  readonly #devices: DeviceRegistry;
  readonly #live = new Map<string, LiveSession>();

  private constructor(options: DmServerOptions, devices: DeviceRegistry) {
    this.#options = options;
    this.#devices = devices;
  }

  static async create(options: DmServerOptions): Promise<DmServer> {
    return new DmServer(options, await DeviceRegistry.load(options.store, options.now));
  }

  get devices(): DeviceRegistry {
    return this.#devices;
  }

  /** True while the device has a session open. */
  inSession(deviceId: string): boolean {
    return [...this.#live.values()].some(session => session.device.record.id === deviceId);
  }

  /**
   * One message from a device to the answer for it, both in the same encoding.
   * @throws EncodingError for bytes that are no message, ProtocolError for one that has no place in its session.
   */
  async handle(bytes: Uint8Array, encoding: Encoding, transport: string, session?: string): Promise<Uint8Array> {
    const receivedAt = this.#options.now();
    const message = decodeMessage(bytes, encoding);
    const live = await this.#sessionFor(message, encoding, transport, session);
    const exchange = live.machine.receive(message);
    const answer = encodeMessage(exchange.reply, encoding);
    await this.#keep(live, exchange, { bytes, receivedAt, answer });
    return answer;
  }

  /** Ends sessions whose device went silent; call it from time to time. */
  async sweep(): Promise<void> {
    const { now } = this.#options;
    for (const live of this.#live.values()) {
      if (now() - live.lastMessageAt > SESSION_TIMEOUT_MS) await this.#close(live, 'failed', 'the device went silent');
    }
  }

  /**
   * A message that names a session belongs to it; one that names none opens a new session. Device and SessionID alone
   * tell nothing: anybody can know them.
   */
  async #sessionFor(
    message: Message,
    encoding: Encoding,
    transport: string,
    session: string | undefined,
  ): Promise<LiveSession> {
    const { source } = message.header;
    if (session !== undefined) {
      const running = this.#live.get(session);
      if (running) return running;
      throw new ProtocolError('session-over', 'this session is over', 400, {
        advice: 'Begin a new one with package 1',
      });
    }
    const user = source.name ?? source.uri;
    const account = await this.#options.store.findAccount(user);
    const device = await this.#devices.known(source.uri);
    const live = this.#open(message, device, account, encoding, transport);
    this.#live.set(live.id, live);
    return live;
  }

  #open(
    message: Message,
    device: Device,
    account: AccountRecord | undefined,
    encoding: Encoding,
    transport: string,
  ): LiveSession {
    const { now, newKey, newNonce, url } = this.#options;
    // The first session of a device reads its whole tree.
    if (device.tree.size === 0 && device.work.queued === 0) device.work.add(() => new ReadSubtree(ROOT, device));
    const id = newKey();
    const machine = new ServerSession(message, {
      account: account && serverAccount(account),
      work: device.workFor(message.header.sessionId),
      serverUrl: url,
      respURI: `${url}?${SESSION_PARAMETER}=${id}`,
      newNonce,
      maxMsgSize: MAX_MSG_SIZE,
    });
    const record: SessionRecord = {
      key: newKey(),
      deviceId: device.record.id,
      sessionId: message.header.sessionId,
      startedAt: now(),
      state: 'open',
      detail: 'open',
      clientAuthenticated: false,
      serverAuthenticated: false,
      encoding,
      transport,
    };
    return { id, machine, device, account, record, lastMessageAt: now() };
  }

  async #keep(live: LiveSession, exchange: Exchange, wire: Wire): Promise<void> {
    const { store, now, newKey } = this.#options;
    live.lastMessageAt = now();
    for (const event of exchange.events) await this.#take(live, event);
    const change = live.device.takeChange();
    if (change) await this.#devices.save(live.device, change);
    const common = { sessionKey: live.record.key, encoding: live.record.encoding };
    const messages: MessageRecord[] = [
      {
        ...common,
        key: newKey(),
        at: wire.receivedAt,
        direction: 'up',
        package: exchange.packageIn,
        bytes: wire.bytes,
      },
      { ...common, key: newKey(), at: now(), direction: 'down', package: exchange.packageOut, bytes: wire.answer },
    ];
    await store.addMessages(messages);
    const ended = exchange.events.find(event => event.kind === 'ended');
    if (ended) {
      await this.#close(live, ended.outcome === 'completed' ? 'completed' : 'failed', live.record.detail);
    } else {
      await store.putSession(live.record);
    }
    this.#tell({ kind: 'session', deviceId: live.record.deviceId, sessionKey: live.record.key });
    this.#tell({ kind: 'device', deviceId: live.record.deviceId });
    if (change) this.#tell({ kind: 'tree', deviceId: live.record.deviceId, change });
  }

  async #take(live: LiveSession, event: SessionEvent): Promise<void> {
    const { store } = this.#options;
    switch (event.kind) {
      case 'authenticated':
        live.record =
          event.side === 'client'
            ? { ...live.record, clientAuthenticated: true, detail: 'authenticated' }
            : { ...live.record, serverAuthenticated: true };
        if (event.side === 'client' && live.account) await this.#admit(live, live.account.user);
        break;
      case 'nonce':
        if (live.account) await store.setNonce(live.account.user, event.side, event.nonce);
        break;
      case 'device-info':
        this.#takeDevInfo(live.device, event.items);
        await this.#devices.describe(live.device, devInfoOf(event.items));
        break;
      case 'refused':
        live.record = { ...live.record, detail: `${event.code}: ${event.reason}` };
        break;
      case 'ended':
        // A refusal already said why in more detail.
        if (event.outcome !== 'refused' || live.record.clientAuthenticated)
          live.record = { ...live.record, detail: event.reason };
        break;
      case 'alert':
        break;
    }
  }

  /** The device proved who it is: its account is bound, and an older session of it is over. */
  async #admit(live: LiveSession, user: string): Promise<void> {
    await this.#options.store.bindAccount(user, live.record.deviceId);
    await this.#devices.seen(live.device, user);
    const older = [...this.#live.values()].filter(
      other => other !== live && other.device === live.device && other.machine.state !== 'setup',
    );
    for (const session of older) await this.#close(session, 'failed', 'the device began anew');
  }

  #takeDevInfo(device: Device, items: readonly Item[]): void {
    device.readings(
      items.flatMap(({ source, meta, data }) =>
        source && typeof data === 'string' ? [{ uri: source.uri, format: meta?.format ?? 'chr', value: data }] : [],
      ),
    );
  }

  async #close(live: LiveSession, state: 'completed' | 'failed', detail: string): Promise<void> {
    this.#live.delete(live.id);
    live.record = { ...live.record, state, detail, endedAt: this.#options.now() };
    await this.#options.store.putSession(live.record);
    this.#tell({ kind: 'session', deviceId: live.record.deviceId, sessionKey: live.record.key });
    this.#tell({ kind: 'device', deviceId: live.record.deviceId });
  }

  #tell(event: ServerEvent): void {
    this.#options.onEvent?.(event);
  }
}

function serverAccount(record: AccountRecord) {
  return {
    client: { user: record.user, password: record.password },
    clientNonce: record.clientNonce,
    server: { user: record.serverId, password: record.serverPassword },
    serverNonce: record.serverNonce,
  };
}

function devInfoOf(items: readonly Item[]): { manufacturer?: string; model?: string } {
  const value = (name: string) => {
    const data = items.find(item => item.source?.uri === `./DevInfo/${name}`)?.data;
    return typeof data === 'string' ? data : undefined;
  };
  const manufacturer = value('Man');
  const model = value('Mod');
  return { ...(manufacturer && { manufacturer }), ...(model && { model }) };
}
