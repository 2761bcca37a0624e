/** A job as data: what is kept in the store until a session does it. */
import type { ReadingAbilities } from '../reading-abilities.ts';
import type { TreeSink } from '../readings.ts';
import { type CommandInput, titleOf, urisOf } from './command-input.ts';
import type { DeviceJob } from './job.ts';
import type { Progress } from './progress.ts';
import { ReadSubtree } from './read-subtree.ts';
import { SendCommands } from './send-commands.ts';

export type JobSpec =
  | { readonly kind: 'read'; readonly uri: string }
  | { readonly kind: 'send'; readonly commands: readonly CommandInput[]; readonly thenRead: boolean };

/** What jobs of a device share. */
export interface JobPorts {
  readonly sink: TreeSink;
  readonly abilities: ReadingAbilities;
}

export function jobOf(spec: JobSpec, { sink, abilities }: JobPorts, progress: Progress): DeviceJob {
  return spec.kind === 'read'
    ? new ReadSubtree(spec.uri, sink, abilities, progress)
    : new SendCommands(spec.commands, sink, { thenRead: spec.thenRead, abilities, progress });
}

/** For people. */
export function titleOfJob(spec: JobSpec): string {
  if (spec.kind === 'read') return `read ${spec.uri} and all below`;
  const [first, ...more] = spec.commands.map(titleOf);
  return more.length === 0 ? (first ?? 'nothing') : `${first} and ${more.length} more`;
}

export function urisOfJob(spec: JobSpec): string[] {
  return spec.kind === 'read' ? [spec.uri] : [...new Set(spec.commands.flatMap(urisOf))];
}
