/** The Sessions room as the API sees it; subscriptions yield the present state first. */
import type { MessageBody } from './message-views.ts';
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
  ShelfRow,
} from './session-views.ts';

export interface Page {
  readonly before?: string;
  readonly limit: number;
}

export interface SessionsService {
  /** Recorded sessions of all devices, newest first: step by step until a page is full or all are looked through. */
  find(filter: SessionFilter, page: Page, signal: AbortSignal): AsyncIterable<Findings>;
  /** Those that begin or change from now on. */
  watchRows(filter: SessionFilter, signal: AbortSignal): AsyncIterable<RowChanges>;
  open(key: string, filter: SessionFilter, signal: AbortSignal): AsyncIterable<OpenSession>;
  /** The record of a device's session with this SessionID at this time. */
  recordOf(deviceId: string, sessionId: string, at: number): Promise<{ readonly key: string }>;
  messageBody(messageKey: string): Promise<MessageBody>;

  exportSession(key: string, form: 'file' | 'html', secrets: Secrets): Promise<ExportedFile>;
  watchShelf(signal: AbortSignal): AsyncIterable<readonly ShelfRow[]>;
  /** Opens a session file beside the records; its key. */
  importSession(name: string, text: string): Promise<{ readonly key: string }>;
  closeShelf(key: string): Promise<void>;

  /** The commands that a replay on a device would send. */
  replayCommands(key: string): Promise<ReplayCommands>;
  /** Ends by itself; the signal cancels it. */
  replay(key: string, target: ReplayTarget, signal: AbortSignal): AsyncIterable<ReplayView>;
}
