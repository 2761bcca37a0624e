/** Work for a device: jobs that put commands into its sessions and take the answers into the server's view of its tree. */
import { EncodingError } from '../base/errors.ts';
import type { ServerWork } from '../session/server-session.ts';
import { describeStatus, isSuccess } from '../syncml/codes.ts';
import type { Command, Draft, Item, Results, Status } from '../syncml/message.ts';
import type { Reading } from '../tree/device-tree.ts';
import { readingsOf } from '../tree/device-tree.ts';
import { readTndsWbxml, readTndsXml, TNDS_WBXML_TYPE, TNDS_XML_TYPE } from '../tree/tnds.ts';
import { childUri, ROOT } from '../tree/uri.ts';

/** What answers change in the server's view. */
export interface TreeSink {
  readings(readings: readonly Reading[]): void;
  /** The children of an interior node are exactly these. */
  children(uri: string, names: readonly string[]): void;
  removed(uri: string): void;
}

export interface DeviceJob {
  /** For people: `read ./DevDetail`. */
  readonly title: string;
  /** Commands that may go out now; none while answers are awaited or when done. */
  next(limit: number): readonly Draft[];
  onStatus(command: Command, status: Status): void;
  onResults(command: Command, results: Results): void;
  readonly done: boolean;
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
    const walking = this.#toGet.length > 0;
    if (!walking && this.#awaited > 0) return [];
    const targets = walking
      ? this.#toGet.splice(0, limit)
      : this.#parts.splice(0, limit).map(uri => `${uri}?list=TNDS`);
    this.#awaited += targets.length;
    return targets.map(uri => ({ kind: 'Get', items: [{ target: { uri } }] }));
  }

  onStatus(command: Command, status: Status): void {
    this.#awaited--;
    const uri = targetOf(command);
    // A node that vanished is gone; one that may not be read is there, unknown; a ?list may not be supported.
    if (isSuccess(status.code) || uri.includes('?')) return;
    if (status.code === 404) this.#sink.removed(uri);
    else this.#sink.readings([{ uri, format: 'unknown' }]);
  }

  onResults(_command: Command, results: Results): void {
    for (const item of results.items) this.#take(item, { ...results.meta, ...item.meta });
  }

  #take(item: Item, meta: { format?: string; type?: string }): void {
    const uri = item.source?.uri;
    if (uri === undefined || item.data === undefined) return;
    if (uri.includes('?')) {
      this.#sink.readings(readableProperties(item, meta));
      return;
    }
    const text = item.data instanceof Uint8Array ? Buffer.from(item.data).toString('base64') : item.data;
    const format = meta.format ?? 'chr';
    const type = meta.type === undefined ? {} : { type: meta.type };
    if (format !== 'node') {
      this.#sink.readings([{ uri, format, ...type, value: text }]);
      return;
    }
    const names = text.split('/').filter(name => name !== '');
    this.#sink.readings([{ uri, format, ...type }]);
    this.#sink.children(uri, names);
    const children = names.map(name => childUri(uri, name));
    this.#toGet.push(...children);
    if (uri === this.#uri) this.#parts.push(...(uri === ROOT ? children : [uri]));
  }
}

/** A TNDS object that cannot be read costs its properties, not the session. */
function readableProperties(item: Item, meta: { type?: string }): Reading[] {
  try {
    return propertiesOf(item, meta);
  } catch (error) {
    if (error instanceof EncodingError) return [];
    throw error;
  }
}

/** Properties come as TNDS; values are the Gets' business. */
function propertiesOf(item: Item, meta: { type?: string }): Reading[] {
  const objects =
    meta.type === TNDS_WBXML_TYPE && item.data instanceof Uint8Array
      ? readTndsWbxml(item.data)
      : meta.type === TNDS_XML_TYPE && typeof item.data === 'string'
        ? readTndsXml(item.data)
        : [];
  return objects.flatMap(({ path, node }) => readingsOf(path, node)).map(({ value: _, ...reading }) => reading);
}

/** Replaces one leaf and reads it back. */
export class ReplaceLeaf implements DeviceJob {
  readonly title: string;
  readonly #uri: string;
  readonly #format: string;
  readonly #value: string;
  readonly #read: ReadSubtree;
  #state: 'waiting' | 'sent' | 'answered' = 'waiting';
  /** Why the device refused, for people. */
  refusal: string | undefined;

  constructor(uri: string, format: string, value: string, sink: TreeSink) {
    this.title = `replace ${uri}`;
    this.#uri = uri;
    this.#format = format;
    this.#value = value;
    this.#read = new ReadSubtree(uri, sink);
  }

  get done(): boolean {
    return this.#state === 'answered' && (this.refusal !== undefined || this.#read.done);
  }

  next(limit: number): readonly Draft[] {
    if (this.#state === 'answered') return this.refusal === undefined ? this.#read.next(limit) : [];
    if (this.#state === 'sent') return [];
    this.#state = 'sent';
    // Bytes are base64 text in the server's view; as data of format bin they travel as they are.
    const data = this.#format === 'bin' ? Uint8Array.from(Buffer.from(this.#value, 'base64')) : this.#value;
    return [{ kind: 'Replace', items: [{ target: { uri: this.#uri }, meta: { format: this.#format }, data }] }];
  }

  onStatus(command: Command, status: Status): void {
    if (command.kind !== 'Replace') {
      this.#read.onStatus(command, status);
      return;
    }
    this.#state = 'answered';
    if (!isSuccess(status.code)) this.refusal = `${status.code} ${describeStatus(status.code)}`;
  }

  onResults(command: Command, results: Results): void {
    this.#read.onResults(command, results);
  }
}

/** Commands a package carries at most; answers must fit the device's messages. */
const COMMANDS_PER_PACKAGE = 16;

/** The jobs of one device in order, one at a time. A session that breaks off loses none: its job starts over in the next. */
export class DeviceWork implements ServerWork {
  readonly #queue: (() => DeviceJob)[] = [];
  #current: DeviceJob | undefined;

  /** `job` makes the job afresh for the session that does it. */
  add(job: () => DeviceJob): void {
    this.#queue.push(job);
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** A session begins: what the last one left unfinished starts over. */
  begin(): void {
    this.#current = undefined;
  }

  next(): readonly Draft[] {
    if (this.#current?.done) {
      this.#queue.shift();
      this.#current = undefined;
    }
    this.#current ??= this.#queue[0]?.();
    return this.#current?.next(COMMANDS_PER_PACKAGE) ?? [];
  }

  onStatus(command: Command, status: Status): void {
    this.#current?.onStatus(command, status);
  }

  onResults(command: Command, results: Results): void {
    this.#current?.onResults(command, results);
  }
}

function targetOf(command: Command): string {
  return 'items' in command ? (command.items[0]?.target?.uri ?? '') : '';
}
