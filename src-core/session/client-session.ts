/**
 * The device's end of a DM session (OMA-TS-DM_Protocol-V1_2_1 §8): package 1 out, then message in, message out.
 * setup → management → ended. No I/O, no waiting: where a person is asked, `receive` returns the question and `answer` goes on.
 */
import { ProtocolError } from '../base/errors.ts';
import type { AccountCredential, DmAccount } from '../objects/dmacc.ts';
import type { Encoding } from '../syncml/codec.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Identity } from '../syncml/credentials.ts';
import type { Command, Message, Status } from '../syncml/message.ts';
import type { ManagementTree } from '../tree/management-tree.ts';
import { type AlertDraft, clientAlertFault } from './alert-form.ts';
import { Prover, type Verdict, Verifier } from './authentication.ts';
import type { ExecutionContext } from './client-commands.ts';
import { ClientExecution } from './client-execution.ts';
import { ClientSetup, type SetupOptions } from './client-setup.ts';
import { statusOfAnswer } from './commands/answer.ts';
import type { Outcome, SessionEvent } from './events.ts';
import { Handshake } from './handshake.ts';
import { Inbox } from './inbox.ts';
import type { Answer, Question } from './interaction.ts';
import { MessageOrder } from './message-order.ts';
import { type BuildOptions, Outbox } from './outbox.ts';
import { Peer } from './peer.ts';
import { wantsStatus } from './sent-commands.ts';
import { headerWord, statusOf } from './statuses.ts';
import { DM_1_2, type ProtocolVersion, versionRefusal } from './versions.ts';
import type { Wire } from './wire.ts';

export interface ClientSessionPorts extends SetupOptions {
  readonly tree: ManagementTree;
  readonly account: DmAccount;
  readonly deviceId: string;
  readonly sessionId: string;
  readonly encoding: Encoding;
  readonly newNonce: () => Uint8Array;
  readonly maxMsgSize: number;
  readonly maxObjSize?: number;
  /** Versions to offer, the preferred one first; the next is tried where the server knows not the first (505, 513). Default DM 1.2. */
  readonly versions?: readonly ProtocolVersion[];
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

export class ClientSession {
  readonly #outbox: Outbox;
  readonly #handshake: Handshake;
  readonly #peer: Peer;
  readonly #execution: ClientExecution;
  readonly #order: MessageOrder;
  readonly #setup: ClientSetup;
  /** Alerts for the package to come. */
  readonly #alerts: AlertDraft[] = [];
  #state: ClientState = 'setup';
  #events: SessionEvent[] = [];
  /** Answer to the last message. */
  #last: ClientExchange | undefined;
  /** Our package goes on in the next message. */
  #packageOpen = false;
  /** The server's package that we answer has come whole. */
  #serverFinal = true;

  constructor(ports: ClientSessionPorts) {
    const {
      alerts = [],
      versions: [version = DM_1_2, ...otherVersions] = [],
      maxObjSize = Number.POSITIVE_INFINITY,
    } = ports;
    const tell = (event: SessionEvent) => void this.#events.push(event);
    for (const alert of alerts) this.alert(alert);
    this.#outbox = outboxFor(ports, version);
    this.#handshake = handshakeOf(ports, tell);
    this.#order = new MessageOrder(ports.sessionId);
    this.#peer = new Peer({ outbox: this.#outbox, handshake: this.#handshake, inbox: new Inbox(maxObjSize), tell });
    this.#setup = new ClientSetup(ports, this.#outbox, otherVersions);
    this.#execution = new ClientExecution(contextOf(ports), this.#outbox, this.#peer);
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Package 1: session alert, DevInfo, credentials. */
  start(): Wire {
    this.#setup.start(this.#takeAlerts());
    return this.#build({ final: true });
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
    this.#execution.cancel();
    this.#last = undefined;
    return this.#build({ final: true });
  }

  /** @throws ProtocolError where the message does not belong to this session as it stands. */
  receive(wire: Wire): ClientExchange {
    if (this.#last && this.#order.isRepeat(wire)) return { ...this.#last, events: [] };
    // What comes after the end changes nothing.
    if (this.#state === 'ended') return { events: [] };
    if (this.#state === 'asking') throw new ProtocolError('asking', 'a person is being asked: answer first', 400);
    this.#order.check(wire.message);
    this.#events = [];
    this.#last = this.#exchange(this.#reply(wire));
    this.#order.taken(wire);
    return this.#last;
  }

  /** Goes on with the person's answer. @throws ProtocolError where nothing was asked, RequestError for another kind of answer. */
  answer(answer: Answer): ClientExchange {
    const question = this.#last?.question;
    if (!question) throw new ProtocolError('nothing-asked', 'this session waits for no answer', 400);
    // An answer of the wrong kind must not reach the commands: the question stays.
    statusOfAnswer(question, answer);
    this.#events = [];
    this.#last = this.#exchange(this.#proceed(this.#execution.answer(answer)));
    return this.#last;
  }

  #exchange(outcome: Wire | Question | undefined): ClientExchange {
    const events = this.#events;
    if (!outcome) return { events };
    return 'bytes' in outcome ? { reply: outcome, events } : { question: outcome, events };
  }

  #reply(wire: Wire): Wire | Question | undefined {
    const { message } = wire;
    const word = headerWord(message);
    if (word && this.#state === 'setup' && REFUSALS.has(word.code)) return this.#refused(message, word);
    // Once the server is known, nothing of a message counts before it is known to be the server's (HMAC).
    const known = this.#handshake.peerKnown;
    if (!known) this.#peer.heed(message);
    if (!known && word && this.#judge(word) === 'refused') return undefined;
    const commands = message.commands.filter(wantsStatus);
    const closes = commands.length === 0 && message.final && !this.#packageOpen;
    const refusal = closes ? this.#farewellRefusal(wire) : this.#peer.authenticate(wire);
    if (closes && refusal) return this.#end('refused', `the server could not prove who it is: ${refusal.reason}`);
    if (message.final || !this.#packageOpen) this.#serverFinal = message.final;
    if (refusal) return this.#unauthorised(message, commands, refusal.code);
    if (known) this.#peer.heed(message);
    if (known && word && this.#judge(word) === 'refused') return undefined;
    return this.#take(message, commands, closes);
  }

  /** A message of the server, known to be its own. */
  #take(message: Message, commands: readonly Command[], closes: boolean): Wire | Question | undefined {
    if (versionRefusal(message.header)) return this.#end('refused', `the server speaks ${message.header.verProto}`);
    if (commands.some(command => command.kind === 'Alert' && command.code === AlertCode.SESSION_ABORT)) {
      return this.#end('aborted', 'the server aborted the session');
    }
    // A package without commands closes the session, and the answer to it is not sent (§8).
    if (closes) return this.#end('completed', 'the server has no more commands');
    this.#state = 'management';
    return this.#proceed(this.#execution.begin(message, commands));
  }

  /** The server's word on our header: after package 1 was taken, any refusal is final. */
  #judge(word: Status): 'accepted' | 'refused' {
    const { verdict, reason } = this.#handshake.judge(word);
    if (verdict === 'proven' || verdict === 'accepted') return 'accepted';
    this.#end('refused', reason);
    return 'refused';
  }

  /** The server's No to package 1, before it could prove anything itself: credentials or another version are asked for (§9.1). */
  #refused(message: Message, status: Status): Wire | undefined {
    if (status.code === 505 || status.code === 513) return this.#otherVersion(status.code);
    this.#peer.heed(message);
    const { verdict, reason } = this.#handshake.judge(status);
    if (verdict !== 'retry') return this.#end('refused', reason);
    this.#setup.again(message, this.#takeAlerts());
    return this.#build({ final: true });
  }

  #otherVersion(code: number): Wire | undefined {
    if (this.#setup.inOtherVersion(this.#takeAlerts())) return this.#build({ final: true });
    return this.#end('refused', `the server answered ${code}: it speaks no version of ours`);
  }

  /** The last package still has to come from who it says; without credentials it may be proven by the transport. */
  #farewellRefusal(wire: Wire): Verdict | undefined {
    const given = wire.message.header.cred !== undefined || wire.hmac !== undefined;
    if (!given && !(this.#handshake.peerKnown && this.#handshake.eachMessage)) return undefined;
    const verdict = this.#handshake.verify(wire);
    return verdict.ok ? undefined : verdict;
  }

  /** A server that did not prove itself gets statuses and nothing else; the second time the session is over. */
  #unauthorised(message: Message, commands: readonly Command[], code: number): Wire {
    for (const command of commands) this.#outbox.answer(statusOf(message, command, code));
    const reply = this.#build({ final: this.#serverFinal });
    if (this.#handshake.peerRefused) this.#end('refused', 'the server could not prove who it is');
    return reply;
  }

  /** A question, or the next message where nobody is asked. */
  #proceed(question: Question | undefined): Wire | Question {
    this.#state = question ? 'asking' : 'management';
    if (question) return question;
    for (const alert of this.#takeAlerts()) this.#outbox.command(alert);
    // More of the server's package is to come: ask for it (§6.1); our own package cannot end before the server's (§6.2).
    return this.#build({ final: this.#serverFinal, askNext: !this.#serverFinal });
  }

  #takeAlerts(): AlertDraft[] {
    return this.#alerts.splice(0);
  }

  #build(options: Pick<BuildOptions, 'final' | 'askNext'>): Wire {
    const { wire } = this.#peer.build({ ...options, commands: true, scope: 'package' });
    for (const { error } of this.#outbox.takeUnsent()) this.#events.push({ kind: 'warning', text: error.message });
    this.#packageOpen = !wire.message.final;
    return wire;
  }

  #end(outcome: Outcome, reason: string): undefined {
    this.#state = 'ended';
    this.#events.push({ kind: 'ended', outcome, reason });
    return undefined;
  }
}

/** Statuses of package 1 that let the device begin again. */
const REFUSALS: ReadonlySet<number> = new Set([401, 407, 505, 513]);

function outboxFor(ports: ClientSessionPorts, version: ProtocolVersion): Outbox {
  const { account, deviceId, sessionId, encoding, maxMsgSize, maxObjSize, largeObjects = true } = ports;
  const { name } = account.client;
  return new Outbox({
    encoding,
    version,
    sessionId,
    source: { uri: deviceId, ...(name && { name }) },
    target: { uri: account.serverUrl },
    maxMsgSize,
    ...(maxObjSize !== undefined && { maxObjSize }),
    // A server puts chunks together (§7).
    largeObjects,
  });
}

function handshakeOf({ account, newNonce }: ClientSessionPorts, tell: (event: SessionEvent) => void): Handshake {
  const { client, server } = account;
  return new Handshake({
    us: 'client',
    prover: new Prover({
      identity: identityOf(client),
      nonce: client.nonce,
      scheme: client.scheme,
      peer: 'the server',
    }),
    verifier: new Verifier({ identity: identityOf(server), nonce: server.nonce, scheme: server.scheme, newNonce }),
    tell,
  });
}

function contextOf(ports: ClientSessionPorts): ExecutionContext {
  const { tree, account, encoding, exec, interactive = true, dmtnds = true, structLists = true } = ports;
  const actor = { serverId: account.serverId };
  return { tree, actor, interactive, encoding, dmtnds, structLists, ...(exec && { exec }) };
}

function identityOf({ name, secret }: AccountCredential): Identity {
  return { user: name, password: secret };
}
