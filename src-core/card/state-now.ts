/** What a backup keeps: the card as it was read right before the first change. */
import { fromHex, toHex } from '../base/bytes.ts';
import { withoutPadding } from './handset-view.ts';
import { leadsTo } from './layout.ts';
import type { CardState, Plan } from './planned.ts';
import { PROFILE_KINDS } from './profile-kind.ts';

/**
 * Undefined in the middle of a write: the backup of before is the one that counts.
 * @param found the files of the plan that are there, by path, whole.
 */
export function stateNow(plan: Plan, found: ReadonlyMap<string, Uint8Array>): CardState | undefined {
  const dodf = plan.files.find(({ role }) => role === 'dodf');
  const pointers = found.get(dodf?.path ?? '');
  if (dodf && pointers && toHex(pointers) !== dodf.before) return undefined;
  const document = plan.found === undefined ? undefined : documentOf(plan, pointers, found);
  return {
    ...(document !== undefined && { document }),
    files: [...found].map(([path, bytes]) => ({ path, bytes: toHex(bytes) })),
  };
}

/** The pointers are as they were: where they lead to a file that the plan leaves alone, it is as it was too. */
function documentOf(
  plan: Plan,
  pointers: Uint8Array | undefined,
  found: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  const kind = PROFILE_KINDS[plan.profile];
  const inUse = plan.files.find(
    ({ role, path }) =>
      (role === 'bootstrap' || role === 'left') && pointers && leadsTo(pointers, { path, base: plan.base, kind }),
  );
  const bytes = inUse && (found.get(inUse.path) ?? fromHex(inUse.before));
  return bytes ? toHex(withoutPadding(bytes)) : plan.found;
}
