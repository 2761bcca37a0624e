/**
 * Sends commands as they are, keeps what the device answers to each of them and to those inside groups, and brings the
 * server's view of the tree up to date. What was answered is never sent again, also not by the next session.
 */
import type { ProtocolError } from '../../base/errors.ts';
import { isSuccess } from '../../syncml/codes.ts';
import type { Command, Draft, Results, Status } from '../../syncml/message.ts';
import { parentOf } from '../../tree/device-tree.ts';
import { childUri } from '../../tree/uri.ts';
import { ReadingAbilities } from '../reading-abilities.ts';
import { listReadings, type TreeSink, takeRefusal, takeResults } from '../readings.ts';
import type { CommandInput } from './command-input.ts';
import { CommandIndex, type ListedCommand, listCommands } from './command-list.ts';
import { type DeviceJob, targetOf } from './job.ts';
import { ListedNodes } from './listed-nodes.ts';
import { Progress } from './progress.ts';
import { ReadNodes } from './read-nodes.ts';
import { ReadSubtree } from './read-subtree.ts';

export interface SendOptions {
  /** What the commands changed is read once they were accepted. Default true. */
  readonly thenRead?: boolean | undefined;
  readonly abilities?: ReadingAbilities;
  /** Of an earlier session. */
  readonly progress?: Progress;
}

/** A command and what the device said to it. */
interface Effect {
  readonly input: CommandInput;
  readonly code: number;
}

export class SendCommands implements DeviceJob {
  readonly progress: Progress;
  readonly #commands: readonly ListedCommand[];
  readonly #index: CommandIndex;
  readonly #sink: TreeSink;
  readonly #thenRead: boolean;
  readonly #abilities: ReadingAbilities;
  /** Lists that a person asked for, by path. */
  readonly #lists = new Map<string, ListedNodes>();
  /** What is read back, one after the other; undefined before the commands were answered. */
  #reads: DeviceJob[] | undefined;
  #sent = false;

  constructor(inputs: readonly CommandInput[], sink: TreeSink, options: SendOptions = {}) {
    const { thenRead = true, abilities = new ReadingAbilities(), progress = new Progress() } = options;
    this.#commands = listCommands(inputs);
    this.#index = new CommandIndex(this.#commands);
    this.#sink = sink;
    this.#thenRead = thenRead;
    this.#abilities = abilities;
    this.progress = progress;
  }

  /** Every command has its status, or was not sent. */
  get answered(): boolean {
    return this.#commands.every(({ path }) => this.progress.isSettled(path));
  }

  /** The commands are through: what it still does is to read. */
  get readsBack(): boolean {
    return this.#reads !== undefined;
  }

  get done(): boolean {
    if (!this.answered) return false;
    return (this.#reads ?? this.#readsNeeded()).every(read => read.done);
  }

  /** All commands at once: they belong together. */
  next(limit: number): readonly Draft[] {
    if (!this.#sent) {
      this.#sent = true;
      const open = this.#commands.filter(({ path }) => !this.progress.isSettled(path));
      this.progress.forget(open.map(({ path }) => path));
      if (open.length > 0) return open.map(({ draft }) => draft);
    }
    this.#reads ??= this.#settle();
    return this.#nextRead(limit);
  }

  onStatus(command: Command, status: Status): void {
    if (this.#reads) {
      this.#reads[0]?.onStatus(command, status);
      return;
    }
    const sent = this.#find(command);
    if (!sent) return;
    this.progress.takeStatus(sent.path, targetOf(command), status);
    if (sent.input.kind === 'get') takeRefusal(targetOf(command), status.code, this.#sink);
  }

  onResults(command: Command, results: Results): void {
    if (this.#reads) {
      this.#reads[0]?.onResults(command, results);
      return;
    }
    const sent = this.#find(command);
    if (!sent) return;
    this.progress.takeResults(sent.path, results);
    if (sent.input.kind === 'get' && sent.input.list !== undefined) this.#takeList(sent, sent.input.uri, results);
    else takeResults(results, this.#sink);
  }

  onUnsent(draft: Draft, error: ProtocolError): void {
    if (this.#reads) {
      this.#reads[0]?.onUnsent(draft, error);
      return;
    }
    const sent = this.#find(draft);
    if (sent) this.progress.takeUnsent(sent.path, error.message);
  }

  brokenOff(): void {
    this.#reads?.[0]?.brokenOff?.();
  }

  #nextRead(limit: number): readonly Draft[] {
    for (let read = this.#reads?.[0]; read; read = this.#reads?.[0]) {
      const drafts = read.next(limit);
      if (drafts.length > 0) return drafts;
      this.#reads?.shift();
    }
    return [];
  }

  #find(sent: Command | Draft): ListedCommand | undefined {
    return this.#index.find(sent, path => this.progress.codeOf(path) !== undefined);
  }

  #takeList({ path }: ListedCommand, uri: string, results: Results): void {
    const nodes = this.#lists.get(path) ?? new ListedNodes(uri);
    this.#lists.set(path, nodes);
    this.#sink.readings(nodes.add(listReadings(results)));
  }

  /** Changes the view by what was done, and returns what has to be read to see the rest. */
  #settle(): DeviceJob[] {
    for (const nodes of this.#lists.values())
      for (const uri of nodes.inner()) this.#sink.children(uri, nodes.childrenOf(uri));
    for (const { input, code } of this.#effects()) {
      if (input.kind === 'delete' && (isSuccess(code) || code === 404)) this.#sink.removed(input.uri);
      if (input.kind === 'replaceProperty' && input.prop === 'Name' && isSuccess(code)) this.#sink.removed(input.uri);
    }
    return this.#readsNeeded();
  }

  #readsNeeded(): DeviceJob[] {
    if (!this.#thenRead) return [];
    const inputs = this.#effects().flatMap(({ input, code }) => (isSuccess(code) ? [input] : []));
    const nodes = outermost(inputs.flatMap(changedNode));
    const properties = new Set(inputs.flatMap(changedProperty));
    return [
      ...(nodes.length > 0 ? [new ReadSubtree(nodes, this.#sink, this.#abilities, this.progress)] : []),
      ...(properties.size > 0 ? [new ReadNodes([...properties], this.#sink, this.progress)] : []),
    ];
  }

  /** Commands that the device executed or refused, with its word; those of an Atomic only where all of it was done. */
  #effects(): Effect[] {
    return this.#commands.flatMap(command => this.#effectsOf(command));
  }

  #effectsOf({ path, input, inner }: ListedCommand): Effect[] {
    const code = this.progress.codeOf(path);
    if (input.kind === 'atomic' && (code === undefined || !isSuccess(code))) return [];
    const own = code === undefined ? [] : [{ input, code }];
    return [...own, ...inner.flatMap(command => this.#effectsOf(command))];
  }
}

/** The node that is read, with all below, to see what the command did. */
function changedNode(input: CommandInput): string[] {
  switch (input.kind) {
    case 'add':
    case 'replace':
      return [input.uri];
    case 'copy':
      return [input.to];
    case 'replaceProperty':
      return input.prop === 'Name' ? [childUri(parentOf(input.uri) ?? '', input.value)] : [];
    default:
      return [];
  }
}

function changedProperty(input: CommandInput): string[] {
  return input.kind === 'replaceProperty' && input.prop !== 'Name' ? [`${input.uri}?prop=${input.prop}`] : [];
}

/** Without those below another one, which are read with it. */
function outermost(uris: readonly string[]): string[] {
  const all = new Set(uris);
  const isBelowOne = (uri: string): boolean => {
    for (let at = uri.lastIndexOf('/'); at > 0; at = uri.lastIndexOf('/', at - 1))
      if (all.has(uri.slice(0, at))) return true;
    return false;
  };
  return [...all].filter(uri => !isBelowOne(uri));
}
