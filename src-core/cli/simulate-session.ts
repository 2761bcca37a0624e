/** dmw simulate handset --server: a virtual handset makes one session with a DM server; a person or a script answers its questions. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { ProtocolError, RequestError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { buildDmBootstrap } from '../bootstrap/dm-profile.ts';
import type { Answer, Question } from '../session/interaction.ts';
import { DM_1_1, DM_1_2, DM_1_3, type ProtocolVersion } from '../session/versions.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { AuthScheme } from '../syncml/credentials.ts';
import { scriptedAnswers } from '../virtual/handset/answers.ts';
import { type ConnectOptions, VirtualHandset } from '../virtual/handset/handset.ts';
import { exchangeOverHttp } from '../virtual/handset/http-exchange.ts';
import { DEFAULT_HANDSET } from '../virtual/handset/identity.ts';
import { deviceAccount, newAccount } from '../workbench/accounts.ts';
import { databaseIn, print, usageError } from './command.ts';

export const SESSION_OPTIONS = {
  server: { type: 'string' },
  bootstrap: { type: 'string' },
  user: { type: 'string' },
  password: { type: 'string' },
  scheme: { type: 'string' },
  ask: { type: 'boolean', default: false },
  answers: { type: 'string' },
  xml: { type: 'boolean', default: false },
  dm: { type: 'string' },
  'max-msg-size': { type: 'string' },
  data: { type: 'string' },
} as const;

interface SessionArgs {
  readonly server: string;
  readonly bootstrap?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly scheme?: string | undefined;
  /** A person at this terminal answers. */
  readonly ask: boolean;
  /** File with a script of answers. */
  readonly answers?: string | undefined;
  readonly xml: boolean;
  readonly dm?: string | undefined;
  readonly 'max-msg-size'?: string | undefined;
  readonly data?: string | undefined;
  readonly json: boolean;
}

export async function handsetSession(args: SessionArgs, usage: string): Promise<void> {
  const options = connectOptions(args, usage);
  const ask = await answerer(args);
  const newNonce = () => Uint8Array.from(randomBytes(16));
  const ports = { now: Date.now, newNonce, exchange: exchangeOverHttp, ...(ask && { ask }) };
  const handset = new VirtualHandset(DEFAULT_HANDSET, ports);
  handset.bootstrap(await bootstrapFor(args, handset.deviceId, usage));
  const report = await handset.connect(options);
  if (report.outcome !== 'completed') {
    throw new ProtocolError('session', `the session ended ${report.outcome}: ${report.reason}`, 401, {
      advice: 'Check user name and password, or bootstrap the handset again',
    });
  }
  while (handset.hasNews) await handset.connect(options);
  print(args.json, { deviceId: handset.deviceId, ...report }, () => [
    `Session ${report.sessionId} completed after ${report.messages} messages: ${report.reason}`,
  ]);
}

const VERSIONS: Readonly<Record<string, ProtocolVersion>> = { '1.1': DM_1_1, '1.2': DM_1_2, '1.3': DM_1_3 };

function connectOptions(args: SessionArgs, usage: string): ConnectOptions {
  const version = args.dm === undefined ? undefined : VERSIONS[args.dm];
  if (args.dm !== undefined && !version) throw usageError(usage, `${args.dm} is no version of DM: 1.1, 1.2 or 1.3`);
  const size = args['max-msg-size'];
  if (size !== undefined && !/^[1-9]\d{1,8}$/.test(size)) throw usageError(usage, `${size} is no number of bytes`);
  return {
    encoding: args.xml ? 'xml' : 'wbxml',
    ...(version && { versions: [version] }),
    ...(size !== undefined && { maxMsgSize: Number(size) }),
  };
}

/** Who answers the server's questions; undefined: the default responses. */
async function answerer({ ask, answers }: SessionArgs): Promise<((question: Question) => Promise<Answer>) | undefined> {
  if (answers !== undefined) return scriptedAnswers(new TextDecoder().decode(await read(answers)));
  return ask ? askAtTerminal : undefined;
}

/** Asks on standard error and reads standard input, so that the report stays alone on standard output. */
async function askAtTerminal({ kind, text, choices, options }: Question): Promise<Answer> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const seconds = options.maxDisplaySeconds;
  const signal = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
  const ask = (prompt: string) => (signal ? terminal.question(prompt, { signal }) : terminal.question(prompt));
  try {
    if (kind === 'display') {
      process.stderr.write(`${text}\n`);
      return { kind: 'shown' };
    }
    const hint = {
      confirm: 'yes or no',
      'text-input': 'text',
      'single-choice': 'number',
      'multiple-choice': 'numbers',
    }[kind];
    const proposed = options.defaultResponse === undefined ? '' : `, default ${options.defaultResponse}`;
    const list = choices.map((choice, i) => `  ${i + 1}  ${choice}\n`).join('');
    return answerOf(kind, await ask(`${text}\n${list}(${hint}; an empty line cancels${proposed}) `));
  } catch (error) {
    if (signal?.aborted) return { kind: 'timeout' };
    throw error;
  } finally {
    terminal.close();
  }
}

function answerOf(kind: Question['kind'], line: string): Answer {
  const said = line.trim();
  if (said === '') return { kind: 'cancelled' };
  if (kind === 'confirm') return { kind: 'confirmed', yes: /^y(es)?$/i.test(said) };
  if (kind === 'text-input') return { kind: 'text', text: said };
  return { kind: 'chosen', numbers: said.split(/[\s,-]+/).map(Number) };
}

async function read(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new RequestError('unreadable', `${path} cannot be read (${cause.code})`, { advice: 'Check the path', cause });
  });
}

/** A bootstrap from a file, from a user name and password, or from an account made in the database of this machine. */
async function bootstrapFor(args: SessionArgs, deviceId: string, usage: string): Promise<Uint8Array> {
  if (args.bootstrap !== undefined) return read(args.bootstrap);
  const scheme = schemeFor(args.scheme, usage);
  const random = (bytes: number) => Uint8Array.from(randomBytes(bytes));
  const store = openSqliteStore(databaseIn(args.data));
  try {
    const user = args.user ?? `handset-${deviceId}`;
    const known = await store.findAccount(user);
    const fresh = () => newAccount({ store, now: Date.now, random }, user, `the virtual handset ${deviceId}`);
    const account = known ?? { ...fresh(), ...(scheme && { clientScheme: scheme, serverScheme: scheme }) };
    if (!known && args.user === undefined) await store.putAccount(account);
    const password = args.password === undefined ? account.password : Secret.ofText(args.password);
    const device = deviceAccount({ ...account, password }, args.server);
    return buildDmBootstrap(scheme ? { ...device, client: { ...device.client, scheme } } : device);
  } finally {
    await store.close();
  }
}

function schemeFor(name: string | undefined, usage: string): AuthScheme | undefined {
  if (name === undefined || name === 'basic' || name === 'md5' || name === 'hmac') return name;
  throw usageError(usage, `${name} is no scheme: basic, md5 or hmac`);
}
