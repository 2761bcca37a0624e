/**
 * The server's end of a DM session (OMA-TS-DM_Protocol-V1_2_1 §8): message in, message out, and what happened.
 * setup (package 1 and 2) → management (3 and 4, repeating) → ended. No I/O, no waiting.
 */
import { bytesEqual } from '../base/bytes.ts';
import { ProtocolError } from '../base/errors.ts';
import type { Encoding } from '../syncml/codec.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Alert, Command, Draft, Item, Message, Results, Status } from '../syncml/message.ts';
import { alertStatus, isSessionAlert } from './alerts.ts';
import { Prover, Verifier } from './authentication.ts';
import type { Outcome, SessionEvent } from './events.ts';
import { Handshake } from './handshake.ts';
import { Inbox } from './inbox.ts';
import { type BuildOptions, Outbox } from './outbox.ts';
import { serverFault } from './sendable.ts';
import { SentCommands, wantsStatus } from './sent-commands.ts';
import type { ServerAccount } from './server-account.ts';
import { headerStatus, statusOf } from './statuses.ts';
import { DM_1_2, versionRefusal } from './versions.ts';
import type { Wire } from './wire.ts';

/** The server's work for a device: where commands come from and their answers go to. */
export interface ServerWork {
  /** Commands for the next package; none ends the session. */
  next(): readonly Draft[];
  onStatus(command: Command, status: Status): void;
  onResults(command: Command, results: Results): void;
  /** The device tells something; commands that follow from it can go out with the next package. */
  onAlert?(alert: Alert): void;
  /** It was not sent: over the device's MaxObjSize or MaxMsgSize, or broken off on the way. */
  onUnsent(draft: Draft, error: ProtocolError): void;
}

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

interface End {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** DevInfo, read to let the device judge our credentials. */
const PROBE: Draft = { kind: 'Get', items: [{ target: { uri: './DevInfo/DevId' } }] };

export class ServerSession {
  readonly #ports: ServerSessionPorts;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #handshake: Handshake;
  readonly #sessionId: string;
  readonly #sent = new SentCommands();
  /** Commands to send again, because the device refused our credentials in the message at hand. */
  #again: Draft[] = [];
  #challenged = false;
  #probed = false;
  /** Our package goes on in the next message. */
  #packageOpen = false;
  #abort: string | undefined;
  #state: ServerState = 'setup';
  #last: { readonly msgId: number; readonly wire: Wire; readonly exchange: ServerExchange } | undefined;
  /** Taken in, to be answered with a package of ours. */
  #waiting: { readonly wire: Wire; readonly packages: Packages } | undefined;
  #events: SessionEvent[] = [];

  constructor(first: Wire, ports: ServerSessionPorts) {
    const { account, encoding, serverUrl, respURI, newNonce, maxMsgSize, maxObjSize, largeObjects = true } = ports;
    const { header } = first.message;
    this.#ports = ports;
    this.#sessionId = header.sessionId;
    this.#inbox = new Inbox(maxObjSize);
    this.#outbox = new Outbox({
      encoding,
      version: DM_1_2,
      sessionId: header.sessionId,
      source: { uri: serverUrl },
      target: { uri: header.source.uri },
      ...(respURI !== undefined && { respURI }),
      maxMsgSize,
      maxObjSize,
      largeObjects,
    });
    this.#handshake = new Handshake({
      us: 'server',
      prover: account && proverFor(account),
      verifier: new Verifier({
        identity: account?.client,
        nonce: account?.clientNonce ?? new Uint8Array(),
        scheme: account?.clientScheme ?? 'md5',
        newNonce,
      }),
      tell: event => this.#events.push(event),
    });
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
    this.#challenged = false;
    const setup = this.#state === 'setup';
    const packages: Packages = setup ? { packageIn: 1, packageOut: 2 } : { packageIn: 3, packageOut: 4 };
    // A message that cannot be answered waits for nothing: sent again, it is judged again.
    const reply = this.#reply(wire);
    this.#waiting = { wire, packages };
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
    const { wire, packages } = this.#waiting;
    const exchange: ServerExchange = { reply, ...packages, events: this.#events };
    this.#waiting = undefined;
    this.#last = { msgId: wire.message.header.msgId, wire, exchange };
    return exchange;
  }

  #repeated({ message: { header }, bytes }: Wire): ServerExchange | ServerTaken | undefined {
    const last = this.#waiting?.wire ?? this.#last?.wire;
    if (!last || header.msgId !== last.message.header.msgId || !bytesEqual(bytes, last.bytes)) return undefined;
    if (this.#waiting) return { packageIn: this.#waiting.packages.packageIn, events: [], repeated: true };
    return this.#last && { ...this.#last.exchange, events: [], repeated: true };
  }

  #check({ message: { header } }: Wire): void {
    if (this.#state === 'ended') throw new ProtocolError('session-over', `session ${this.#sessionId} is over`, 400);
    if (header.sessionId !== this.#sessionId) {
      throw new ProtocolError('session-id', `expected SessionID ${this.#sessionId}, found ${header.sessionId}`, 400);
    }
    const before = this.#waiting?.wire.message.header.msgId ?? this.#last?.msgId;
    if (before !== undefined && header.msgId <= before) {
      throw new ProtocolError('msg-id', `expected a MsgID above ${before}, found ${header.msgId}`, 400);
    }
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
    if (!known) this.#heed(message);
    const code = this.#authenticate(wire);
    if (code !== undefined) return this.#unauthorised(message, code);
    // A stranger does not learn from our name that the account is there.
    if (!known && this.#ports.account) this.#outbox.identify(this.#ports.account.server.user);
    if (known) this.#heed(message);

    const ended = this.#take(wire) ?? this.#aborting();
    if (ended) return this.#end(ended);
    // An object under way goes on; where the device refused it, the package goes on with what comes next.
    if (this.#packageOpen) return this.#package();
    if (!message.final) return this.#nextMessage();
    this.#state = 'management';
    this.#sent.clear();
    return this.#hasOwnToSay ? this.#package() : undefined;
  }

  /** Without any work there is still something to send. */
  get #hasOwnToSay(): boolean {
    return this.#again.length > 0 || this.#outbox.hasCommands || (!this.#probed && this.#handshake.isUnjudged);
  }

  /** What the header says of where and how the device wants to be answered. */
  #heed({ header, warnings = [] }: Message): void {
    if (header.respURI) this.#outbox.redirect(header.respURI);
    if (header.meta) this.#outbox.heed(header.meta);
    for (const { text } of warnings) this.#events.push({ kind: 'warning', text });
  }

  /** Undefined where the device is known by now; otherwise the status that the header was answered with, and a challenge. */
  #authenticate(wire: Wire): number | undefined {
    const verdict = this.#handshake.verify(wire);
    this.#outbox.acknowledge(headerStatus(wire.message, verdict.code, verdict.chal));
    return verdict.ok ? undefined : verdict.code;
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

  /** Takes what the device says. Returns why the session must end now, if it must. */
  #take({ message }: Wire): End | undefined {
    let ended: End | undefined;
    const header = message.commands.find(command => command.kind === 'Status' && command.cmdRef === '0');
    if (header?.kind === 'Status') ended = this.#takeHeaderStatus(header);
    for (const received of message.commands) {
      const { commands, statuses, broken, progress } = this.#inbox.take(received);
      if (broken) this.#outbox.answer({ kind: 'Alert', code: AlertCode.NO_END_OF_DATA, items: [broken] });
      for (const { command, item, code } of statuses) {
        this.#outbox.answer(statusOf(message, command, code, { target: item.target?.uri, source: item.source?.uri }));
      }
      if (progress) this.#events.push({ kind: 'progress', ...progress });
      for (const command of commands) ended = this.#takeCommand(message, command) ?? ended;
    }
    return ended;
  }

  #takeCommand(message: Message, command: Command): End | undefined {
    switch (command.kind) {
      case 'Status':
        if (command.cmdRef !== '0') this.#takeStatus(command);
        return undefined;
      case 'Results':
        this.#takeResults(command, message);
        return undefined;
      case 'Alert':
        return this.#takeAlert(message, command);
      case 'Replace':
        // A device replaces nothing but its DevInfo (§8).
        return this.#takeReplace(message, command.items, command);
      default:
        this.#answer(message, command, command.kind === 'Unsupported' ? 406 : 405);
        return undefined;
    }
  }

  #takeReplace(message: Message, items: readonly Item[], command: Command): undefined {
    const isDevInfo = items.every(item => /^(\.\/)?DevInfo(\/|$)/.test(item.source?.uri ?? item.target?.uri ?? ''));
    this.#answer(message, command, isDevInfo ? 200 : 405);
    if (isDevInfo) this.#events.push({ kind: 'device-info', items });
  }

  #takeAlert(message: Message, alert: Alert): End | undefined {
    const code = alertStatus(alert, this.#ports.alertTypes);
    this.#answer(message, alert, code);
    if (code < 300) {
      this.#events.push({ kind: 'alert', alert });
      this.#ports.work.onAlert?.(alert);
    }
    if (alert.code === AlertCode.NO_END_OF_DATA) this.#objectBroken('the device missed the end of the object');
    if (alert.code !== AlertCode.SESSION_ABORT) return undefined;
    return { outcome: 'aborted', reason: 'the device aborted the session' };
  }

  #takeStatus(status: Status): void {
    const sent = this.#sent.answeredBy(status);
    if (!sent) return;
    const underWay = 'items' in sent.command && sent.command.items.some(item => item.moreData);
    if (underWay && status.code === 213) return;
    // A chunk that was refused is the end of its object.
    if (underWay) this.#outbox.abandonObject();
    // Not executed because we were challenged: it goes out again with our credentials.
    if (!this.#challenged || (status.code !== 401 && status.code !== 407)) {
      this.#ports.work.onStatus(sent.command, status);
    } else if (!sent.within && !this.#again.includes(sent.draft)) this.#again.push(sent.draft);
  }

  /** The device's word on our own credentials. */
  #takeHeaderStatus(status: Status): End | undefined {
    const { verdict, reason } = this.#handshake.judge(status);
    this.#challenged = verdict === 'retry' || verdict === 'refused';
    return verdict === 'refused' ? { outcome: 'refused', reason } : undefined;
  }

  #takeResults(results: Results, message: Message): void {
    const command = this.#sent.find(results.msgRef ?? message.header.msgId, results.cmdRef);
    if (command) this.#ports.work.onResults(command, results);
  }

  #objectBroken(reason: string): void {
    const draft = this.#outbox.abandonObject();
    if (draft) this.#ports.work.onUnsent(draft, new ProtocolError('object-broken', reason, 424));
  }

  #answer(message: Message, command: Command, code: number): void {
    if (message.header.noResp || ('noResp' in command && command.noResp)) return;
    const status = statusOf(message, command, code);
    // Status of an alert that keeps the session going: behind others it might never get its turn.
    if (isSessionAlert(command)) this.#outbox.acknowledge(status);
    else this.#outbox.answer(status);
  }

  /** The device's package goes on: ask for its next message, and send nothing of ours (§6.2). */
  #nextMessage(): Wire {
    return this.#build({ commands: false, final: false, askNext: true });
  }

  /** The next package: commands while there is work, else the empty one that closes the session. */
  #package(): Wire {
    this.#loadCommands();
    if (!this.#outbox.hasCommands) this.#finish('completed', 'no more commands');
    return this.#build({ commands: true, final: true });
  }

  /** What is left from before, else fresh work; what the device can never take is told to the work, which may then have more. */
  #loadCommands(): void {
    for (const draft of this.#again.splice(0)) this.#outbox.command(draft);
    for (let more = true; more && !this.#outbox.hasCommands; ) {
      const drafts = this.#nextDrafts();
      more = drafts.length > 0;
      for (const draft of drafts) this.#load(draft);
      this.#outbox.dropUnsendable();
      this.#tellUnsent();
    }
  }

  #load(draft: Draft): void {
    const fault = serverFault(draft);
    if (fault === undefined) this.#outbox.command(draft);
    else this.#ports.work.onUnsent(draft, new ProtocolError('invalid-command', fault, 400));
  }

  /** Work; without any, one harmless Get: an empty package would end the session before the device judged us (§8). */
  #nextDrafts(): readonly Draft[] {
    const drafts = this.#ports.work.next();
    if (drafts.length > 0 || this.#probed || !this.#handshake.isUnjudged) return drafts;
    this.#probed = true;
    return [PROBE];
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

  #build(options: Omit<BuildOptions, 'cred' | 'scope'>): Wire {
    // Nothing that proves this server is given to somebody who did not prove who he is.
    const prover = this.#handshake.peerKnown ? this.#handshake : undefined;
    const cred = prover?.cred();
    const { message, bytes, sent } = this.#outbox.build({ ...options, cred, scope: 'message' });
    for (const one of sent) this.#sent.remember(message.header.msgId, one);
    this.#tellUnsent();
    this.#packageOpen = !message.final && options.final;
    const hmac = prover?.hmac(bytes);
    return { message, bytes, ...(hmac !== undefined && { hmac }) };
  }

  #tellUnsent(): void {
    for (const { draft, error } of this.#outbox.takeUnsent()) {
      if (!isSessionAlert(draft)) this.#ports.work.onUnsent(draft, error);
    }
  }

  #finish(outcome: Outcome, reason: string): void {
    this.#state = 'ended';
    this.#events.push({ kind: 'ended', outcome, reason });
  }
}

function proverFor({ server, serverNonce, serverScheme }: ServerAccount): Prover {
  return new Prover({ identity: server, nonce: serverNonce, scheme: serverScheme, peer: 'the device' });
}
