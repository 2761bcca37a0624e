/** dmw card batch: a list of cards, provisioned as they are put into the readers. The list is checked as a whole before. */
import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError } from '../base/errors.ts';
import type { ReaderService } from '../card/reader.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { ListOptions } from '../workbench/cards/batch/intake.ts';
import { BatchesRoom } from '../workbench/cards/batch/room.ts';
import { type ListDefaults, PROFILE_VARIABLES, SECRET_VARIABLES } from '../workbench/cards/batch/template.ts';
import type { BatchPreview, BatchRowView, ListProblem, PlaceView } from '../workbench/cards/batch/views.ts';
import { CardsRoom } from '../workbench/cards/room.ts';
import { version } from '../workbench/version.ts';
import { databaseIn, print, untilStopped, usageError } from './command.ts';
import { readDocument } from './document.ts';

export interface BatchOptions {
  readonly file: string;
  /** `user=meter-{{iccid:-8}}`: for cells that are empty. */
  readonly set: readonly string[];
  /** None: all. */
  readonly readers: readonly string[];
  readonly server: string;
  /** A client provisioning document in the place of the account. */
  readonly cp: string | undefined;
  /** `present`: cards that do not tell how many tries their key has left get it presented, each once. */
  readonly unknownTries: string | undefined;
  /** File for what was said to the cards. */
  readonly trace: string | undefined;
  readonly data: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly usage: string;
  /** Opened only where cards are to be written. */
  readonly openReaders: () => Promise<ReaderService>;
}

/** @throws RequestError `list-faulty`, `batch-unfinished` (a card failed, or is not done). */
export async function runBatch(options: BatchOptions): Promise<void> {
  const text = await readFile(options.file, 'utf8').catch((cause: Error) => {
    throw new RequestError('list-unreadable', `${options.file} cannot be read: ${cause.message}`, { cause });
  });
  const list = await listOptions(options);
  const store = openSqliteStore(databaseIn(options.data));
  const random = (bytes: number) => Uint8Array.from(randomBytes(bytes));
  const ports = { store, now: Date.now, random };
  const serverUrl = options.server;
  const cards = new CardsRoom({ ...ports, newKey: () => '1' }, serverUrl);
  const by = `DM Workbench ${version}`;
  const room = new BatchesRoom({ ...ports, cards, serverUrl, sleep: ms => sleep(ms), by });
  try {
    if (options.dryRun) return await preview(room, text, list, options.json);
    const { key, cards: count, problems, resumed } = await room.importList(basename(options.file), text, list);
    tellProblems(problems);
    if (key === undefined) throw faulty(problems);
    process.stderr.write(`${count} cards${resumed ? ', going on with the batch of before' : ''}. Ctrl-C ends it.\n`);
    const service = await options.openReaders();
    try {
      cards.attach(service);
      await provision(room, key, options);
    } finally {
      await room.close();
      await service.close();
    }
    if (options.trace !== undefined) await keepTraces(room, key, options.trace);
    await report(room, key, options.json);
  } finally {
    await room.close();
    cards.close();
    await store.close();
  }
}

/** Until every card has a result, it halts, or a person ends it. */
async function provision(room: BatchesRoom, key: string, { readers }: BatchOptions): Promise<void> {
  const abort = new AbortController();
  untilStopped().then(() => abort.abort());
  await room.start(key, readers.length > 0 ? readers : undefined);
  const told = new Map<string, string>();
  for await (const { batches, running } of room.watch(abort.signal)) {
    for (const place of running?.places ?? []) tellPlace(told, place);
    if (running?.halt) {
      process.stderr.write(`HALTED: ${running.halt.reason}: lines ${running.halt.lines.join(', ')}\n`);
      break;
    }
    const counts = batches.find(batch => batch.key === key)?.counts;
    if (counts && counts.verified + counts.failed === counts.total) break;
  }
  await room.stop();
}

const WORDS: Readonly<Record<PlaceView['stage'], string>> = {
  empty: 'NEXT CARD',
  reading: 'reading',
  writing: 'writing',
  verifying: 'verifying',
  verified: 'DONE',
  'already-done': 'ALREADY DONE',
  'wrong-card': 'WRONG CARD',
  duplicate: 'DUPLICATE',
  interrupted: 'INTERRUPTED',
  failed: 'FAILED',
  halted: 'HALTED',
};

/** A line for every state that a reader comes to; a bell where somebody has to look. */
function tellPlace(told: Map<string, string>, { reader, stage, iccid, text, turn }: PlaceView): void {
  const state = `${turn} ${stage}`;
  if (told.get(reader) === state) return;
  told.set(reader, state);
  const bell = ['failed', 'wrong-card', 'duplicate', 'interrupted'].includes(stage) ? '\u0007' : '';
  process.stderr.write(`${reader}  ${WORDS[stage].padEnd(12)}  ${iccid ?? ''}  ${text}${bell}\n`);
}

async function report(room: BatchesRoom, key: string, json: boolean): Promise<void> {
  const rows = await allRows(room, key);
  const of = (state: BatchRowView['state']) => rows.filter(row => row.state === state).length;
  const [total, verified, failed] = [rows.length, of('verified'), of('failed')];
  print(json, { total, verified, failed, notDone: total - verified - failed, cards: rows }, () => [
    ...rows
      .filter(({ state }) => state !== 'verified')
      .map(row => `line ${row.line}  ${row.iccid}  ${row.state}  ${row.text}`),
    `${verified} of ${total} cards verified, ${failed} failed, ${total - verified - failed} not done.`,
  ]);
  if (verified === total) return;
  if (rows.some(({ code }) => code === 'adm-unknown')) process.stderr.write(`${UNKNOWN_TRIES}\n`);
  throw new RequestError('batch-unfinished', `${total - verified} of ${total} cards are not verified`, {
    advice: 'Run the same command again: cards that are done are left alone',
  });
}

const UNKNOWN_TRIES =
  'Cards that do not tell how many tries their key has left: --unknown-tries present presents it once to each.';

/** All cards of the batch, those of earlier runs too. */
async function keepTraces(room: BatchesRoom, key: string, path: string): Promise<void> {
  const form = path.endsWith('.json') ? 'json' : 'text';
  try {
    const file = await open(path, 'w');
    try {
      for (let from: number | undefined = 0; from !== undefined; ) {
        const part = await room.traces(key, form, from);
        await file.write(part.text);
        from = part.next;
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    process.stderr.write(`dmw: the trace cannot be written to ${path} (${code})\n`);
  }
}

async function allRows(room: BatchesRoom, key: string): Promise<readonly BatchRowView[]> {
  const abort = new AbortController();
  for await (const { rows } of room.watchRows(key, abort.signal)) {
    abort.abort();
    return rows;
  }
  return [];
}

/** What each card would get. Nothing is kept, no reader is touched. */
async function preview(room: BatchesRoom, text: string, options: ListOptions, json: boolean): Promise<void> {
  const list = await room.checkList(text, options);
  const { problems } = list;
  tellProblems(problems);
  if (problems.some(({ severity }) => severity === 'error')) throw faulty(problems);
  const previews = await room.previews(list, options);
  print(json, { dryRun: true, cards: previews }, () => [
    ...previews.map(row => `line ${row.line}  ${row.iccid}  ${contentWords(row)}  ${row.bytes} bytes`),
    `${previews.length} cards in the list. Nothing was written.`,
  ]);
}

function contentWords({ document, user, serverId, address }: BatchPreview): string {
  return document ?? [user, serverId, address].join('  ');
}

function tellProblems(problems: readonly ListProblem[]): void {
  for (const { line, column, text, severity } of problems)
    process.stderr.write(`line ${line}${column === undefined ? '' : `, ${column}`}: ${severity}: ${text}\n`);
}

function faulty(problems: readonly ListProblem[]): RequestError {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return new RequestError('list-faulty', `the list has ${errors === 1 ? 'an error' : `${errors} errors`}`, {
    advice: 'Mend the lines above: a list is taken as a whole, and nothing was written',
  });
}

async function listOptions(options: BatchOptions): Promise<ListOptions> {
  const { cp, set, unknownTries, usage } = options;
  if (unknownTries !== undefined && unknownTries !== 'present')
    throw usageError(usage, '--unknown-tries takes present, and nothing else');
  if (cp !== undefined && set.length > 0)
    throw usageError(usage, '--set is for the account of this server: what a CP document needs is in the list');
  return {
    defaults: defaultsOf(options),
    unknownTries: unknownTries === 'present',
    ...(cp !== undefined && { cp: { name: basename(cp), bytes: (await readDocument(cp)).bytes } }),
  };
}

function defaultsOf({ set, usage }: BatchOptions): ListDefaults {
  const allowed = PROFILE_VARIABLES.filter(name => !SECRET_VARIABLES.has(name));
  return Object.fromEntries(
    set.map(text => {
      const [, name, value] = /^(\w+)=(.+)$/s.exec(text) ?? [];
      const known = allowed.find(one => one === name);
      if (known && value !== undefined) return [known, value];
      throw usageError(
        usage,
        `--set takes ${allowed.join(', ')}, as in user=meter-{{iccid:-8}}; passwords go into the list`,
      );
    }),
  );
}
