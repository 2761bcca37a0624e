/** What one message carries, on one line of the ladder: its commands with those inside them, and its statuses. */
import type { MessageRecord } from '../store/contract.ts';
import { describeAlert, describeStatus, isSuccess } from '../syncml/codes.ts';
import { type Alert, type Command, commandName, type Item, type Message, type Status } from '../syncml/message.ts';
import type { AnswerView, CommandView, StatusView } from './message-views.ts';

type Asking = Exclude<Command, Status>;
type Direction = MessageRecord['direction'];

/** The commands and statuses of one session, found by message and CmdID: each answers one of the other direction. */
export class Answers {
  readonly #statuses = new Map<string, Status>();
  readonly #groups = new Map<string, string>();

  /** @returns the messages that it answers, by MsgID */
  add(direction: Direction, { header, commands }: Message): ReadonlySet<number> {
    const named = new Set<number>();
    const asked = direction;
    const answered = direction === 'up' ? 'down' : 'up';
    const put = (command: Command, group?: string): void => {
      if (command.kind === 'Status') {
        named.add(command.msgRef);
        this.#statuses.set(keyOf(answered, command.msgRef, command.cmdRef), command);
      }
      if (group) this.#groups.set(keyOf(asked, header.msgId, command.cmdId), group);
      if (!('commands' in command)) return;
      for (const inner of command.commands) put(inner, `${command.kind} ${command.cmdId}`);
    };
    for (const command of commands) put(command);
    return named;
  }

  commands(direction: Direction, { header, commands }: Message): CommandView[] {
    return commands.filter(isAsking).map(command => this.#command(direction, header.msgId, command));
  }

  statuses(direction: Direction, { commands }: Message): StatusView[] {
    const asked = direction === 'up' ? 'down' : 'up';
    return commands.filter(command => command.kind === 'Status').map(status => this.#status(asked, status));
  }

  #command(direction: Direction, msgId: number, command: Asking): CommandView {
    const { cmdId } = command;
    const status = this.#statuses.get(keyOf(direction, msgId, cmdId));
    const inner =
      'commands' in command
        ? command.commands.filter(isAsking).map(one => this.#command(direction, msgId, one))
        : undefined;
    return {
      name: commandName(command),
      cmdId,
      subject: subjectOf(command),
      items: inner?.length ?? ('items' in command ? command.items.length : 0),
      ...(inner && { inner }),
      ...(status && { answer: answerOf(status) }),
    };
  }

  #status(asked: Direction, status: Status): StatusView {
    const { cmd, cmdRef, msgRef, targetRefs, sourceRefs } = status;
    const target = cmdRef === '0' ? '' : [...targetRefs, ...sourceRefs].join(', ');
    const within = this.#groups.get(keyOf(asked, msgRef, cmdRef));
    return { ...answerOf(status), cmd: target ? `${cmd} ${target}` : cmd, cmdRef, ...(within && { within }) };
  }
}

const keyOf = (direction: Direction, msgId: number, cmdId: string): string => `${direction} ${msgId} ${cmdId}`;
const isAsking = (command: Command): command is Asking => command.kind !== 'Status';

function answerOf({ code }: Status): AnswerView {
  return { code, text: describeStatus(code), ok: isSuccess(code) };
}

function subjectOf(command: Asking): string {
  switch (command.kind) {
    case 'Alert':
      return subjectOfAlert(command);
    case 'Unsupported':
      return 'not a command of DM';
    case 'Atomic':
    case 'Sequence':
      return '';
    case 'Exec':
      return [...command.items.map(uriOf), ...correlation(command)].join(' ');
    case 'Copy':
      return command.items.map(item => `${item.source?.uri ?? ''} → ${item.target?.uri ?? ''}`).join(' ');
    default:
      return command.items.map(uriOf).join(' ');
  }
}

const uriOf = (item: Item): string => item.target?.uri ?? item.source?.uri ?? '';

/** Generic and client events say of what type they are and where they come from; user interaction says what it asks. */
function subjectOfAlert(alert: Alert): string {
  const asks = alert.code >= 1100 && alert.code < 1200;
  const items = alert.items.flatMap(({ source, target, meta, data }) => [
    meta?.type,
    meta?.mark,
    source?.uri ?? target?.uri,
    asks && typeof data === 'string' ? data : undefined,
  ]);
  return [`${alert.code} ${describeAlert(alert.code)}`, ...correlation(alert), ...items].filter(Boolean).join(' · ');
}

function correlation({ correlator }: { readonly correlator?: string }): string[] {
  return correlator === undefined ? [] : [`correlator ${correlator}`];
}
