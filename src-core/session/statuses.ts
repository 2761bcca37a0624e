/** Statuses as both ends write them (OMA-TS-SyncML_RepPro 1.2 §6.5, OMA-TS-DM_RepPro-V1_2_1 §6.5.1). */
import {
  type Chal,
  type Command,
  commandName,
  type Draft,
  type Item,
  type Message,
  type Status,
} from '../syncml/message.ts';

type StatusDraft = Extract<Draft, { kind: 'Status' }>;

/** Status for the header of the message received. */
export function headerStatus({ header }: Message, code: number, chal?: Chal): StatusDraft {
  return {
    kind: 'Status',
    msgRef: header.msgId,
    cmdRef: '0',
    cmd: 'SyncHdr',
    targetRefs: [header.target.uri],
    sourceRefs: [header.source.uri],
    ...(chal && { chal }),
    code,
    items: [],
  };
}

/** The peer's word on the header of ours that the message answers. */
export function headerWord({ commands }: Message): Status | undefined {
  return commands.find((command): command is Status => command.kind === 'Status' && command.cmdRef === '0');
}

/** The peer wants no status for it (NoResp). */
export function noStatusFor({ header }: Message, command: Command): boolean {
  return header.noResp === true || ('noResp' in command && command.noResp === true);
}

export interface StatusRefs {
  readonly target?: string | undefined;
  readonly source?: string | undefined;
  readonly items?: readonly Item[] | undefined;
}

/** Status for one command, or one item of it, named by its target or source. */
export function statusOf(
  received: Message,
  command: Command,
  code: number,
  { target, source, items = [] }: StatusRefs = {},
): StatusDraft {
  return {
    kind: 'Status',
    msgRef: received.header.msgId,
    cmdRef: command.cmdId,
    cmd: commandName(command),
    targetRefs: target === undefined ? [] : [target],
    sourceRefs: source === undefined ? [] : [source],
    code,
    items,
  };
}
