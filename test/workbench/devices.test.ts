/** The list of devices: those that came, and accounts that wait for theirs. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ServerEvent } from '../../src-core/server/effects.ts';
import { DevicesRoom } from '../../src-core/workbench/devices.ts';
import { Topic } from '../../src-core/workbench/topic.ts';
import { WorkRoom } from '../../src-core/workbench/work.ts';
import { type DmBench, startDmBench } from '../support/dm-bench.ts';

const DEVICE = 'IMEI:493005100592800';

let bench: DmBench;
let devices: DevicesRoom;
let rests: number;
beforeEach(async () => {
  const events = new Topic<ServerEvent>();
  bench = await startDmBench({ onEvent: event => events.emit(event) });
  const ports = { server: bench.dm, store: bench.store, events };
  const work = new WorkRoom({ ...ports, summon: () => false, problems: async () => [] });
  rests = 0;
  const rest = async () => {
    rests += 1;
  };
  devices = new DevicesRoom({ ...ports, work, isVirtual: () => false, rest });
});
afterEach(() => bench.close());

const listed = async () => (await devices.list()).map(({ id, account, detail }) => [id, account, detail]);

it('an account waits for its device, belongs to it, and is freed for the next one', async () => {
  const account = await bench.account('alice');
  const { origin } = (await bench.store.findAccount('alice')) ?? {};
  expect(await listed()).toEqual([['user:alice', undefined, `never connected · bootstrap on ${origin}`]]);
  await bench.handset(account).connect();
  expect(await listed()).toEqual([[DEVICE, 'alice', expect.stringMatching(/^session \w+ completed · as alice$/)]]);
  await devices.freeAccount(DEVICE);
  expect(await listed()).toEqual([
    [DEVICE, undefined, expect.stringMatching(/^session \w+ completed$/)],
    [
      'user:alice',
      undefined,
      `freed from ${DEVICE}, belongs to the next device that proves it · bootstrap on ${origin}`,
    ],
  ]);
  await expect(devices.freeAccount(DEVICE)).rejects.toThrow(`no account belongs to ${DEVICE}`);
});

it('the list that is watched rests after each state', async () => {
  const states = devices.watch(new AbortController().signal)[Symbol.asyncIterator]();
  expect((await states.next()).value).toEqual([]);
  expect(rests).toBe(0);
  const next = states.next();
  const account = await bench.account('alice');
  await bench.handset(account).connect();
  expect((await next).value).toMatchObject([{ id: DEVICE }]);
  expect(rests).toBe(1);
  await states.return?.();
});
