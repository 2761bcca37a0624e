/** Commands that went out and wait for their statuses (OMA-TS-SyncML_RepPro 1.2 §6.5.1). */
import type { Command, Status } from '../syncml/message.ts';
import { isSessionAlert } from './alerts.ts';
import type { Sent } from './page.ts';

export interface Answered extends Sent {
  /** It stands in a group, which has a status of its own. */
  readonly within?: true;
}

export class SentCommands {
  /** By `msgId/cmdId`. */
  readonly #sent = new Map<string, Answered>();
  /** Statuses taken: message, command, targets and sources. */
  readonly #answered = new Set<string>();

  clear(): void {
    this.#sent.clear();
    this.#answered.clear();
  }

  /** Commands within a group have statuses of their own. */
  remember(msgId: number, sent: Answered): void {
    const { command, draft } = sent;
    if (!wantsStatus(command) || isSessionAlert(command)) return;
    this.#sent.set(`${msgId}/${command.cmdId}`, sent);
    if (command.kind !== 'Atomic' && command.kind !== 'Sequence') return;
    for (const inner of command.commands) this.remember(msgId, { draft, command: inner, within: true });
  }

  /** What the status answers; undefined for a command nobody sent, and for a status that came before: there is one for each item. */
  answeredBy(status: Status): Answered | undefined {
    const key = `${status.msgRef}/${status.cmdRef}`;
    const sent = this.#sent.get(key);
    const answer = `${key} ${status.targetRefs.join(' ')} ${status.sourceRefs.join(' ')}`;
    if (!sent || this.#answered.has(answer)) return undefined;
    this.#answered.add(answer);
    return sent;
  }

  find(msgRef: number, cmdRef: string): Command | undefined {
    return this.#sent.get(`${msgRef}/${cmdRef}`)?.command;
  }
}

export function wantsStatus(command: Command): boolean {
  return command.kind !== 'Status' && command.kind !== 'Results';
}
