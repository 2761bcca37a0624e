/** Commands as they are planned, before they become SyncML: what a description has a say in. */
import { childUri, queriedUri } from '../uri.ts';

/** Plain JSON; what a person queues for a device fits it as it is. */
export type PlannedCommand =
  | {
      readonly kind: 'get';
      readonly uri: string;
      readonly list?: string | undefined;
      readonly prop?: string | undefined;
    }
  | { readonly kind: 'delete' | 'exec'; readonly uri: string }
  | {
      readonly kind: 'add' | 'replace';
      readonly uri: string;
      readonly format: string;
      readonly type?: string | undefined;
      /** Binary values as base64 text; absent for an interior node. */
      readonly value?: string | undefined;
    }
  | { readonly kind: 'replaceProperty'; readonly uri: string; readonly prop: string; readonly value: string }
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  | { readonly kind: 'atomic' | 'sequence'; readonly commands: readonly PlannedCommand[] }
  | { readonly kind: 'alert' };

export type SinglePlanned = Exclude<PlannedCommand, { readonly kind: 'atomic' | 'sequence' | 'alert' }>;

/** Commands in the order in which a device takes them, those of groups in their place. */
export function singles(commands: readonly PlannedCommand[]): SinglePlanned[] {
  return commands.flatMap((command): SinglePlanned[] => {
    if ('commands' in command) return singles(command.commands);
    return command.kind === 'alert' ? [] : [command];
  });
}

/** As they stand in the command, with what is asked of the node. */
export function writtenUris(command: SinglePlanned): string[] {
  switch (command.kind) {
    case 'copy':
      return [command.from, command.to];
    case 'get':
    case 'replaceProperty':
      return [queriedUri(command.uri, command)];
    default:
      return [command.uri];
  }
}

/** Where the node is once it has its new name; undefined where it keeps the one that it has. */
export function renamedUri(command: SinglePlanned): string | undefined {
  if (command.kind !== 'replaceProperty' || command.prop !== 'Name') return undefined;
  const parent = parentUri(command.uri);
  return parent === undefined ? undefined : childUri(parent, command.value);
}

export function parentUri(uri: string): string | undefined {
  return uri.includes('/') ? uri.slice(0, uri.lastIndexOf('/')) : undefined;
}

export type ProblemCode =
  | 'access-type'
  | 'case'
  | 'exists'
  | 'format'
  | 'name'
  | 'occurrence'
  | 'permanent'
  | 'type'
  | 'uri'
  | 'value';

/** What speaks against a command. */
export interface CommandProblem {
  readonly code: ProblemCode;
  /** Place of the command among all, those in groups counted one by one. */
  readonly command: number;
  readonly uri: string;
  readonly text: string;
  readonly advice: string;
  /**
   * `note`: the description is for no model in particular, and this device may allow more (StdObj §5.1.2); `warning`: it says
   * what this device does, or the command contradicts itself.
   */
  readonly severity: 'note' | 'warning';
  /** What a device that obeys the description answers. */
  readonly status: number;
  /** The description that says so; absent where none is needed. */
  readonly ddf?: string;
}
