import { describe, expect, test } from 'vitest';
import { withNews } from '../../renderer/features/sessions/open-session.ts';
import { actingIn } from '../../src-core/workbench/acting.ts';
import { readMessages, sessionView } from '../../src-core/workbench/messages.ts';
import { hitsIn } from '../../src-core/workbench/session-match.ts';
import type { OpenSession, SessionFilter } from '../../src-core/workbench/session-views.ts';
import { SessionWatch } from '../../src-core/workbench/session-watch.ts';
import { oddSession } from '../support/fake-messages.ts';
import { recordedSession } from '../support/recorded-session.ts';

const get = (uri: string) => ({ kind: 'Get' as const, items: [{ target: { uri } }] });
const long = (packages: number) =>
  recordedSession({ packages: Array.from({ length: packages }, (_, i) => [get(`./A/None${i}`), get('./A/B')]) });

/** Each message tells how often its bytes are asked for: to be decoded, and once for every row that is made of it. */
function counted({ record, messages }: ReturnType<typeof recordedSession>) {
  const reads = messages.map(() => 0);
  const watched = messages.map((message, i) => ({
    ...message,
    get bytes() {
      reads[i] = (reads[i] ?? 0) + 1;
      return message.bytes;
    },
  }));
  return { record, messages: watched, reads };
}

describe('an open session that grows', () => {
  test('one more message costs its own row and that of the message it answers, however long the session is', () => {
    const { record, messages, reads } = counted(long(60));
    const watch = new SessionWatch({ failed: true });
    const rows = messages.map(message => {
      watch.add([message]);
      return watch.changes(record).session.messages.map(({ key }) => messages.findIndex(one => one.key === key));
    });
    expect(rows).toEqual(messages.map((_, i) => (i === 0 ? [0] : [i - 1, i])));
    // Decoded once, its row made when it came and when it was answered.
    expect(new Set(reads.slice(0, -1))).toEqual(new Set([3]));
    expect(messages.length).toBeGreaterThan(120);
  });

  test('what has not changed is not told again', () => {
    const { record, messages } = long(3);
    const watch = new SessionWatch({ uri: './A/None1' });
    watch.add(messages);
    expect(watch.changes(record).hits).toHaveLength(2);
    const { session, acting, hits } = watch.changes({ ...record, state: 'failed' });
    expect(session).toMatchObject({ state: 'failed', messages: [] });
    expect([acting.flatMap(({ proofs }) => proofs), hits]).toEqual([[], []]);
  });

  test.each<[string, ReturnType<typeof recordedSession>]>([
    ['of many packages', long(12)],
    ['with every oddity', oddSessionOf()],
  ])('message by message the page has the same as of the whole at once: %s', (_, { record, messages }) => {
    const filter: SessionFilter = { failed: true };
    const watch = new SessionWatch(filter);
    let seen: OpenSession | undefined;
    for (const message of messages) {
      watch.add([message]);
      seen = withNews(seen, { ...watch.changes(record), deviceName: 'x' });
    }
    const whole = sessionView(record, messages);
    expect(seen?.session).toEqual(whole);
    expect(seen?.acting).toEqual(actingIn(readMessages(messages)));
    expect([...(seen?.hits ?? [])].sort()).toEqual(hitsIn(whole.messages, filter).sort());
  });

  test('a message whose answer fits the filter no longer is no hit any more', () => {
    const before = {
      hits: ['1', '2'],
      acting: [],
      deviceName: 'x',
      session: { messages: [{ key: '1' }, { key: '2' }] },
    };
    const news = { ...before, hits: ['3'], session: { messages: [{ key: '2' }, { key: '3' }] } };
    const now = withNews(before as unknown as OpenSession, news as unknown as OpenSession);
    expect(now.hits).toEqual(['1', '3']);
    expect(now.session.messages.map(({ key }) => key)).toEqual(['1', '2', '3']);
  });
});

function oddSessionOf() {
  const { view, records } = oddSession('IMEI:1', 0);
  const { record } = long(0);
  return { record: { ...record, key: view.key }, messages: records };
}
