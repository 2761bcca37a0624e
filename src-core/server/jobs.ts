/** Work for a device: jobs that put commands into its sessions and take the answers into the server's view of its tree. */
import type { ProtocolError } from '../base/errors.ts';
import { describeStatus, isSuccess } from '../syncml/codes.ts';
import type { Command, Draft, Item, Results, Status } from '../syncml/message.ts';
import { childUri, ROOT } from '../tree/uri.ts';
import { type TreeSink, takeRefusal, takeResults } from './readings.ts';

export interface DeviceJob {
  /** For people: `read ./DevDetail`. */
  readonly title: string;
  /** Why the device refused, for people. */
  readonly refusal?: string | undefined;
  /** Nothing is left to do: the job need not start over when its session breaks off. */
  readonly done: boolean;
  /** Commands for the next package; none ends the job. What was not answered by then never will be. */
  next(limit: number): readonly Draft[];
  onStatus(command: Command, status: Status): void;
  onResults(command: Command, results: Results): void;
  onUnsent(draft: Draft, error: ProtocolError): void;
}

/** Reads a subtree level by level with Get, then the properties of its parts with one `?list=TNDS` each where the device can. */
export class ReadSubtree implements DeviceJob {
  readonly title: string;
  readonly #uri: string;
  readonly #sink: TreeSink;
  readonly #toGet: string[];
  readonly #parts: string[] = [];
  #awaited = 0;

  constructor(uri: string, sink: TreeSink) {
    this.title = `read ${uri}`;
    this.#uri = uri;
    this.#sink = sink;
    this.#toGet = [uri];
  }

  get done(): boolean {
    return this.#awaited === 0 && this.#toGet.length === 0 && this.#parts.length === 0;
  }

  next(limit: number): readonly Draft[] {
    const targets =
      this.#toGet.length > 0
        ? this.#toGet.splice(0, limit)
        : this.#parts.splice(0, limit).map(uri => `${uri}?list=TNDS`);
    this.#awaited = targets.length;
    return targets.map(getOf);
  }

  onStatus(command: Command, status: Status): void {
    this.#awaited--;
    takeRefusal(targetOf(command), status.code, this.#sink);
  }

  onResults(_command: Command, results: Results): void {
    takeResults(results, this.#sink, (uri, names) => {
      const children = names.map(name => childUri(uri, name));
      this.#toGet.push(...children);
      if (uri === this.#uri) this.#parts.push(...(uri === ROOT ? children : [uri]));
    });
  }

  onUnsent(): void {
    this.#awaited--;
  }
}

/** Reads these nodes again, and nothing below them. */
export class ReadNodes implements DeviceJob {
  readonly title: string;
  readonly #sink: TreeSink;
  readonly #toGet: string[];
  #awaited = 0;

  constructor(uris: readonly string[], sink: TreeSink) {
    this.title = uris.length === 1 ? `read ${uris[0]}` : `read ${uris.length} nodes`;
    this.#sink = sink;
    this.#toGet = [...uris];
  }

  get done(): boolean {
    return this.#awaited === 0 && this.#toGet.length === 0;
  }

  next(limit: number): readonly Draft[] {
    const targets = this.#toGet.splice(0, limit);
    this.#awaited = targets.length;
    return targets.map(getOf);
  }

  onStatus(command: Command, status: Status): void {
    this.#awaited--;
    takeRefusal(targetOf(command), status.code, this.#sink);
  }

  onResults(_command: Command, results: Results): void {
    takeResults(results, this.#sink);
  }

  onUnsent(): void {
    this.#awaited--;
  }
}

function getOf(uri: string): Draft {
  return { kind: 'Get', items: [{ target: { uri } }] };
}

/** What the device answered to one command or one item of it. */
export interface CommandStatus {
  readonly command: string;
  /** Node that it is about; empty where it is about none. */
  readonly uri: string;
  readonly code: number;
  readonly text: string;
}

/** Sends commands as they are, for example a user interaction, an Atomic or a Sequence, and keeps what the device answers. */
export class SendCommands implements DeviceJob {
  readonly title: string;
  readonly statuses: CommandStatus[] = [];
  readonly results: Item[] = [];
  refusal: string | undefined;
  readonly #drafts: readonly Draft[];
  readonly #readBack: ReadSubtree | undefined;
  readonly #unanswered: Set<string>;
  #state: 'waiting' | 'sent' | 'reading' = 'waiting';

  /** @param readBack is done once all commands were accepted. */
  constructor(title: string, drafts: readonly Draft[], readBack?: ReadSubtree) {
    this.title = title;
    this.#drafts = drafts;
    this.#readBack = readBack;
    this.#unanswered = new Set(drafts.map(nameOf));
  }

  get done(): boolean {
    if (this.#state === 'waiting' || this.#unanswered.size > 0) return false;
    return this.refusal !== undefined || !this.#readBack || (this.#state === 'reading' && this.#readBack.done);
  }

  /** All at once: they belong together. */
  next(limit: number): readonly Draft[] {
    if (this.#state === 'waiting') {
      this.#state = 'sent';
      return this.#drafts;
    }
    this.#state = 'reading';
    return this.refusal === undefined ? (this.#readBack?.next(limit) ?? []) : [];
  }

  onStatus(command: Command, status: Status): void {
    if (this.#state === 'reading') {
      this.#readBack?.onStatus(command, status);
      return;
    }
    this.#unanswered.delete(nameOf(command));
    const text = describeStatus(status.code);
    this.statuses.push({ command: status.cmd, uri: targetOf(command), code: status.code, text });
    if (!isSuccess(status.code)) this.refusal ??= `${status.code} ${text}`;
  }

  onResults(command: Command, results: Results): void {
    if (this.#state === 'reading') this.#readBack?.onResults(command, results);
    else this.results.push(...results.items);
  }

  onUnsent(draft: Draft, error: ProtocolError): void {
    this.#unanswered.delete(nameOf(draft));
    this.refusal ??= error.message;
  }
}

/** A node as a command carries it; bytes are base64 text in the server's view, and travel as they are where the format is bin. */
export interface NodeValue {
  readonly format: string;
  readonly type?: string;
  /** Absent for an interior node. */
  readonly value?: string;
}

/** The type of a value goes with it (TND §7.7.7.1): text where it is not known to be something else. */
function itemOf(uri: string, { format, type, value }: NodeValue): Item {
  if (value === undefined) return { target: { uri }, meta: { format, ...(type !== undefined && { type }) } };
  const known = type ?? (format === 'bin' || format === 'b64' ? undefined : 'text/plain');
  const meta = { format, ...(known !== undefined && { type: known }) };
  return { target: { uri }, meta, data: format === 'bin' ? Uint8Array.from(Buffer.from(value, 'base64')) : value };
}

/** Adds a node and reads it back. */
export class AddNode extends SendCommands {
  constructor(uri: string, node: NodeValue, sink: TreeSink) {
    super(`add ${uri}`, [{ kind: 'Add', items: [itemOf(uri, node)] }], new ReadSubtree(uri, sink));
  }
}

/** Replaces one leaf and reads it back. */
export class ReplaceLeaf extends SendCommands {
  constructor(uri: string, value: NodeValue, sink: TreeSink) {
    super(`replace ${uri}`, [{ kind: 'Replace', items: [itemOf(uri, value)] }], new ReadSubtree(uri, sink));
  }
}

/** Deletes a node with all below it; what is gone is gone from the server's view too. */
export class DeleteNode extends SendCommands {
  readonly #uri: string;
  readonly #sink: TreeSink;

  constructor(uri: string, sink: TreeSink) {
    super(`delete ${uri}`, [{ kind: 'Delete', items: [{ target: { uri } }] }]);
    this.#uri = uri;
    this.#sink = sink;
  }

  override onStatus(command: Command, status: Status): void {
    super.onStatus(command, status);
    if (isSuccess(status.code) || status.code === 404) this.#sink.removed(this.#uri);
  }
}

/** Copies a node with all below it and reads the copy. */
export class CopyNode extends SendCommands {
  constructor(from: string, to: string, sink: TreeSink) {
    super(
      `copy ${from} to ${to}`,
      [{ kind: 'Copy', items: [{ source: { uri: from }, target: { uri: to } }] }],
      new ReadSubtree(to, sink),
    );
  }
}

/** Starts what an executable node stands for; a generic alert with the same correlator tells how it went. */
export class ExecNode extends SendCommands {
  constructor(uri: string, options: { readonly correlator?: string; readonly data?: string } = {}) {
    const { correlator, data } = options;
    const items = [{ target: { uri }, ...(data !== undefined && { data }) }];
    super(`execute ${uri}`, [{ kind: 'Exec', ...(correlator !== undefined && { correlator }), items }]);
  }
}

function targetOf(command: Command | Draft): string {
  return 'items' in command ? (command.items[0]?.target?.uri ?? '') : '';
}

/** Tells a command sent from those inside groups and those of other jobs, well enough. */
function nameOf(command: Command | Draft): string {
  return `${command.kind} ${targetOf(command)}`;
}
