/** The Sessions room of the core over a store in memory: real records, real search, real replay. */
import type { ServerEvent } from '../../src-core/server/dm-server.ts';
import type { MessageRecord, NewMessage, SessionRecord, Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { SHELF_LIMITS, type ShelfLimits } from '../../src-core/workbench/session-shelf.ts';
import { SessionsRoom } from '../../src-core/workbench/sessions.ts';
import { Topic } from '../../src-core/workbench/topic.ts';
import type { WorkService } from '../../src-core/workbench/work-service.ts';
import { oddSession, ordinaryMessages } from './fake-messages.ts';

const DAY = 86_400_000;
const HANDSET = 'IMEI:493005100592800';
const PHONE = 'IMEI:352099001761499';
const TRACKER = 'IMEI:352099001761481';

type Spec = Partial<SessionRecord> & Pick<SessionRecord, 'deviceId' | 'sessionId' | 'startedAt'>;

export class FakeSessions {
  readonly room: SessionsRoom;
  readonly store: Store = openSqliteStore(':memory:');
  readonly events = new Topic<ServerEvent>();
  #last = 0;

  constructor(
    deviceName: (deviceId: string) => string | undefined,
    work?: WorkService,
    shelfLimits: ShelfLimits = SHELF_LIMITS,
  ) {
    this.room = new SessionsRoom({
      store: this.store,
      events: this.events,
      deviceName,
      now: Date.now,
      random: bytes => crypto.getRandomValues(new Uint8Array(bytes)),
      dmUrl: 'http://192.168.1.20:8080/dm',
      by: 'DM Workbench 0.1.0',
      shelfLimits,
      ...(work && { work }),
    });
  }

  /** One with every oddity, one that failed, some that went well, one that is open. */
  fill(now = Date.now()): void {
    const odd = oddSession(HANDSET, now - 8000);
    this.add({ ...oddRecord, deviceId: HANDSET, startedAt: now - 3 * DAY }, odd.records);
    this.add(
      {
        deviceId: TRACKER,
        sessionId: '07',
        startedAt: now - 2 * DAY,
        state: 'failed',
        detail: '401: wrong password, or a nonce that was used before; locked until tomorrow morning',
        clientAuthenticated: false,
        serverAuthenticated: false,
      },
      [{ direction: 'up', bytes: ordinaryMessages()[0]?.bytes ?? new Uint8Array() }],
    );
    this.addMany(12, PHONE, now - DAY);
    this.add({ deviceId: HANDSET, sessionId: '19', startedAt: now - 3_600_000 }, ordinaryMessages());
    this.add(
      { deviceId: HANDSET, sessionId: '1A', startedAt: now - 8000, state: 'open', detail: 'authenticated' },
      ordinaryMessages().slice(0, 4),
    );
  }

  /** Sessions that went well, a minute from each to the next. */
  addMany(count: number, deviceId: string, from: number): void {
    for (let i = 0; i < count; i += 1)
      this.add(
        { deviceId, sessionId: (i + 16).toString(16).toUpperCase(), startedAt: from + i * 60_000 },
        ordinaryMessages().slice(0, 2),
      );
  }

  /** Its key. */
  add(spec: Spec, messages: readonly (Pick<MessageRecord, 'direction' | 'bytes'> & Partial<NewMessage>)[]): string {
    const key = String(++this.#last);
    const ended = spec.state === 'open' ? {} : { endedAt: spec.startedAt + messages.length * 40 };
    void this.store.putSession({
      state: 'completed',
      detail: 'no more commands',
      clientAuthenticated: true,
      serverAuthenticated: true,
      encoding: 'wbxml',
      transport: 'HTTP',
      scheme: 'md5',
      ...ended,
      ...spec,
      key,
    });
    void this.store.addMessages(
      messages.map(({ direction, bytes, encoding = 'wbxml', package: part, at }, i) => ({
        sessionKey: key,
        at: at ?? spec.startedAt + i * 40,
        direction,
        package: part ?? Math.min(i + 1, 3 + (i % 2)),
        encoding,
        bytes,
      })),
    );
    return key;
  }

  /** The device says one more thing in this session. */
  async say(
    key: string,
    message: Pick<NewMessage, 'direction' | 'bytes'>,
    change: Partial<SessionRecord> = {},
  ): Promise<void> {
    const [record] = await this.store.findSessions({ key }, 1);
    if (!record) throw new Error(`there is no session ${key}`);
    const { messages: _, bytes: __, ...session } = record;
    await this.store.putSession({ ...session, ...change });
    await this.store.addMessages([{ ...message, sessionKey: key, at: Date.now(), package: 4, encoding: 'wbxml' }]);
    this.events.emit({ kind: 'session', deviceId: session.deviceId, sessionKey: key });
  }
}

const oddRecord = {
  sessionId: '18',
  state: 'failed',
  detail: 'the last message cannot be decoded',
  serverAuthenticated: false,
  scheme: 'basic',
} as const;
