/** dmw card: readers and cards on this machine. Whatever changes a card is planned, written and verified; a dry run ends with the plan. */
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { toHex } from '../base/bytes.ts';
import { CardError, RequestError } from '../base/errors.ts';
import { readFile } from '../card/file-access.ts';
import { identifyCard } from '../card/layout.ts';
import { openPcscReaders } from '../card/pcsc.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { isHttpAddress } from '../workbench/cards/batch/template.ts';
import { CardsRoom, THIS_SERVER } from '../workbench/cards/room.ts';
import type { CardSheetView, PlanView } from '../workbench/views.ts';
import { ask } from './ask.ts';
import { runBatch } from './card-batch.ts';
import { EXIT_CODES, exitCodeOf } from './card-exit.ts';
import { planLines, sheetLines } from './card-text.ts';
import { type Command, databaseIn, parse, print, reportError, usageError } from './command.ts';
import { readDocument } from './document.ts';

const usage = `card list | info | read FILE | backups
       card plan | verify  [--cp FILE]
       card write [--cp FILE] | erase [--bootstrap dm|cp] | restore [--backup KEY] [--bootstrap dm|cp]
            --adm KEY|- [--consent ICCID] [--yes] [--dry-run]
       card batch FILE.csv [--cp FILE] [--reader NAME]... [--set NAME=VALUE]... [--unknown-tries present] [--dry-run]
       [--reader NAME] [--server URL] [--data FOLDER] [--trace FILE] [--json]`;

const ACTIONS = ['list', 'info', 'read', 'plan', 'write', 'verify', 'erase', 'restore', 'backups', 'batch'];

/** What the action takes one file of. */
const FILES: Readonly<Record<string, string>> = {
  read: 'name one file, such as 3F002FE2',
  batch: 'name one list of cards, as CSV',
};

/** These change a card: asked for again, and only with its key. */
const CHANGES = ['write', 'erase', 'restore'];

interface Options {
  readonly cp?: string | undefined;
  readonly bootstrap?: string | undefined;
  readonly yes: boolean;
  readonly adm?: string | undefined;
  readonly consent?: string | undefined;
  readonly backup?: string | undefined;
  readonly trace?: string | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

export const command: Command = {
  usage,
  summary: 'Cards over PC/SC. Only write, erase, restore and batch change a card; the key may come from DMW_ADM.',
  help: [
    '--cp FILE     a client provisioning document, XML or WBXML, beside the DM bootstrap of the card;',
    '              in a batch with placeholders: {{iccid}}, {{iccid:-8}} and any column of the list',
    '--unknown-tries present',
    '              in a batch: cards that do not tell how many tries their key has left get it presented, each once',
    '--yes         do not ask before the card is changed; needed where there is no terminal',
    '--dry-run     plan only: nothing is written, no key is presented',
    '--trace FILE  what was said to the card: JSON for FILE.json, else lines; without keys and passwords',
    ...EXIT_CODES,
  ],
  async run(args) {
    try {
      await run(args);
    } catch (error) {
      reportError(error);
      process.exitCode = exitCodeOf(error);
    }
  },
};

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args, usage, {
    reader: { type: 'string', multiple: true, default: [] },
    set: { type: 'string', multiple: true, default: [] },
    server: { type: 'string', default: 'http://127.0.0.1:8080/dm' },
    adm: { type: 'string' },
    consent: { type: 'string' },
    backup: { type: 'string' },
    cp: { type: 'string' },
    'unknown-tries': { type: 'string' },
    bootstrap: { type: 'string' },
    yes: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    trace: { type: 'string' },
    data: { type: 'string' },
  });
  const [action, file, ...more] = positionals;
  if (action === undefined || !ACTIONS.includes(action))
    throw usageError(usage, action === undefined ? 'say what to do' : `there is no card ${action}`);
  if (more.length > 0 || (file !== undefined) !== action in FILES)
    throw usageError(usage, FILES[action] ?? `unexpected ${file}`);
  const { reader: readers, set, server, data, json } = values;
  if (!isHttpAddress(server)) throw usageError(usage, '--server is the http or https address of a DM server');
  if (action === 'batch' && file !== undefined) {
    checkBatchOptions(values);
    const { cp, trace, 'dry-run': dryRun, 'unknown-tries': unknownTries } = values;
    const what = { file, cp, readers, set, server, unknownTries, trace, data, json, dryRun, usage };
    return runBatch({ ...what, openReaders: openPcscReaders });
  }
  checkOptions(action, values);
  if (readers.length > 1 || set.length > 0) throw usageError(usage, `card ${action} takes one reader and no --set`);
  if (values['unknown-tries'] !== undefined) throw usageError(usage, `card ${action} takes no --unknown-tries`);
  const service = await openPcscReaders();
  const store = openSqliteStore(databaseIn(values.data));
  const random = (bytes: number) => Uint8Array.from(randomBytes(bytes));
  const room = new CardsRoom({ store, now: Date.now, random, newKey: randomUUID }, values.server);
  room.attach(service);
  let used: string | undefined;
  try {
    if (action === 'list') return await list(service, values.json);
    const reader = readers[0] ?? (await firstWithCard(service));
    used = reader;
    switch (action) {
      case 'info':
        return info(await room.sheet(reader), values.json);
      case 'read':
        return await read(room, reader, file ?? '', values.json);
      case 'plan':
        return plan(await profilePlan(room, reader, values.cp), values.json);
      case 'backups':
        return await backups(room, reader, values.json);
      case 'verify':
        return await verify(room, reader, values);
      default:
        return await change(room, await planFor(action, room, reader, values), values);
    }
  } finally {
    if (values.trace !== undefined && used !== undefined) await keepTrace(room, used, values.trace);
    room.close();
    await service.close();
    await store.close();
  }
}

type Service = Awaited<ReturnType<typeof openPcscReaders>>;

async function list(service: Service, json: boolean): Promise<void> {
  const readers = (await service.readers()).map(({ name, state, atr }) => ({
    name,
    state,
    atr: atr ? Buffer.from(atr).toString('hex').toUpperCase() : null,
  }));
  print(json, { readers }, () =>
    readers.length === 0
      ? ['No reader is plugged in.']
      : readers.map(({ name, state, atr }) => `${name}  ${state}  ${atr ?? ''}`),
  );
}

async function firstWithCard(service: Service): Promise<string> {
  const found = (await service.readers()).find(reader => reader.state === 'present');
  if (found) return found.name;
  throw new CardError('no-card', 'no reader holds a card', { advice: 'Insert a card, or name a reader with --reader' });
}

function checkOptions(action: string, { cp, bootstrap, yes, 'dry-run': dryRun, adm }: Options): void {
  if (cp !== undefined && !['plan', 'write', 'verify'].includes(action))
    throw usageError(usage, `card ${action} takes no --cp`);
  if (bootstrap !== undefined && !(['erase', 'restore'].includes(action) && ['dm', 'cp'].includes(bootstrap)))
    throw usageError(usage, '--bootstrap is dm or cp, and goes with erase and restore');
  if (!CHANGES.includes(action) || yes || dryRun || (asksHere() && adm !== '-')) return;
  throw new RequestError('not-confirmed', `card ${action} changes the card, and nobody can be asked here`, {
    advice: 'Look at it with --dry-run, then say --yes',
  });
}

/** What the list says, or nothing of a batch, is not taken from the command line and passed over. */
function checkBatchOptions(values: Options): void {
  const ignored = (['bootstrap', 'adm', 'consent', 'backup'] as const).filter(name => values[name] !== undefined);
  if (ignored.length > 0) throw usageError(usage, `card batch takes no --${ignored.join(', no --')}`);
  if (values['dry-run'] && values.trace !== undefined)
    throw usageError(usage, 'a dry run of a batch touches no card: there is nothing to trace');
}

/** Standard output may go into a file: the question does not. */
function asksHere(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

function info(sheet: CardSheetView, json: boolean): void {
  print(json, sheet, () => sheetLines(sheet));
}

/** @throws CardError `update-locked` after the plan is printed, where it cannot be written. */
function plan(view: PlanView, json: boolean): void {
  print(json, view, () => [...planLines(view), 'Nothing was written.']);
  const lock = view.hindrances?.find(({ blocks }) => blocks);
  if (!lock) return;
  throw new CardError('update-locked', `${lock.what} ${lock.path} cannot be changed: ${lock.reason}`, {
    advice: 'The card issuer must change its access rules',
  });
}

function planFor(action: string, room: CardsRoom, reader: string, options: Options): Promise<PlanView> {
  if (action === 'erase') return room.planErase(reader, options.bootstrap === 'cp' ? 'cp' : 'dm');
  return action === 'restore' ? restorePlan(room, reader, options) : profilePlan(room, reader, options.cp);
}

async function profilePlan(room: CardsRoom, reader: string, cp: string | undefined): Promise<PlanView> {
  if (cp === undefined) return room.plan(reader, THIS_SERVER);
  return room.planCp(reader, (await readDocument(cp)).bytes, basename(cp));
}

/** Without a key the newest backup of the card in the reader. */
async function restorePlan(room: CardsRoom, reader: string, { backup, bootstrap }: Options): Promise<PlanView> {
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

/** A dry run changes nothing, presents no key and ends as what it is. */
async function change(room: CardsRoom, view: PlanView, options: Options): Promise<void> {
  if (options['dry-run']) return plan(view, options.json);
  const consent = options.consent === undefined ? undefined : { iccid: options.consent };
  const { reader, iccid } = view;
  if (!options.yes) await confirm(view);
  const { stage, message, bytesWritten } = await room.write(view.id, await admKey(options.adm), consent);
  print(options.json, { iccid, reader, stage, bytesWritten, apdus: room.apdus(reader) }, () => [
    `${message}, verified: ${bytesWritten} bytes written, ${room.apdus(reader)} commands in all`,
  ]);
}

/** @throws RequestError `not-confirmed` */
async function confirm(view: PlanView): Promise<void> {
  process.stderr.write(`${planLines(view).join('\n')}\n`);
  const answer = await ask(`Change card ${view.iccid}? Type yes: `);
  if (answer?.trim().toLowerCase() === 'yes') return;
  throw new RequestError('not-confirmed', 'nothing was written');
}

async function keepTrace(room: CardsRoom, reader: string, path: string): Promise<void> {
  const { text: content } = room.trace(reader, path.endsWith('.json') ? 'json' : 'text');
  await writeFile(path, content).catch((cause: NodeJS.ErrnoException) => {
    process.stderr.write(`dmw: the trace cannot be written to ${path} (${cause.code})\n`);
  });
}

function iccidIn(room: CardsRoom, reader: string): Promise<string> {
  return room.withCard(reader, async connection => (await identifyCard(connection)).iccid);
}

async function read(room: CardsRoom, reader: string, path: string, json: boolean): Promise<void> {
  if (!/^(3F00([0-9A-F]{4})*|([0-9A-F]{4})+)$/i.test(path))
    throw usageError(usage, `${path} is no path of a file, such as 3F002FE2`);
  const bytes = await room.withCard(reader, async connection =>
    readFile((await identifyCard(connection)).channel, path.toUpperCase()),
  );
  print(json, { reader, path, size: bytes.length, bytes: toHex(bytes) }, () => toHex(bytes).match(/.{1,64}/g) ?? []);
}

async function backups(room: CardsRoom, reader: string, json: boolean): Promise<void> {
  const iccid = await iccidIn(room, reader);
  const all = await room.backups(iccid);
  print(json, { iccid, backups: all }, () =>
    all.length === 0
      ? [`No backup of card ${iccid} is kept here.`]
      : all.map(
          ({ key, at, hasBootstrap, bootstrap = 'dm' }) =>
            `${key}  ${new Date(at).toISOString()}  ${hasBootstrap ? 'with' : 'without'} a ${bootstrap.toUpperCase()} bootstrap`,
        ),
  );
}

/** The card must be just as a plan of now would leave it. */
async function verify(room: CardsRoom, reader: string, { cp, json }: Options): Promise<void> {
  const { id, iccid, apdusToWrite } = await profilePlan(room, reader, cp);
  const what = cp === undefined ? 'the bootstrap of this server' : `the bootstrap of ${basename(cp)}`;
  if (apdusToWrite > 0) {
    throw new CardError('not-as-planned', `card ${iccid} does not carry ${what}`, {
      advice: 'dmw card plan shows what differs; dmw card write writes it',
    });
  }
  await room.verify(id);
  print(json, { iccid, reader, stage: 'verified' }, () => [`Card ${iccid} carries ${what}`]);
}

/** From the option, `-` for standard input, or DMW_ADM, which other people's process lists do not show. */
async function admKey(option: string | undefined): Promise<string> {
  const key = option === '-' ? (await text(process.stdin)).trim() : (option ?? process.env.DMW_ADM);
  if (key) return key;
  throw usageError(usage, 'writing needs the ADM key of the card');
}
