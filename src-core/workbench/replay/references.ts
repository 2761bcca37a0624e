/** What MsgRef and CmdRef of a recorded message are called in the replay: both sides number anew. Pure. */
import type { Command, Message, Status } from '../../syncml/message.ts';
import { askingCommands } from './recording.ts';

/** Base64 text of so many bytes. */
export type NewNonce = (bytes: number) => string;

/** The messages of one side: recorded numbers to those of the replay. */
export class References {
  readonly #messages = new Map<number, number>();
  /** By `MsgID/CmdID` as recorded. */
  readonly #commands = new Map<string, string>();

  /** Commands are the same where they stand at the same place and are of the same kind. */
  pair(recorded: Message, replayed: Message): void {
    const { msgId } = recorded.header;
    this.#messages.set(msgId, replayed.header.msgId);
    const others = askingCommands(replayed.commands);
    for (const [i, command] of askingCommands(recorded.commands).entries()) {
      const other = others[i];
      if (other?.kind === command.kind) this.#commands.set(`${msgId}/${command.cmdId}`, other.cmdId);
    }
  }

  /** The commands with their references; statuses and results for what never came in the replay are left out. */
  translate(commands: readonly Command[], newNonce: NewNonce): Command[] {
    return commands.flatMap((command): Command[] => {
      if (command.kind !== 'Status' && command.kind !== 'Results') return [command];
      const recorded = command.msgRef;
      const msgRef = recorded === undefined ? undefined : this.#messages.get(recorded);
      if (msgRef === undefined) return [];
      const cmdRef = this.#commands.get(`${recorded}/${command.cmdRef}`) ?? command.cmdRef;
      if (command.kind === 'Results') return [{ ...command, msgRef, cmdRef }];
      return [{ ...command, msgRef, cmdRef, ...withFreshNonce(command, newNonce) }];
    });
  }
}

/** As long as the recorded one: where messages are cut depends on their sizes. */
function withFreshNonce({ chal }: Status, newNonce: NewNonce): Pick<Status, 'chal'> {
  const nonce = chal?.meta.nextNonce;
  if (!chal || nonce === undefined) return {};
  const bytes = Math.max(1, Buffer.from(nonce, 'base64').length);
  return { chal: { meta: { ...chal.meta, nextNonce: newNonce(bytes) } } };
}
