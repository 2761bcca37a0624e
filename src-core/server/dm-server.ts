/**
 * The DM server: finds the session a message belongs to, lets it answer, and keeps what happened. Transports (HTTP, later
 * OBEX) hand in bytes and carry bytes back; the session machine itself does no I/O.
 */
import { randomBytes } from 'node:crypto';
import { ProtocolError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { ServerAccount } from '../session/server-account.ts';
import { type ServerExchange, ServerSession } from '../session/server-session.ts';
import type { Wire } from '../session/wire.ts';
import type { AccountRecord, SessionRecord, Store } from '../store/contract.ts';
import { decodeMessage } from '../syncml/codec.ts';
import { basicUser, parseHmac } from '../syncml/credentials.ts';
import type { Device } from './device.ts';
import { DeviceRegistry } from './device-registry.ts';
import { Effects, type ServerEvent } from './effects.ts';
import { HeldExchange } from './held-exchange.ts';
import { HeldSessions, HOLD_LIMITS, type HoldLimits } from './held-sessions.ts';
import { LiveSession } from './live-session.ts';
import { LiveWork } from './live-work.ts';
import { SessionKeeper } from './session-keeper.ts';
import { SESSION_LIMITS, type SessionLimits, Sessions } from './sessions.ts';
import { type Answer, type Received, SESSION_PARAMETER } from './transport.ts';
import { checkUnproven, UNPROVEN_MESSAGE_BYTES } from './unproven.ts';

export type { ServerEvent } from './effects.ts';

export interface DmServerOptions {
  readonly store: Store;
  /** Address that devices use, also the Source of every message. */
  readonly url: string;
  readonly now: () => number;
  readonly newNonce: () => Uint8Array;
  /** Not to be guessed: it tells a session from others on the wire. */
  readonly newKey: () => string;
  readonly onEvent?: (event: ServerEvent) => void;
  readonly limits?: Partial<SessionLimits>;
  readonly hold?: Partial<HoldLimits>;
}

/** What this server takes: messages, and objects put together from chunks. */
const MAX_MSG_SIZE = 64 * 1024;
const MAX_OBJ_SIZE = 16 * 1024 * 1024;
/** Room for the numbers of sessions that begin in one millisecond. */
const SESSIONS_PER_MS = 2048;

export class DmServer {
  readonly #options: DmServerOptions;
  readonly #devices: DeviceRegistry;
  readonly #sessions: Sessions;
  readonly #keeper: SessionKeeper;
  readonly #held: HeldExchange;
  /** What people want of devices, now or in their next session. */
  readonly live: LiveWork;
  #lastKey: number;

  private constructor(options: DmServerOptions, devices: DeviceRegistry, lastKey: number) {
    const { store, now, limits } = options;
    this.#options = options;
    this.#lastKey = lastKey;
    this.#devices = devices;
    this.#sessions = new Sessions({ ...SESSION_LIMITS, ...limits }, now);
    this.#keeper = new SessionKeeper(store, devices, this.#sessions, now);
    const tell = (effects: Effects) => this.#tell(effects);
    const holds = new HeldSessions({ ...HOLD_LIMITS, ...options.hold }, now, deviceId => this.#tellOf(deviceId));
    this.#held = new HeldExchange({ holds, sessions: this.#sessions, keeper: this.#keeper, tell });
    this.live = new LiveWork({ holds, devices, sessions: this.#sessions, tell });
  }

  static async create(options: DmServerOptions): Promise<DmServer> {
    const { store, now } = options;
    await store.failOpenSessions('the server stopped', now());
    const devices = await DeviceRegistry.load(store, now);
    const server = new DmServer(options, devices, await store.lastSessionKey());
    await server.#keeper.load();
    return server;
  }

  get devices(): DeviceRegistry {
    return this.#devices;
  }

  /** True while the device has a session open. */
  inSession(deviceId: string): boolean {
    return this.#sessions.ofDevice(deviceId).size > 0;
  }

  /**
   * One message from a device to the answer for it, both in the same encoding. All that it brought is recorded by then.
   * @throws EncodingError for bytes that are no message, ProtocolError for one that has no place in its session.
   */
  async handle(received: Received): Promise<Answer> {
    const { session, bytes, encoding, hmac } = received;
    const live = session === undefined ? undefined : this.#sessions.get(session);
    if (session !== undefined && !live) return this.#afterEnd(session, bytes);
    const message = decodeMessage(bytes, encoding);
    if (!live?.proven) checkUnproven(message);
    const wire: Wire = hmac === undefined ? { message, bytes } : { message, bytes, hmac };
    if (live) return this.#exchange(live, wire, received);

    const account = await this.#options.store.findAccount(userOf(wire));
    // From here until the session is in the table nothing waits: the same message again finds it there.
    const deviceId = message.header.source.uri;
    const device = this.#devices.known(deviceId);
    const opened = this.#sessions.openedBy(deviceId, wire);
    const answered = device.work.queued > 0 ? undefined : this.#sessions.answerAtOnce(deviceId, bytes);
    if (!opened && answered) return answered;
    return this.#exchange(opened ?? this.#open(wire, device, account, received), wire, received);
  }

  /** Nobody holds a session open any more; resolves when the devices that waited have their answers. */
  async close(): Promise<void> {
    await this.#held.close();
    await this.#devices.close();
  }

  /** Bytes of the largest message that may come with this key of a session, or without one. */
  bodyLimit(session: string | undefined): number {
    const live = session === undefined ? undefined : this.#sessions.get(session);
    return live?.proven ? MAX_OBJ_SIZE : UNPROVEN_MESSAGE_BYTES;
  }

  /** The account takes the next device that proves it, and its device the next account: a card moved to another handset. */
  async rebind(user: string): Promise<void> {
    const effects = new Effects();
    this.#keeper.unbind(user, effects);
    await effects.written();
    this.#tell(effects);
  }

  /** Ends sessions whose device went silent; call it from time to time. */
  async sweep(): Promise<void> {
    const effects = new Effects();
    for (const live of this.#sessions.silent()) this.#keeper.close(live, 'the device went silent', effects);
    this.#sessions.forgetEnded();
    this.#devices.fold(effects);
    await effects.written();
    this.#tell(effects);
  }

  /** The last message of a session once more is answered as before; there is nothing else to say. */
  #afterEnd(session: string, bytes: Uint8Array): Answer {
    const answer = this.#sessions.endedAnswer(session, bytes);
    if (answer) return answer;
    throw new ProtocolError('session-over', 'this session is over', 400, { advice: 'Begin a new one with package 1' });
  }

  #open(
    wire: Wire,
    device: Device,
    account: AccountRecord | undefined,
    { encoding, transport }: Received,
  ): LiveSession {
    const { now, newKey, newNonce, url } = this.#options;
    const { sessionId } = wire.message.header;
    const barred = account && this.#keeper.barred(account, device);
    const id = newKey();
    const startedAt = now();
    const key = this.#recordKey(startedAt);
    const work = device.workFor({ id: sessionId, key, encoding });
    const machine = new ServerSession(wire, {
      account: account && serverAccount(account, barred !== undefined),
      encoding,
      work,
      serverUrl: url,
      respURI: `${url}?${SESSION_PARAMETER}=${id}`,
      newNonce,
      maxMsgSize: MAX_MSG_SIZE,
      maxObjSize: MAX_OBJ_SIZE,
      largeObjects: device.tree.get('./DevDetail/LrgObj')?.value !== 'false',
    });
    const record: SessionRecord = {
      key,
      deviceId: device.record.id,
      sessionId,
      startedAt,
      state: 'open',
      detail: 'open',
      clientAuthenticated: false,
      serverAuthenticated: false,
      encoding,
      transport,
    };
    const live = new LiveSession({ id, machine, work, device, account, barred, first: sealed(wire), record });
    this.#sessions.add(live);
    return live;
  }

  /** Rises with time, and also where the clock was set back. */
  #recordKey(now: number): string {
    this.#lastKey = Math.max(now * SESSIONS_PER_MS, this.#lastKey + 1);
    return String(this.#lastKey);
  }

  async #exchange(live: LiveSession, wire: Wire, received: Received): Promise<Answer> {
    const { session, encoding } = received;
    const receivedAt = this.#options.now();
    // Without others in the way nothing waits here either.
    const turn = live.enter();
    if (turn) await turn;
    try {
      if (this.#sessions.get(live.id) !== live) return this.#afterEnd(live.id, wire.bytes);
      if (encoding !== live.record.encoding)
        throw new ProtocolError('encoding', `expected ${live.record.encoding} as in package 1`, 400);
      const held = this.#held.concerns(live) ? await this.#held.exchange(live, wire, received, receivedAt) : undefined;
      const exchange = held?.exchange ?? live.machine.receive(wire);
      const answer = sealed(exchange.reply);
      if (exchange.repeated) return answer;
      if (session !== undefined) live.first = undefined;
      await this.#keep(live, exchange, wire, held?.kept ? undefined : receivedAt);
      return answer;
    } finally {
      live.leave();
    }
  }

  /**
   * Returns when all that the exchange brought is on the disk, and tells of it.
   * @param receivedAt undefined where the message itself is kept already
   */
  async #keep(live: LiveSession, exchange: ServerExchange, wire: Wire, receivedAt: number | undefined): Promise<void> {
    const effects = new Effects();
    this.#keeper.keep(live, exchange, wire, receivedAt, effects);
    const over = live.machine.state === 'ended';
    if (!over && !live.proven)
      for (const other of this.#sessions.crowdedOut(live)) this.#keeper.close(other, 'others came', effects);
    try {
      await effects.written();
    } catch (error) {
      // What cannot be recorded has not happened: the session is over, and its work starts over in the next.
      this.#sessions.remove(live);
      throw error;
    }
    if (over) await this.#leave(live, wire.bytes, sealed(exchange.reply));
    this.#tell(effects);
  }

  async #leave(live: LiveSession, bytes: Uint8Array, answer: Answer): Promise<void> {
    const effects = new Effects();
    this.#keeper.remove(live, effects);
    this.#sessions.keepEnd(live, bytes, answer);
    await effects.written();
    this.#tell(effects);
  }

  #tellOf(deviceId: string): void {
    this.#options.onEvent?.({ kind: 'device', deviceId });
  }

  #tell({ events }: Effects): void {
    const { onEvent } = this.#options;
    if (onEvent) for (const event of events) onEvent(event);
  }
}

/** The message as it travels, without what it means. */
function sealed({ bytes, hmac }: Wire): Answer {
  return hmac === undefined ? { bytes } : { bytes, hmac };
}

/** Who the message says it is from (DM Security §5.4.3, Protocol §9): for finding the account, nothing more. */
function userOf({ message: { header }, hmac }: Wire): string {
  const inHmac = hmac === undefined ? undefined : parseHmac(hmac)?.username;
  return inHmac ?? header.source.name ?? (header.cred && basicUser(header.cred)) ?? header.source.uri;
}

/** A barred account goes through all that another does, with a password that nobody has. */
function serverAccount(record: AccountRecord, barred: boolean): ServerAccount {
  const password = barred ? Secret.ofBytes(randomBytes(32)) : record.password;
  return {
    client: { user: record.user, password },
    clientNonce: record.clientNonce,
    clientScheme: barred && record.clientScheme === 'none' ? 'md5' : record.clientScheme,
    server: { user: record.serverId, password: record.serverPassword },
    serverNonce: record.serverNonce,
    serverScheme: record.serverScheme,
  };
}
