/** dmw card: readers and cards on this machine: list, info, plan, write, verify. */
import { randomBytes, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { CardError } from '../base/errors.ts';
import { openPcscReaders } from '../card/pcsc.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { CardsRoom, THIS_SERVER } from '../workbench/provisioning.ts';
import type { CardSheetView, PlanView } from '../workbench/views.ts';
import { type Command, databaseIn, parse, print, usageError } from './command.ts';

const usage =
  'card list | info | plan | write --adm KEY|- | verify [--reader NAME] [--server URL] [--data FOLDER] [--json]';

const ACTIONS = ['list', 'info', 'plan', 'write', 'verify'];

export const command: Command = {
  usage,
  summary: 'Cards over PC/SC. plan changes nothing; write plans, writes and verifies; the key may come from DMW_ADM.',
  async run(args) {
    const { values, positionals } = parse(args, usage, {
      reader: { type: 'string' },
      server: { type: 'string', default: 'http://127.0.0.1:8080/dm' },
      adm: { type: 'string' },
      data: { type: 'string' },
    });
    const [action, ...more] = positionals;
    if (more.length > 0) throw usageError(usage, `unexpected ${more.join(' ')}`);
    if (action === undefined || !ACTIONS.includes(action))
      throw usageError(usage, action === undefined ? 'say what to do' : `there is no card ${action}`);
    const service = await openPcscReaders();
    const store = openSqliteStore(databaseIn(values.data));
    const random = (bytes: number) => Uint8Array.from(randomBytes(bytes));
    const room = new CardsRoom({ store, now: Date.now, random, newKey: randomUUID }, values.server);
    room.attach(service);
    try {
      if (action === 'list') return await list(service, values.json);
      const reader = values.reader ?? (await firstWithCard(service));
      switch (action) {
        case 'info':
          return info(await room.sheet(reader), values.json);
        case 'plan':
          return plan(await room.plan(reader, THIS_SERVER), values.json);
        case 'write':
          return await write(room, reader, await admKey(values.adm), values.json);
        default:
          return await verify(room, reader, values.json);
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
    'Nothing was written.',
  ]);
}

async function write(room: CardsRoom, reader: string, adm: string, json: boolean): Promise<void> {
  const { id } = await room.plan(reader, THIS_SERVER);
  const { plan, stage, message, bytesWritten } = await room.write(id, adm);
  print(json, { iccid: plan.iccid, reader, stage, bytesWritten, apdus: room.apdus(reader) }, () => [
    `${message}, verified: ${bytesWritten} bytes written, ${room.apdus(reader)} commands in all`,
  ]);
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
