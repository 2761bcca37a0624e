/** The Sessions room's side of the core: records of all devices, sessions from files, export, replay. */
import { setTimeout } from 'node:timers/promises';
import { RequestError } from '../base/errors.ts';
import type { ServerEvent } from '../server/dm-server.ts';
import type { MessageRecord, SessionRecord, SessionSummary, Store } from '../store/contract.ts';
import { actingIn } from './acting.ts';
import { messageBody, type ReadMessage, readMessages, schemeWords, sessionView } from './messages.ts';
import { type CommandsAgain, commandsAgain } from './replay/again.ts';
import { replayOnDevice } from './replay/device.ts';
import { readRecording } from './replay/recording.ts';
import { type MemoryTarget, type ReplayStep, runReplay } from './replay/run.ts';
import { type MaskedPlaces, withoutMasked } from './replay/without-masked.ts';
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
/** Between two states of an open session: exchanges that follow one another closely are told together. */
const GATHER_MS = 250;

interface Recorded {
  readonly record: SessionRecord;
  readonly messages: readonly MessageRecord[];
  /** Of one from a file: where stars stand for secrets. */
  readonly masked?: MaskedPlaces;
}

/** Decoded messages of one session, by key: what was recorded does not change. */
type Decoded = Map<string, ReadMessage>;

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

  async *open(key: string, filter: SessionFilter, signal: AbortSignal): AsyncGenerator<OpenSession> {
    const isIts = (event: ServerEvent) => event.kind === 'session' && event.sessionKey === key;
    const decoded: Decoded = new Map();
    for await (const state of this.#options.events.states(() => this.#view(key, filter, decoded), signal, isIts)) {
      yield state;
      await setTimeout(GATHER_MS, undefined, { signal }).catch(() => undefined);
    }
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
    const { commands, leftOut } = sendable(await this.#recorded(key));
    return { commands, leftOut };
  }

  async *replay(key: string, target: ReplayTarget, signal: AbortSignal): AsyncGenerator<ReplayView> {
    const recorded = await this.#recorded(key);
    if (target.kind === 'device') yield* this.#replayOn(target.deviceId, recorded, signal);
    else yield* this.#replayAgainst(target, recorded, signal);
  }

  async *#replayOn(deviceId: string, recorded: Recorded, signal: AbortSignal): AsyncGenerator<ReplayView> {
    const { work } = this.#options;
    if (!work) throw new RequestError('no-devices', 'no device can be reached from here');
    const again = sendable(recorded);
    if (again.commands.length === 0) {
      throw new RequestError('nothing-to-replay', 'the server of this session sent no command that can be sent again', {
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
    const against = wordsFor(target);
    const of = recorded.messages.length;
    for await (const step of runReplay(recorded.messages, target, this.#options, signal, recorded.masked)) {
      const { differences, detail, messages, failed, done } = step;
      const view = { against, exchanged: messages.length, of, differences, detail };
      if (!done) yield { ...view, state: 'running' };
      else yield { ...view, state: failed ? 'failed' : 'done', shelfKey: this.#keepReplay(recorded, step, against) };
    }
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

  async #view(key: string, filter: SessionFilter, decoded: Decoded): Promise<OpenSession> {
    const { record, messages } = await this.#recorded(key);
    for (const read of readMessages(messages.filter(message => !decoded.has(message.key))))
      decoded.set(read.record.key, read);
    const read = messages.flatMap(message => decoded.get(message.key) ?? []);
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

/** What can be sent to a device again: without commands whose values were left out of the file. */
function sendable({ messages, masked = new Map() }: Recorded): CommandsAgain {
  const { records, leftOut } = withoutMasked(messages, masked, ['down']);
  const again = commandsAgain(readRecording(records).exchanges);
  return { ...again, leftOut: [...again.leftOut, ...leftOut] };
}
