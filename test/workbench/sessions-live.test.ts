/** Sessions of a real server with a virtual handset over HTTP: found, exported, and replayed against all that can answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerEvent } from '../../src-core/server/effects.ts';
import type { ReplayTarget, ReplayView, SessionRow } from '../../src-core/workbench/session-views.ts';
import { SessionsRoom } from '../../src-core/workbench/sessions.ts';
import { Topic } from '../../src-core/workbench/topic.ts';
import { WorkRoom } from '../../src-core/workbench/work.ts';
import { type DmBench, startDmBench } from '../support/dm-bench.ts';

const DEVICE = 'IMEI:493005100592800';
const BRIGHTNESS = './Vendor/Display/Brightness';

let bench: DmBench;
let room: SessionsRoom;
let connect: () => Promise<unknown>;
let rows: readonly SessionRow[];

beforeAll(async () => {
  const events = new Topic<ServerEvent>();
  bench = await startDmBench({ onEvent: event => events.emit(event) });
  const { dm: server, store } = bench;
  const work = new WorkRoom({ server, store, events, summon: () => false, problems: async () => [] });
  room = new SessionsRoom({
    store,
    events,
    deviceName: id => server.devices.get(id)?.record.name,
    now: Date.now,
    random: bytes => crypto.getRandomValues(new Uint8Array(bytes)),
    dmUrl: bench.http.url,
    work,
    by: 'test',
  });
  const handset = bench.handset(await bench.account('device'));
  connect = () => handset.connect();
  await connect();
  await work.send(
    DEVICE,
    [
      {
        kind: 'sequence',
        commands: [
          { kind: 'get', uri: BRIGHTNESS },
          { kind: 'delete', uri: './Vendor/None' },
        ],
      },
    ],
    false,
  );
  await connect();
  rows = await findAll();
});
afterAll(() => bench.close());

async function findAll(): Promise<SessionRow[]> {
  const found: SessionRow[] = [];
  for await (const { rows: some } of room.find({}, { limit: 10 }, new AbortController().signal)) found.push(...some);
  return found;
}

async function replay(
  row: SessionRow | undefined,
  target: ReplayTarget,
  onStep?: () => Promise<unknown>,
): Promise<ReplayView> {
  let last: ReplayView | undefined;
  for await (const view of room.replay(row?.key ?? '', target, new AbortController().signal)) {
    last = view;
    if (view.state === 'running') await onStep?.();
  }
  if (!last) throw new Error('the replay said nothing');
  return last;
}

describe('recorded sessions of this server', () => {
  test('the newest is the one with the commands', () => {
    expect(rows.map(({ sessionId, state }) => [sessionId, state])).toEqual([
      ['02', 'completed'],
      ['01', 'completed'],
    ]);
  });

  test.each([0, 1])('come back without a difference from a server session: number %i', async at => {
    expect(await replay(rows[at], { kind: 'server-here' })).toMatchObject({ state: 'done', differences: [] });
  });

  test.each([0, 1])('come back without a difference from a virtual handset: number %i', async at => {
    expect(await replay(rows[at], { kind: 'handset' })).toMatchObject({ state: 'done', differences: [] });
  });

  test('from a file without secrets as well, and nothing of all that is recorded', async () => {
    const before = await bench.store.countSessions({});
    const { text } = await room.exportSession(rows[0]?.key ?? '', 'file', 'masked');
    const { key } = await room.importSession('x.json', text);
    const row = rows[0] && { ...rows[0], key };
    expect(await replay(row, { kind: 'server-here' })).toMatchObject({ state: 'done', differences: [] });
    expect(await bench.store.countSessions({})).toBe(before);
  });

  test('on the device itself: it answers as before, and otherwise once it is otherwise', async () => {
    const target = { kind: 'device', deviceId: DEVICE } as const;
    expect(await replay(rows[0], target, connect)).toMatchObject({
      state: 'done',
      of: 3,
      exchanged: 3,
      differences: [],
    });
    const handset = bench.handset(await bench.account('other'), { imei: '1' });
    await handset.connect();
    handset.tree.replace(BRIGHTNESS, '71', 'device');
    const other = await replay(rows[0], { kind: 'device', deviceId: 'IMEI:1' }, () => handset.connect());
    expect(other.differences).toEqual([
      expect.objectContaining({ path: `Get ${BRIGHTNESS} → Results ${BRIGHTNESS}`, recorded: '70', replayed: '71' }),
    ]);
  });
});
