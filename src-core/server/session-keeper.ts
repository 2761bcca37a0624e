/** Keeps what happens in sessions: records, messages, nonces, readings, failures to authenticate. */
import type { SessionEvent } from '../session/events.ts';
import type { ServerExchange, ServerTaken } from '../session/server-session.ts';
import type { Wire } from '../session/wire.ts';
import type { AccountRecord, NewMessage, Store } from '../store/contract.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Alert } from '../syncml/message.ts';
import { Bindings } from './bindings.ts';
import type { Device } from './device.ts';
import type { DeviceRegistry } from './device-registry.ts';
import type { Effects } from './effects.ts';
import type { LiveSession } from './live-session.ts';
import { Lockout } from './lockout.ts';
import type { Sessions } from './sessions.ts';
import { StrangerSessions } from './strangers.ts';

type Refusal = Extract<SessionEvent, { kind: 'refused' }>;

export class SessionKeeper {
  readonly #lockout: Lockout;
  readonly #bindings: Bindings;
  readonly #store: Store;
  readonly #devices: DeviceRegistry;
  readonly #sessions: Sessions;
  readonly #strangers: StrangerSessions;
  readonly #now: () => number;

  constructor(store: Store, devices: DeviceRegistry, sessions: Sessions, now: () => number) {
    this.#store = store;
    this.#devices = devices;
    this.#sessions = sessions;
    this.#now = now;
    this.#lockout = new Lockout(store, now);
    this.#bindings = new Bindings(store);
    this.#strangers = new StrangerSessions(store);
  }

  /** Takes over what earlier launches left. */
  async load(): Promise<void> {
    await this.#strangers.load();
  }

  /** Why the account takes nobody from this device, in words for people; undefined where it does. */
  barred(account: AccountRecord, device: Device): string | undefined {
    const foreign = this.#bindings.refusal(account, device.record);
    if (foreign !== undefined) return foreign;
    const until = this.#lockout.lockedUntil(account);
    return until === undefined ? undefined : `locked until ${iso(until)} after too many wrong credentials`;
  }

  /** Sessions that run go on; the next ones bind anew. */
  unbind(user: string, effects: Effects): void {
    this.#bindings.unbind(user, effects);
    this.#devices.release(user, effects);
  }

  /**
   * One exchange, or its parts one after the other: the message as it was taken in, then the answer, without a time when the
   * message was received. The session is over for the table only when all is written.
   */
  keep(
    live: LiveSession,
    exchange: ServerExchange | ServerTaken,
    wire: Wire,
    receivedAt: number | undefined,
    effects: Effects,
  ): void {
    const before = live.record;
    live.lastMessageAt = this.#now();
    for (const event of exchange.events) this.#take(live, event, effects);
    if (live.proven) this.#devices.save(live.device, effects);
    const messages = this.#messages(live, exchange, wire, receivedAt);
    effects.write(this.#store.addMessages(messages));
    if (live.bytes === 0 || live.record !== before) effects.write(this.#store.putSession(live.record));
    for (const { bytes } of messages) this.#sessions.grew(live, bytes.length);
    this.#tell(live, effects);
  }

  /** The session is over without a word from its device. */
  close(live: LiveSession, detail: string, effects: Effects): void {
    this.#end(live, 'failed', detail);
    effects.write(this.#store.putSession(live.record));
    this.remove(live, effects);
    this.#tell(live, effects);
  }

  /** A session that ended, and is recorded as such, leaves the table. */
  remove(live: LiveSession, effects: Effects): void {
    if (!this.#sessions.remove(live)) return;
    if (live.proven) {
      this.#devices.save(live.device, effects);
      return;
    }
    this.#strangers.ended(live, effects);
    this.#devices.forgetStrangers(id => this.#sessions.ofDevice(id).size > 0);
  }

  #take(live: LiveSession, event: SessionEvent, effects: Effects): void {
    const { account, record } = live;
    switch (event.kind) {
      case 'authenticated':
        if (event.side === 'client') this.#admit(live, event.scheme, effects);
        else live.record = { ...record, serverAuthenticated: true };
        break;
      case 'nonce':
        if (account) effects.write(this.#store.setNonce(account.user, event.side, event.nonce));
        break;
      case 'device-info':
        live.device.describe(event.items);
        break;
      case 'alert':
        this.#takeAlert(live, event.alert, effects);
        break;
      case 'refused':
        live.record = { ...record, detail: this.#refusal(live, event, effects) };
        break;
      case 'ended': {
        // A refusal already said why in more detail.
        const known = event.outcome === 'refused' && !live.proven && record.detail !== 'open';
        const state = event.outcome === 'completed' ? 'completed' : 'failed';
        this.#end(live, state, known ? record.detail : event.reason);
        break;
      }
      case 'progress':
      case 'warning':
        break;
    }
  }

  /** Those that begin a session or ask for its next message are part of the protocol. */
  #takeAlert({ record }: LiveSession, alert: Alert, { events }: Effects): void {
    const { deviceId, key: sessionKey } = record;
    if (alert.code === AlertCode.CLIENT_EVENT || alert.code === AlertCode.GENERIC)
      events.push({ kind: 'alert', deviceId, sessionKey, alert });
  }

  #end(live: LiveSession, state: 'completed' | 'failed', detail: string): void {
    live.record = { ...live.record, state, detail, endedAt: this.#now() };
  }

  /** The device proved who it is: its account is bound, and an older session of it is over. */
  #admit(live: LiveSession, scheme: string, effects: Effects): void {
    live.record = { ...live.record, clientAuthenticated: true, detail: 'authenticated', scheme };
    this.#sessions.settle(live);
    const { account, device } = live;
    if (!account) return;
    const { id } = device.record;
    this.#bind(account, device, effects);
    this.#lockout.succeeded(account.user, effects);
    this.#devices.admit(device, account.user);
    for (const other of this.#sessions.ofDevice(id))
      if (other !== live && other.proven) this.close(other, 'the device began anew', effects);
  }

  /** Sessions that began before the account and the device belonged together cannot take either any more. */
  #bind(account: AccountRecord, { record }: Device, effects: Effects): void {
    this.#bindings.bind(account, record.id, effects);
    if (account.deviceId === record.id && record.user === account.user) return;
    for (const other of this.#sessions.unproven) {
      if (!other.account) continue;
      const { user } = other.account;
      const { id } = other.device.record;
      if ((user === account.user) !== (id === record.id))
        this.close(other, `401: the account ${account.user} belongs to device ${record.id} now`, effects);
    }
  }

  /** Why a side was refused, for people. Wrong credentials of a device count towards the lockout, once a session. */
  #refusal(live: LiveSession, { side, code, reason }: Refusal, effects: Effects): string {
    const { account, barred } = live;
    const words = `${code}: ${reason}`;
    if (side === 'server' || !account || live.proven) return words;
    if (barred !== undefined) return `${code}: ${barred}`;
    if (code !== 401) return words;
    live.wrong ??= this.#countFailure(live, account.user, effects);
    const until = live.wrong.lockedUntil;
    return until === undefined ? words : `${words}; locked until ${iso(until)}`;
  }

  /** Whoever tries passwords in many sessions at once gets no further try in any of them. */
  #countFailure(live: LiveSession, user: string, effects: Effects): { lockedUntil: number | undefined } {
    const lockedUntil = this.#lockout.failed(user, effects);
    if (lockedUntil === undefined) return { lockedUntil };
    for (const other of this.#sessions.unproven)
      if (other !== live && other.account?.user === user)
        this.close(other, `401: locked until ${iso(lockedUntil)}`, effects);
    return { lockedUntil };
  }

  /** What is new of an open session, in words for people; and of its work, where that came to an end. */
  note(live: LiveSession, detail: string, effects: Effects): void {
    this.#devices.save(live.device, effects);
    if (live.record.detail === detail) return;
    live.record = { ...live.record, detail };
    effects.write(this.#store.putSession(live.record));
    this.#tell(live, effects);
  }

  #messages(
    live: LiveSession,
    exchange: ServerExchange | ServerTaken,
    wire: Wire,
    receivedAt: number | undefined,
  ): NewMessage[] {
    const { key: sessionKey, encoding } = live.record;
    const message = (direction: 'up' | 'down', at: number, part: number, bytes: Uint8Array): NewMessage => ({
      sessionKey,
      encoding,
      direction,
      at,
      package: part,
      bytes,
    });
    const up = receivedAt === undefined ? [] : [message('up', receivedAt, exchange.packageIn, wire.bytes)];
    if (!('reply' in exchange)) return up;
    return [...up, message('down', live.lastMessageAt, exchange.packageOut, exchange.reply.bytes)];
  }

  #tell({ record: { deviceId, key } }: LiveSession, { events }: Effects): void {
    events.push({ kind: 'session', deviceId, sessionKey: key }, { kind: 'device', deviceId });
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
