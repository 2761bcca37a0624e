/** A session as one file: JSON with its messages byte for byte, in base64. What is written here opens here again. Pure. */
import { z } from 'zod';
import { RequestError } from '../base/errors.ts';
import type { MessageRecord, SessionRecord } from '../store/contract.ts';
import { maskMessage } from './session-mask.ts';
import type { Secrets } from './session-views.ts';

const FORMAT = 'dm-workbench-session';
/** Files of later versions are refused, of earlier ones read. */
const VERSION = 1;
/** No session is so long; a file that says so would only fill the memory. */
const MOST_MESSAGES = 100_000;

const time = z.iso.datetime().transform(text => Date.parse(text));
const word = z.string().max(4096);
const encoding = z.enum(['wbxml', 'xml']);

const sessionSchema = z.object({
  deviceId: z.string().min(1).max(4096),
  sessionId: word,
  startedAt: time,
  endedAt: time.optional(),
  state: z.enum(['open', 'completed', 'failed']),
  detail: word,
  clientAuthenticated: z.boolean(),
  serverAuthenticated: z.boolean(),
  scheme: word.optional(),
  encoding,
  transport: word,
});

const messageSchema = z.object({
  at: time,
  direction: z.enum(['up', 'down']),
  package: z.int().min(1).max(4),
  encoding,
  bytes: z.base64(),
  /** Stars stand in bytes [start, end). */
  masked: z.array(z.object({ start: z.int().min(0), end: z.int().min(0), why: word })).optional(),
});

const fileSchema = z.object({
  format: z.literal(FORMAT),
  version: z.int().min(1),
  exportedAt: time,
  by: word,
  secrets: z.enum(['masked', 'included']),
  session: sessionSchema,
  messages: z.array(messageSchema).max(MOST_MESSAGES, `more than ${MOST_MESSAGES.toLocaleString('en-US')} messages`),
});

export interface MaskedRange {
  readonly start: number;
  readonly end: number;
  readonly why: string;
}

export type FileMessage = Omit<MessageRecord, 'key' | 'sessionKey'> & { readonly masked: readonly MaskedRange[] };

export interface SessionFile {
  readonly exportedAt: number;
  /** The program that wrote it. */
  readonly by: string;
  readonly secrets: Secrets;
  readonly session: Omit<SessionRecord, 'key'>;
  readonly messages: readonly FileMessage[];
}

export interface WriteOptions {
  readonly secrets: Secrets;
  readonly now: number;
  readonly by: string;
  /** Where stars stand for secrets already, by the key of the message. */
  readonly masked?: ReadonlyMap<string, readonly MaskedRange[]>;
}

export function writeSessionFile(
  { key: _, startedAt, endedAt, ...session }: SessionRecord,
  messages: readonly MessageRecord[],
  { secrets, now, by, masked }: WriteOptions,
): string {
  const file = {
    format: FORMAT,
    version: VERSION,
    exportedAt: iso(now),
    by,
    secrets,
    session: {
      ...session,
      startedAt: iso(startedAt),
      ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    },
    messages: messages.map(message => messageInFile(message, secrets, masked?.get(message.key) ?? [])),
  } satisfies z.input<typeof fileSchema>;
  return `${JSON.stringify(file, null, 2)}\n`;
}

function messageInFile(
  message: MessageRecord,
  secrets: Secrets,
  before: readonly MaskedRange[],
): z.input<typeof messageSchema> {
  const { bytes, hidden } = secrets === 'masked' ? maskMessage(message) : { bytes: message.bytes, hidden: [] };
  const known = new Set(before.map(({ start }) => start));
  const masked = [...before, ...hidden.filter(({ start }) => !known.has(start))];
  return {
    at: iso(message.at),
    direction: message.direction,
    package: message.package,
    encoding: message.encoding,
    bytes: Buffer.from(bytes).toString('base64'),
    ...(masked.length > 0 && { masked: masked.map(({ start, end, why }) => ({ start, end, why })) }),
  };
}

/** @throws RequestError that says what is no session file in it */
export function readSessionFile(text: string): SessionFile {
  const content = parseJson(text);
  checkVersion(content);
  const read = fileSchema.safeParse(content);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw refused(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not understood'}`);
  }
  const { exportedAt, by, secrets, session, messages } = read.data;
  const { endedAt, scheme, ...rest } = session;
  return {
    exportedAt,
    by,
    secrets,
    session: { ...rest, ...(endedAt !== undefined && { endedAt }), ...(scheme !== undefined && { scheme }) },
    messages: messages.map(({ bytes, masked = [], ...message }) => ({
      ...message,
      bytes: Uint8Array.from(Buffer.from(bytes, 'base64')),
      masked,
    })),
  };
}

/** Name for the file of a session: device, SessionID, time. */
export function fileNameOf(
  { deviceId, sessionId, startedAt }: Pick<SessionRecord, 'deviceId' | 'sessionId' | 'startedAt'>,
  ending: string,
): string {
  const when = iso(startedAt).slice(0, 19).replaceAll(':', '-');
  const name = `${deviceId} session ${sessionId} ${when}`.replace(/[^A-Za-z0-9._-]+/g, '-');
  return `${name.slice(0, 120)}.${ending}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(`it is no JSON: ${(cause as Error).message}`, cause);
  }
}

function checkVersion(content: unknown): void {
  const { format, version } = (content ?? {}) as { format?: unknown; version?: unknown };
  if (format !== FORMAT) throw refused(`format is ${shown(format)}, expected "${FORMAT}"`);
  if (typeof version !== 'number' || version <= VERSION) return;
  throw new RequestError('newer-session-file', `version ${version} of session files is newer than this workbench`, {
    advice: 'Update the workbench, or export the session again from the older one',
  });
}

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60));

function refused(reason: string, cause?: unknown): RequestError {
  return new RequestError('session-file', `this is no session file: ${reason}`, {
    advice: 'Choose a file that Export session or dmw session export wrote',
    ...(cause !== undefined && { cause }),
  });
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
