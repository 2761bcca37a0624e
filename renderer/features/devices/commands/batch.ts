/** Several commands that go out together: as they are, as a Sequence, or as an Atomic. Pure. */
import type { CommandInput } from '../../../../src-core/workbench/work-views.ts';
import { refuseInAtomic, type SingleDraft } from './draft.ts';

export type BatchForm = 'each' | 'sequence' | 'atomic';

export interface Batch {
  readonly form: BatchForm;
  /** Keys stay with their commands when they are moved. */
  readonly entries: readonly { readonly key: number; readonly draft: SingleDraft }[];
}

export const EMPTY_BATCH: Batch = { form: 'sequence', entries: [] };

export function addToBatch(batch: Batch, draft: SingleDraft): Batch {
  const key = 1 + Math.max(0, ...batch.entries.map(entry => entry.key));
  return { ...batch, entries: [...batch.entries, { key, draft }] };
}

export function removeFromBatch(batch: Batch, key: number): Batch {
  return { ...batch, entries: batch.entries.filter(entry => entry.key !== key) };
}

/** One place up (-1) or down (1); at an end it stays. */
export function moveInBatch(batch: Batch, key: number, by: 1 | -1): Batch {
  const from = batch.entries.findIndex(entry => entry.key === key);
  const to = from + by;
  const entry = batch.entries[from];
  if (!entry || to < 0 || to >= batch.entries.length) return batch;
  const entries = batch.entries.toSpliced(from, 1).toSpliced(to, 0, entry);
  return { ...batch, entries };
}

/** The commands as they are sent. */
export function commandsOf({ form, entries }: Batch): CommandInput[] {
  const commands = entries.map(entry => entry.draft);
  if (form === 'each' || commands.length === 0) return commands;
  return [{ kind: form, commands }];
}

/** Why the batch cannot be sent as it is. */
export function refuseBatch({ form, entries }: Batch): string | undefined {
  if (entries.length === 0) return 'There is no command in it.';
  if (form !== 'atomic') return undefined;
  const refusal = entries.map(entry => refuseInAtomic(entry.draft)).find(Boolean);
  return refusal && `${refusal}. Send it as a Sequence, or remove it.`;
}
