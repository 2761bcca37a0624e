/** dmw card: readers and cards on this machine. Whatever changes a card is planned, written and verified; a dry run ends with the plan. */
import { randomBytes, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { toHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { readFile } from '../card/file-access.ts';
import { identifyCard } from '../card/layout.ts';
import { openPcscReaders } from '../card/pcsc.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { CardsRoom, THIS_SERVER } from '../workbench/cards/room.ts';
import type { CardSheetView, PlanView } from '../workbench/views.ts';
import { runBatch } from './card-batch.ts';
import { type Command, databaseIn, parse, print, usageError } from './command.ts';

const usage = `card list | info | read FILE | plan | verify | backups
       card batch FILE.csv [--reader NAME]... [--set NAME=VALUE]... [--dry-run]
       card write | erase | restore [--backup KEY]  --adm KEY|- [--consent ICCID] [--dry-run]
       [--reader NAME] [--server URL] [--data FOLDER] [--json]`;

const ACTIONS = ['list', 'info', 'read', 'plan', 'write', 'verify', 'erase', 'restore', 'backups', 'batch'];

/** What the action takes one file of. */
const FILES: Readonly<Record<string, string>> = {
  read: 'name one file, such as 3F002FE2',
  batch: 'name one list of cards, as CSV',
};

interface Options {
  readonly adm?: string | undefined;
  readonly consent?: string | undefined;
  readonly backup?: string | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

export const command: Command = {
  usage,
  summary:
    'Cards over PC/SC. Only write, erase, restore and batch change a card; the key may come from DMW_ADM. Exit code of a batch: 0 only when every card is verified.',
  async run(args) {
    const { values, positionals } = parse(args, usage, {
      reader: { type: 'string', multiple: true, default: [] },
      set: { type: 'string', multiple: true, default: [] },
      server: { type: 'string', default: 'http://127.0.0.1:8080/dm' },
      adm: { type: 'string' },
      consent: { type: 'string' },
      backup: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      data: { type: 'string' },
    });
    const [action, file, ...more] = positionals;
    if (action === undefined || !ACTIONS.includes(action))
      throw usageError(usage, action === undefined ? 'say what to do' : `there is no card ${action}`);
    if (more.length > 0 || (file !== undefined) !== action in FILES)
      throw usageError(usage, FILES[action] ?? `unexpected ${file}`);
    const { reader: readers, set, server, data, json } = values;
    if (action === 'batch' && file !== undefined) {
      const dryRun = values['dry-run'];
      return runBatch({ file, readers, set, server, data, json, dryRun, usage, openReaders: openPcscReaders });
    }
    if (readers.length > 1 || set.length > 0) throw usageError(usage, `card ${action} takes one reader and no --set`);
    const service = await openPcscReaders();
    const store = openSqliteStore(databaseIn(values.data));
    const random = (bytes: number) => Uint8Array.from(randomBytes(bytes));
    const room = new CardsRoom({ store, now: Date.now, random, newKey: randomUUID }, values.server);
    room.attach(service);
    try {
      if (action === 'list') return await list(service, values.json);
      const reader = readers[0] ?? (await firstWithCard(service));
      switch (action) {
        case 'info':
          return info(await room.sheet(reader), values.json);
        case 'read':
          return await read(room, reader, file ?? '', values.json);
        case 'plan':
          return plan(await room.plan(reader, THIS_SERVER), values.json);
        case 'backups':
          return await backups(room, reader, values.json);
        case 'verify':
          return await verify(room, reader, values.json);
        default:
          return await change(room, await planFor(action, room, reader, values), values);
      }
    } finally {
      room.close();
      await service.close();
      await store.close();
    }
  },
};

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

function info(sheet: CardSheetView, json: boolean): void {
  print(json, sheet, () => [
    `Reader  ${sheet.reader}`,
    `ATR     ${sheet.atr}`,
    ...sheet.atrWords.map(words => `        ${words}`),
    `ICCID   ${sheet.iccid}`,
    ...sheet.applications.map(({ aid, label }) => `App     ${aid}  ${label}`),
    ...sheet.files.map(({ path, what, used, size }) => `File    ${path}  ${what}  ${used} of ${size} bytes`),
    sheet.bootstrap
      ? `DM now  ${sheet.bootstrap.serverId}  ${sheet.bootstrap.serverUrl}  ${sheet.bootstrap.bytes} bytes`
      : 'DM now  no bootstrap',
    `ADM1    ${sheet.admTriesLeft ?? 'unknown'} tries left`,
  ]);
}

function plan(view: PlanView, json: boolean): void {
  const marks = { same: ' ', old: '-', new: '+', note: '@' } as const;
  print(json, view, () => [
    `Card ${view.iccid} in ${view.reader}: ${view.apdusToWrite} commands to write, ${view.apdusToVerify} to verify`,
    ...view.files.map(file => `${file.path}  ${file.what}  ${file.onCard} → ${file.willBe} bytes  ${file.change}`),
    ...view.diff.map(line => `${marks[line.kind]} ${line.text}`),
    ...(view.gap ? ['While it is written the card has no bootstrap: it has no room for two.'] : []),
    'Nothing was written.',
  ]);
}

function planFor(action: string, room: CardsRoom, reader: string, { backup }: Options): Promise<PlanView> {
  if (action === 'erase') return room.planErase(reader);
  return action === 'restore' ? restorePlan(room, reader, backup) : room.plan(reader, THIS_SERVER);
}

/** Without a key the newest backup of the card in the reader. */
async function restorePlan(room: CardsRoom, reader: string, key: string | undefined): Promise<PlanView> {
  const [newest] = key === undefined ? await room.backups(await iccidIn(room, reader)) : [];
  const chosen = key ?? newest?.key;
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
  const { stage, message, bytesWritten } = await room.write(view.id, await admKey(options.adm), consent);
  print(options.json, { iccid, reader, stage, bytesWritten, apdus: room.apdus(reader) }, () => [
    `${message}, verified: ${bytesWritten} bytes written, ${room.apdus(reader)} commands in all`,
  ]);
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
          ({ key, at, hasBootstrap }) =>
            `${key}  ${new Date(at).toISOString()}  ${hasBootstrap ? 'with a bootstrap' : 'without a bootstrap'}`,
        ),
  );
}

/** The card must be just as a plan of now would leave it. */
async function verify(room: CardsRoom, reader: string, json: boolean): Promise<void> {
  const { id, iccid, apdusToWrite } = await room.plan(reader, THIS_SERVER);
  if (apdusToWrite > 0) {
    throw new CardError('not-as-planned', `card ${iccid} does not carry the bootstrap of this server`, {
      advice: 'dmw card plan shows what differs; dmw card write writes it',
    });
  }
  await room.verify(id);
  print(json, { iccid, reader, stage: 'verified' }, () => [`Card ${iccid} carries the bootstrap of this server`]);
}

/** From the option, `-` for standard input, or DMW_ADM, which other people's process lists do not show. */
async function admKey(option: string | undefined): Promise<string> {
  const key = option === '-' ? (await text(process.stdin)).trim() : (option ?? process.env.DMW_ADM);
  if (key) return key;
  throw usageError(usage, 'writing needs the ADM key of the card');
}
