/**
 * The server's work in one session: commands are loaded from it, sent, and their answers brought back to it. What cannot be sent
 * goes back with the reason.
 */
import { ProtocolError } from '../base/errors.ts';
import type { Alert, Command, Draft, Results, Status } from '../syncml/message.ts';
import { isSessionAlert } from './alerts.ts';
import type { Handshake } from './handshake.ts';
import type { Outbox } from './outbox.ts';
import type { Sent } from './page.ts';
import { serverFault } from './sendable.ts';
import { SentCommands } from './sent-commands.ts';

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

/** DevInfo, read to let the device judge our credentials. */
const PROBE: Draft = { kind: 'Get', items: [{ target: { uri: './DevInfo/DevId' } }] };

export class WorkInSession {
  readonly #work: ServerWork;
  readonly #outbox: Outbox;
  readonly #handshake: Handshake;
  readonly #sent = new SentCommands();
  /** Commands to send again, because the device refused our credentials. */
  #again: Draft[] = [];
  #probed = false;

  constructor(work: ServerWork, outbox: Outbox, handshake: Handshake) {
    this.#work = work;
    this.#outbox = outbox;
    this.#handshake = handshake;
  }

  /** There is something to send even if the work has nothing. */
  get isLeft(): boolean {
    return this.#again.length > 0 || this.#outbox.hasCommands || this.#mustProbe;
  }

  /** An empty package would end the session before the device judged us (Protocol §8). */
  get #mustProbe(): boolean {
    return !this.#probed && this.#handshake.isUnjudged;
  }

  /** What is left from before, else fresh work; what the device can never take is told to the work, which may then have more. */
  load(): void {
    for (const draft of this.#again.splice(0)) this.#outbox.command(draft);
    for (let more = true; more && !this.#outbox.hasCommands; ) {
      const drafts = this.#nextDrafts();
      more = drafts.length > 0;
      for (const draft of drafts) this.#command(draft);
      this.#outbox.dropUnsendable();
      this.#tellUnsent();
    }
  }

  #nextDrafts(): readonly Draft[] {
    const drafts = this.#work.next();
    if (drafts.length > 0 || !this.#mustProbe) return drafts;
    this.#probed = true;
    return [PROBE];
  }

  #command(draft: Draft): void {
    const fault = serverFault(draft);
    if (fault === undefined) this.#outbox.command(draft);
    else this.#work.onUnsent(draft, new ProtocolError('invalid-command', fault, 400));
  }

  /** These commands went out in that message. */
  remember(msgId: number, sent: readonly Sent[]): void {
    for (const one of sent) this.#sent.remember(msgId, one);
    this.#tellUnsent();
  }

  /** The device's package is whole: all that it answers has been answered. */
  settle(): void {
    this.#sent.clear();
  }

  /** @param challenged the device refused our credentials in this message: what it did not execute goes out again with others */
  takeStatus(status: Status, challenged: boolean): void {
    const sent = this.#sent.answeredBy(status);
    if (!sent) return;
    const underWay = 'items' in sent.command && sent.command.items.some(item => item.moreData);
    if (underWay && status.code === 213) return;
    // A chunk that was refused is the end of its object.
    if (underWay) this.#outbox.abandonObject();
    if (!challenged || (status.code !== 401 && status.code !== 407)) this.#work.onStatus(sent.command, status);
    else if (!sent.within && !this.#again.includes(sent.draft)) this.#again.push(sent.draft);
  }

  takeResults(results: Results, msgId: number): void {
    const command = this.#sent.find(results.msgRef ?? msgId, results.cmdRef);
    if (command) this.#work.onResults(command, results);
  }

  takeAlert(alert: Alert): void {
    this.#work.onAlert?.(alert);
  }

  /** The object under way did not arrive. */
  objectBroken(reason: string): void {
    const draft = this.#outbox.abandonObject();
    if (draft) this.#work.onUnsent(draft, new ProtocolError('object-broken', reason, 424));
  }

  #tellUnsent(): void {
    for (const { draft, error } of this.#outbox.takeUnsent()) {
      if (!isSessionAlert(draft)) this.#work.onUnsent(draft, error);
    }
  }
}
