/**
 * The device's end of a DM session (OMA-TS-DM_Protocol-V1_2_1 §8): package 1 out, then message in, message out.
 * setup → management → ended. No I/O, no waiting.
 */
import type { DmAccount } from '../objects/dmacc.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Command, Item, Message, Status } from '../syncml/message.ts';
import type { ManagementTree } from '../tree/management-tree.ts';
import { Prover, Verifier } from './authentication.ts';
import { execute } from './client-commands.ts';
import type { SessionEvent } from './events.ts';
import { Outbox } from './outbox.ts';

export interface ClientSessionPorts {
  readonly tree: ManagementTree;
  readonly account: DmAccount;
  readonly deviceId: string;
  /** DevInfo leaves sent in package 1. */
  readonly devInfo: readonly Item[];
  readonly sessionId: string;
  readonly newNonce: () => Uint8Array;
  readonly maxMsgSize: number;
}

export type ClientState = 'setup' | 'management' | 'ended';

/** `reply` is absent once the session is over: that package is not sent (Protocol §8.1). */
export interface ClientExchange {
  readonly reply?: Message;
  readonly events: readonly SessionEvent[];
}

export class ClientSession {
  readonly #ports: ClientSessionPorts;
  readonly #outbox: Outbox;
  readonly #prover: Prover;
  readonly #verifier: Verifier;
  #state: ClientState = 'setup';
  #events: SessionEvent[] = [];

  constructor(ports: ClientSessionPorts) {
    const { account, deviceId, sessionId, newNonce, maxMsgSize } = ports;
    this.#ports = ports;
    this.#outbox = new Outbox({
      sessionId,
      source: { uri: deviceId, name: account.client.name },
      target: { uri: account.serverUrl },
      meta: { maxMsgSize },
    });
    this.#prover = new Prover({ user: account.client.name, password: account.client.secret }, account.client.nonce);
    this.#verifier = new Verifier(
      { user: account.server.name, password: account.server.secret },
      account.server.nonce,
      newNonce,
    );
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Package 1: session alert, DevInfo, credentials. */
  start(): Message {
    return this.#setup();
  }

  receive(message: Message): ClientExchange {
    this.#events = [];
    // What comes after the end changes nothing.
    if (this.#state === 'ended') return { events: [] };
    const reply = this.#reply(message);
    return { ...(reply && { reply }), events: this.#events };
  }

  #setup(): Message {
    this.#outbox.command({ kind: 'Alert', code: AlertCode.CLIENT_INITIATED, items: [] });
    this.#outbox.command({ kind: 'Replace', items: this.#ports.devInfo });
    return this.#outbox.finish(true, this.#prover.cred());
  }

  #reply(message: Message): Message | undefined {
    if (message.header.respURI) this.#outbox.redirect(message.header.respURI);
    const headerStatus = message.commands.find(command => command.kind === 'Status' && command.cmdRef === '0');
    if (headerStatus?.kind === 'Status') {
      const verdict = this.#judge(headerStatus);
      if (verdict === 'retry') return this.#again(message);
      if (verdict === 'refused') return undefined;
    }
    const commands = message.commands.filter(isManagement);
    if (commands.some(command => command.kind === 'Alert' && command.code === AlertCode.SESSION_ABORT)) {
      return this.#end('aborted', 'the server aborted the session');
    }
    // A package without commands closes the session, and the answer to it is not sent (Protocol §8.1).
    if (commands.length === 0 && message.final) return this.#close(message);
    this.#state = 'management';
    if (!this.#authenticate(message)) return this.#unauthorised(message, commands);
    for (const command of commands) this.#execute(message, command);
    return this.#outbox.finish(true, this.#prover.cred());
  }

  /** The last package still has to come from who it says; without credentials it may be proven by the transport. */
  #close(message: Message): undefined {
    const { cred } = message.header;
    if (this.#verifier.state === 'proven' || !cred) return this.#end('completed', 'the server has no more commands');
    const verdict = this.#verifier.verify(cred);
    if (verdict.code !== 212) return this.#end('refused', `the server could not prove who it is: ${verdict.reason}`);
    this.#events.push({ kind: 'authenticated', side: 'server', scheme: 'syncml:auth-md5' });
    return this.#end('completed', 'the server has no more commands');
  }

  /** The server's word on our credentials; 401 and 407 are the only refusals one may answer. */
  #judge(status: Status): 'accepted' | 'retry' | 'refused' {
    if (this.#prover.state === 'proven') return 'accepted';
    if (status.code >= 400 && status.code !== 401 && status.code !== 407) {
      this.#end('refused', `the server answered ${status.code}`);
      return 'refused';
    }
    const { verdict, nextNonce } = this.#prover.judge(status);
    if (nextNonce) this.#events.push({ kind: 'nonce', side: 'client', nonce: nextNonce });
    if (verdict === 'proven') this.#events.push({ kind: 'authenticated', side: 'client', scheme: 'syncml:auth-md5' });
    if (verdict === 'proven' || verdict === 'accepted') return 'accepted';
    const final = verdict === 'refused';
    const reason = final
      ? `the server refused user ${JSON.stringify(this.#ports.account.client.name)} twice: user name or password is wrong`
      : 'the server asked for credentials with its nonce';
    this.#events.push({ kind: 'refused', side: 'client', code: status.code, reason, final });
    if (final) this.#end('refused', reason);
    return verdict;
  }

  /** Package 1 once more, with the credentials asked for and a status for the header (Protocol §9.1). */
  #again(message: Message): Message {
    this.#outbox.headerStatus(message, 200);
    return this.#setup();
  }

  #authenticate(message: Message): boolean {
    if (this.#verifier.state === 'proven') {
      this.#outbox.headerStatus(message, 200);
      return true;
    }
    const verdict = this.#verifier.verify(message.header.cred);
    this.#outbox.headerStatus(message, verdict.code, verdict.chal);
    this.#events.push({ kind: 'nonce', side: 'server', nonce: verdict.nextNonce });
    if (verdict.code === 212) {
      this.#events.push({ kind: 'authenticated', side: 'server', scheme: 'syncml:auth-md5' });
      return true;
    }
    const final = this.#verifier.state === 'refused';
    this.#events.push({ kind: 'refused', side: 'server', code: verdict.code, reason: verdict.reason, final });
    return false;
  }

  /** A server that did not prove itself gets statuses and nothing else; the second time the session is over. */
  #unauthorised(message: Message, commands: readonly Command[]): Message {
    for (const command of commands) this.#outbox.status(message, command, message.header.cred ? 401 : 407);
    const reply = this.#outbox.finish(true);
    if (this.#verifier.state === 'refused') this.#end('refused', 'the server could not prove who it is');
    return reply;
  }

  #execute(message: Message, command: Command): void {
    const { tree, account } = this.#ports;
    for (const outcome of execute(tree, command, { serverId: account.serverId })) {
      this.#outbox.status(message, command, outcome.code, outcome.targetRef);
      if (outcome.results.length > 0) {
        this.#outbox.command({
          kind: 'Results',
          msgRef: message.header.msgId,
          cmdRef: command.cmdId,
          targetRefs: [],
          sourceRefs: [],
          items: outcome.results,
        });
      }
    }
  }

  #end(outcome: 'completed' | 'refused' | 'aborted', reason: string): undefined {
    this.#state = 'ended';
    this.#events.push({ kind: 'ended', outcome, reason });
    return undefined;
  }
}

/** Commands that want an answer; statuses and results are answers themselves. */
function isManagement(command: Command): boolean {
  return command.kind !== 'Status' && command.kind !== 'Results';
}
