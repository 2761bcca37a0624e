/** One message being filled with commands, counted to the byte. */
import { commandSize, type Encoding } from '../syncml/codec.ts';
import type { Command, Draft } from '../syncml/message.ts';
import type { Chunks } from './chunks.ts';

export interface Sent {
  readonly draft: Draft;
  readonly command: Command;
}

/** CmdIDs of one message. */
export class Numbering {
  #last = 0;

  number(draft: Draft): Command {
    const cmdId = this.nextId();
    if (draft.kind === 'Atomic' || draft.kind === 'Sequence') {
      return { ...draft, cmdId, commands: draft.commands.map(inner => this.number(inner)) };
    }
    return { ...draft, cmdId } as Command;
  }

  nextId(): string {
    return String(++this.#last);
  }

  copy(): Numbering {
    const copy = new Numbering();
    copy.#last = this.#last;
    return copy;
  }
}

export class Page {
  readonly capacity: number;
  readonly commands: Command[] = [];
  readonly sent: Sent[] = [];
  readonly #encoding: Encoding;
  #numbering = new Numbering();
  #used = 0;
  #statuses = 0;
  #statusesSize = 0;
  readonly #last: Draft | undefined;

  /** @param last what is said at the end; room for it is kept free */
  constructor(capacity: number, encoding: Encoding, last?: Draft) {
    const reserved = last ? commandSize({ ...last, cmdId: '9999' } as Command, encoding) : 0;
    this.capacity = capacity - reserved;
    this.#encoding = encoding;
    this.#last = last;
  }

  close(): void {
    if (this.#last) this.#put(this.#last, this.#numbering.number(this.#last), 0);
  }

  get room(): number {
    return this.capacity - this.#used;
  }

  /** Room that a message with no more than these statuses has. */
  get contentCapacity(): number {
    return this.capacity - this.#statusesSize;
  }

  /** What is added from here on is more than the statuses that every message has. */
  beginContent(): void {
    this.#statuses = this.commands.length;
    this.#statusesSize = this.#used;
  }

  get hasContent(): boolean {
    return this.commands.length > this.#statuses;
  }

  sizeOf(draft: Draft): number {
    return commandSize(this.#numbering.copy().number(draft), this.#encoding);
  }

  add(draft: Draft): boolean {
    const numbering = this.#numbering.copy();
    const command = numbering.number(draft);
    const size = commandSize(command, this.#encoding);
    if (size > this.room) return false;
    this.#numbering = numbering;
    this.#put(draft, command, size);
    return true;
  }

  /** True where that was the last chunk. */
  addChunk(chunks: Chunks): boolean {
    const numbering = this.#numbering.copy();
    const chunk = chunks.next(this.room, numbering.nextId());
    if (!chunk) return false;
    this.#numbering = numbering;
    this.#put(chunks.draft, chunk, commandSize(chunk, this.#encoding));
    return chunks.done;
  }

  #put(draft: Draft, command: Command, size: number): void {
    this.commands.push(command);
    this.sent.push({ draft, command });
    this.#used += size;
  }
}

/** Bytes that a header with its status and credentials surely stays below, but for very long addresses. */
export const ENVELOPE_BOUND = 2048;

/** At least the bytes that the command takes in either encoding. */
export function sizeBound(draft: Draft | Command): number {
  if (draft.kind === 'Atomic' || draft.kind === 'Sequence') {
    return draft.commands.reduce<number>((sum, inner) => sum + sizeBound(inner), 256);
  }
  if (!('items' in draft)) return 256;
  return draft.items.reduce((sum, { target, source, meta, data }) => {
    const names = (target?.uri.length ?? 0) + (source?.uri.length ?? 0) + (meta?.type?.length ?? 0);
    return sum + 512 + 6 * (names + (data?.length ?? 0));
  }, 256);
}
