/**
 * The server's end of a DM session (OMA-TS-DM_Protocol-V1_2_1 §8): message in, message out, and what happened.
 * setup (package 1 and 2) → management (3 and 4, repeating) → ended. No I/O, no waiting.
 */
import { ProtocolError } from '../base/errors.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Alert, Command, Draft, Message, Results, Status } from '../syncml/message.ts';
import { Prover, Verifier } from './authentication.ts';
import type { SessionEvent } from './events.ts';
import { Outbox } from './outbox.ts';
import type { ServerAccount } from './server-account.ts';

/** The server's work for a device: where commands come from and their answers go to. */
export interface ServerWork {
  /** Commands for the next package; none ends the session. */
  next(): readonly Draft[];
  onStatus(command: Command, status: Status): void;
  onResults(command: Command, results: Results): void;
}

export interface ServerSessionPorts {
  /** The account that the first message names, or undefined where nobody knows it. */
  readonly account: ServerAccount | undefined;
  readonly work: ServerWork;
  /** Address of this server as the device should use it. */
  readonly serverUrl: string;
  /** Where the device sends the later messages of this session; absent: the same address. */
  readonly respURI?: string;
  /** 16 or so random bytes. */
  readonly newNonce: () => Uint8Array;
  readonly maxMsgSize: number;
}

export type ServerState = 'setup' | 'management' | 'ended';

export interface Exchange {
  readonly reply: Message;
  /** DM package that the received message belonged to, and the reply's. */
  readonly packageIn: 1 | 3;
  readonly packageOut: 2 | 4;
  readonly events: readonly SessionEvent[];
}

export class ServerSession {
  readonly #ports: ServerSessionPorts;
  readonly #outbox: Outbox;
  readonly #verifier: Verifier;
  readonly #prover: Prover | undefined;
  readonly #sessionId: string;
  /** Commands sent and not yet answered, by `msgId/cmdId`. */
  readonly #sent = new Map<string, Command>();
  /** Statuses taken: message, command and targets. */
  readonly #answered = new Set<string>();
  /** Commands to send again, because the device refused our credentials in the message at hand. */
  #again: Draft[] = [];
  #challenged = false;
  #probed = false;
  #state: ServerState = 'setup';
  #lastMsgId = 0;
  #events: SessionEvent[] = [];

  constructor(first: Message, ports: ServerSessionPorts) {
    const { account, serverUrl, respURI, newNonce, maxMsgSize } = ports;
    this.#ports = ports;
    this.#sessionId = first.header.sessionId;
    this.#outbox = new Outbox({
      sessionId: this.#sessionId,
      source: { uri: serverUrl, ...(account && { name: account.server.user }) },
      target: { uri: first.header.source.uri },
      ...(respURI !== undefined && { respURI }),
      meta: { maxMsgSize },
    });
    this.#verifier = new Verifier(account?.client, account?.clientNonce ?? new Uint8Array(), newNonce);
    this.#prover = account && new Prover(account.server, account.serverNonce);
  }

  get state(): ServerState {
    return this.#state;
  }

  /** @throws ProtocolError where the message does not belong to this session as it stands. */
  receive(message: Message): Exchange {
    this.#check(message);
    this.#events = [];
    this.#challenged = false;
    const setup = this.#state === 'setup';
    const reply = this.#reply(message);
    return { reply, packageIn: setup ? 1 : 3, packageOut: setup ? 2 : 4, events: this.#events };
  }

  #check({ header }: Message): void {
    if (this.#state === 'ended') throw new ProtocolError('session-over', `session ${this.#sessionId} is over`, 400);
    if (header.sessionId !== this.#sessionId) {
      throw new ProtocolError('session-id', `expected SessionID ${this.#sessionId}, found ${header.sessionId}`, 400);
    }
    if (header.msgId <= this.#lastMsgId) {
      throw new ProtocolError('msg-id', `expected a MsgID above ${this.#lastMsgId}, found ${header.msgId}`, 400);
    }
    this.#lastMsgId = header.msgId;
  }

  #reply(message: Message): Message {
    const { header } = message;
    if (header.verDTD !== '1.2') return this.#refuse(message, 505, `DTD version ${header.verDTD} is not supported`);
    if (header.verProto !== 'DM/1.2') return this.#refuse(message, 513, `${header.verProto} is not supported`);
    if (header.respURI) this.#outbox.redirect(header.respURI);
    if (!this.#authenticate(message)) return this.#unauthorised(message);

    const ended = this.#take(message);
    if (ended) return this.#end(ended);
    if (!message.final) {
      // The device's package goes on: ask for its next message before sending anything of ours.
      this.#outbox.command({ kind: 'Alert', code: AlertCode.NEXT_MESSAGE, items: [] });
      return this.#outbox.finish(true, this.#prover?.cred());
    }
    this.#state = 'management';
    return this.#package();
  }

  /** True where the device is known by now; otherwise the header is answered with a challenge. */
  #authenticate(message: Message): boolean {
    if (this.#verifier.state === 'proven') {
      this.#outbox.headerStatus(message, 200);
      return true;
    }
    const verdict = this.#verifier.verify(message.header.cred);
    this.#outbox.headerStatus(message, verdict.code, verdict.chal);
    if (this.#ports.account) this.#events.push({ kind: 'nonce', side: 'client', nonce: verdict.nextNonce });
    if (verdict.code === 212) {
      this.#events.push({ kind: 'authenticated', side: 'client', scheme: 'syncml:auth-md5' });
      return true;
    }
    const final = this.#verifier.state === 'refused';
    this.#events.push({ kind: 'refused', side: 'client', code: verdict.code, reason: verdict.reason, final });
    return false;
  }

  /** Every command is answered with the header's code, and nothing is executed (Protocol §9.1). */
  #unauthorised(message: Message): Message {
    const code = message.header.cred ? 401 : 407;
    for (const command of message.commands) {
      if (command.kind !== 'Status' && command.kind !== 'Results') this.#outbox.status(message, command, code);
    }
    if (this.#verifier.state === 'refused') this.#finish('refused', 'the device could not prove who it is');
    return this.#outbox.finish(true);
  }

  #refuse(message: Message, code: number, reason: string): Message {
    this.#outbox.headerStatus(message, code);
    this.#finish('refused', reason);
    return this.#outbox.finish(true);
  }

  /** Takes what the device says. Returns why the session must end now, if it must. */
  #take(message: Message): { outcome: 'refused' | 'aborted'; reason: string } | undefined {
    let ended: { outcome: 'refused' | 'aborted'; reason: string } | undefined;
    for (const command of message.commands) {
      switch (command.kind) {
        case 'Status':
          ended = this.#takeStatus(command) ?? ended;
          break;
        case 'Results':
          this.#takeResults(command, message);
          break;
        case 'Alert':
          this.#outbox.status(message, command, 200);
          this.#events.push({ kind: 'alert', alert: command });
          ended = abortOf(command) ?? ended;
          break;
        case 'Replace':
          // A device replaces nothing but its DevInfo (Protocol §8.1).
          this.#outbox.status(message, command, 200);
          this.#events.push({ kind: 'device-info', items: command.items });
          break;
        default:
          this.#outbox.status(message, command, 405);
      }
    }
    return ended;
  }

  #takeStatus(status: Status): { outcome: 'refused'; reason: string } | undefined {
    if (status.cmdRef === '0') return this.#takeHeaderStatus(status);
    const command = this.#sent.get(`${status.msgRef}/${status.cmdRef}`);
    // One status for each item; a repeated one changes nothing.
    const answer = `${status.msgRef}/${status.cmdRef} ${status.targetRefs.join(' ')}`;
    if (!command || this.#answered.has(answer)) return undefined;
    this.#answered.add(answer);
    // Not executed because we were challenged: it goes out again with our credentials.
    if (this.#challenged && (status.code === 401 || status.code === 407)) this.#again.push(command);
    else this.#ports.work.onStatus(command, status);
    return undefined;
  }

  /** The device's word on our own credentials. */
  #takeHeaderStatus(status: Status): { outcome: 'refused'; reason: string } | undefined {
    if (!this.#prover || this.#prover.state === 'proven') return undefined;
    const { verdict, nextNonce } = this.#prover.judge(status);
    if (nextNonce) this.#events.push({ kind: 'nonce', side: 'server', nonce: nextNonce });
    if (verdict === 'proven') this.#events.push({ kind: 'authenticated', side: 'server', scheme: 'syncml:auth-md5' });
    if (verdict === 'proven' || verdict === 'accepted') return undefined;
    this.#challenged = true;
    const final = verdict === 'refused';
    const reason = 'the device did not accept the credentials of this server';
    this.#events.push({ kind: 'refused', side: 'server', code: status.code, reason, final });
    return final ? { outcome: 'refused', reason } : undefined;
  }

  #takeResults(results: Results, message: Message): void {
    const command = this.#sent.get(`${results.msgRef ?? message.header.msgId}/${results.cmdRef}`);
    if (command) this.#ports.work.onResults(command, results);
  }

  /** The next package: commands while there is work, else the empty one that closes the session. */
  #package(): Message {
    const msgId = this.#outbox.msgId;
    const drafts = this.#again.length > 0 ? this.#again : this.#nextDrafts();
    this.#again = [];
    for (const draft of drafts) {
      const command = this.#outbox.command(draft);
      this.#sent.set(`${msgId}/${command.cmdId}`, command);
    }
    if (drafts.length === 0) this.#finish('completed', 'no more commands');
    return this.#outbox.finish(true, this.#prover?.cred());
  }

  /** Work; without any, one harmless Get: an empty package would end the session before the device judged us (§8.1). */
  #nextDrafts(): readonly Draft[] {
    const drafts = this.#ports.work.next();
    if (drafts.length > 0 || this.#probed || this.#prover?.state !== 'unproven') return drafts;
    this.#probed = true;
    return [{ kind: 'Get', items: [{ target: { uri: './DevInfo/DevId' } }] }];
  }

  #end(end: { outcome: 'refused' | 'aborted'; reason: string }): Message {
    this.#finish(end.outcome, end.reason);
    return this.#outbox.finish(true);
  }

  #finish(outcome: 'completed' | 'refused' | 'aborted', reason: string): void {
    this.#state = 'ended';
    this.#events.push({ kind: 'ended', outcome, reason });
  }
}

function abortOf(alert: Alert): { outcome: 'aborted'; reason: string } | undefined {
  return alert.code === AlertCode.SESSION_ABORT
    ? { outcome: 'aborted', reason: 'the device aborted the session' }
    : undefined;
}
