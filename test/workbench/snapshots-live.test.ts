/** Snapshots with a virtual handset behind them: what it was, what it became, and back again over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../src-core/server/effects.ts';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import { keepFirstReadings } from '../../src-core/workbench/snapshots/first-readings.ts';
import { SnapshotsRoom } from '../../src-core/workbench/snapshots/room.ts';
import type { ApplyRequest, TreeSide } from '../../src-core/workbench/snapshots/views.ts';
import { Topic } from '../../src-core/workbench/topic.ts';
import { WorkRoom } from '../../src-core/workbench/work.ts';
import { type DmBench, startDmBench } from '../support/dm-bench.ts';

const DEVICE = 'IMEI:493005100592800';
const NOW: TreeSide = { kind: 'device', deviceId: DEVICE };

const CHANGES: readonly CommandInput[] = [
  { kind: 'replace', uri: './Vendor/Display/Brightness', format: 'int', value: '15' },
  { kind: 'add', uri: './Vendor/New', format: 'node' },
  { kind: 'add', uri: './Vendor/New/Deep', format: 'node' },
  { kind: 'add', uri: './Vendor/New/Deep/Text', format: 'chr', value: 'é & <x>' },
  { kind: 'add', uri: './Vendor/New/Bytes', format: 'bin', type: 'image/png', value: 'AAEC' },
  { kind: 'replaceProperty', uri: './Vendor/New', prop: 'Title', value: 'New things' },
];

describe('a device and its snapshots', () => {
  let bench: DmBench;
  let work: WorkRoom;
  let room: SnapshotsRoom;
  let connect: () => Promise<unknown>;

  beforeEach(async () => {
    const events = new Topic<ServerEvent>();
    bench = await startDmBench({ onEvent: event => events.emit(event) });
    const { dm: server, store } = bench;
    work = new WorkRoom({ server, store, events, summon: () => false, problems: async () => [] });
    room = new SnapshotsRoom({ store: store.snapshots, device: id => server.devices.get(id), work, now: Date.now });
    keepFirstReadings(events, store.jobs, room);
    const handset = bench.handset(await bench.account('device'));
    connect = () => handset.connect();
    await connect();
  });
  afterEach(() => bench.close());

  it('the first whole reading is kept by itself, once', async () => {
    const list = () => bench.store.snapshots.all();
    await expect.poll(list).toMatchObject([{ name: expect.stringMatching(/, first read$/), origin: DEVICE }]);
    const [first] = await list();
    expect(first?.nodes).toBe(bench.dm.devices.get(DEVICE)?.tree.size);
    await readAll();
    await readAll();
    expect(await list()).toEqual([first]);
  });

  /** The device's tree as it is, all of it read anew. */
  async function readAll(): Promise<void> {
    await work.ask(DEVICE, { kind: 'read', uri: '.' });
    await connect();
  }

  async function differences(from: TreeSide): Promise<string[]> {
    await readAll();
    const { changes, unknown, unread } = await room.diff(from, NOW);
    expect([unknown, unread]).toEqual([{ from: 0, to: 0 }, 0]);
    return changes.map(({ kind, uri }) => `${kind} ${uri}`);
  }

  async function bring(from: TreeSide, to: TreeSide, how: Pick<ApplyRequest, 'subtrees' | 'atomic'>): Promise<void> {
    const request = { deviceId: DEVICE, from, to, ...how };
    const { digest } = await room.commands(request);
    const { workId } = await room.apply(request, digest);
    await connect();
    const job = await bench.store.jobs.get(Number(workId));
    expect(job).toMatchObject({ state: 'answered', done: true });
  }

  it.each([
    { subtrees: 'nodes', atomic: false },
    { subtrees: 'tnds-wbxml', atomic: false },
    { subtrees: 'tnds-xml', atomic: true },
  ] as const)('goes back to what it was, and on to what it became: %j', async how => {
    await readAll();
    const before: TreeSide = { kind: 'snapshot', key: (await room.take(DEVICE, 'before')).key };
    await work.send(DEVICE, CHANGES);
    await connect();
    const changed = [
      'added ./Vendor/New',
      'added ./Vendor/New/Bytes',
      'added ./Vendor/New/Deep',
      'added ./Vendor/New/Deep/Text',
      'changed ./Vendor/Display/Brightness',
    ];
    expect((await differences(before)).toSorted()).toEqual(changed);
    const after: TreeSide = { kind: 'snapshot', key: (await room.take(DEVICE, 'after')).key };
    await bring(NOW, before, how);
    expect(await differences(before)).toEqual([]);
    await bring(NOW, after, how);
    expect(await differences(after)).toEqual([]);
  });
});
