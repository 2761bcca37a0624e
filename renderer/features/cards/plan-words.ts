/** A card plan in a person's words. Pure. */
import type { PlanView } from '../../../src-core/workbench/views.ts';
import { formatWait } from '../../components/format.ts';

export const BOOTSTRAP_NAMES = { dm: 'DM bootstrap', cp: 'CP bootstrap' } as const;

export type BootstrapId = keyof typeof BOOTSTRAP_NAMES;

type PlannedFile = PlanView['files'][number];

export function changesOf(plan: PlanView): number {
  return plan.files.filter(file => file.change !== 'unchanged').length;
}

/** Why the plan cannot be written at all; undefined where it can. */
export function blockerOf({ hindrances = [] }: PlanView): string | undefined {
  const found = hindrances.find(({ blocks }) => blocks);
  return found && `${found.what} ${found.path} cannot be changed: ${found.reason}.`;
}

/** `update with ADM1 · read by all`; undefined where the card does not say. */
export function accessWords({ access }: PlannedFile): string | undefined {
  return access && `update ${needs(access.update)} · read ${needs(access.read)}`;
}

function needs(condition: string): string {
  if (condition === 'always') return 'by all';
  return condition === 'never' ? 'never' : `with ${condition}`;
}

/** An estimate says no more than whole seconds. */
export function aboutTime(ms: number): string {
  return `about ${formatWait(Math.max(1000, Math.round(ms / 1000) * 1000))}`;
}

const NOTHING_TO_DO: Readonly<Record<PlanView['kind'], (name: string) => string>> = {
  provision: name => `The card already carries exactly this ${name}: there is nothing to write.`,
  erase: name => `The card carries no ${name}: there is nothing to erase.`,
  restore: () => 'The card is as the backup has it: there is nothing to put back.',
};

export function nothingToDo({ kind, bootstrap = 'dm' }: PlanView): string {
  return NOTHING_TO_DO[kind](BOOTSTRAP_NAMES[bootstrap]);
}

const DONE: Readonly<Record<PlanView['kind'], (name: string) => string>> = {
  provision: name => `carries the ${name}.`,
  erase: name => `carries no ${name} any more.`,
  restore: () => 'is as the backup has it.',
};

/** What a verified card is, after `Card 8988…`. */
export function doneWords({ kind, bootstrap = 'dm' }: PlanView): string {
  return DONE[kind](BOOTSTRAP_NAMES[bootstrap]);
}

export const FAILED_WORDS: Readonly<Record<PlanView['kind'], string>> = {
  provision: 'Not provisioned',
  erase: 'Not erased',
  restore: 'Not restored',
};
