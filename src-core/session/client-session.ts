/**
 * The device's end of a DM session (OMA-TS-DM_Protocol-V1_2_1 §8): package 1 out, then message in, message out.
 * setup → management → ended. No I/O, no waiting: where a person is asked, `receive` returns the question and `answer` goes on.
 */
import { bytesEqual } from '../base/bytes.ts';
import { ProtocolError } from '../base/errors.ts';
import type { AccountCredential, DmAccount } from '../objects/dmacc.ts';
import type { Encoding } from '../syncml/codec.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Identity } from '../syncml/credentials.ts';
import type { Command, Item, Message, Status } from '../syncml/message.ts';
import type { ManagementTree } from '../tree/management-tree.ts';
import { type AlertDraft, clientAlertFault } from './alert-form.ts';
import { isSessionAlert } from './alerts.ts';
import { Prover, type Verdict, Verifier } from './authentication.ts';
import { type ExecutionContext, execute, type Outcome } from './client-commands.ts';
import { statusOfAnswer } from './commands/answer.ts';
import type { SessionEvent, Outcome as SessionOutcome } from './events.ts';
import { Handshake } from './handshake.ts';
import { type ChunkStatus, Inbox } from './inbox.ts';
import type { Answer, Question } from './interaction.ts';
import { type BuildOptions, Outbox } from './outbox.ts';
import { wantsStatus } from './sent-commands.ts';
import { headerStatus, statusOf } from './statuses.ts';
import { DM_1_2, type ProtocolVersion, versionRefusal } from './versions.ts';
import type { Wire } from './wire.ts';

export interface ClientSessionPorts {
  readonly tree: ManagementTree;
  readonly account: DmAccount;
  readonly deviceId: string;
  /** DevInfo leaves sent in package 1. */
  readonly devInfo: readonly Item[];
  readonly sessionId: string;
  readonly encoding: Encoding;
  readonly newNonce: () => Uint8Array;
  readonly maxMsgSize: number;
  readonly maxObjSize?: number;
  /** Versions to offer, the preferred one first; the next is tried where the server knows not the first (505, 513). Default DM 1.2. */
  readonly versions?: readonly ProtocolVersion[];
  /** The server asked for this session (package 0): alert 1200 instead of 1201. */
  readonly serverInitiated?: boolean;
  /** Client events and generic alerts for package 1. */
  readonly alerts?: readonly AlertDraft[];
  /** Default true (DevDetail/LrgObj). */
  readonly largeObjects?: boolean;
  /** Default true. */
  readonly interactive?: boolean;
  readonly exec?: ExecutionContext['exec'];
  /** Default true. */
  readonly dmtnds?: boolean;
  readonly structLists?: boolean;
}

export type ClientState = 'setup' | 'management' | 'asking' | 'ended';

/** `reply` is absent once the session is over: that package is not sent (§8). With `question` the session waits for `answer`. */
export interface ClientExchange {
  readonly reply?: Wire;
  readonly question?: Question;
  readonly events: readonly SessionEvent[];
}

/** A message whose commands are being executed. */
interface Execution {
  readonly message: Message;
  readonly run: Generator<Question, Outcome[], Answer>;
}

export class ClientSession {
  readonly #ports: ClientSessionPorts;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #handshake: Handshake;
  readonly #versions: ProtocolVersion[];
  /** Alerts for the package to come. */
  readonly #alerts: AlertDraft[] = [];
  /** Alerts of package 1, which may have to go out again with it. */
  readonly #inSetup: AlertDraft[] = [];
  #execution: Execution | undefined;
  #state: ClientState = 'setup';
  #events: SessionEvent[] = [];
  #last: { readonly msgId: number; readonly bytes: Uint8Array; readonly exchange: ClientExchange } | undefined;
  /** Our package goes on in the next message. */
  #packageOpen = false;
  /** The server's package that we answer has come whole. */
  #serverFinal = true;

  constructor(ports: ClientSessionPorts) {
    const { account, deviceId, sessionId, encoding, newNonce, maxMsgSize, maxObjSize } = ports;
    const { alerts = [], versions = [DM_1_2] } = ports;
    const { client, server } = account;
    this.#ports = ports;
    for (const alert of alerts) this.alert(alert);
    this.#versions = [...versions];
    this.#inbox = new Inbox(maxObjSize ?? Number.POSITIVE_INFINITY);
    this.#outbox = new Outbox({
      encoding,
      version: this.#versions.shift() ?? DM_1_2,
      sessionId,
      source: { uri: deviceId, ...(client.name && { name: client.name }) },
      target: { uri: account.serverUrl },
      maxMsgSize,
      ...(maxObjSize !== undefined && { maxObjSize }),
      // A server puts chunks together (§7).
      largeObjects: ports.largeObjects ?? true,
    });
    this.#handshake = new Handshake({
      us: 'client',
      prover: new Prover({
        identity: identityOf(client),
        nonce: client.nonce,
        scheme: client.scheme,
        peer: 'the server',
      }),
      verifier: new Verifier({ identity: identityOf(server), nonce: server.nonce, scheme: server.scheme, newNonce }),
      tell: event => this.#events.push(event),
    });
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Package 1: session alert, DevInfo, credentials. */
  start(): Wire {
    return this.#setup();
  }

  /** A client event or generic alert for the next package that goes out (§8.7). @throws ProtocolError 400 for a malformed one. */
  alert(alert: AlertDraft): void {
    const fault = clientAlertFault(alert);
    if (fault !== undefined) throw new ProtocolError('invalid-alert', fault, 400);
    this.#alerts.push(alert);
  }

  /** Ends the session here and now: the message tells the server (§8.1). */
  abort(): Wire {
    this.#outbox.clear();
    this.#outbox.answer({ kind: 'Alert', code: AlertCode.SESSION_ABORT, items: [] });
    this.#state = 'ended';
    // What an Atomic did before its question is undone.
    this.#execution?.run.return([]);
    this.#execution = undefined;
    this.#last = undefined;
    return this.#build({ final: true });
  }

  /** @throws ProtocolError where the message does not belong to this session as it stands. */
  receive(wire: Wire): ClientExchange {
    const { header } = wire.message;
    if (this.#last?.msgId === header.msgId && bytesEqual(this.#last.bytes, wire.bytes)) {
      return { ...this.#last.exchange, events: [] };
    }
    // What comes after the end changes nothing.
    if (this.#state === 'ended') return { events: [] };
    this.#check(wire.message);
    this.#events = [];
    const exchange = this.#exchange(this.#reply(wire));
    this.#last = { msgId: header.msgId, bytes: wire.bytes, exchange };
    return exchange;
  }

  /** Goes on with the person's answer. @throws ProtocolError where nothing was asked, RequestError for another kind of answer. */
  answer(answer: Answer): ClientExchange {
    const execution = this.#execution;
    const question = this.#last?.exchange.question;
    if (!execution || !question) throw new ProtocolError('nothing-asked', 'this session waits for no answer', 400);
    // An answer of the wrong kind must not reach the commands: the question stays.
    statusOfAnswer(question, answer);
    this.#events = [];
    const exchange = this.#exchange(this.#proceed(execution, execution.run.next(answer)));
    if (this.#last) this.#last = { ...this.#last, exchange };
    return exchange;
  }

  #exchange(outcome: Wire | Question | undefined): ClientExchange {
    const events = this.#events;
    if (!outcome) return { events };
    return 'bytes' in outcome ? { reply: outcome, events } : { question: outcome, events };
  }

  #check({ header }: Message): void {
    if (this.#state === 'asking') throw new ProtocolError('asking', 'a person is being asked: answer first', 400);
    if (header.sessionId !== this.#ports.sessionId) {
      const expected = this.#ports.sessionId;
      throw new ProtocolError('session-id', `expected SessionID ${expected}, found ${header.sessionId}`, 400);
    }
    if (this.#last && header.msgId <= this.#last.msgId) {
      throw new ProtocolError('msg-id', `expected a MsgID above ${this.#last.msgId}, found ${header.msgId}`, 400);
    }
  }

  #setup(): Wire {
    const code = this.#ports.serverInitiated ? AlertCode.SERVER_INITIATED : AlertCode.CLIENT_INITIATED;
    this.#outbox.command({ kind: 'Alert', code, items: [] });
    this.#outbox.command({ kind: 'Replace', items: this.#ports.devInfo });
    this.#inSetup.push(...this.#alerts.splice(0));
    for (const alert of this.#inSetup) this.#outbox.command(alert);
    return this.#build({ final: true });
  }

  #reply(wire: Wire): Wire | Question | undefined {
    const { message } = wire;
    const status = message.commands.find(command => command.kind === 'Status' && command.cmdRef === '0');
    const word = status?.kind === 'Status' ? status : undefined;
    if (word && this.#state === 'setup' && REFUSALS.has(word.code)) return this.#refused(message, word);
    // Once the server is known, nothing of a message counts before it is known to be the server's (HMAC).
    const known = this.#handshake.peerKnown;
    if (!known) this.#heed(message);
    if (!known && word && this.#judge(word) === 'refused') return undefined;
    const commands = message.commands.filter(wantsStatus);
    const closes = commands.length === 0 && message.final && !this.#packageOpen;
    const refusal = closes ? this.#farewellRefusal(wire) : this.#authenticate(wire);
    if (closes && refusal) return this.#end('refused', `the server could not prove who it is: ${refusal.reason}`);
    if (message.final || !this.#packageOpen) this.#serverFinal = message.final;
    if (refusal) return this.#unauthorised(message, commands, refusal.code);
    if (known) this.#heed(message);
    if (known && word && this.#judge(word) === 'refused') return undefined;
    return this.#take(message, commands, closes);
  }

  /** A message of the server, known to be its own. */
  #take(message: Message, commands: readonly Command[], closes: boolean): Wire | Question | undefined {
    if (versionRefusal(message.header)) return this.#end('refused', `the server speaks ${message.header.verProto}`);
    if (commands.some(command => command.kind === 'Alert' && command.code === AlertCode.SESSION_ABORT)) {
      return this.#end('aborted', 'the server aborted the session');
    }
    this.#takeStatuses(message);
    // A package without commands closes the session, and the answer to it is not sent (§8).
    if (closes) return this.#end('completed', 'the server has no more commands');
    this.#state = 'management';
    return this.#manage(message, commands);
  }

  /** The server's word on our header: after package 1 was taken, any refusal is final. */
  #judge(word: Status): 'accepted' | 'refused' {
    const { verdict, reason } = this.#handshake.judge(word);
    if (verdict === 'proven' || verdict === 'accepted') return 'accepted';
    this.#end('refused', reason);
    return 'refused';
  }

  /** What the header says of where and how the server wants to be answered. */
  #heed({ header, warnings = [] }: Message): void {
    if (header.respURI) this.#outbox.redirect(header.respURI);
    if (header.meta) this.#outbox.heed(header.meta);
    for (const { text } of warnings) this.#events.push({ kind: 'warning', text });
  }

  /** The server's No to package 1, before it could prove anything itself: credentials or another version are asked for (§9.1). */
  #refused(message: Message, status: Status): Wire | undefined {
    if (status.code === 505 || status.code === 513) return this.#otherVersion(status.code);
    this.#heed(message);
    const { verdict, reason } = this.#handshake.judge(status);
    return verdict === 'retry' ? this.#again(message) : this.#end('refused', reason);
  }

  /** Package 1 again in the next version that this device speaks; without one the session is over. */
  #otherVersion(code: number): Wire | undefined {
    const next = this.#versions.shift();
    if (!next || this.#state !== 'setup')
      return this.#end('refused', `the server answered ${code}: it speaks no version of ours`);
    this.#outbox.clear();
    this.#outbox.version = next;
    return this.#setup();
  }

  /** The last package still has to come from who it says; without credentials it may be proven by the transport. */
  #farewellRefusal(wire: Wire): Verdict | undefined {
    const given = wire.message.header.cred !== undefined || wire.hmac !== undefined;
    if (!given && !(this.#handshake.peerKnown && this.#handshake.eachMessage)) return undefined;
    const verdict = this.#handshake.verify(wire);
    return verdict.ok ? undefined : verdict;
  }

  /** Package 1 once more, with the credentials asked for and a status for the header (§9.1). */
  #again(message: Message): Wire {
    this.#outbox.clear();
    this.#outbox.acknowledge(headerStatus(message, 200));
    return this.#setup();
  }

  /** Undefined where the server is known by now; otherwise why not. The header is answered either way. */
  #authenticate(wire: Wire): Verdict | undefined {
    const verdict = this.#handshake.verify(wire);
    this.#outbox.acknowledge(headerStatus(wire.message, verdict.code, verdict.chal));
    return verdict.ok ? undefined : verdict;
  }

  /** A server that did not prove itself gets statuses and nothing else; the second time the session is over. */
  #unauthorised(message: Message, commands: readonly Command[], code: number): Wire {
    for (const command of commands) this.#outbox.answer(statusOf(message, command, code));
    const reply = this.#build({ final: this.#serverFinal });
    if (this.#handshake.peerRefused) this.#end('refused', 'the server could not prove who it is');
    return reply;
  }

  /** The server's word on what we sent: only a chunk that was refused changes anything. */
  #takeStatuses({ commands }: Message): void {
    const missedEnd = commands.some(command => command.kind === 'Alert' && command.code === AlertCode.NO_END_OF_DATA);
    const chunkRefused = commands.some(
      command => command.kind === 'Status' && command.cmd === 'Results' && command.code >= 400,
    );
    if (missedEnd || chunkRefused) this.#outbox.abandonObject();
  }

  #manage(message: Message, received: readonly Command[]): Wire | Question {
    const commands: Command[] = [];
    for (const one of received) {
      if (isSessionAlert(one)) {
        this.#outbox.acknowledge(statusOf(message, one, 200));
        continue;
      }
      const taken = this.#inbox.take(one);
      commands.push(...taken.commands);
      if (taken.broken) this.#outbox.answer({ kind: 'Alert', code: AlertCode.NO_END_OF_DATA, items: [taken.broken] });
      if (taken.progress) this.#events.push({ kind: 'progress', ...taken.progress });
      for (const status of taken.statuses) this.#chunkStatus(message, status);
    }
    const { tree, account, encoding, exec, interactive = true, dmtnds = true, structLists = true } = this.#ports;
    const actor = { serverId: account.serverId };
    const run = execute(commands, { tree, actor, interactive, encoding, dmtnds, structLists, ...(exec && { exec }) });
    const execution = { message, run };
    return this.#proceed(execution, run.next());
  }

  #proceed(execution: Execution, step: IteratorResult<Question, Outcome[]>): Wire | Question {
    if (!step.done) {
      this.#execution = execution;
      this.#state = 'asking';
      return step.value;
    }
    this.#execution = undefined;
    this.#state = 'management';
    for (const outcome of step.value) this.#tell(execution.message, outcome);
    for (const alert of this.#alerts.splice(0)) this.#outbox.command(alert);
    // More of the server's package is to come: ask for it (§6.1); our own package cannot end before the server's (§6.2).
    return this.#build({ final: this.#serverFinal, askNext: !this.#serverFinal });
  }

  /** A status, and results where the server takes an object of that size. */
  #tell(message: Message, { command, code, targetRef, sourceRef, items, results = [] }: Outcome): void {
    const tooLarge = results.some(item => this.#outbox.isTooLarge(item));
    this.#status(message, command, tooLarge ? 413 : code, { target: targetRef, source: sourceRef, items });
    if (tooLarge) return;
    for (const item of results) {
      const msgRef = message.header.msgId;
      this.#outbox.answer({
        kind: 'Results',
        msgRef,
        cmdRef: command.cmdId,
        targetRefs: [],
        sourceRefs: [],
        items: [item],
      });
    }
  }

  #chunkStatus(message: Message, { command, item, code }: ChunkStatus): void {
    this.#status(message, command, code, { target: item.target?.uri, source: item.source?.uri });
  }

  /** While an object of ours is under way, nothing may come between its chunks: statuses go before them. */
  #status(message: Message, command: Command, code: number, refs?: Parameters<typeof statusOf>[3]): void {
    if (message.header.noResp || ('noResp' in command && command.noResp)) return;
    const status = statusOf(message, command, code, refs);
    if (this.#outbox.midObject) this.#outbox.acknowledge(status);
    else this.#outbox.answer(status);
  }

  #build(options: Pick<BuildOptions, 'final' | 'askNext'>): Wire {
    const cred = this.#handshake.cred();
    const { message, bytes } = this.#outbox.build({ ...options, commands: true, cred, scope: 'package' });
    for (const { error } of this.#outbox.takeUnsent()) this.#events.push({ kind: 'warning', text: error.message });
    this.#packageOpen = !message.final;
    const hmac = this.#handshake.hmac(bytes);
    return { message, bytes, ...(hmac !== undefined && { hmac }) };
  }

  #end(outcome: SessionOutcome, reason: string): undefined {
    this.#state = 'ended';
    this.#events.push({ kind: 'ended', outcome, reason });
    return undefined;
  }
}

/** Statuses of package 1 that let the device begin again. */
const REFUSALS: ReadonlySet<number> = new Set([401, 407, 505, 513]);

function identityOf({ name, secret }: AccountCredential): Identity {
  return { user: name, password: secret };
}
