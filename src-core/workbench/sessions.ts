/** The Sessions room's side of the core: records of all devices, sessions from files, export, replay. */
import { setTimeout } from 'node:timers/promises';
import { RequestError } from '../base/errors.ts';
import type { ServerEvent } from '../server/dm-server.ts';
import type { MessageRecord, SessionRecord, SessionSummary, Store } from '../store/contract.ts';
import { actingIn } from './acting.ts';
import { messageBody, readMessages, schemeWords, sessionView } from './messages.ts';
import { commandsAgain } from './replay/again.ts';
import { replayOnDevice } from './replay/device.ts';
import { readRecording } from './replay/recording.ts';
import { type MemoryTarget, type ReplayStep, runReplay } from './replay/run.ts';
import { fileNameOf, readSessionFile, writeSessionFile } from './session-file.ts';
import { writeSessionHtml } from './session-html.ts';
import { hitsIn, looksInside } from './session-match.ts';
import { findSession, searchSessions } from './session-search.ts';
import { isOnShelf, SessionShelf, type ShelfSession } from './session-shelf.ts';
import type {
  ExportedFile,
  Findings,
  OpenSession,
  ReplayCommands,
  ReplayTarget,
  ReplayView,
  RowChanges,
  Secrets,
  SessionFilter,
  SessionRow,
  ShelfRow,
} from './session-views.ts';
import type { Page, SessionsService } from './sessions-service.ts';
import { Topic } from './topic.ts';
import type { MessageBody } from './views.ts';
import type { WorkService } from './work-service.ts';

export interface SessionsRoomOptions {
  readonly store: Store;
  readonly events: Topic<ServerEvent>;
  /** What people call the device. */
  readonly deviceName: (deviceId: string) => string | undefined;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Address of this workbench's own server. */
  readonly dmUrl: string;
  /** Absent where there are no devices to reach. */
  readonly work?: WorkService;
  /** Name and version of this program, for what it writes. */
  readonly by: string;
}

/** Between two words on sessions that changed. */
const TELL_MS = 200;

interface Recorded {
  readonly record: SessionRecord;
  readonly messages: readonly MessageRecord[];
}

export class SessionsRoom implements SessionsService {
  readonly #options: SessionsRoomOptions;
  readonly #shelf = new SessionShelf();
  readonly #shelfChanged = new Topic();

  constructor(options: SessionsRoomOptions) {
    this.#options = options;
  }

  async *find(filter: SessionFilter, page: Page, signal: AbortSignal): AsyncGenerator<Findings> {
    for await (const { sessions, ...how } of searchSessions(this.#options.store, filter, page, signal))
      yield { ...how, rows: sessions.map(session => this.#row(session)) };
  }

  async *watchRows(filter: SessionFilter, signal: AbortSignal): AsyncGenerator<RowChanges> {
    for await (const events of this.#options.events.batches(signal)) {
      const keys = new Set(events.flatMap(event => (event.kind === 'session' ? [event.sessionKey] : [])));
      if (keys.size === 0) continue;
      yield await this.#changes(filter, keys);
      // Many devices at once: what happens meanwhile is told together.
      await setTimeout(TELL_MS);
    }
  }

  open(key: string, filter: SessionFilter, signal: AbortSignal): AsyncIterable<OpenSession> {
    const isIts = (event: ServerEvent) => event.kind === 'session' && event.sessionKey === key;
    return this.#options.events.states(() => this.#view(key, filter), signal, isIts);
  }

  async messageBody(key: string): Promise<MessageBody> {
    if (isOnShelf(key)) return this.#shelfBody(key);
    const record = await this.#options.store.message(key);
    if (record) return messageBody(record);
    throw new RequestError('unknown-message', 'this message is not recorded', { advice: 'Open its session again' });
  }

  async exportSession(key: string, form: 'file' | 'html', secrets: Secrets): Promise<ExportedFile> {
    const { record, messages } = await this.#recorded(key);
    const { by, now } = this.#options;
    if (form === 'file') {
      const text = writeSessionFile(record, messages, { secrets, by, now: now() });
      return { name: fileNameOf(record, 'dmsession.json'), type: 'application/json', text };
    }
    const read = readMessages(messages);
    const text = writeSessionHtml({
      session: sessionView(record, messages, read),
      deviceName: this.#nameOf(record.deviceId),
      acting: actingIn(read),
      bodies: messages.map(message => messageBody(message, true)),
      by,
      now: now(),
    });
    return { name: fileNameOf(record, 'html'), type: 'text/html', text };
  }

  watchShelf(signal: AbortSignal): AsyncIterable<readonly ShelfRow[]> {
    return this.#shelfChanged.states(() => this.#shelf.all().map(kept => this.#shelfRow(kept)), signal);
  }

  async importSession(name: string, text: string): Promise<{ readonly key: string }> {
    const { session, messages, exportedAt, by, secrets } = readSessionFile(text);
    const { record } = this.#shelf.put(session, messages, { kind: 'file', name, exportedAt, by, secrets });
    this.#shelfChanged.emit();
    return { key: record.key };
  }

  async closeShelf(key: string): Promise<void> {
    this.#shelf.close(key);
    this.#shelfChanged.emit();
  }

  async replayCommands(key: string): Promise<ReplayCommands> {
    const { messages } = await this.#recorded(key);
    const { commands, leftOut } = commandsAgain(readRecording(messages).exchanges);
    return { commands, leftOut };
  }

  async *replay(key: string, target: ReplayTarget, signal: AbortSignal): AsyncGenerator<ReplayView> {
    const recorded = await this.#recorded(key);
    if (target.kind === 'device') yield* this.#replayOn(target.deviceId, recorded, signal);
    else yield* this.#replayAgainst(target, recorded, signal);
  }

  async *#replayOn(deviceId: string, { messages }: Recorded, signal: AbortSignal): AsyncGenerator<ReplayView> {
    const { work } = this.#options;
    if (!work) throw new RequestError('no-devices', 'no device can be reached from here');
    const again = commandsAgain(readRecording(messages).exchanges);
    if (again.commands.length === 0) {
      throw new RequestError('nothing-to-replay', 'the server of this session sent no command', {
        advice: 'Choose a session in which it did',
      });
    }
    const against = this.#nameOf(deviceId);
    for await (const step of replayOnDevice(again, deviceId, work, signal)) {
      const { differences, detail, answered, done, failed } = step;
      const state = done ? (failed ? 'failed' : 'done') : 'running';
      yield { state, against, exchanged: answered, of: again.expected.size, differences, detail };
    }
  }

  async *#replayAgainst(target: MemoryTarget, recorded: Recorded, signal: AbortSignal): AsyncGenerator<ReplayView> {
    this.#checkTarget(target);
    const against = wordsFor(target);
    const of = recorded.messages.length;
    for await (const step of runReplay(recorded.messages, target, this.#options, signal)) {
      const { differences, detail, messages, failed, done } = step;
      const view = { against, exchanged: messages.length, of, differences, detail };
      if (!done) yield { ...view, state: 'running' };
      else yield { ...view, state: failed ? 'failed' : 'done', shelfKey: this.#keepReplay(recorded, step, against) };
    }
  }

  /** The recorded values would take the place of those that the device has now. */
  #checkTarget(target: MemoryTarget): void {
    if (target.kind !== 'server' || !URL.canParse(target.url)) return;
    if (!isSameServer(new URL(target.url), new URL(this.#options.dmUrl))) return;
    throw new RequestError(
      'own-server',
      'this is the address of this workbench: the replay would change the records of the device',
      {
        advice: 'Replay against a session of this workbench in memory',
      },
    );
  }

  #keepReplay({ record }: Recorded, { messages, detail, failed, differences }: ReplayStep, against: string): string {
    const { key, ...session } = record;
    const ends = differences.length === 0 ? 'no difference' : `${differences.length} differences`;
    const kept = this.#shelf.put(
      {
        ...session,
        startedAt: messages[0]?.at ?? this.#options.now(),
        endedAt: this.#options.now(),
        state: failed ? 'failed' : 'completed',
        detail: `replay: ${ends}; ${detail}`,
        transport: against,
      },
      messages.map(message => ({ ...message, masked: [] })),
      { kind: 'replay', of: key, against },
    );
    this.#shelfChanged.emit();
    return kept.record.key;
  }

  async #changes(filter: SessionFilter, keys: ReadonlySet<string>): Promise<RowChanges> {
    const rows: SessionRow[] = [];
    const others: string[] = [];
    for (const key of keys) {
      const session = await findSession(this.#options.store, key, filter);
      if (session) rows.push(this.#row(session));
      else others.push(key);
    }
    return { rows, others };
  }

  async #view(key: string, filter: SessionFilter): Promise<OpenSession> {
    const { record, messages } = await this.#recorded(key);
    const read = readMessages(messages);
    const session = sessionView(record, messages, read);
    return {
      session,
      deviceName: this.#nameOf(record.deviceId),
      acting: actingIn(read),
      ...(looksInside(filter) && { hits: hitsIn(session, filter) }),
      ...(isOnShelf(key) && { origin: this.#shelf.get(key).origin }),
    };
  }

  async #recorded(key: string): Promise<Recorded> {
    if (isOnShelf(key)) return this.#shelf.get(key);
    const [record] = await this.#options.store.findSessions({ key }, 1);
    if (record) return { record, messages: await this.#options.store.messages(key) };
    throw new RequestError('unknown-session', 'this session is not recorded', { advice: 'Choose another in the list' });
  }

  /** The file's own word on what its stars stand for comes first. */
  #shelfBody(key: string): MessageBody {
    const { record, masked } = this.#shelf.message(key);
    const body = messageBody(record);
    const inFile = masked.map(({ start, end, why }) => ({ text: `masked in the file: ${why}`, start, end }));
    const places = new Set(masked.map(({ start }) => start));
    return { ...body, hidden: [...inFile, ...body.hidden.filter(({ start = -1 }) => !places.has(start))] };
  }

  #row(session: SessionSummary): SessionRow {
    const { clientAuthenticated, serverAuthenticated, scheme: _, ...rest } = session;
    return {
      ...rest,
      authenticated: { client: clientAuthenticated, server: serverAuthenticated, scheme: schemeWords(session) },
      deviceName: this.#nameOf(session.deviceId),
    };
  }

  #shelfRow({ record, messages, origin }: ShelfSession): ShelfRow {
    const bytes = messages.reduce((sum, message) => sum + message.bytes.length, 0);
    return { ...this.#row({ ...record, messages: messages.length, bytes }), origin };
  }

  #nameOf(deviceId: string): string {
    return this.#options.deviceName(deviceId) ?? deviceId;
  }
}

function wordsFor(target: MemoryTarget): string {
  if (target.kind === 'server') return target.url;
  return target.kind === 'handset' ? 'a virtual handset' : 'a server session in memory';
}

function isSameServer(one: URL, other: URL): boolean {
  const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return one.port === other.port && (one.hostname === other.hostname || (isLoopback(one) && isLoopback(other)));
}
