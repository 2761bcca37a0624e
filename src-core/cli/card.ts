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
import type { PresentConsent } from '../workbench/cards/refused-keys.ts';
import { CardsRoom } from '../workbench/cards/room.ts';
import type { PlanView } from '../workbench/views.ts';
import { backups } from './card-backups.ts';
import { runBatch } from './card-batch.ts';
import { asksHere, confirm } from './card-confirm.ts';
import { EXIT_CODES, exitCodeOf } from './card-exit.ts';
import { pinOf } from './card-pin.ts';
import { planFor, profilePlan, unfinishedWords } from './card-plans.ts';
import { planLines, sheetLines } from './card-text.ts';
import { type Command, databaseIn, parse, print, reportError, usageError } from './command.ts';

const usage = `card list | info | read FILE | backups [--delete KEY|all] [--yes]
       card plan | verify  [--cp FILE]
       card write [--cp FILE] | erase [--bootstrap dm|cp] | restore [--backup KEY] [--bootstrap dm|cp]
            | resume [--bootstrap dm|cp]  --adm KEY|- [--consent ICCID[:TIMES]] [--yes] [--dry-run]
       card batch FILE.csv [--cp FILE] [--reader NAME]... [--set NAME=VALUE]... [--unknown-tries present] [--dry-run]
       [--reader NAME] [--pin PIN1|-] [--server URL] [--data FOLDER] [--trace FILE] [--json]`;

const ACTIONS = ['list', 'info', 'read', 'plan', 'write', 'verify', 'erase', 'restore', 'resume', 'backups', 'batch'];

/** What the action takes one file of. */
const FILES: Readonly<Record<string, string>> = {
  read: 'name one file, such as 3F002FE2',
  batch: 'name one list of cards, as CSV',
};

/** These change a card: asked for again, and only with its key. */
const CHANGES = ['write', 'erase', 'restore', 'resume'];

interface Options {
  readonly cp?: string | undefined;
  readonly bootstrap?: string | undefined;
  readonly yes: boolean;
  readonly adm?: string | undefined;
  readonly consent?: string | undefined;
  readonly pin?: string | undefined;
  readonly backup?: string | undefined;
  readonly delete?: string | undefined;
  readonly trace?: string | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

export const command: Command = {
  usage,
  summary:
    'Cards over PC/SC. Only write, erase, restore, resume and batch change a card; the key may come from DMW_ADM.',
  help: [
    '--cp FILE     a client provisioning document, XML or WBXML, beside the DM bootstrap of the card;',
    '              in a batch with placeholders: {{iccid}}, {{iccid:-8}} and any column of the list',
    '--unknown-tries present',
    '              in a batch: cards that do not tell how many tries their key has left get it presented, each once',
    'resume        completes a write of the card in the reader that was broken off, also by an earlier run',
    '--consent     a person takes it on for this card: its last try, or a card that does not tell its tries;',
    '              ICCID:TIMES a key whose answer was lost, after it was presented so often: each word counts once',
    '--yes         do not ask before the card is changed or a backup is deleted; needed where there is no terminal',
    '--pin PIN1    of a card that is read after it; - reads it from standard input; or DMW_PIN',
    '--dry-run     plan only: nothing is written, the key is not presented',
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
    pin: { type: 'string' },
    backup: { type: 'string' },
    delete: { type: 'string' },
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
  const pin = action === 'list' ? undefined : await pinOf(values.pin);
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
    if (pin !== undefined) await room.unlock(reader, pin, consentIn(values.consent));
    switch (action) {
      case 'info':
        return await info(room, reader, values.json);
      case 'read':
        return await read(room, reader, file ?? '', values.json);
      case 'plan':
        return plan(await profilePlan(room, reader, values.cp), values.json);
      case 'backups':
        return await backups(room, reader, values);
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

function checkOptions(action: string, options: Options): void {
  const { cp, bootstrap, delete: removes, yes, 'dry-run': dryRun, adm, pin } = options;
  if (pin !== undefined && action === 'list') throw usageError(usage, 'card list takes no --pin');
  if (pin === '-' && adm === '-') throw usageError(usage, 'standard input has one of --pin and --adm, not both');
  if (cp !== undefined && !['plan', 'write', 'verify'].includes(action))
    throw usageError(usage, `card ${action} takes no --cp`);
  if (bootstrap !== undefined && !(['erase', 'restore', 'resume'].includes(action) && ['dm', 'cp'].includes(bootstrap)))
    throw usageError(usage, '--bootstrap is dm or cp, and goes with erase, restore and resume');
  consentIn(options.consent);
  if (removes !== undefined && !(action === 'backups' && /^(all|\d{1,16})$/.test(removes)))
    throw usageError(usage, '--delete takes a key of the list, or all, and goes with backups');
  if (
    !(CHANGES.includes(action) || removes !== undefined) ||
    yes ||
    dryRun ||
    (asksHere() && adm !== '-' && pin !== '-')
  )
    return;
  const what = removes === undefined ? `card ${action} changes the card` : 'card backups --delete cannot be taken back';
  throw new RequestError('not-confirmed', `${what}, and nobody can be asked here`, {
    advice: 'Look at it with --dry-run, then say --yes',
  });
}

/** What the list says, or nothing of a batch, is not taken from the command line and passed over. */
function checkBatchOptions(values: Options): void {
  const ignored = (['bootstrap', 'adm', 'consent', 'pin', 'backup', 'delete'] as const).filter(
    name => values[name] !== undefined,
  );
  if (ignored.length > 0) throw usageError(usage, `card batch takes no --${ignored.join(', no --')}`);
  if (values['dry-run'] && values.trace !== undefined)
    throw usageError(usage, 'a dry run of a batch touches no card: there is nothing to trace');
}

async function info(room: CardsRoom, reader: string, json: boolean): Promise<void> {
  const sheet = await room.sheet(reader);
  const unfinished = await room.unfinished(sheet.iccid);
  print(json, unfinished.length > 0 ? { ...sheet, unfinished } : sheet, () => [
    ...sheetLines(sheet),
    ...unfinished.map(one => `Cut     ${new Date(one.at).toISOString()}  ${unfinishedWords(one)}  dmw card resume`),
  ]);
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

/** A dry run changes nothing, presents no key and ends as what it is. */
async function change(room: CardsRoom, view: PlanView, options: Options): Promise<void> {
  if (options['dry-run']) return plan(view, options.json);
  const consent = consentIn(options.consent);
  const { reader, iccid } = view;
  if (!options.yes) await confirm(planLines(view), `Change card ${iccid}?`);
  const { stage, message, bytesWritten } = await room.write(view.id, await admKey(options.adm), consent);
  print(options.json, { iccid, reader, stage, bytesWritten, apdus: room.apdus(reader) }, () => [
    `${message}, verified: ${bytesWritten} bytes written, ${room.apdus(reader)} commands in all`,
  ]);
}

/** `ICCID`, or `ICCID:2`: a key that was presented twice, and nobody heard the answer. */
function consentIn(option: string | undefined): PresentConsent | undefined {
  if (option === undefined) return undefined;
  const [, iccid, presented] = /^([0-9A-F]+)(?::([1-9]\d{0,3}))?$/i.exec(option) ?? [];
  if (iccid === undefined) throw usageError(usage, '--consent takes the ICCID of the card, or ICCID:TIMES');
  return { iccid, ...(presented !== undefined && { presented: Number(presented) }) };
}

async function keepTrace(room: CardsRoom, reader: string, path: string): Promise<void> {
  const { text: content } = room.trace(reader, path.endsWith('.json') ? 'json' : 'text');
  await writeFile(path, content).catch((cause: NodeJS.ErrnoException) => {
    process.stderr.write(`dmw: the trace cannot be written to ${path} (${cause.code})\n`);
  });
}

async function read(room: CardsRoom, reader: string, path: string, json: boolean): Promise<void> {
  if (!/^(3F00([0-9A-F]{4})*|([0-9A-F]{4})+)$/i.test(path))
    throw usageError(usage, `${path} is no path of a file, such as 3F002FE2`);
  const bytes = await room.withCard(reader, async connection =>
    readFile((await identifyCard(connection)).channel, path.toUpperCase()),
  );
  print(json, { reader, path, size: bytes.length, bytes: toHex(bytes) }, () => toHex(bytes).match(/.{1,64}/g) ?? []);
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
