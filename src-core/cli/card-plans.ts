/** dmw card: the plan that an action makes, and what is said of an earlier write that was broken off. */
import { basename } from 'node:path';
import { CardError } from '../base/errors.ts';
import { type CardsRoom, THIS_SERVER } from '../workbench/cards/room.ts';
import type { PlanView, UnfinishedView } from '../workbench/views.ts';
import { iccidIn } from './card-backups.ts';
import { readDocument } from './document.ts';

export interface PlanChoice {
  readonly cp?: string | undefined;
  readonly bootstrap?: string | undefined;
  readonly backup?: string | undefined;
}

export async function planFor(action: string, room: CardsRoom, reader: string, choice: PlanChoice): Promise<PlanView> {
  const bootstrap = choice.bootstrap === 'cp' ? 'cp' : choice.bootstrap === 'dm' ? 'dm' : undefined;
  if (action === 'resume') return room.planResume(reader, bootstrap);
  const view = await newPlan(action, room, reader, choice);
  for (const line of unfinishedNotes(await room.unfinished(view.iccid), view)) process.stderr.write(`dmw: ${line}\n`);
  return view;
}

export async function profilePlan(room: CardsRoom, reader: string, cp: string | undefined): Promise<PlanView> {
  if (cp === undefined) return room.plan(reader, THIS_SERVER);
  return room.planCp(reader, (await readDocument(cp)).bytes, basename(cp));
}

/** A write of another kind, or of the other bootstrap, that the plan does not go on with. */
function unfinishedNotes(unfinished: readonly UnfinishedView[], { bootstrap, kind, profile }: PlanView): string[] {
  return unfinished
    .filter(one => one.bootstrap !== bootstrap || one.kind !== kind || one.profile !== profile)
    .map(one => {
      const what = `a write of this card was broken off on ${new Date(one.at).toISOString()} (${unfinishedWords(one)})`;
      const same = one.bootstrap === bootstrap;
      return `${what}; ${same ? 'this plan takes its place' : `dmw card resume --bootstrap ${one.bootstrap} completes it`}`;
    });
}

export function unfinishedWords({ bootstrap, profile }: UnfinishedView): string {
  return `${bootstrap.toUpperCase()}: ${profile}`;
}

function newPlan(action: string, room: CardsRoom, reader: string, choice: PlanChoice): Promise<PlanView> {
  if (action === 'erase') return room.planErase(reader, choice.bootstrap === 'cp' ? 'cp' : 'dm');
  return action === 'restore' ? restorePlan(room, reader, choice) : profilePlan(room, reader, choice.cp);
}

/** Without a key the newest backup of the card in the reader. */
async function restorePlan(room: CardsRoom, reader: string, { backup, bootstrap }: PlanChoice): Promise<PlanView> {
  const all = backup === undefined ? await room.backups(await iccidIn(room, reader)) : [];
  const own = all.filter(one => bootstrap === undefined || one.bootstrap === bootstrap);
  // A write that was cut while there was no bootstrap keeps one of nothing: it is not what is missed.
  const newest = own.find(({ hasBootstrap }) => hasBootstrap) ?? own[0];
  const chosen = backup ?? newest?.key;
  if (chosen !== undefined) return room.planRestore(reader, chosen);
  throw new CardError('no-backup', 'no backup of this card is kept here', {
    advice: 'Backups are made when a card is written; --data names another folder',
  });
}
