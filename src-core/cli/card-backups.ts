/** dmw card backups: what was on the card in the reader before it was written, and its removal. */
import { RequestError } from '../base/errors.ts';
import { identifyCard } from '../card/layout.ts';
import type { CardsRoom } from '../workbench/cards/room.ts';
import type { CardBackupView } from '../workbench/views.ts';
import { confirm } from './card-confirm.ts';
import { print } from './command.ts';

export interface BackupsOptions {
  /** Key of one, or `all`. */
  readonly delete?: string | undefined;
  readonly yes: boolean;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

export function iccidIn(room: CardsRoom, reader: string): Promise<string> {
  return room.withCard(reader, async connection => (await identifyCard(connection)).iccid);
}

export async function backups(room: CardsRoom, reader: string, options: BackupsOptions): Promise<void> {
  const iccid = await iccidIn(room, reader);
  const all = await room.backups(iccid);
  if (options.delete !== undefined) return remove(room, { iccid, all }, options.delete, options);
  print(options.json, { iccid, backups: all }, () =>
    all.length === 0 ? [`No backup of card ${iccid} is kept here.`] : all.map(lineOf),
  );
}

/** @throws RequestError `unknown-backup`, `not-confirmed`. */
async function remove(
  room: CardsRoom,
  { iccid, all }: { readonly iccid: string; readonly all: readonly CardBackupView[] },
  which: string,
  { yes, 'dry-run': dryRun, json }: BackupsOptions,
): Promise<void> {
  const chosen = which === 'all' ? all : all.filter(({ key }) => key === which);
  if (which !== 'all' && chosen.length === 0)
    throw new RequestError('unknown-backup', `no backup ${which} of card ${iccid} is kept here`, {
      advice: 'dmw card backups lists them',
    });
  const keys = chosen.map(({ key }) => key);
  if (dryRun) {
    print(json, { iccid, dryRun: true, backups: keys }, () => [...chosen.map(lineOf), 'Nothing was deleted.']);
    return;
  }
  if (!yes) await confirm(chosen.map(lineOf), `Delete ${backupWords(chosen.length)} of card ${iccid} for good?`);
  await room.removeBackups(iccid, which === 'all' ? undefined : which);
  print(json, { iccid, deleted: keys }, () => [`${backupWords(chosen.length)} of card ${iccid} deleted.`]);
}

function backupWords(count: number): string {
  return count === 1 ? '1 backup' : `${count} backups`;
}

function lineOf({ key, at, hasBootstrap, bootstrap = 'dm' }: CardBackupView): string {
  return `${key}  ${new Date(at).toISOString()}  ${hasBootstrap ? 'with' : 'without'} a ${bootstrap.toUpperCase()} bootstrap`;
}
