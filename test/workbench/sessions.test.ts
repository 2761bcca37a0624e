import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft } from '../../src-core/syncml/message.ts';
import { readSessionFile } from '../../src-core/workbench/session-file.ts';
import type {
  Findings,
  OpenSession,
  ReplayView,
  RowChanges,
  SessionFilter,
} from '../../src-core/workbench/session-views.ts';
import { ordinaryMessages } from '../support/fake-messages.ts';
import { FakeSessions } from '../support/fake-sessions.ts';
import { recordedSession } from '../support/recorded-session.ts';

const get = (uri: string): Draft => ({ kind: 'Get', items: [{ target: { uri } }] });
const HANDSET = 'IMEI:493005100592800';
const PHONE = 'IMEI:352099001761499';
const NOW = Date.UTC(2026, 10, 24, 12);

let sessions: FakeSessions;
let abort: AbortController;
beforeEach(() => {
  sessions = new FakeSessions(id => (id === HANDSET ? 'Handset' : undefined));
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await sessions.store.close();
});

async function findAll(filter: SessionFilter, limit = 100, before?: string): Promise<Findings> {
  const rows = [];
  let last: Findings | undefined;
  const page = { limit, ...(before !== undefined && { before }) };
  for await (const step of sessions.room.find(filter, page, abort.signal)) {
    rows.push(...step.rows);
    last = step;
  }
  if (!last) throw new Error('the search said nothing');
  return { ...last, rows };
}

const idsOf = ({ rows }: Findings): string[] => rows.map(({ sessionId }) => sessionId);

async function first<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const value of stream) return value;
  throw new Error('the stream ended');
}

describe('the list over all devices', () => {
  test('newest first, with how many messages and bytes, and what people call the device', async () => {
    sessions.fill(NOW);
    const { rows, done, next } = await findAll({});
    expect(rows).toHaveLength(16);
    expect(rows[0]).toMatchObject({ sessionId: '1A', deviceName: 'Handset', state: 'open', messages: 4 });
    expect(rows[0]?.bytes).toBe(
      ordinaryMessages()
        .slice(0, 4)
        .reduce((sum, { bytes }) => sum + bytes.length, 0),
    );
    expect(rows[0]?.authenticated).toEqual({ client: true, server: true, scheme: 'MD5' });
    expect(rows[2]).toMatchObject({ deviceId: PHONE, deviceName: PHONE });
    expect({ done, next }).toEqual({ done: true, next: undefined });
  });

  test('page by page: none twice, none left out', async () => {
    sessions.addMany(25, PHONE, NOW);
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page = await findAll({}, 10, next);
      seen.push(...page.rows.map(({ key }) => key));
      next = page.next;
    } while (next !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => String(25 - i)));
  });

  test.each<[string, SessionFilter, string[]]>([
    ['device', { deviceId: HANDSET }, ['1A', '19', '18']],
    ['state', { state: 'failed' }, ['07', '18']],
    ['time', { from: NOW - 3_600_000, to: NOW }, ['1A', '19']],
    ['code', { code: '425' }, ['19', '18']],
    ['class of codes', { code: '5xx' }, ['18']],
    ['URI, whatever its case', { uri: './vendor/APP1' }, ['18']],
    ['URI with code', { uri: './Vendor/Enabled', code: '425' }, ['19']],
    ['URI with a code that another URI has', { uri: './DevInfo', code: '425' }, []],
    ['failed only', { failed: true }, ['19', '07', '18']],
    ['failed, of one device', { failed: true, deviceId: HANDSET }, ['19', '18']],
  ])('by %s', async (_, filter, expected) => {
    sessions.fill(NOW);
    expect(idsOf(await findAll(filter))).toEqual(expected);
  });

  test('a search inside messages says how far it is, can be cancelled, and goes on where it stopped', async () => {
    sessions.addMany(120, PHONE, NOW);
    const steps: Findings[] = [];
    for await (const step of sessions.room.find({ code: '425' }, { limit: 10 }, abort.signal)) {
      steps.push(step);
      abort.abort();
    }
    expect(steps[0]).toMatchObject({ scanned: 50, of: 120, done: false, next: '71' });
    expect(steps.at(-1)).toMatchObject({ scanned: 50, done: true });
    abort = new AbortController();
    expect(await findAll({ code: '425' }, 10, '71')).toMatchObject({ scanned: 70, of: 70, rows: [] });
  });

  test('other work of the core has its turn while messages are decoded', async () => {
    sessions.addMany(60, PHONE, NOW);
    let turns = 0;
    let turn = setImmediate(function next() {
      turns += 1;
      turn = setImmediate(next);
    });
    await findAll({ uri: 'nowhere' });
    clearImmediate(turn);
    expect(turns).toBeGreaterThanOrEqual(60);
  });

  test('a session that changes comes again, or is named where it no longer fits', async () => {
    sessions.fill(NOW);
    const changes = sessions.room.watchRows({ state: 'open' }, abort.signal);
    const next = first<RowChanges>(changes);
    const [row] = (await findAll({ state: 'open' })).rows;
    const message = ordinaryMessages()[4];
    if (!row || !message) throw new Error('nothing open');
    await sessions.say(row.key, message, { state: 'completed' });
    expect(await next).toEqual({ rows: [], others: [row.key] });
  });
});

describe('an open session', () => {
  const open = (key: string, filter: SessionFilter = {}) => sessions.room.open(key, filter, abort.signal);

  test('comes again with each message that is exchanged in it', async () => {
    const key = sessions.add(
      { deviceId: HANDSET, sessionId: '1A', startedAt: NOW, state: 'open' },
      ordinaryMessages().slice(0, 4),
    );
    const seen: OpenSession[] = [];
    const message = ordinaryMessages()[4];
    for await (const one of open(key)) {
      seen.push(one);
      if (seen.length === 2 || !message) break;
      await sessions.say(key, message);
    }
    // The answer to the fourth message, and the fourth with it.
    expect(seen.map(({ session }) => session.messages.length)).toEqual([4, 2]);
  });

  test('exchanges that follow one another closely are told together', async () => {
    const key = sessions.add({ deviceId: HANDSET, sessionId: '1A', startedAt: NOW, state: 'open' }, []);
    const seen: number[] = [];
    for await (const { session } of open(key)) {
      seen.push(session.messages.length);
      if (seen.length === 2) break;
      for (const message of ordinaryMessages().slice(0, 4)) await sessions.say(key, message);
    }
    expect(seen).toEqual([0, 4]);
  });

  test('says which messages fit the filter: the command, and the status that answers it', async () => {
    const packages = [[get('./A/B'), get('./A/None')], [get('./A')]];
    const key = sessions.add(
      { deviceId: HANDSET, sessionId: '19', startedAt: NOW },
      recordedSession({ packages }).messages,
    );
    const { session, hits } = await first(open(key, { uri: './a/none', code: '404' }));
    expect(hits).toEqual([session.messages[1]?.key, session.messages[2]?.key]);
    expect((await first(open(key))).hits).toBeUndefined();
  });

  test('says who acted, with which credentials, and what the other side said to them', async () => {
    sessions.fill(NOW);
    const [row] = (await findAll({ uri: './FUMO/Update1' })).rows;
    const { acting } = await first(open(row?.key ?? ''));
    expect(acting[0]).toMatchObject({ side: 'device', address: HANDSET, name: 'device-1' });
    expect(acting[0]?.proofs[0]).toMatchObject({ msgId: 1, scheme: 'basic', answer: { code: 212, ok: true } });
    expect(acting[1]).toMatchObject({ side: 'server', address: 'http://192.168.1.20:8080/dm' });
    expect(acting[1]?.proofs[0]).toMatchObject({ msgId: 1, scheme: 'MD5', answer: { code: 212 } });
  });

  test('is found by SessionID and time: of those that repeat the one that was under way', async () => {
    const keys = [0, 1, 2].map(day =>
      sessions.add({ deviceId: HANDSET, sessionId: 'AA', startedAt: NOW + day * 86_400_000 }, []),
    );
    sessions.addMany(60, HANDSET, NOW + 86_400_100);
    const at = (time: number) => sessions.room.recordOf(HANDSET, 'AA', NOW + time);
    expect([await at(0), await at(86_400_050), await at(9 * 86_400_000)]).toEqual([
      { key: keys[0] },
      { key: keys[1] },
      { key: keys[2] },
    ]);
    await expect(at(-1)).rejects.toMatchObject({ code: 'unknown-session', advice: expect.stringContaining('list') });
    await expect(sessions.room.recordOf(PHONE, 'AA', NOW)).rejects.toThrow('is not recorded any more');
  });

  test('that is not there is refused with what to do', async () => {
    await expect(first(open('99'))).rejects.toThrow('this session is not recorded');
    await expect(first(open('shelf-9'))).rejects.toThrow('this session was closed');
  });
});

describe('files and replays', () => {
  test('a file opens beside the records, marked as what it is, and is never among them', async () => {
    const key = sessions.add({ deviceId: HANDSET, sessionId: '19', startedAt: NOW }, ordinaryMessages());
    const { name, text } = await sessions.room.exportSession(key, 'file', 'masked');
    expect(name).toBe('IMEI-493005100592800-session-19-2026-11-24T12-00-00.dmsession.json');
    const opened = await sessions.room.importSession('from a colleague.json', text);
    const { session, origin } = await first(sessions.room.open(opened.key, {}, abort.signal));
    expect(origin).toMatchObject({ kind: 'file', name: 'from a colleague.json', secrets: 'masked' });
    expect(session.messages).toHaveLength(6);
    expect((await findAll({})).rows).toHaveLength(1);
    expect(await sessions.store.sessions(HANDSET, 10)).toHaveLength(1);
    const [shelf] = await first(sessions.room.watchShelf(abort.signal));
    expect(shelf).toMatchObject({ key: opened.key, messages: 6 });
    await sessions.room.closeShelf(opened.key);
    expect(await first(sessions.room.watchShelf(abort.signal))).toEqual([]);
  });

  test('a file without secrets stays one when it is exported again, whatever is asked for', async () => {
    sessions.fill(NOW);
    const [row] = (await findAll({ uri: './FUMO/Update1' })).rows;
    const first = await sessions.room.exportSession(row?.key ?? '', 'file', 'masked');
    const { key } = await sessions.room.importSession('odd.json', first.text);
    const again = await sessions.room.exportSession(key, 'file', 'included');
    const [before, after] = [readSessionFile(first.text), readSessionFile(again.text)];
    expect(after.secrets).toBe('masked');
    expect(after.messages).toEqual(before.messages);
    expect(after.messages.flatMap(({ masked }) => masked).length).toBeGreaterThan(0);
    expect((await sessions.room.exportSession(key, 'html', 'included')).text).toContain('masked in the file: basic');
  });

  test.each([
    ['number', { sessions: 1, bytes: 1e6 }, /^1 files and replays are open: no more fit into the memory/],
    ['size', { sessions: 9, bytes: 1000 }, /^the messages have [\d,]+ bytes, and there is room for \d+ of 1,000/],
  ])('the shelf is bounded in %s; closing one makes room', async (_, shelfLimits, words) => {
    await sessions.store.close();
    sessions = new FakeSessions(name => name, undefined, shelfLimits);
    const key = sessions.add({ deviceId: HANDSET, sessionId: '19', startedAt: NOW }, ordinaryMessages().slice(0, 2));
    const { text } = await sessions.room.exportSession(key, 'file', 'masked');
    const opened = await sessions.room.importSession('1.json', text);
    await expect(sessions.room.importSession('2.json', text)).rejects.toMatchObject({
      code: 'shelf-full',
      message: expect.stringMatching(words),
      advice: expect.stringContaining('Close'),
    });
    let last: ReplayView | undefined;
    for await (const view of sessions.room.replay(key, { kind: 'server-here' }, abort.signal)) last = view;
    expect(last).toMatchObject({ state: 'done', notKept: expect.stringMatching(words) });
    expect(last?.shelfKey).toBeUndefined();
    await sessions.room.closeShelf(opened.key);
    expect(await sessions.room.importSession('2.json', text)).toEqual({ key: 'shelf-2' });
  });

  test('a message of a file says what its stars stand for', async () => {
    sessions.fill(NOW);
    const [row] = (await findAll({ uri: './FUMO/Update1' })).rows;
    const { text } = await sessions.room.exportSession(row?.key ?? '', 'file', 'masked');
    const { key } = await sessions.room.importSession('odd.json', text);
    const { session } = await first(sessions.room.open(key, {}, abort.signal));
    const body = await sessions.room.messageBody(session.messages[0]?.key ?? '');
    expect(body.hidden.map(note => note.text)).toEqual([
      'masked in the file: basic credentials: the password is in them',
    ]);
    expect(body.error).toBeUndefined();
  });

  test('a replay ends as a session of its own, which opens', async () => {
    const key = sessions.add({ deviceId: HANDSET, sessionId: '19', startedAt: NOW }, ordinaryMessages());
    const views = [];
    for await (const view of sessions.room.replay(key, { kind: 'server-here' }, abort.signal)) views.push(view);
    const last = views.at(-1);
    expect(views[0]).toMatchObject({ state: 'running', of: 6, against: 'a server session in memory' });
    expect(last?.state).toBe('done');
    const { session, origin } = await first(sessions.room.open(last?.shelfKey ?? '', {}, abort.signal));
    expect(origin).toEqual({ kind: 'replay', of: key, against: 'a server session in memory' });
    expect(session.messages).toHaveLength(last?.exchanged ?? 0);
    expect((await findAll({})).rows).toHaveLength(1);
  });

  test('against the address of this workbench itself it is refused: it would change the records', async () => {
    const key = sessions.add({ deviceId: HANDSET, sessionId: '19', startedAt: NOW }, ordinaryMessages());
    const target = { kind: 'server', url: 'http://192.168.1.20:8080/dm' } as const;
    await expect(first(sessions.room.replay(key, target, abort.signal))).rejects.toThrow(
      'the address of this workbench',
    );
  });
});
