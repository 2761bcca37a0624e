/** Looks for recorded sessions page by page; filters that look into messages take turns with the rest of the core. */
import { setImmediate } from 'node:timers/promises';
import type { SessionQuery, SessionSummary, Store } from '../store/contract.ts';
import { sessionView } from './messages.ts';
import { looksInside, sessionFits } from './session-match.ts';
import type { SessionFilter } from './session-views.ts';
import type { Page } from './sessions-service.ts';

export interface Found {
  readonly sessions: readonly SessionSummary[];
  readonly scanned: number;
  readonly of: number;
  readonly done: boolean;
  /** Where one that stops here goes on. */
  readonly next?: string;
}

/** Sessions between two words on how far it is. */
const STEP = 50;

export async function* searchSessions(
  store: Store,
  filter: SessionFilter,
  { before, limit }: Page,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const query = { ...queryOf(filter), ...(before !== undefined && { before }) };
  const of = await store.countSessions(query);
  const inside = looksInside(filter);
  let scanned = 0;
  let room = limit;
  let next = before;
  while (scanned < of && room > 0 && !signal.aborted) {
    const step = await store.findSessions(
      { ...query, ...(next !== undefined && { before: next }) },
      inside ? STEP : room,
    );
    if (step.length === 0) break;
    const sessions: SessionSummary[] = [];
    for (const session of step) {
      if (signal.aborted || sessions.length === room) break;
      scanned += 1;
      next = session.key;
      if (!inside || (await fitsInside(store, session, filter))) sessions.push(session);
    }
    room -= sessions.length;
    yield { sessions, scanned, of, done: false, ...cursor(scanned < of, next) };
  }
  yield { sessions: [], scanned, of, done: true, ...cursor(scanned < of && room <= 0, next) };
}

function cursor(isMore: boolean, next: string | undefined): { readonly next?: string } {
  return isMore && next !== undefined ? { next } : {};
}

/** The session as it is now, if it fits. */
export async function findSession(
  store: Store,
  key: string,
  filter: SessionFilter,
): Promise<SessionSummary | undefined> {
  const [session] = await store.findSessions({ ...queryOf(filter), key }, 1);
  if (!session || !looksInside(filter)) return session;
  return (await fitsInside(store, session, filter)) ? session : undefined;
}

/** SessionIDs repeat: of the device's sessions with this one it is the last that began before the time. */
export async function keyOfSession(
  store: Store,
  deviceId: string,
  sessionId: string,
  at: number,
): Promise<string | undefined> {
  let before: string | undefined;
  for (;;) {
    const query = { deviceId, to: at + 1, ...(before !== undefined && { before }) };
    const page = await store.findSessions(query, STEP);
    const found = page.find(session => session.sessionId === sessionId);
    before = page.at(-1)?.key;
    if (found || before === undefined) return found?.key;
  }
}

async function fitsInside(store: Store, session: SessionSummary, filter: SessionFilter): Promise<boolean> {
  // Devices in session are answered between two sessions that are decoded.
  await setImmediate();
  return sessionFits(sessionView(session, await store.messages(session.key)), filter);
}

function queryOf({ deviceId, state, from, to }: SessionFilter): SessionQuery {
  return {
    ...(deviceId !== undefined && { deviceId }),
    ...(state !== undefined && { state }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}
