/** Commands as they are drafted on the page: how each is called, and what it is about. Pure. */
import type { CommandInput } from '../../../../src-core/workbench/work-views.ts';

/** Commands of one node, and questions to a person: what may stand in an Atomic or Sequence. */
export type SingleDraft = Exclude<CommandInput, { readonly kind: 'atomic' | 'sequence' }>;

const NAMES: Readonly<Record<CommandInput['kind'], string>> = {
  get: 'Get',
  replace: 'Replace',
  replaceProperty: 'Replace',
  add: 'Add',
  delete: 'Delete',
  copy: 'Copy',
  exec: 'Exec',
  alert: 'Alert',
  atomic: 'Atomic',
  sequence: 'Sequence',
};

/** Name of its SyncML element. */
export const commandName = ({ kind }: CommandInput): string => NAMES[kind];

/** What stands beside the name: the URI as it is sent, with what is asked of it. */
export function subjectOf(draft: CommandInput): string {
  switch (draft.kind) {
    case 'get':
      return draft.uri + (draft.list ? `?list=${draft.list}` : draft.prop ? `?prop=${draft.prop}` : '');
    case 'replaceProperty':
      return `${draft.uri}?prop=${draft.prop}`;
    case 'copy':
      return `${draft.from} → ${draft.to}`;
    case 'alert':
      return draft.ask.text;
    case 'atomic':
    case 'sequence':
      return `${draft.commands.length} commands`;
    default:
      return draft.uri;
  }
}

/** Node that it is about; of a copy the new one. */
export function uriOf(draft: CommandInput): string | undefined {
  if ('uri' in draft) return draft.uri;
  return draft.kind === 'copy' ? draft.to : undefined;
}

/** Why it may not stand in an Atomic: it could not be undone, or asks for more than a change (DM RepPro §6.6.3, §6.6.6). */
export function refuseInAtomic(draft: SingleDraft): string | undefined {
  if (draft.kind === 'get') return 'A Get stands in no Atomic';
  return draft.kind === 'exec' ? 'An Exec stands in no Atomic: it cannot be undone' : undefined;
}
