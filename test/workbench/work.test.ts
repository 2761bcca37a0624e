/** The Devices room's work: what a person sends, through the API's own door, to a virtual handset over HTTP. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../src-core/server/effects.ts';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import { previewOf } from '../../src-core/workbench/command-preview.ts';
import { router } from '../../src-core/workbench/router.ts';
import type { WorkbenchService } from '../../src-core/workbench/service.ts';
import { Topic } from '../../src-core/workbench/topic.ts';
import { WorkRoom } from '../../src-core/workbench/work.ts';
import type { CommandProblemView, WorkView } from '../../src-core/workbench/work-views.ts';
import { type DmBench, startDmBench } from '../support/dm-bench.ts';

const DEVICE = 'IMEI:493005100592800';
const BRIGHTNESS = './Vendor/Display/Brightness';
const replace: CommandInput = { kind: 'replace', uri: BRIGHTNESS, format: 'int', value: '15' };

let bench: DmBench;
let work: WorkRoom;
let summoned: string[];
let problems: CommandProblemView[];
let handset: ReturnType<DmBench['handset']>;
beforeEach(async () => {
  const events = new Topic<ServerEvent>();
  bench = await startDmBench({ onEvent: event => events.emit(event) });
  summoned = [];
  problems = [];
  work = new WorkRoom({
    server: bench.dm,
    store: bench.store,
    events,
    summon: deviceId => {
      summoned.push(deviceId);
      return false;
    },
    problems: async () => problems,
  });
  handset = bench.handset(await bench.account('device'));
  await handset.connect();
});
afterEach(() => bench.close());

const api = () => router.createCaller({ service: { work } as unknown as WorkbenchService }).devices;

/** Watches until the newest work is as expected; returns all that was seen of it. */
async function watchUntil(isDone: (newest: WorkView) => boolean): Promise<WorkView[]> {
  const stop = new AbortController();
  const seen: WorkView[] = [];
  const timeout = setTimeout(() => stop.abort(), 5000);
  for await (const [newest] of work.watch(DEVICE, stop.signal)) {
    if (newest) seen.push(newest);
    if (newest && isDone(newest)) stop.abort();
  }
  clearTimeout(timeout);
  return seen;
}

describe('preview', () => {
  it('is what goes out: the same elements, the same bytes', async () => {
    const { xml, wbxmlBytes, hex, problems: found } = await api().preview({ deviceId: DEVICE, commands: [replace] });
    expect(xml).toMatch(/^<Replace[^>]*>\n\s*<CmdID>2<\/CmdID>/);
    expect(xml).toContain(`<LocURI>${BRIGHTNESS}</LocURI>`);
    expect([wbxmlBytes, found]).toEqual([hex.length / 2, []]);
    await work.send(DEVICE, [replace], false);
    await handset.connect();
    const [session] = await bench.store.sessions(DEVICE, 1);
    const sent = (await bench.store.messages(session?.key ?? '')).filter(({ direction }) => direction === 'down');
    expect(sent.some(({ bytes }) => Buffer.from(bytes).includes(withoutNumber(hex)))).toBe(true);
  });

  it('numbers commands inside groups as the session does', () => {
    const { xml } = previewOf([{ kind: 'atomic', commands: [replace, { kind: 'delete', uri: './A' }] }, replace]);
    expect([...xml.matchAll(/<CmdID>(\d+)/g)].map(([, id]) => id)).toEqual(['2', '3', '4', '5']);
    expect(xml.match(/^<Replace/m)).not.toBeNull();
  });

  it('leaves secrets out', () => {
    const secret: CommandInput = {
      kind: 'replace',
      uri: './DMAcc/x/AppAuth/1/AAuthSecret',
      format: 'chr',
      value: 'very secret',
    };
    const { xml, hex, wbxmlBytes } = previewOf([secret]);
    expect(xml).not.toContain('very secret');
    expect(xml).toContain('•••');
    expect(hex).not.toContain(Buffer.from('very secret').toString('hex').toUpperCase());
    expect(hex.length / 2).toBe(wbxmlBytes);
  });

  it('says what speaks against it: what the server never sends first', async () => {
    problems = [{ text: 'the node is permanent', severity: 'warning', uri: './A' }];
    const commands: CommandInput[] = [
      { kind: 'delete', uri: 'A' },
      { kind: 'atomic', commands: [{ kind: 'get', uri: './A' }] },
    ];
    expect((await work.preview(DEVICE, commands)).problems).toEqual([
      { text: '"A" does not begin at the root', severity: 'error' },
      { text: 'Get stands in no Atomic', severity: 'error' },
      ...problems,
    ]);
  });
});

describe('send', () => {
  it('is queued, sent and answered, and watched all the way', async () => {
    const { workId, held } = await api().send({ deviceId: DEVICE, commands: [replace] });
    expect([held, summoned]).toEqual([false, [DEVICE]]);
    const watching = watchUntil(({ done }) => done);
    await sleep(20);
    await handset.connect();
    const seen = await watching;
    expect(seen[0]).toMatchObject({
      id: workId,
      title: `replace ${BRIGHTNESS}`,
      uris: [BRIGHTNESS],
      commands: [replace],
      xml: previewOf([replace]).xml,
      state: 'queued',
      statuses: [],
      done: false,
    });
    expect(seen.at(-1)).toMatchObject({
      id: workId,
      state: 'answered',
      statuses: [{ path: '1', name: 'Replace', uri: BRIGHTNESS, code: 200, words: 'OK' }],
      reads: { refused: 0 },
      done: true,
      sessionKey: expect.any(String),
      sentAt: expect.any(Number),
      answeredAt: expect.any(Number),
    });
  });

  it('into a session that is held nobody is asked to connect', async () => {
    await api().hold({ deviceId: DEVICE, hold: true, patienceSeconds: 5 });
    expect(summoned).toEqual([DEVICE]);
    const session = handset.connect();
    while (bench.dm.live.held(DEVICE)?.state !== 'held') await sleep(5);
    const { held } = await api().send({ deviceId: DEVICE, commands: [{ kind: 'get', uri: BRIGHTNESS }] });
    expect([held, summoned]).toEqual([true, [DEVICE]]);
    const [last] = (await watchUntil(({ done }) => done)).slice(-1);
    expect(last?.results).toEqual([{ path: '1', uri: BRIGHTNESS, format: 'int', type: 'text/plain', value: '70' }]);
    await api().hold({ deviceId: DEVICE, hold: false });
    expect((await session).outcome).toBe('completed');
  });

  it('can be called back while it waits', async () => {
    const { workId } = await api().send({ deviceId: DEVICE, commands: [replace] });
    await api().cancel({ workId });
    expect((await watchUntil(() => true))[0]).toMatchObject({ id: workId, state: 'cancelled', done: true });
    await expect(api().cancel({ workId })).rejects.toThrow('does not wait any more');
    await expect(api().cancel({ workId: '99' })).rejects.toThrow('nothing is known of this work');
  });

  it.each<[string, unknown]>([
    ['no command', []],
    ['an unknown kind', [{ kind: 'explode', uri: './A' }]],
    ['a field too many', [{ kind: 'delete', uri: './A', value: 'x' }]],
    ['an empty group', [{ kind: 'atomic', commands: [] }]],
    ['a value that is none', [{ kind: 'replace', uri: './A', format: 'chr', value: 7 }]],
  ])('%s is refused at the door', async (_name, commands) => {
    await expect(api().send({ deviceId: DEVICE, commands: commands as CommandInput[] })).rejects.toThrow();
    expect(await bench.store.jobs.ofDevice(DEVICE, 9)).toHaveLength(1);
  });

  it('a read of a subtree is work too: the Get that it begins with is seen before it goes out, all of them with their answers', async () => {
    await work.ask(DEVICE, { kind: 'read', uri: './Vendor' });
    const [queued] = await watchUntil(() => true);
    expect(queued).toMatchObject({ title: 'read ./Vendor and all below', commands: [], state: 'queued' });
    expect(queued?.xml).toBe(previewOf([{ kind: 'get', uri: './Vendor' }]).xml);
    expect(queued?.reads).toEqual({ answered: 0, refused: 0 });
    await handset.connect();
    const [last] = (await watchUntil(({ done }) => done)).slice(-1);
    expect(last?.state).toBe('answered');
    expect(last?.reads.answered).toBeGreaterThan(2);
    const { asked = [] } = last?.reads ?? {};
    expect(asked[0]).toEqual({ uri: './Vendor', code: 200 });
    expect(asked[1]?.uri).toBe('./Vendor?list=StructData');
    expect(asked.map(({ uri }) => uri)).toEqual(await getsOfLastSession());
    expect(last?.xml.match(/<LocURI>[^<]*/g)).toEqual(asked.map(({ uri }) => `<LocURI>${uri}`));
  });

  it('what is read back stands behind the commands that it follows', async () => {
    await work.send(DEVICE, [replace]);
    await handset.connect();
    const [last] = (await watchUntil(({ done }) => done)).slice(-1);
    expect(last?.reads.asked?.[0]).toEqual({ uri: BRIGHTNESS, code: 200 });
    expect(last?.xml).toBe(
      previewOf([replace, ...(last?.reads.asked ?? []).map(({ uri }): CommandInput => ({ kind: 'get', uri }))]).xml,
    );
  });
});

/** Targets, in the order in which they went out. */
async function getsOfLastSession(): Promise<string[]> {
  const [session] = await bench.store.sessions(DEVICE, 1);
  const sent = (await bench.store.messages(session?.key ?? '')).filter(({ direction }) => direction === 'down');
  return sent
    .flatMap(({ bytes, encoding }) => decodeMessage(bytes, encoding).commands)
    .flatMap(command => (command.kind === 'Get' ? command.items.map(({ target }) => target?.uri ?? '') : []));
}

/** From its Item on: what is before that is the number, which the session gives. */
function withoutNumber(hex: string): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  return bytes.subarray(bytes.indexOf(0x54));
}
