/** dmw session: recorded sessions as files, a file as a ladder, and one of its sides once more. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { RequestError } from '../base/errors.ts';
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { CommandView, MessageView } from '../workbench/message-views.ts';
import { sessionView } from '../workbench/messages.ts';
import { type MemoryTarget, type ReplayStep, runReplay } from '../workbench/replay/run.ts';
import type { MaskedPlaces } from '../workbench/replay/without-masked.ts';
import { readSessionFile } from '../workbench/session-file.ts';
import type { DifferenceView, SessionRow } from '../workbench/session-views.ts';
import { SessionsRoom } from '../workbench/sessions.ts';
import { Topic } from '../workbench/topic.ts';
import { version } from '../workbench/version.ts';
import { type Command, databaseIn, parse, print, usageError } from './command.ts';

const usage =
  'session list | export KEY [--html] [--secrets] | show FILE | replay FILE [--handset | --server URL [--user NAME] [--password SECRET]] [--data FOLDER] [--json]';

const OPTIONS = {
  html: { type: 'boolean', default: false },
  secrets: { type: 'boolean', default: false },
  handset: { type: 'boolean', default: false },
  server: { type: 'string' },
  user: { type: 'string' },
  password: { type: 'string' },
  data: { type: 'string' },
} as const;

type Values = ReturnType<typeof parse<typeof OPTIONS>>['values'];

export const command: Command = {
  usage,
  summary:
    'List recorded sessions, write one to standard output as a file or a page, show a file, or replay it and tell the first difference (exit code 1).',
  async run(args) {
    const { values, positionals } = parse(args, usage, OPTIONS);
    const [action, subject, ...more] = positionals;
    if (action === 'list' && subject === undefined) return list(values);
    if (subject === undefined || more.length > 0) throw usageError(usage, 'say list, export, show or replay');
    if (action === 'export') return exportSession(subject, values);
    if (action === 'show') return show(subject, values.json);
    if (action === 'replay') return replay(subject, values);
    throw usageError(usage, `session ${action} is not known`);
  },
};

async function list({ data, json }: Values): Promise<void> {
  const rows = await withRoom(data, async room => {
    const found: SessionRow[] = [];
    let before: string | undefined;
    do {
      const page = { limit: 1000, ...(before !== undefined && { before }) };
      for await (const step of room.find({}, page, never())) {
        found.push(...step.rows);
        before = step.next;
      }
    } while (before !== undefined);
    return found;
  });
  print(json, { sessions: rows }, () => (rows.length === 0 ? ['No session is recorded.'] : rows.map(lineOfSession)));
}

function lineOfSession({ key, startedAt, deviceId, sessionId, state, messages, detail }: SessionRow): string {
  return `${key}  ${stamp(startedAt)}  ${deviceId}  session ${sessionId}  ${state}  ${messages} messages  ${detail}`;
}

async function exportSession(key: string, { data, html, secrets }: Values): Promise<void> {
  if (!/^\d+$/.test(key)) throw usageError(usage, `${key} is no key of a session: session list shows them`);
  const file = await withRoom(data, room =>
    room.exportSession(key, html ? 'html' : 'file', secrets ? 'included' : 'masked'),
  );
  process.stdout.write(file.text);
}

async function show(path: string, json: boolean): Promise<void> {
  const { record, messages } = await sessionIn(path);
  const view = sessionView(record, messages);
  print(json, view, () => [
    `${record.deviceId}  session ${record.sessionId}  ${record.state}: ${record.detail}`,
    ...view.messages.map(lineOfMessage),
  ]);
}

function lineOfMessage(message: MessageView): string {
  const { at, direction, package: part, msgId, bytes, encoding, error, commands, statuses } = message;
  const what = [...statuses.map(({ code, cmd }) => `Status ${code} ${cmd}`), ...commands.map(wordsOf)];
  const content = error === undefined ? what.join(', ') : `cannot be read: ${error}`;
  return `${stamp(at)}  ${direction === 'up' ? '▲' : '▼'}  ${part} · msg ${msgId}  ${bytes} B ${encoding}  ${content}`;
}

function wordsOf({ name, subject, inner, answer }: CommandView): string {
  const inside = inner ? ` (${inner.map(wordsOf).join(', ')})` : '';
  return `${name} ${subject}${inside}${answer ? ` → ${answer.code}` : ''}`;
}

async function replay(path: string, values: Values): Promise<void> {
  const { messages, masked } = await sessionIn(path);
  const ports = { now: Date.now, random: (bytes: number) => Uint8Array.from(randomBytes(bytes)) };
  let last: ReplayStep | undefined;
  for await (const step of runReplay(messages, targetOf(values), ports, never(), masked)) last = step;
  const { differences = [], detail = '', failed = true } = last ?? {};
  print(values.json, { failed, detail, differences }, () => [
    failed
      ? `Broke off: ${detail}`
      : `${detail}; ${differences.length === 0 ? 'no difference' : `${differences.length} differences`}`,
    ...(differences[0] ? ['First difference', ...linesOf(differences[0])] : []),
  ]);
  if (failed || differences.length > 0) process.exitCode = 1;
}

function linesOf({ number, path, recorded, replayed }: DifferenceView): string[] {
  return [
    `  message ${number}  ${path || 'the whole message'}`,
    `  recorded  ${recorded ?? '(not there)'}`,
    `  replayed  ${replayed ?? '(not there)'}`,
  ];
}

function targetOf({ handset, server, user, password }: Values): MemoryTarget {
  if (handset && server !== undefined) throw usageError(usage, 'choose one of --handset and --server');
  if (handset) return { kind: 'handset' };
  if (server === undefined) return { kind: 'server-here' };
  if (!URL.canParse(server)) throw usageError(usage, `${server} is no address`);
  return {
    kind: 'server',
    url: server,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
  };
}

interface FiledSession {
  readonly record: SessionRecord;
  readonly messages: MessageRecord[];
  /** What the file leaves out, by the key of its message. */
  readonly masked: MaskedPlaces;
}

async function sessionIn(path: string): Promise<FiledSession> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new RequestError('unreadable', `${path} cannot be read (${cause.code})`, { advice: 'Check the path', cause });
  });
  const { session, messages } = readSessionFile(text);
  const key = '1';
  return {
    record: { ...session, key },
    messages: messages.map(({ masked: _, ...message }, i) => ({ ...message, key: `${key}-${i}`, sessionKey: key })),
    masked: new Map(messages.map(({ masked }, i) => [`${key}-${i}`, masked])),
  };
}

async function withRoom<T>(data: string | undefined, work: (room: SessionsRoom) => Promise<T>): Promise<T> {
  const store = openSqliteStore(databaseIn(data));
  try {
    const devices = new Map((await store.devices()).map(({ id, name }) => [id, name]));
    const room = new SessionsRoom({
      store,
      events: new Topic(),
      deviceName: id => devices.get(id),
      now: Date.now,
      random: bytes => Uint8Array.from(randomBytes(bytes)),
      dmUrl: 'http://127.0.0.1/',
      by: `DM Workbench ${version}`,
    });
    return await work(room);
  } finally {
    await store.close();
  }
}

const never = (): AbortSignal => new AbortController().signal;
const stamp = (at: number): string => new Date(at).toISOString().replace('T', ' ').replace('Z', '');
