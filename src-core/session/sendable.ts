/**
 * What a server never sends, whoever asks for it: commands that break OMA-TS-DM_RepPro-V1_2_1 §6.6 or name no node
 * (OMA-TS-DM_Protocol-V1_2_1 §5, TND §5). Returns what is wrong, if anything is.
 */
import { ProtocolError } from '../base/errors.ts';
import type { Draft, Item, Meta } from '../syncml/message.ts';
import { parseAcl } from '../tree/acl.ts';
import { parseUri } from '../tree/uri.ts';
import { firstFault, serverAlertFault } from './alert-form.ts';

type ItemDraft = Extract<Draft, { readonly items: readonly Item[] }>;

export function serverFault(draft: Draft): string | undefined {
  switch (draft.kind) {
    case 'Status':
    case 'Results':
      return undefined;
    case 'Atomic':
    case 'Sequence':
      return groupFault(draft);
    case 'Alert':
      return serverAlertFault(draft);
    default:
      if (draft.items.length === 0) return `${draft.kind} has no Item`;
      return firstFault(draft.items, item => itemFault(draft, item));
  }
}

/** An Exec cannot be undone; the others are not legal there (RepPro §6.6.3, §6.6.6). */
const NOT_IN_ATOMIC: ReadonlySet<Draft['kind']> = new Set(['Atomic', 'Exec', 'Get']);

function groupFault({ kind, commands }: Extract<Draft, { kind: 'Atomic' | 'Sequence' }>): string | undefined {
  if (commands.length === 0) return `${kind} has no command`;
  const stranger = kind === 'Atomic' && commands.find(inner => NOT_IN_ATOMIC.has(inner.kind));
  if (stranger) return `${stranger.kind} stands in no Atomic`;
  return firstFault(commands, serverFault);
}

function itemFault(draft: ItemDraft, item: Item): string | undefined {
  const { kind } = draft;
  const meta: Meta = { ...('meta' in draft && draft.meta), ...item.meta };
  const places = kind === 'Copy' ? [item.source?.uri, item.target?.uri] : [item.target?.uri];
  const fault = firstFault(places, uriFault);
  if (fault !== undefined) return fault;
  if (kind !== 'Add' && kind !== 'Replace') return undefined;
  if (kind === 'Add' && meta.format === undefined) return 'an Add does not say the format of its node';
  if (item.data === undefined && meta.format !== 'node' && meta.format !== 'null') return `${kind} has no Data`;
  return item.target?.uri.endsWith('?prop=ACL') ? faultOf(() => parseAcl(String(item.data))) : undefined;
}

/** Full URIs only: from the root. */
function uriFault(uri: string | undefined): string | undefined {
  if (uri === undefined) return 'an Item names no node';
  if (!/^\.(\/|\?|$)/.test(uri)) return `${JSON.stringify(uri)} does not begin at the root`;
  return faultOf(() => parseUri(uri));
}

function faultOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
}
