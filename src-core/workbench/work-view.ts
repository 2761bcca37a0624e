/** Work as the page sees it, out of its record in the store. */
import type { CommandInput } from '../server/jobs/command-input.ts';
import { NO_PROGRESS, type ProgressRecord } from '../server/jobs/progress.ts';
import { type JobSpec, titleOfJob, urisOfJob } from '../server/jobs/spec.ts';
import type { WorkRecord } from '../server/work-item.ts';
import type { JobRecord } from '../store/contract.ts';
import { previewOf } from './command-preview.ts';
import type { WorkView } from './work-views.ts';

export class WorkViews {
  /** What the commands of a piece of work look like, made again only when it has asked for more. */
  readonly #xml = new Map<number, { readonly gets: number; readonly text: string }>();

  of(job: JobRecord): WorkView {
    // It was written as one, perhaps by an earlier version that kept less of the progress, and is JSON-safe.
    const { id, spec, progress: kept, deviceId: _, ...shown } = job as unknown as WorkRecord;
    const progress = { ...NO_PROGRESS, ...kept };
    const { statuses, results, moreResults, unsent, asked, moreAsked, reads, refusedReads } = progress;
    return {
      ...shown,
      id: String(id),
      title: titleOfJob(spec),
      uris: urisOfJob(spec),
      commands: spec.kind === 'send' ? spec.commands : [],
      xml: this.#xmlOf(id, spec, progress),
      statuses,
      results,
      moreResults,
      unsent,
      reads: {
        answered: reads,
        refused: refusedReads,
        ...(asked.length > 0 && { asked }),
        ...(moreAsked > 0 && { moreAsked }),
      },
    };
  }

  #xmlOf(id: number, spec: JobSpec, { asked }: ProgressRecord): string {
    const known = this.#xml.get(id);
    if (known?.gets === asked.length) return known.text;
    const text = previewOf([...commandsOf(spec, asked.length > 0), ...asked.map(({ uri }) => getOf(uri))]).xml;
    this.#xml.set(id, { gets: asked.length, text });
    return text;
  }
}

/** A read begins with the node itself, whatever the device can. */
function commandsOf(spec: JobSpec, begun: boolean): readonly CommandInput[] {
  if (spec.kind === 'send') return spec.commands;
  return begun ? [] : [getOf(spec.uri)];
}

function getOf(uri: string): CommandInput {
  return { kind: 'get', uri };
}
