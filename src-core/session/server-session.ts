/**
 * The server's end of a DM session (OMA-TS-DM_Protocol-V1_2_1 §8): message in, message out, and what happened.
 * setup (package 1 and 2) → management (3 and 4, repeating) → ended. No I/O, no waiting.
 */
import { ProtocolError } from '../base/errors.ts';
import type { Encoding } from '../syncml/codec.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Message, SyncHdr } from '../syncml/message.ts';
import { Prover, Verifier } from './authentication.ts';
import type { End, Outcome, SessionEvent } from './events.ts';
import { Handshake } from './handshake.ts';
import { Inbox } from './inbox.ts';
import { Listener } from './listener.ts';
import { MessageOrder } from './message-order.ts';
import { type BuildOptions, Outbox } from './outbox.ts';
import { Peer } from './peer.ts';
import { wantsStatus } from './sent-commands.ts';
import type { ServerAccount } from './server-account.ts';
import { type ServerWork, WorkInSession } from './server-work.ts';
import { headerStatus, statusOf } from './statuses.ts';
import { DM_1_2, versionRefusal } from './versions.ts';
import type { Wire } from './wire.ts';

export interface ServerSessionPorts {
  /** The account that the first message names, or undefined where nobody knows it. */
  readonly account: ServerAccount | undefined;
  readonly encoding: Encoding;
  readonly work: ServerWork;
  /** Address of this server as the device should use it. */
  readonly serverUrl: string;
  /** Where the device sends the later messages of this session; absent: the same address. */
  readonly respURI?: string;
  /** 16 or so random bytes. */
  readonly newNonce: () => Uint8Array;
  /** What this server takes, in bytes. */
  readonly maxMsgSize: number;
  readonly maxObjSize: number;
  /** False where the device is known to take no large objects (DevDetail/LrgObj). */
  readonly largeObjects?: boolean;
  /** Types of generic alerts that are understood; absent: all. */
  readonly alertTypes?: (type: string) => boolean;
}

export type ServerState = 'setup' | 'management' | 'ended';

export interface ServerExchange {
  readonly reply: Wire;
  /** DM package that the received message belonged to, and the reply's. */
  readonly packageIn: 1 | 3;
  readonly packageOut: 2 | 4;
  readonly events: readonly SessionEvent[];
  /** The device sent its last message again: the answer is the same, and nothing else happened. */
  readonly repeated?: true;
}

/** A message that was taken in and whose answer is still to come. */
export type ServerTaken = Pick<ServerExchange, 'packageIn' | 'events' | 'repeated'>;
type Packages = Pick<ServerExchange, 'packageIn' | 'packageOut'>;

const SETUP: Packages = { packageIn: 1, packageOut: 2 };
const MANAGEMENT: Packages = { packageIn: 3, packageOut: 4 };

export class ServerSession {
  readonly #ports: ServerSessionPorts;
  readonly #outbox: Outbox;
  readonly #handshake: Handshake;
  readonly #peer: Peer;
  readonly #work: WorkInSession;
  readonly #listener: Listener;
  readonly #order: MessageOrder;
  /** Our package goes on in the next message. */
  #packageOpen = false;
  #abort: string | undefined;
  #state: ServerState = 'setup';
  /** Answer to the last message that was answered. */
  #last: ServerExchange | undefined;
  /** Packages of the message that was taken in and waits for one of ours. */
  #waiting: Packages | undefined;
  #events: SessionEvent[] = [];

  constructor(first: Wire, ports: ServerSessionPorts) {
    const { header } = first.message;
    const tell = (event: SessionEvent) => void this.#events.push(event);
    const outbox = outboxFor(header, ports);
    const handshake = handshakeOf(ports, tell);
    this.#ports = ports;
    this.#outbox = outbox;
    this.#handshake = handshake;
    this.#order = new MessageOrder(header.sessionId);
    this.#peer = new Peer({ outbox, handshake, inbox: new Inbox(ports.maxObjSize), tell });
    this.#work = new WorkInSession(ports.work, outbox, handshake);
    const { alertTypes } = ports;
    this.#listener = new Listener({ peer: this.#peer, work: this.#work, outbox, handshake, alertTypes, tell });
  }

  get state(): ServerState {
    return this.#state;
  }

  /** The next reply is a session abort (§8.1). */
  abort(reason: string): void {
    this.#abort = reason;
  }

  /** @throws ProtocolError where the message does not belong to this session as it stands. */
  receive(wire: Wire): ServerExchange {
    const taken = this.take(wire);
    if ('reply' in taken) return taken;
    const exchange = this.answer();
    return { ...exchange, events: [...taken.events, ...exchange.events] };
  }

  /**
   * Takes a message in. Where the answer depends on nothing but the work there is, it comes from `answer`, at any time: no
   * package has to come within any time (§8).
   * @throws ProtocolError as `receive`
   */
  take(wire: Wire): ServerExchange | ServerTaken {
    const repeated = this.#repeated(wire);
    if (repeated) return repeated;
    this.#check(wire);
    this.#events = [];
    const packages: Packages = this.#state === 'setup' ? SETUP : MANAGEMENT;
    // A message that cannot be answered waits for nothing: sent again, it is judged again.
    const reply = this.#reply(wire);
    this.#order.taken(wire);
    this.#waiting = packages;
    return reply ? this.#answered(reply) : { packageIn: packages.packageIn, events: this.#events };
  }

  /** True from `take` without a reply to `answer`. */
  get waiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** The answer to the message that was taken in. */
  answer(): ServerExchange {
    this.#events = [];
    const ended = this.#aborting();
    return this.#answered(ended ? this.#end(ended) : this.#package());
  }

  #answered(reply: Wire): ServerExchange {
    if (!this.#waiting) throw new Error('no message waits for an answer');
    const exchange: ServerExchange = { reply, ...this.#waiting, events: this.#events };
    this.#waiting = undefined;
    this.#last = exchange;
    return exchange;
  }

  #repeated(wire: Wire): ServerExchange | ServerTaken | undefined {
    if (!this.#order.isRepeat(wire)) return undefined;
    if (this.#waiting) return { packageIn: this.#waiting.packageIn, events: [], repeated: true };
    return this.#last && { ...this.#last, events: [], repeated: true };
  }

  #check({ message }: Wire): void {
    const { sessionId } = this.#order;
    if (this.#state === 'ended') throw new ProtocolError('session-over', `session ${sessionId} is over`, 400);
    this.#order.check(message);
  }

  /** Undefined where the answer is a package for which there is nothing yet. */
  #reply(wire: Wire): Wire | undefined {
    const { message } = wire;
    const { header } = message;
    const refusal = versionRefusal(header);
    if (refusal) return this.#refuseVersion(wire, refusal);
    this.#outbox.version = { verDTD: header.verDTD, verProto: header.verProto };
    // Once the device is known, nothing of a message counts before it is known to be the device's (HMAC).
    const known = this.#handshake.peerKnown;
    if (!known) this.#peer.heed(message);
    const verdict = this.#peer.authenticate(wire);
    if (verdict) return this.#unauthorised(message, verdict.code);
    // A stranger does not learn from our name that the account is there.
    if (!known && this.#ports.account) this.#outbox.identify(this.#ports.account.server.user);
    if (known) this.#peer.heed(message);

    const ended = this.#listener.take(message) ?? this.#aborting();
    if (ended) return this.#end(ended);
    // An object under way goes on; where the device refused it, the package goes on with what comes next.
    if (this.#packageOpen) return this.#package();
    if (!message.final) return this.#nextMessage();
    this.#state = 'management';
    this.#work.settle();
    return this.#work.isLeft ? this.#package() : undefined;
  }

  /** Every command is answered with the header's code, and nothing is executed (§9.1). */
  #unauthorised(message: Message, code: number): Wire {
    for (const command of message.commands.filter(wantsStatus)) this.#outbox.answer(statusOf(message, command, code));
    if (this.#handshake.peerRefused) this.#finish('refused', 'the device could not prove who it is');
    return this.#build({ commands: false, final: true });
  }

  #refuseVersion({ message }: Wire, code: 505 | 513): Wire {
    const { verDTD, verProto } = message.header;
    this.#outbox.acknowledge(headerStatus(message, code));
    this.#finish('refused', code === 505 ? `DTD version ${verDTD} is not supported` : `${verProto} is not supported`);
    return this.#build({ commands: false, final: true });
  }

  /** The device's package goes on: ask for its next message, and send nothing of ours (§6.2). */
  #nextMessage(): Wire {
    return this.#build({ commands: false, final: false, askNext: true });
  }

  /** The next package: commands while there is work, else the empty one that closes the session. */
  #package(): Wire {
    this.#work.load();
    if (!this.#outbox.hasCommands) this.#finish('completed', 'no more commands');
    return this.#build({ commands: true, final: true });
  }

  #aborting(): End | undefined {
    if (this.#abort === undefined) return undefined;
    this.#outbox.clearCommands();
    this.#outbox.answer({ kind: 'Alert', code: AlertCode.SESSION_ABORT, items: [] });
    return { outcome: 'aborted', reason: this.#abort };
  }

  #end(end: End): Wire {
    this.#finish(end.outcome, end.reason);
    return this.#build({ commands: false, final: true });
  }

  /** Nothing that proves this server is given to somebody who did not prove who he is. */
  #build(options: Omit<BuildOptions, 'cred' | 'scope'>): Wire {
    const { wire, sent } = this.#peer.build({ ...options, scope: 'message' }, this.#handshake.peerKnown);
    const { header, final } = wire.message;
    this.#work.remember(header.msgId, sent);
    this.#packageOpen = !final && options.final;
    return wire;
  }

  #finish(outcome: Outcome, reason: string): void {
    this.#state = 'ended';
    this.#events.push({ kind: 'ended', outcome, reason });
  }
}

function outboxFor({ sessionId, source }: SyncHdr, ports: ServerSessionPorts): Outbox {
  const { encoding, serverUrl, respURI, maxMsgSize, maxObjSize, largeObjects = true } = ports;
  return new Outbox({
    encoding,
    version: DM_1_2,
    sessionId,
    source: { uri: serverUrl },
    target: { uri: source.uri },
    ...(respURI !== undefined && { respURI }),
    maxMsgSize,
    maxObjSize,
    largeObjects,
  });
}

function handshakeOf({ account, newNonce }: ServerSessionPorts, tell: (event: SessionEvent) => void): Handshake {
  return new Handshake({
    us: 'server',
    prover: account && proverFor(account),
    verifier: new Verifier({
      identity: account?.client,
      nonce: account?.clientNonce ?? new Uint8Array(),
      scheme: account?.clientScheme ?? 'md5',
      newNonce,
    }),
    tell,
  });
}

function proverFor({ server, serverNonce, serverScheme }: ServerAccount): Prover {
  return new Prover({ identity: server, nonce: serverNonce, scheme: serverScheme, peer: 'the device' });
}
