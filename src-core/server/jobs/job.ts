/** Work for a device while a session does it: commands go into its packages, answers come back. */
import type { ProtocolError } from '../../base/errors.ts';
import type { Command, Draft, Results, Status } from '../../syncml/message.ts';

export interface DeviceJob {
  /** Nothing is left to do: the job need not start over when its session breaks off. */
  readonly done: boolean;
  /** Commands for the next package; none ends the job. What was not answered by then never will be. */
  next(limit: number): readonly Draft[];
  onStatus(command: Command, status: Status): void;
  onResults(command: Command, results: Results): void;
  onUnsent(draft: Draft, error: ProtocolError): void;
  /** Its session is over before it was done: it will be made afresh for the next. */
  brokenOff?(): void;
  /** It is out of the queue for good. */
  ended?(): void;
}

/** URI of the node that a command with one Item is about, as it was sent; empty where it is about none. */
export function targetOf(command: Command | Draft): string {
  return 'items' in command ? (command.items[0]?.target?.uri ?? '') : '';
}

export function getOf(uri: string): Draft {
  return { kind: 'Get', items: [{ target: { uri } }] };
}

/** Tells a command sent from others of its package: numbering keeps its items, cutting into chunks its kind and target. */
export function isOf(command: Command | Draft, draft: Draft): boolean {
  if (command.kind !== draft.kind) return false;
  if ('items' in command && 'items' in draft)
    return command.items === draft.items || targetOf(command) === targetOf(draft);
  if (!('commands' in command && 'commands' in draft)) return false;
  const [first] = command.commands;
  const [firstDraft] = draft.commands;
  return first !== undefined && firstDraft !== undefined && isOf(first, firstDraft);
}
