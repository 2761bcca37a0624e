/** A device that says what the test tells it to, against a real server session. */

import type { SessionEvent } from '../../src-core/session/events.ts';
import type { ServerAccount } from '../../src-core/session/server-account.ts';
import { ServerSession, type ServerSessionPorts } from '../../src-core/session/server-session.ts';
import type { Wire } from '../../src-core/session/wire.ts';
import { decodeMessage, type Encoding } from '../../src-core/syncml/codec.ts';
import type { Chal, Command, Draft, Message, Meta, Results, Status } from '../../src-core/syncml/message.ts';
import {
  alert,
  CLIENT,
  CLIENT_NONCE,
  commandsIn,
  cred,
  DEVICE_ID,
  type Envelope,
  nonces,
  numbered,
  SERVER,
  SERVER_NONCE,
  SERVER_URL,
  SESSION_ID,
  wire,
} from './bench.ts';

export const DEV_INFO: Draft = {
  kind: 'Replace',
  items: [
    { source: { uri: './DevInfo/DevId' }, data: DEVICE_ID },
    { source: { uri: './DevInfo/Man' }, data: 'Factory' },
  ],
};

export interface DeviceOptions extends Partial<Omit<ServerSessionPorts, 'account' | 'work'>> {
  /** What the server has to send: the drafts of each package. */
  readonly work?: readonly (readonly Draft[])[];
  readonly account?: Partial<ServerAccount>;
  /** Meta of this device's headers. */
  readonly meta?: Meta;
}

export class ScriptedDevice {
  readonly #options: DeviceOptions;
  readonly encoding: Encoding;
  /** Answers that reached the server's work. */
  readonly statuses: [Command, Status][] = [];
  readonly results: [Command, Results][] = [];
  readonly unsent: [Draft, Error][] = [];
  readonly events: SessionEvent[] = [];
  #session: ServerSession | undefined;
  #msgId = 0;
  #last: Message | undefined;

  constructor(options: DeviceOptions = {}) {
    this.#options = options;
    this.encoding = options.encoding ?? 'wbxml';
  }

  get session(): ServerSession {
    if (!this.#session) throw new Error('the device has sent nothing yet');
    return this.#session;
  }

  get over(): boolean {
    return this.session.state === 'ended';
  }

  /** The session's end as the server told it. */
  get outcome(): string | undefined {
    return this.events.flatMap(event => (event.kind === 'ended' ? [event.outcome] : []))[0];
  }

  /** Alerts that the server took. */
  get alerts(): number[] {
    return this.events.flatMap(event => (event.kind === 'alert' ? [event.alert.code] : []));
  }

  /** Package 1 with right MD5 credentials, unless told otherwise. */
  begin(more: readonly Draft[] = [], envelope: Envelope = {}): Message {
    const header = { cred: cred('md5', CLIENT, CLIENT_NONCE), ...envelope.header };
    return this.send([alert(1201), DEV_INFO, ...more], { ...envelope, header });
  }

  /** The next message of this device; returns the server's answer. */
  send(drafts: readonly Draft[], envelope: Envelope = {}): Message {
    return this.exchange(drafts, envelope).message;
  }

  /** The same, with bytes and HMAC. */
  exchange(drafts: readonly Draft[], { final = true, header = {}, hmac }: Envelope = {}): Wire {
    const message: Message = {
      header: {
        verDTD: '1.2',
        verProto: 'DM/1.2',
        sessionId: SESSION_ID,
        msgId: ++this.#msgId,
        target: { uri: SERVER_URL },
        source: { uri: DEVICE_ID, name: CLIENT.user },
        meta: this.#options.meta ?? { maxMsgSize: 5000 },
        ...header,
      },
      commands: numbered(drafts),
      final,
    };
    return this.deliver(wire(message, this.encoding, hmac));
  }

  /** Bytes as they are. */
  deliver(first: Wire): Wire {
    this.#session ??= this.#open(first);
    const { reply, events } = this.#session.receive(first);
    this.events.push(...events);
    const message = decodeMessage(reply.bytes, this.encoding);
    this.#last = message;
    return { ...reply, message };
  }

  /** Status for the server's last header: 212 once, then 200. */
  headerStatus(code = this.#msgId === 1 ? 212 : 200, chal?: Chal): Draft {
    const { header } = this.last;
    return {
      kind: 'Status',
      msgRef: header.msgId,
      cmdRef: '0',
      cmd: 'SyncHdr',
      targetRefs: [header.target.uri],
      sourceRefs: [header.source.uri],
      ...(chal && { chal }),
      code,
      items: [],
    };
  }

  /** Status for one command of the server's last message. */
  status(command: Command, code = 200): Draft {
    const { msgId } = this.last.header;
    const target = 'items' in command ? command.items[0]?.target?.uri : undefined;
    return {
      kind: 'Status',
      msgRef: msgId,
      cmdRef: command.cmdId,
      cmd: command.kind,
      targetRefs: target === undefined ? [] : [target],
      sourceRefs: [],
      code,
      items: [],
    };
  }

  /** Statuses for all that the server's last message asked for. */
  statusesOf(code = 200): Draft[] {
    return commandsIn(this.last).map(command => this.status(command, code));
  }

  /** Results for one Get of the server's last message. */
  resultOf(command: Command, item: Results['items'][number]): Draft {
    const { msgId } = this.last.header;
    return { kind: 'Results', msgRef: msgId, cmdRef: command.cmdId, targetRefs: [], sourceRefs: [], items: [item] };
  }

  get last(): Message {
    if (!this.#last) throw new Error('the server has sent nothing yet');
    return this.#last;
  }

  #open(first: Wire): ServerSession {
    const { work = [], account = {}, meta: _, ...ports } = this.#options;
    const waiting = [...work];
    return new ServerSession(first, {
      encoding: this.encoding,
      serverUrl: SERVER_URL,
      newNonce: nonces(0x20),
      maxMsgSize: 6000,
      maxObjSize: 100_000,
      ...ports,
      account: {
        client: CLIENT,
        clientNonce: CLIENT_NONCE,
        clientScheme: 'md5',
        server: SERVER,
        serverNonce: SERVER_NONCE,
        serverScheme: 'md5',
        ...account,
      },
      work: {
        next: () => waiting.shift() ?? [],
        onStatus: (command, status) => this.statuses.push([command, status]),
        onResults: (command, results) => this.results.push([command, results]),
        onUnsent: (draft, error) => this.unsent.push([draft, error]),
      },
    });
  }
}
