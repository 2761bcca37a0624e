/** What a backup keeps: the card as it was read right before the first change. */
import { fromHex, toHex } from '../base/bytes.ts';
import { partOf } from '../encoding/pkcs15.ts';
import { withoutPadding } from './handset-view.ts';
import { objectFor } from './layout.ts';
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
  for (const { role, path, before } of plan.files) {
    if ((role !== 'bootstrap' && role !== 'left') || !pointers) continue;
    const object = objectFor(pointers, { path, base: plan.base, kind });
    if (object) return toHex(withoutPadding(partOf(found.get(path) ?? fromHex(before), object.part)));
  }
  return plan.found;
}
