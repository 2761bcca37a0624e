/** A server that says what the test tells it to, against a real client session. */

import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import { ClientSession, type ClientSessionPorts } from '../../src-core/session/client-session.ts';
import type { SessionEvent } from '../../src-core/session/events.ts';
import type { Answer, Question } from '../../src-core/session/interaction.ts';
import type { Wire } from '../../src-core/session/wire.ts';
import { decodeMessage, type Encoding } from '../../src-core/syncml/codec.ts';
import type { Chal, Command, Draft, Message, Meta } from '../../src-core/syncml/message.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import {
  CLIENT,
  CLIENT_NONCE,
  chal,
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

/** A device's tree in which the server may do everything under ./A. */
export function deviceTree(): ManagementTree {
  const all = { acl: 'Add=*&Delete=*&Exec=*&Get=*&Replace=*' };
  const nodes = [
    interior('A', [leaf('B', 'b'), leaf('C', 'c'), leaf('Raw', 'AP9B', { format: 'bin', type: 'image/png' })], all),
  ];
  return new ManagementTree(nodes, { now: () => Date.UTC(2026, 0, 2) });
}

export const ACCOUNT: DmAccount = {
  name: 'Workbench',
  serverId: SERVER.user,
  displayName: 'Example',
  serverUrl: SERVER_URL,
  client: { name: CLIENT.user, secret: CLIENT.password, nonce: CLIENT_NONCE, scheme: 'md5' },
  server: { name: SERVER.user, secret: SERVER.password, nonce: SERVER_NONCE, scheme: 'md5' },
};

export interface ServerOptions extends Partial<ClientSessionPorts> {
  /** Meta of this server's headers. */
  readonly meta?: Meta;
}

export class ScriptedServer {
  readonly session: ClientSession;
  readonly tree: ManagementTree;
  readonly encoding: Encoding;
  readonly events: SessionEvent[] = [];
  question: Question | undefined;
  readonly #meta: Meta;
  #msgId = 0;
  #last: Message | undefined;

  constructor({ meta, ...options }: ServerOptions = {}) {
    this.#meta = meta ?? { maxMsgSize: 6000 };
    this.tree = options.tree ?? deviceTree();
    this.encoding = options.encoding ?? 'wbxml';
    this.session = new ClientSession({
      account: ACCOUNT,
      deviceId: DEVICE_ID,
      devInfo: [
        { source: { uri: './DevInfo/DevId' }, meta: { format: 'chr', type: 'text/plain' }, data: DEVICE_ID },
        { source: { uri: './DevInfo/Man' }, meta: { format: 'chr', type: 'text/plain' }, data: 'Factory' },
      ],
      sessionId: SESSION_ID,
      newNonce: nonces(0x10),
      maxMsgSize: 5000,
      ...options,
      tree: this.tree,
      encoding: this.encoding,
    });
  }

  get over(): boolean {
    return this.session.state === 'ended';
  }

  get outcome(): string | undefined {
    return this.events.flatMap(event => (event.kind === 'ended' ? [event.outcome] : []))[0];
  }

  /** Value of a leaf, whoever may read it. */
  value(uri: string): string | undefined {
    return this.tree.has(uri) ? this.tree.get(uri, 'device').value : undefined;
  }

  /** Package 1. */
  start(): Message {
    return this.startWire().message;
  }

  startWire(): Wire {
    return this.#read(this.session.start());
  }

  /** Package 1 and the server's package 2 with right MD5 credentials; returns package 3. */
  begin(drafts: readonly Draft[], envelope: Envelope = {}): Message {
    return reply(this.tryBegin(drafts, envelope));
  }

  tryBegin(drafts: readonly Draft[], envelope: Envelope = {}): Message | undefined {
    this.start();
    return this.trySecond(drafts, envelope);
  }

  /** Package 2 after `start`. */
  second(drafts: readonly Draft[], envelope: Envelope = {}): Message {
    return reply(this.trySecond(drafts, envelope));
  }

  trySecond(drafts: readonly Draft[], envelope: Envelope = {}): Message | undefined {
    const header = { cred: cred('md5', SERVER, SERVER_NONCE), ...envelope.header };
    const answers = [this.headerStatus(212, chal('md5', Uint8Array.of(0x20))), ...this.statusesOf()];
    return this.trySend([...answers, ...drafts], { ...envelope, header });
  }

  /** The next message of this server; returns the client's answer, which must come. */
  send(drafts: readonly Draft[], envelope: Envelope = {}): Message {
    return reply(this.trySend(drafts, envelope));
  }

  trySend(drafts: readonly Draft[], envelope: Envelope = {}): Message | undefined {
    return this.exchange(drafts, envelope)?.message;
  }

  /** The header's status before the drafts. */
  next(drafts: readonly Draft[], envelope: Envelope = {}): Message {
    return this.send([this.headerStatus(), ...drafts], envelope);
  }

  exchange(drafts: readonly Draft[], { final = true, header = {}, hmac }: Envelope = {}): Wire | undefined {
    const message: Message = {
      header: {
        verDTD: '1.2',
        verProto: 'DM/1.2',
        sessionId: SESSION_ID,
        msgId: ++this.#msgId,
        target: { uri: DEVICE_ID },
        source: { uri: SERVER_URL, name: SERVER.user },
        meta: this.#meta,
        ...header,
      },
      commands: numbered(drafts),
      final,
    };
    return this.#take(this.session.receive(wire(message, this.encoding, hmac)));
  }

  /** The person's answer to the question; returns the client's message, or nothing where it asks on. */
  answer(answer: Answer): Message | undefined {
    return this.#take(this.session.answer(answer))?.message;
  }

  headerStatus(code = 200, challenge?: Chal): Draft {
    const { header } = this.last;
    return {
      kind: 'Status',
      msgRef: header.msgId,
      cmdRef: '0',
      cmd: 'SyncHdr',
      targetRefs: [header.target.uri],
      sourceRefs: [header.source.uri],
      ...(challenge && { chal: challenge }),
      code,
      items: [],
    };
  }

  status({ kind, cmdId }: Command, code = 200): Draft {
    const { msgId } = this.last.header;
    return { kind: 'Status', msgRef: msgId, cmdRef: cmdId, cmd: kind, targetRefs: [], sourceRefs: [], code, items: [] };
  }

  /** Statuses for the alerts and commands of the client's last message. */
  statusesOf(code = 200): Draft[] {
    return commandsIn(this.last).map(command => this.status(command, code));
  }

  get last(): Message {
    if (!this.#last) throw new Error('the client has sent nothing yet');
    return this.#last;
  }

  #take({ reply: answered, question, events }: ReturnType<ClientSession['receive']>): Wire | undefined {
    this.events.push(...events);
    this.question = question;
    return answered && this.#read(answered);
  }

  #read(sent: Wire): Wire {
    const message = decodeMessage(sent.bytes, this.encoding);
    this.#last = message;
    return { ...sent, message };
  }
}

function reply(message: Message | undefined): Message {
  if (!message) throw new Error('the client sent nothing');
  return message;
}
