/** How far the work on a device has come: what went out, what the device answered. Plain JSON, so that it survives the program. */
import { describeStatus, isSuccess } from '../../syncml/codes.ts';
import type { Item, Results, Status } from '../../syncml/message.ts';
import { textOf } from '../readings.ts';

/** What the device answered to one command, also to one inside an Atomic or Sequence. */
export interface CommandStatus {
  /** Which command, numbered from 1: `2`, inside a group `2.1`; empty for a read that the work did by itself. */
  readonly path: string;
  /** Name of the command: `Replace`. */
  readonly name: string;
  /** Node that it is about; empty where it is about none. */
  readonly uri: string;
  readonly code: number;
  readonly words: string;
  /** What a person typed or chose, for a user interaction. */
  readonly data?: readonly string[];
}

/** One Item of Results, its data as in the server's view: bytes as base64. */
export interface CommandResult {
  readonly path: string;
  readonly uri: string;
  readonly format?: string;
  readonly type?: string;
  readonly value?: string;
  /** Characters of a value that is too long to be kept here; the tree and the message have it. */
  readonly omitted?: number;
}

/** A Get that the work sent by itself: to see what it changed, or to read a subtree. */
export interface AskedRead {
  /** As it was sent: `./A?list=StructData`. */
  readonly uri: string;
  /** Absent while the device has not answered it. */
  readonly code?: number;
}

export interface ProgressRecord {
  readonly statuses: readonly CommandStatus[];
  /** The first ones; `moreResults` came after them. */
  readonly results: readonly CommandResult[];
  readonly moreResults: number;
  /** Commands that were not sent, and why. */
  readonly unsent: readonly { readonly path: string; readonly reason: string }[];
  /** The first Gets that the work sent by itself; `moreAsked` went out after them. */
  readonly asked: readonly AskedRead[];
  readonly moreAsked: number;
  /** How many of them were answered, and how many of those with a refusal. */
  readonly reads: number;
  readonly refusedReads: number;
}

export const NO_PROGRESS: ProgressRecord = {
  statuses: [],
  results: [],
  moreResults: 0,
  unsent: [],
  asked: [],
  moreAsked: 0,
  reads: 0,
  refusedReads: 0,
};

const RESULTS_KEPT = 500;
const VALUE_KEPT = 64 * 1024;
/** Refused reads that are kept one by one; of further ones the number is. */
const REFUSALS_KEPT = 100;
/** Gets that are kept one by one: as many as two packages carry. */
const ASKED_KEPT = 32;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

export class Progress {
  readonly #now: Mutable<ProgressRecord>;
  /** First status of each command, by path. */
  #codes: Map<string, number>;

  /** @param before perhaps of an earlier version, which kept less */
  constructor(before: Partial<ProgressRecord> = NO_PROGRESS) {
    this.#now = copyOf({ ...NO_PROGRESS, ...before });
    this.#codes = codesOf(this.#now.statuses);
  }

  /** Undefined while the device has not answered it. */
  codeOf(path: string): number | undefined {
    return this.#codes.get(path);
  }

  /** It has its status, or was not sent. */
  isSettled(path: string): boolean {
    return this.#codes.has(path) || this.#now.unsent.some(unsent => unsent.path === path);
  }

  get record(): ProgressRecord {
    return copyOf(this.#now);
  }

  get statuses(): readonly CommandStatus[] {
    return this.#now.statuses;
  }

  get results(): readonly CommandResult[] {
    return this.#now.results;
  }

  get unsent(): ProgressRecord['unsent'] {
    return this.#now.unsent;
  }

  takeStatus(path: string, uri: string, { cmd, code, items }: Status): void {
    const data = items.flatMap(item => (item.data === undefined ? [] : [textOf(item.data)]));
    const words = describeStatus(code);
    if (!this.#codes.has(path)) this.#codes.set(path, code);
    this.#now.statuses.push({ path, name: cmd, uri, code, words, ...(data.length > 0 && { data }) });
  }

  takeResults(path: string, { items, meta }: Results): void {
    const { results } = this.#now;
    for (const item of items) {
      if (results.length < RESULTS_KEPT) results.push(resultOf(path, item, meta));
      else this.#now.moreResults++;
    }
  }

  takeUnsent(path: string, reason: string): void {
    this.#now.unsent.push({ path, reason });
  }

  /** The work reads by itself: these go out now. */
  askFor(uris: readonly string[]): void {
    const now = this.#now;
    const kept = uris.slice(0, ASKED_KEPT - now.asked.length);
    for (const uri of kept) now.asked.push({ uri });
    now.moreAsked += uris.length - kept.length;
  }

  /** A read that the work did by itself was answered. */
  takeRead(uri: string, status: Status): void {
    const now = this.#now;
    now.reads++;
    const at = now.asked.findLastIndex(asked => asked.uri === uri && asked.code === undefined);
    if (at >= 0) now.asked[at] = { uri, code: status.code };
    if (isSuccess(status.code)) return;
    now.refusedReads++;
    if (now.refusedReads <= REFUSALS_KEPT) this.takeStatus('', uri, status);
  }

  /** These commands go out once more: what was known of them counts no longer. */
  forget(paths: readonly string[]): void {
    const now = this.#now;
    const kept = ({ path }: { readonly path: string }) =>
      !paths.some(top => path === top || path.startsWith(`${top}.`));
    now.statuses = now.statuses.filter(kept);
    now.results = now.results.filter(kept);
    now.unsent = now.unsent.filter(kept);
    this.#codes = codesOf(now.statuses);
  }
}

function copyOf({ statuses, results, unsent, asked, ...counts }: ProgressRecord): Mutable<ProgressRecord> {
  return { ...counts, statuses: [...statuses], results: [...results], unsent: [...unsent], asked: [...asked] };
}

function codesOf(statuses: readonly CommandStatus[]): Map<string, number> {
  return new Map(statuses.toReversed().map(({ path, code }) => [path, code]));
}

function resultOf(path: string, { source, meta, data }: Item, common: Results['meta']): CommandResult {
  const { format, type } = { ...common, ...meta };
  const value = data === undefined ? undefined : textOf(data);
  return {
    path,
    uri: source?.uri ?? '',
    ...(format !== undefined && { format }),
    ...(type !== undefined && { type }),
    ...(value !== undefined && (value.length > VALUE_KEPT ? { omitted: value.length } : { value })),
  };
}
