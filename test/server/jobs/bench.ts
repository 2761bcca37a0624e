/** Jobs without a session: their commands are answered here, and what they change in the server's view is told in words. */
import type { DeviceJob } from '../../../src-core/server/jobs/job.ts';
import type { TreeSink } from '../../../src-core/server/readings.ts';
import type { Command, Draft, ItemData, Meta, Results, Status } from '../../../src-core/syncml/message.ts';

type Job = Pick<DeviceJob, 'next' | 'onStatus' | 'onResults'>;

export class SeenChanges implements TreeSink {
  /** `./A chr 7`, `./A has B,C`, `./A removed`, `./A unread: why`. */
  words: string[] = [];

  readings(readings: Parameters<TreeSink['readings']>[0]): void {
    for (const { uri, format, value, acl, title, verNo, unread } of readings) {
      const more = [acl, title, verNo, unread].filter(word => word !== undefined);
      this.words.push([uri, format ?? '?', value ?? '-', ...more].join(' '));
    }
  }

  children(uri: string, names: readonly string[]): void {
    this.words.push(`${uri} has ${names.join(',')}`);
  }

  removed(uri: string): void {
    this.words.push(`${uri} removed`);
  }

  unread(uris: readonly string[], reason: string): void {
    for (const uri of uris) this.words.push(`${uri} unread: ${reason}`);
  }

  take(): string[] {
    return this.words.splice(0);
  }
}

export const NODE: Meta = { format: 'node' };

export type Answered = readonly [code: number, meta?: Meta, data?: ItemData];
/** Several Items: each with its own URI. */
export type Listed = readonly [code: number, items: readonly (readonly [uri: string, meta?: Meta, data?: ItemData])[]];
export type Answers = Readonly<Record<string, Answered | Listed>>;

export const uriOf = (draft: Draft) => ('items' in draft ? (draft.items[0]?.target?.uri ?? '') : '');

/** Answers what the job asks for now, 404 where nothing is said; returns the URIs asked for. */
export function answer(job: Job, answers: Answers, limit = 16): string[] {
  const drafts = job.next(limit);
  for (const [i, draft] of drafts.entries()) {
    const uri = uriOf(draft);
    const command = { ...draft, cmdId: String(i) } as Command;
    const [code, meta, data] = answers[uri] ?? [404];
    job.onStatus(command, status(command, code));
    if (Array.isArray(meta)) {
      // One Results an Item, as many devices do it (TND §8.2).
      for (const item of meta) job.onResults(command, results(command, ...(item as [string, Meta?, ItemData?])));
    } else if (data !== undefined) job.onResults(command, results(command, uri, meta as Meta | undefined, data));
  }
  return drafts.map(uriOf);
}

/** Answers until the job asks for nothing more; returns what it asked for, a list a package. */
export function answerAll(job: Job, answers: Answers): string[][] {
  const asked: string[][] = [];
  for (let uris = answer(job, answers); uris.length > 0; uris = answer(job, answers)) asked.push(uris);
  return asked;
}

export function status(command: Command, code: number, items: Status['items'] = []): Status {
  return {
    kind: 'Status',
    cmdId: '1',
    msgRef: 1,
    cmdRef: 'cmdId' in command ? command.cmdId : '1',
    cmd: command.kind,
    targetRefs: [],
    sourceRefs: [],
    code,
    items,
  };
}

function results(command: Command, uri: string, meta?: Meta, data?: ItemData): Results {
  return {
    kind: 'Results',
    cmdId: '1',
    cmdRef: command.cmdId,
    targetRefs: [],
    sourceRefs: [],
    items: [{ source: { uri }, ...(meta && { meta }), ...(data !== undefined && { data }) }],
  };
}
