/** The Sessions room's side of the core: records of all devices, sessions from files, export, replay. */
import { setTimeout } from 'node:timers/promises';
import { describeError, RequestError } from '../base/errors.ts';
import type { ServerEvent } from '../server/dm-server.ts';
import type { SessionSummary, Store } from '../store/contract.ts';
import { messageBody } from './message-body.ts';
import type { MessageBody } from './message-views.ts';
import { schemeWords } from './messages.ts';
import { type CommandsAgain, commandsAgain } from './replay/again.ts';
import { replayOnDevice } from './replay/device.ts';
import { readRecording } from './replay/recording.ts';
import { type MemoryTarget, type ReplayStep, runReplay } from './replay/run.ts';
import { withoutMasked } from './replay/without-masked.ts';
import { exportOf, filedBody, type Recorded } from './session-export.ts';
import { readSessionFile } from './session-file.ts';
import { findSession, keyOfSession, searchSessions } from './session-search.ts';
import { isOnShelf, SessionShelf, type ShelfLimits, type ShelfSession } from './session-shelf.ts';
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
import { SessionWatch } from './session-watch.ts';
import type { Page, SessionsService } from './sessions-service.ts';
import { restOf, Topic } from './topic.ts';
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
  readonly shelfLimits?: ShelfLimits;
}

/** Between two words on sessions that changed. */
const TELL_MS = 200;
/** Between two states of an open session: exchanges that follow one another closely are told together. */
const GATHER_MS = 250;

export class SessionsRoom implements SessionsService {
  readonly #options: SessionsRoomOptions;
  readonly #shelf: SessionShelf;
  readonly #shelfChanged = new Topic();

  constructor(options: SessionsRoomOptions) {
    this.#options = options;
    this.#shelf = new SessionShelf(options.shelfLimits);
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
    const watch = new SessionWatch(filter);
    const options = { concerns: isIts, rest: restOf(GATHER_MS) };
    return this.#options.events.states(() => this.#news(key, watch), signal, options);
  }

  async recordOf(deviceId: string, sessionId: string, at: number): Promise<{ readonly key: string }> {
    const key = await keyOfSession(this.#options.store, deviceId, sessionId, at);
    if (key !== undefined) return { key };
    throw new RequestError('unknown-session', `session ${sessionId} of that time is not recorded any more`, {
      advice: 'The Sessions room lists those that are',
    });
  }

  async messageBody(key: string): Promise<MessageBody> {
    if (isOnShelf(key)) {
      const { record, masked } = this.#shelf.message(key);
      return filedBody(record, masked);
    }
    const record = await this.#options.store.message(key);
    if (record) return messageBody(record);
    throw new RequestError('unknown-message', 'this message is not recorded', { advice: 'Open its session again' });
  }

  async exportSession(key: string, form: 'file' | 'html', secrets: Secrets): Promise<ExportedFile> {
    const recorded = await this.#recorded(key);
    const { by, now } = this.#options;
    const deviceName = this.#nameOf(recorded.record.deviceId);
    return exportOf(recorded, { form, secrets, deviceName, by, now: now() });
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
    if (!work) {
      throw new RequestError('no-devices', 'no device can be reached from here', {
        advice: 'Replay it from a workbench that runs, against a server session or a virtual handset',
      });
    }
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
      else yield { ...view, state: failed ? 'failed' : 'done', ...this.#keepReplay(recorded, step, against) };
    }
  }

  /** What the replay found is told also where the shelf has no room for its messages. */
  #keepReplay(recorded: Recorded, step: ReplayStep, against: string): Pick<ReplayView, 'shelfKey' | 'notKept'> {
    try {
      const { record } = this.#shelf.put(...replayed(recorded, step, against, this.#options.now()));
      this.#shelfChanged.emit();
      return { shelfKey: record.key };
    } catch (error) {
      if (error instanceof RequestError) return { notKept: describeError(error) };
      throw error;
    }
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

  async #news(key: string, watch: SessionWatch): Promise<OpenSession> {
    const { record, messages } = await this.#recorded(key, watch.last);
    await watch.addInTurns(messages);
    return {
      ...watch.changes(record),
      deviceName: this.#nameOf(record.deviceId),
      ...(isOnShelf(key) && { origin: this.#shelf.get(key).origin }),
    };
  }

  /** @param after only the messages after this one */
  async #recorded(key: string, after?: string): Promise<Recorded> {
    if (isOnShelf(key)) return this.#shelf.get(key);
    const [record] = await this.#options.store.findSessions({ key }, 1);
    if (record) return { record, messages: await this.#options.store.messages(key, after) };
    throw new RequestError('unknown-session', 'this session is not recorded', { advice: 'Choose another in the list' });
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

/** The replay as a session of its own. */
function replayed(
  { record: { key, ...session } }: Recorded,
  { messages, detail, failed, differences }: ReplayStep,
  against: string,
  now: number,
): Parameters<SessionShelf['put']> {
  const ends = differences.length === 0 ? 'no difference' : `${differences.length} differences`;
  return [
    {
      ...session,
      startedAt: messages[0]?.at ?? now,
      endedAt: now,
      state: failed ? 'failed' : 'completed',
      detail: `replay: ${ends}; ${detail}`,
      transport: against,
    },
    messages.map(message => ({ ...message, masked: [] })),
    { kind: 'replay', of: key, against },
  ];
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
