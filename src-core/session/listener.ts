/** What the server does with what a device says, in a message that is known to be the device's (OMA-TS-DM_Protocol-V1_2_1 §8). */
import { AlertCode } from '../syncml/codes.ts';
import type { Alert, Command, Item, Message, Status } from '../syncml/message.ts';
import { alertStatus, isSessionAlert } from './alerts.ts';
import type { End } from './events.ts';
import type { Peer, PeerParts } from './peer.ts';
import type { WorkInSession } from './server-work.ts';
import { headerWord, noStatusFor, statusOf } from './statuses.ts';

export interface ListenerOptions extends Omit<PeerParts, 'inbox'> {
  readonly peer: Peer;
  readonly work: WorkInSession;
  /** Types of generic alerts that are understood; absent: all. */
  readonly alertTypes: ((type: string) => boolean) | undefined;
}

export class Listener {
  readonly #options: ListenerOptions;
  /** The device refused our credentials in the message at hand. */
  #challenged = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Returns why the session must end now, if it must. */
  take(message: Message): End | undefined {
    this.#challenged = false;
    const word = headerWord(message);
    let ended = word && this.#takeHeaderStatus(word);
    for (const received of message.commands) {
      const { commands, statuses } = this.#options.peer.assemble(received);
      for (const { command, item, code } of statuses) {
        const refs = { target: item.target?.uri, source: item.source?.uri };
        this.#options.outbox.answer(statusOf(message, command, code, refs));
      }
      for (const command of commands) ended = this.#takeCommand(message, command) ?? ended;
    }
    return ended;
  }

  /** The device's word on our own credentials. */
  #takeHeaderStatus(status: Status): End | undefined {
    const { verdict, reason } = this.#options.handshake.judge(status);
    this.#challenged = verdict === 'retry' || verdict === 'refused';
    return verdict === 'refused' ? { outcome: 'refused', reason } : undefined;
  }

  #takeCommand(message: Message, command: Command): End | undefined {
    const { work } = this.#options;
    switch (command.kind) {
      case 'Status':
        if (command.cmdRef !== '0') work.takeStatus(command, this.#challenged);
        return undefined;
      case 'Results':
        work.takeResults(command, message.header.msgId);
        return undefined;
      case 'Alert':
        return this.#takeAlert(message, command);
      case 'Replace':
        return this.#takeReplace(message, command.items, command);
      default:
        this.#answer(message, command, command.kind === 'Unsupported' ? 406 : 405);
        return undefined;
    }
  }

  /** A device replaces nothing but its DevInfo (§8). */
  #takeReplace(message: Message, items: readonly Item[], command: Command): undefined {
    const isDevInfo = items.every(item => /^(\.\/)?DevInfo(\/|$)/.test(item.source?.uri ?? item.target?.uri ?? ''));
    this.#answer(message, command, isDevInfo ? 200 : 405);
    if (isDevInfo) this.#options.tell({ kind: 'device-info', items });
  }

  #takeAlert(message: Message, alert: Alert): End | undefined {
    const { work, alertTypes, tell } = this.#options;
    const code = alertStatus(alert, alertTypes);
    this.#answer(message, alert, code);
    if (code < 300) {
      tell({ kind: 'alert', alert });
      work.takeAlert(alert);
    }
    if (alert.code === AlertCode.NO_END_OF_DATA) work.objectBroken('the device missed the end of the object');
    if (alert.code !== AlertCode.SESSION_ABORT) return undefined;
    return { outcome: 'aborted', reason: 'the device aborted the session' };
  }

  #answer(message: Message, command: Command, code: number): void {
    if (noStatusFor(message, command)) return;
    const status = statusOf(message, command, code);
    // Status of an alert that keeps the session going: behind others it might never get its turn.
    if (isSessionAlert(command)) this.#options.outbox.acknowledge(status);
    else this.#options.outbox.answer(status);
  }
}
