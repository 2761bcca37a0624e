/** Builds the messages of one side of a session: numbers them, gives commands their CmdIDs, answers the peer's commands. */
import type { Chal, Command, Cred, Draft, Item, Location, Message, Meta, Status } from '../syncml/message.ts';

export interface OutboxOptions {
  readonly sessionId: string;
  readonly source: Location;
  readonly target: Location;
  /** Where the peer sends its later messages. */
  readonly respURI?: string;
  /** SyncHdr Meta of every message, for example MaxMsgSize. */
  readonly meta?: Meta;
}

export class Outbox {
  readonly #options: OutboxOptions;
  #msgId = 0;
  #cmdId = 0;
  #commands: Command[] = [];
  #target: Location;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#target = options.target;
  }

  /** Number of the message being built. */
  get msgId(): number {
    return this.#msgId + 1;
  }

  get empty(): boolean {
    return this.#commands.length === 0;
  }

  /** Later messages go there (RespURI of the peer). */
  redirect(uri: string): void {
    this.#target = { uri };
  }

  /** Status for the header of the message received. */
  headerStatus(received: Message, code: number, chal?: Chal): void {
    const { header } = received;
    this.#commands.push({
      kind: 'Status',
      cmdId: this.#nextId(),
      msgRef: header.msgId,
      cmdRef: '0',
      cmd: 'SyncHdr',
      targetRefs: [header.target.uri],
      sourceRefs: [header.source.uri],
      ...(chal && { chal }),
      code,
      items: [],
    });
  }

  /** Status for one command (or one item of it, named by its target). */
  status(received: Message, command: Command, code: number, targetRef?: string, items: readonly Item[] = []): void {
    const status: Status = {
      kind: 'Status',
      cmdId: this.#nextId(),
      msgRef: received.header.msgId,
      cmdRef: command.cmdId,
      cmd: command.kind,
      targetRefs: targetRef === undefined ? [] : [targetRef],
      sourceRefs: [],
      code,
      items,
    };
    this.#commands.push(status);
  }

  /** Adds a command of our own and returns it with its CmdID. */
  command(draft: Draft): Command {
    const command = this.#number(draft);
    this.#commands.push(command);
    return command;
  }

  /** The message, and a new one begins. */
  finish(final: boolean, cred?: Cred): Message {
    const { sessionId, source, respURI, meta } = this.#options;
    const message: Message = {
      header: {
        verDTD: '1.2',
        verProto: 'DM/1.2',
        sessionId,
        msgId: ++this.#msgId,
        target: this.#target,
        source,
        ...(respURI !== undefined && { respURI }),
        ...(cred && { cred }),
        ...(meta && { meta }),
      },
      commands: this.#commands,
      final,
    };
    this.#commands = [];
    this.#cmdId = 0;
    return message;
  }

  #number(draft: Draft): Command {
    const cmdId = this.#nextId();
    if (draft.kind === 'Atomic' || draft.kind === 'Sequence') {
      return { ...draft, cmdId, commands: draft.commands.map(inner => this.#number(inner)) };
    }
    return { ...draft, cmdId } as Command;
  }

  #nextId(): string {
    return String(++this.#cmdId);
  }
}
