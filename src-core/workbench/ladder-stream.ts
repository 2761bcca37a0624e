/**
 * The sessions of a device as the page follows them: the newest first, then those that something happened in. Decoding a long
 * session takes long: devices in session get most of the time.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { ServerEvent } from '../server/effects.ts';
import type { SessionRecord, Store } from '../store/contract.ts';
import { type ReadMessage, readMessages, sessionView } from './messages.ts';
import type { Topic } from './topic.ts';
import type { SessionsUpdate, SessionView } from './views.ts';

const SESSIONS_SHOWN = 20;
const GATHER_MS = 100;
const FEW = 10;
/** Of the time that an update took, nothing is done for so much longer. */
const REST = 4;

export interface LadderSource {
  readonly deviceId: string;
  readonly store: Store;
  readonly events: Topic<ServerEvent>;
}

export async function* streamSessions(source: LadderSource, signal: AbortSignal): AsyncGenerator<SessionsUpdate> {
  const { deviceId, store, events } = source;
  const batches = events.batches(signal);
  // Listen before the first read, so that no change falls between the two.
  let next = batches.next();
  let stale: ReadonlySet<string> = new Set();
  let told: ReadonlySet<string> = new Set();
  try {
    for (;;) {
      const began = performance.now();
      const records = await store.sessions(deviceId, SESSIONS_SHOWN);
      const keys = records.map(({ key }) => key);
      const news = records.filter(({ key }) => stale.has(key) || !told.has(key));
      for (const [i, record] of (news.length > 0 ? news : [undefined]).entries()) {
        if (i > 0) await setImmediate();
        if (signal.aborted) return;
        yield { keys, changed: record ? [await viewOf(record, store)] : [] };
      }
      told = new Set(keys);
      const rest = Math.max(GATHER_MS, (performance.now() - began) * REST);
      await setTimeout(rest, undefined, { signal }).catch(() => undefined);
      do {
        const batch = await next;
        if (batch.done) return;
        next = batches.next();
        stale = sessionsIn(batch.value, deviceId);
      } while (stale.size === 0);
    }
  } finally {
    await batches.return(undefined);
  }
}

/** Messages are decoded a few at a time, so that others have their turn. */
async function viewOf(record: SessionRecord, store: Store): Promise<SessionView> {
  const messages = await store.messages(record.key);
  const read: ReadMessage[] = [];
  for (let at = 0; at < messages.length; at += FEW) {
    read.push(...readMessages(messages.slice(at, at + FEW)));
    await setImmediate();
  }
  return sessionView(record, messages, read);
}

function sessionsIn(batch: readonly ServerEvent[], deviceId: string): ReadonlySet<string> {
  return new Set(
    batch.flatMap(event => (event.kind === 'session' && event.deviceId === deviceId ? [event.sessionKey] : [])),
  );
}
