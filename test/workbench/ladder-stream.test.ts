import { describe, expect, test } from 'vitest';
import type { ServerEvent } from '../../src-core/server/effects.ts';
import type { SessionRecord } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { streamSessions } from '../../src-core/workbench/ladder-stream.ts';
import { Topic } from '../../src-core/workbench/topic.ts';
import { recordedSession } from '../support/recorded-session.ts';

const DEVICE = 'IMEI:1';

const get = (uri: string) => ({ kind: 'Get' as const, items: [{ target: { uri } }] });

const record = (key: string, state: SessionRecord['state'] = 'completed'): SessionRecord => ({
  key,
  deviceId: DEVICE,
  sessionId: key,
  startedAt: Number(key),
  state,
  detail: state,
  clientAuthenticated: true,
  serverAuthenticated: true,
  encoding: 'wbxml',
  transport: 'HTTP',
});

async function follow(...sessions: SessionRecord[]) {
  const store = openSqliteStore(':memory:');
  const events = new Topic<ServerEvent>();
  const stop = new AbortController();
  for (const session of sessions) await store.putSession(session);
  const stream = streamSessions({ deviceId: DEVICE, store, events }, stop.signal);
  return {
    store,
    stop,
    stream,
    tell: (sessionKey: string, deviceId = DEVICE) => events.emit({ kind: 'session', deviceId, sessionKey }),
    async next() {
      const { value, done } = await stream.next();
      return done ? undefined : { keys: value.keys, changed: value.changed.map(({ key, state }) => `${key} ${state}`) };
    },
  };
}

describe("a device's sessions on their way to the page", () => {
  test('come one by one, the newest first', async () => {
    const one = await follow(record('1'), record('2', 'open'));
    expect(await one.next()).toEqual({ keys: ['2', '1'], changed: ['2 open'] });
    expect(await one.next()).toEqual({ keys: ['2', '1'], changed: ['1 completed'] });
  });

  test('a device without a session says so', async () => {
    expect(await (await follow()).next()).toEqual({ keys: [], changed: [] });
  });

  test('only those in which something happened come again, and new ones', async () => {
    const one = await follow(record('1'), record('2', 'open'));
    await one.next();
    await one.next();
    await one.store.putSession(record('2'));
    await one.store.putSession(record('3', 'open'));
    one.tell('9', 'IMEI:2');
    one.tell('2');
    expect(await one.next()).toEqual({ keys: ['3', '2', '1'], changed: ['3 open'] });
    expect(await one.next()).toEqual({ keys: ['3', '2', '1'], changed: ['2 completed'] });
  });

  test('of one that goes on, a message is sent once, and again where it was answered', async () => {
    const { messages } = recordedSession({ packages: [[get('./A/B')], [get('./A/C')]] });
    const one = await follow(record('1', 'open'));
    const keys = async () => {
      const { value, done } = await one.stream.next();
      return done ? undefined : value.changed.flatMap(session => session.messages.map(({ key }) => key));
    };
    expect(await keys()).toEqual([]);
    const sent: unknown[] = [];
    for (const message of messages) {
      await one.store.addMessages([{ ...message, sessionKey: '1' }]);
      one.tell('1');
      sent.push(await keys());
    }
    await one.store.putSession(record('1'));
    one.tell('1');
    sent.push(await keys());
    expect(sent).toEqual([['1'], ['1', '2'], ['2', '3'], ['3', '4'], ['4', '5'], ['5', '6'], []]);
  });

  test('ends when nobody follows any more', async () => {
    const one = await follow(record('1'));
    await one.next();
    const waiting = one.next();
    one.stop.abort();
    expect(await waiting).toBeUndefined();
  });
});
