/**
 * What one side has to say: numbers messages and commands, fills messages up to the size that the peer takes, cuts large
 * objects into chunks (OMA-TS-DM_Protocol-V1_2_1 §6 and §7). Answers go before commands of our own.
 */
import type { ProtocolError } from '../base/errors.ts';
import { type Encoding, encodeMessage } from '../syncml/codec.ts';
import { AlertCode } from '../syncml/codes.ts';
import type { Command, Cred, Draft, Item, Message, Meta, SyncHdr } from '../syncml/message.ts';
import { Chunks } from './chunks.ts';
import { type HeaderOptions, OwnHeader } from './own-header.ts';
import { Numbering, Page, type Sent } from './page.ts';
import { type LimitOptions, PeerLimits } from './peer-limits.ts';
import type { ProtocolVersion } from './versions.ts';

/** A peer that names no limit of its own gets messages no larger than this side takes. */
export type OutboxOptions = HeaderOptions & LimitOptions;

export interface Built {
  readonly message: Message;
  readonly bytes: Uint8Array;
  /** Commands of ours in it, the last chunk standing for a large object. */
  readonly sent: readonly Sent[];
}

export interface Unsent {
  readonly draft: Draft;
  readonly error: ProtocolError;
}

/** What a message may hold. */
export interface BuildOptions {
  readonly cred?: Cred | undefined;
  /** Commands of ours may go out, not only answers. */
  readonly commands: boolean;
  /** It ends the package unless something that belongs to it is left. */
  readonly final: boolean;
  /** `package`: commands left over belong to the package; `message`: they are for the next one (the server's way, §6.1). */
  readonly scope: 'package' | 'message';
  /** Ask for the next message of the peer's package (alert 1222), as the last thing said. */
  readonly askNext?: boolean | undefined;
}

const NEXT_MESSAGE: Draft = { kind: 'Alert', code: AlertCode.NEXT_MESSAGE, items: [] };

/** A first chunk is worth its message's rest from this many bytes on. */
const WORTHWHILE_ROOM = 128;

export class Outbox {
  readonly #encoding: Encoding;
  readonly #limits: PeerLimits;
  readonly #ownHeader: OwnHeader;
  #header: Draft[] = [];
  /** So many of them were left over by the last message, infinite where none was. */
  #backlog = Number.POSITIVE_INFINITY;
  #answers: Draft[] = [];
  #commands: Draft[] = [];
  #chunks: Chunks | undefined;
  /** It did not fit beside the statuses of the message before. */
  #stalled: Draft | undefined;
  #unsent: Unsent[] = [];

  constructor(options: OutboxOptions) {
    this.#encoding = options.encoding;
    this.#limits = new PeerLimits(options);
    this.#ownHeader = new OwnHeader(options);
  }

  /** Number of the message being built. */
  get msgId(): number {
    return this.#ownHeader.msgId;
  }

  get version(): ProtocolVersion {
    return this.#ownHeader.version;
  }

  set version(version: ProtocolVersion) {
    this.#ownHeader.version = version;
  }

  /** True where an object is under way: nothing may come between its chunks (§7). */
  get midObject(): boolean {
    return this.#chunks?.started === true && !this.#chunks.done;
  }

  get hasAnswers(): boolean {
    return this.#answers.length > 0 || this.#header.length > 0;
  }

  get hasCommands(): boolean {
    return this.#commands.length > 0;
  }

  /** The name under which this side proves itself goes with its messages from now on. */
  identify(name: string): void {
    this.#ownHeader.source = { ...this.#ownHeader.source, name };
  }

  /** Later messages go there (RespURI of the peer). */
  redirect(uri: string): void {
    this.#ownHeader.target = { uri };
  }

  /** What the peer's header says it takes; it holds until it says otherwise. */
  heed(meta: Meta): void {
    this.#limits.heed(meta);
  }

  /** True where the peer would not take this object. */
  isTooLarge(item: Item): boolean {
    return this.#limits.isTooLarge(item);
  }

  /** Answers to the message at hand itself: they go into the very next one, before anything left over. */
  acknowledge(status: Extract<Draft, { kind: 'Status' }>): void {
    this.#header.push(status);
  }

  /** A status or results, after those that wait already. */
  answer(draft: Draft): void {
    this.#answers.push(draft);
  }

  /** A command of our own. */
  command(draft: Draft): void {
    this.#commands.push(draft);
  }

  /** The object under way is given up, because the peer refused a chunk. Returns what it belonged to. */
  abandonObject(): Draft | undefined {
    const draft = this.midObject ? this.#chunks?.draft : undefined;
    this.#chunks = undefined;
    if (draft) remove(this.#answers, draft) || remove(this.#commands, draft);
    return draft;
  }

  /** Everything that waits is dropped: the session starts over. */
  clear(): void {
    this.#header = [];
    this.#backlog = Number.POSITIVE_INFINITY;
    this.#answers = [];
    this.clearCommands();
  }

  clearCommands(): void {
    this.#commands = [];
    this.#chunks = undefined;
  }

  /** Drops commands that no message of this peer can hold, not even one without credentials; `takeUnsent` names them. */
  dropUnsendable(): void {
    if (this.#commands.every(draft => this.#limits.isSurelySmall(draft))) return;
    const page = new Page(this.#limits.roomFor(this.#ownHeader.write(undefined)), this.#encoding);
    const [status] = this.#header;
    if (status?.kind === 'Status') {
      const { chal: _, ...plain } = status;
      page.add(plain);
    }
    const queue = this.#commands;
    this.#commands = [];
    for (let draft = queue[0]; draft; draft = queue[0]) {
      if (this.#limits.isOversize(draft)) this.#drop(queue, this.#limits.oversize());
      else if (page.sizeOf(draft) > page.room && !this.#limits.isChunkable(draft))
        this.#drop(queue, this.#limits.uncut(draft));
      else this.#commands.push(...queue.splice(0, 1));
    }
  }

  /** Commands that could not be sent since the last call, with the reason. */
  takeUnsent(): readonly Unsent[] {
    const unsent = this.#unsent;
    this.#unsent = [];
    return unsent;
  }

  /** The next message. @throws ProtocolError 413 where the peer's MaxMsgSize holds not even a header and its status. */
  build(options: BuildOptions): Built {
    const header = this.#ownHeader.write(options.cred);
    return this.#whole(header, options) ?? this.#filled(header, options);
  }

  /** All that waits in one message: nearly always it fits. */
  #whole(header: SyncHdr, options: BuildOptions): Built | undefined {
    if (this.#chunks || this.#commands.some(draft => this.#limits.isOversize(draft))) return undefined;
    const own = options.commands ? this.#commands : [];
    if (this.#limits.isSurelyMore(this.#answers) || this.#limits.isSurelyMore(own)) return undefined;
    const waiting = [...this.#header, ...this.#answers, ...own, ...(options.askNext ? [NEXT_MESSAGE] : [])];
    const numbering = new Numbering();
    const commands = waiting.map(draft => numbering.number(draft));
    const message: Message = { header, commands, final: options.final };
    const bytes = encodeMessage(message, this.#encoding);
    if (bytes.length > this.#limits.maxMsgSize) return undefined;
    const sent = waiting.map((draft, i) => ({ draft, command: commands[i] as Command }));
    this.#header = [];
    this.#backlog = Number.POSITIVE_INFINITY;
    this.#answers = [];
    if (options.commands) this.#commands = [];
    this.#stalled = undefined;
    this.#ownHeader.next();
    return { message, bytes, sent };
  }

  #filled(header: SyncHdr, options: BuildOptions): Built {
    const page = new Page(this.#limits.roomFor(header), this.#encoding, options.askNext ? NEXT_MESSAGE : undefined);
    let open = this.#fill(page, this.#header);
    page.beginContent();
    if (open) open = this.#fill(page, this.#answers);
    const answers = page.commands.length;
    if (open && options.commands) this.#fill(page, this.#commands);
    // A package that ended without any of the commands that wait would end the session, and they with it.
    const owed = options.scope === 'package' || (options.commands && page.commands.length === answers);
    page.close();
    if (page.commands.length === 0 && this.hasAnswers) throw this.#limits.tooSmall();
    this.#checkBacklog();
    const left = this.hasAnswers || this.midObject || (owed && this.hasCommands);
    const message: Message = { header, commands: page.commands, final: options.final && !left };
    const bytes = encodeMessage(message, this.#encoding);
    if (bytes.length > this.#limits.maxMsgSize) throw this.#limits.tooSmall();
    this.#ownHeader.next();
    return { message, bytes, sent: page.sent };
  }

  /** Each message of the peer must be answered: where as many answers are left behind as before, there would be no end. */
  #checkBacklog(): void {
    const left = this.#header.length;
    if (left > 0 && left >= this.#backlog) throw this.#limits.tooSmall();
    this.#backlog = left || Number.POSITIVE_INFINITY;
  }

  /** Moves drafts from the queue to the page. False where the page is full. */
  #fill(page: Page, queue: Draft[]): boolean {
    for (;;) {
      this.#addWhole(page, queue);
      const [draft] = queue;
      if (!draft) return true;
      const isUnderWay = this.#chunks?.draft === draft;
      if (!isUnderWay && this.#limits.isOversize(draft)) this.#drop(queue, this.#limits.oversize());
      else if (!isUnderWay && page.hasContent && !this.#isWorthCutting(draft, page)) return false;
      else if (draft.kind === 'Status' && draft.items.length > 0) queue[0] = { ...draft, items: [] };
      else if (!this.#addChunk(page, draft, queue)) return false;
    }
  }

  /** Those at the front that fit whole; a long queue is moved once a message, not once for each. */
  #addWhole(page: Page, queue: Draft[]): void {
    const fits = (draft: Draft) => this.#chunks?.draft !== draft && !this.#limits.isOversize(draft) && page.add(draft);
    const stop = queue.findIndex(draft => !fits(draft));
    queue.splice(0, stop < 0 ? queue.length : stop);
  }

  /** No message could hold it whole, and this one has room for a good part of it. */
  #isWorthCutting(draft: Draft, page: Page): boolean {
    return this.#limits.isChunkable(draft) && page.room >= WORTHWHILE_ROOM && page.sizeOf(draft) > page.contentCapacity;
  }

  /** One chunk fills the page; the last one leaves room for more. True where the page may take more. */
  #addChunk(page: Page, draft: Draft, queue: Draft[]): boolean {
    if (!this.#limits.isChunkable(draft)) return this.#stall(draft, queue);
    this.#chunks ??= new Chunks(draft, this.#encoding);
    const done = page.addChunk(this.#chunks);
    if (!done && !page.hasContent) return this.#stall(draft, queue);
    this.#stalled = undefined;
    if (done) {
      queue.shift();
      this.#chunks = undefined;
    }
    return done;
  }

  /** It does not fit beside the statuses: they may be fewer in the next message; if not, it is given up. */
  #stall(draft: Draft, queue: Draft[]): boolean {
    const again = this.#stalled === draft;
    this.#stalled = again ? undefined : draft;
    if (again) this.#drop(queue, this.#limits.uncut(draft));
    return again;
  }

  #drop(queue: Draft[], error: ProtocolError): void {
    const draft = queue.shift();
    if (draft?.kind === 'Status') throw this.#limits.tooSmall();
    if (draft) this.#unsent.push({ draft, error });
    this.#chunks = undefined;
  }
}

function remove(queue: Draft[], draft: Draft): boolean {
  const at = queue.indexOf(draft);
  if (at >= 0) queue.splice(at, 1);
  return at >= 0;
}
