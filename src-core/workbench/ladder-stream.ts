/**
 * The sessions of a device as the page follows them: the newest first, then those that something happened in. Decoding a long
 * session takes long: devices in session get most of the time.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { ServerEvent } from '../server/effects.ts';
import type { SessionRecord, Store } from '../store/contract.ts';
import type { SessionsUpdate, SessionView } from './message-views.ts';
import { SessionWatch } from './session-watch.ts';
import type { Topic } from './topic.ts';

const SESSIONS_SHOWN = 20;
const GATHER_MS = 100;
/** Of the time that an update took, nothing is done for so much longer. */
const REST = 4;

export interface LadderSource {
  readonly deviceId: string;
  readonly store: Store;
  readonly events: Topic<ServerEvent>;
}

export async function* streamSessions(source: LadderSource, signal: AbortSignal): AsyncGenerator<SessionsUpdate> {
  const { deviceId, store, events } = source;
  const growing = new Growing(store);
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
        yield { keys, changed: record ? [await growing.news(record)] : [] };
      }
      told = new Set(keys);
      growing.keep(keys);
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

/** Sessions that go on: what the page has of them already is not sent again. Those that ended are not kept. */
class Growing {
  readonly #store: Store;
  readonly #watches = new Map<string, SessionWatch>();

  constructor(store: Store) {
    this.#store = store;
  }

  async news(record: SessionRecord): Promise<SessionView> {
    const { key, state } = record;
    const watch = this.#watches.get(key) ?? new SessionWatch();
    await watch.addInTurns(await this.#store.messages(key, watch.last));
    if (state === 'open') this.#watches.set(key, watch);
    else this.#watches.delete(key);
    return watch.changes(record).session;
  }

  /** The page forgets the others. */
  keep(keys: readonly string[]): void {
    for (const key of this.#watches.keys()) if (!keys.includes(key)) this.#watches.delete(key);
  }
}

function sessionsIn(batch: readonly ServerEvent[], deviceId: string): ReadonlySet<string> {
  return new Set(
    batch.flatMap(event => (event.kind === 'session' && event.deviceId === deviceId ? [event.sessionKey] : [])),
  );
}
