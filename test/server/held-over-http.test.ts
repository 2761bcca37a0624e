/** Sessions that a person holds open, with the virtual handset over real HTTP. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError, TransportError } from '../../src-core/base/errors.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { DeviceRegistry } from '../../src-core/server/device-registry.ts';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import type { JobSpec } from '../../src-core/server/jobs/spec.ts';
import type { WorkRecord } from '../../src-core/server/work-item.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import type { Exchange, VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp, httpExchange } from '../../src-core/virtual/handset/http-exchange.ts';
import { type DmBench, type DmBenchOptions, startDmBench } from '../support/dm-bench.ts';

const DEVICE = 'IMEI:493005100592800';
const BRIGHTNESS = './Vendor/Display/Brightness';

let bench: DmBench;
beforeEach(async () => {
  bench = await startDmBench();
});
afterEach(() => bench.close());

async function restart(options: DmBenchOptions): Promise<void> {
  await bench.close();
  bench = await startDmBench(options);
}

/** A handset whose tree the server has read. */
async function knownHandset(exchange: Exchange = exchangeOverHttp): Promise<VirtualHandset> {
  const handset = bench.handset(await bench.account('device'), {}, exchange);
  await handset.connect();
  return handset;
}

const send = (...commands: CommandInput[]): JobSpec => ({ kind: 'send', commands, thenRead: true });
const get: CommandInput = { kind: 'get', uri: BRIGHTNESS };
const replace = (value: string): CommandInput => ({ kind: 'replace', uri: BRIGHTNESS, format: 'int', value });
const add = (spec: JobSpec) => bench.dm.live.add(DEVICE, spec);

/** Fails the test where it does not come true soon. */
async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isTrue()); tries++) {
    if (tries > 400) throw new Error(`${what}: did not come true`);
    await sleep(10);
  }
}

async function work(id: number): Promise<WorkRecord> {
  const record = await bench.store.jobs.get(id);
  if (!record) throw new Error(`there is no work ${id}`);
  return record as unknown as WorkRecord;
}
const isDone = async (id: number) => (await work(id)).done;
const isHeld = () => bench.dm.live.held(DEVICE)?.state === 'held';
/** The last session's commands of the server, as `Get ./A`. */
async function sentCommands(): Promise<string[]> {
  const [session] = await bench.store.sessions(DEVICE, 1);
  const messages = session ? await bench.store.messages(session.key) : [];
  return messages
    .filter(({ direction }) => direction === 'down')
    .flatMap(({ bytes, encoding }) => decodeMessage(bytes, encoding).commands)
    .filter(({ kind }) => kind !== 'Status')
    .map(command => `${command.kind} ${'items' in command ? (command.items[0]?.target?.uri ?? '') : ''}`);
}

describe('a session that is held', () => {
  it('does at once what a person asks for, and ends when nobody holds it', async () => {
    const handset = await knownHandset();
    bench.dm.live.hold(DEVICE);
    expect(bench.dm.live.held(DEVICE)).toMatchObject({ state: 'waiting' });
    const session = handset.connect();
    await until('the session is held', isHeld);
    expect(bench.dm.live.held(DEVICE)).toMatchObject({ sessionId: '02' });
    for (const value of ['15', '16']) {
      const { workId, held } = await add(send(replace(value)));
      expect(held).toBe(true);
      await until('the work is done', () => isDone(workId));
      expect(await work(workId)).toMatchObject({
        state: 'answered',
        progress: { statuses: [{ path: '1', name: 'Replace', uri: BRIGHTNESS, code: 200, words: 'OK' }] },
      });
      expect(bench.dm.devices.get(DEVICE)?.tree.get(BRIGHTNESS)).toMatchObject({ value, session: '02' });
    }
    const [record] = await bench.store.sessions(DEVICE, 1);
    expect(record).toMatchObject({ state: 'open', detail: 'held open' });
    bench.dm.live.letGo(DEVICE);
    expect(await session).toMatchObject({ outcome: 'completed' });
    expect((await bench.store.sessions(DEVICE, 1))[0]).toMatchObject({ state: 'completed' });
    expect(bench.dm.live.held(DEVICE)).toBeUndefined();
  });

  it('does all that came meanwhile in order', async () => {
    const handset = await knownHandset();
    bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', isHeld);
    const added = await Promise.all(['1', '2', '3', '4'].map(value => add(send(replace(value)))));
    await until('all is done', async () =>
      (await Promise.all(added.map(({ workId }) => isDone(workId)))).every(Boolean),
    );
    expect(bench.dm.devices.get(DEVICE)?.tree.get(BRIGHTNESS)?.value).toBe('4');
    const replaced = (await sentCommands()).filter(command => command.startsWith('Replace'));
    expect(replaced).toHaveLength(4);
    bench.dm.live.letGo(DEVICE);
    await session;
  });

  it('every command inside a group has its status', async () => {
    const handset = await knownHandset();
    bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', isHeld);
    const { workId } = await add(
      send(
        {
          kind: 'atomic',
          commands: [replace('1'), { kind: 'replace', uri: './Vendor/No', format: 'int', value: '1' }],
        },
        { kind: 'sequence', commands: [replace('2'), get] },
      ),
    );
    await until('the work is done', () => isDone(workId));
    const { state, progress } = await work(workId);
    expect([
      state,
      progress.statuses.filter(({ path }) => path !== '').map(({ path, code }) => `${path} ${code}`),
    ]).toEqual(['refused', expect.arrayContaining(['1 507', '1.1 216', '1.2 404', '2 200', '2.1 200', '2.2 200'])]);
    expect(progress.results.map(({ path, value }) => [path, value])).toEqual([['2.2', '2']]);
    bench.dm.live.letGo(DEVICE);
    await session;
  });

  it('is kept going with a harmless Get before the device gives up', async () => {
    await restart({ hold: { patienceMs: 60 } });
    const handset = await knownHandset();
    bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until(
      'it was kept going',
      async () => (await sentCommands()).filter(one => one.endsWith('DevId')).length >= 4,
    );
    const { workId } = await add(send(get));
    await until('the work is done', () => isDone(workId));
    bench.dm.live.letGo(DEVICE);
    expect((await session).outcome).toBe('completed');
    expect(new Set(await sentCommands())).toEqual(new Set(['Get ./DevInfo/DevId', `Get ${BRIGHTNESS}`]));
  });

  it('ends after the longest time, also without anybody', async () => {
    await restart({ hold: { patienceMs: 50, maximumMs: 200 } });
    const handset = await knownHandset();
    bench.dm.live.hold(DEVICE);
    expect((await handset.connect()).outcome).toBe('completed');
    expect(bench.dm.live.held(DEVICE)).toBeUndefined();
  });

  it('is over when its device begins another, also without a word: only the new one does the work', async () => {
    const account = await bench.account('device');
    const handset = bench.handset(account);
    await handset.connect();
    bench.dm.live.hold(DEVICE);
    const first = handset.connect();
    await until('the session is held', isHeld);
    const second = knownAgain(handset, await bench.store.findAccount('device'), account).connect();
    await expect(first).rejects.toThrow('this session is over');
    await until('the second is held', isHeld);
    const { workId } = await add(send(replace('15')));
    await until('the work is done', () => isDone(workId));
    expect((await work(workId)).sessionKey).toBe((await bench.store.sessions(DEVICE, 1))[0]?.key);
    bench.dm.live.letGo(DEVICE);
    expect((await second).outcome).toBe('completed');
  });

  it('is over where the store fails: nothing is taken for done that is not recorded', async () => {
    const store = openSqliteStore(':memory:');
    let broken = false;
    const failing = new Proxy(store, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (name === 'addMessages' && broken) return () => Promise.reject(new StoreError('failed', 'disk full'));
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    await restart({ store: failing });
    const account = await bench.account('device');
    const handset = bench.handset(account);
    await handset.connect();
    bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', isHeld);
    broken = true;
    const { workId } = await add(send(replace('15')));
    await expect(session).rejects.toThrow('HTTP 500');
    broken = false;
    const next = knownAgain(handset, await store.findAccount('device'), account).connect();
    await until('the work is done', () => isDone(workId));
    bench.dm.live.letGo(DEVICE);
    expect((await next).outcome).toBe('completed');
  });

  it('ends well when the program does', async () => {
    const handset = await knownHandset();
    bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', isHeld);
    await bench.dm.close();
    expect((await session).outcome).toBe('completed');
    expect((await bench.store.sessions(DEVICE, 1))[0]).toMatchObject({ state: 'completed' });
  });
});

describe('a device that does not wait', () => {
  it('gives up and asks again: it gets the one answer, and sooner the next time', async () => {
    const impatient = httpExchange({ patienceMs: 1200 });
    const handset = await knownHandset((url, message, encoding) =>
      impatient(url, message, encoding).catch(async error => {
        await sleep(300);
        throw error;
      }),
    );
    bench.dm.live.hold(DEVICE, 30_000);
    const session = handset.connect();
    await until('it gave up', () => bench.dm.live.held(DEVICE)?.state === 'waiting' && bench.dm.inSession(DEVICE));
    await until('it is told', async () => {
      const [record] = await bench.store.sessions(DEVICE, 1);
      return record?.detail === 'held open, but the device hung up';
    });
    await until('it is back', isHeld);
    const { workId } = await add(send(replace('15')));
    await until('the work is done', () => isDone(workId));
    await until('it was kept going', async () => (await sentCommands()).includes('Get ./DevInfo/DevId'));
    bench.dm.live.letGo(DEVICE);
    expect((await session).outcome).toBe('completed');
    expect((await sentCommands()).filter(one => one.startsWith('Replace'))).toHaveLength(1);
    const [record] = await bench.store.sessions(DEVICE, 1);
    const up = (await bench.store.messages(record?.key ?? '')).filter(({ direction }) => direction === 'up');
    const numbers = up.map(({ bytes }) => decodeMessage(bytes, 'wbxml').header.msgId);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('vanishes: what is asked for then waits for its next session', async () => {
    await restart({ hold: { quietMs: 200 } });
    const coverage = new AbortController();
    const account = await bench.account('device');
    const handset = bench.handset(account, {}, httpExchange({ signal: coverage.signal }));
    await handset.connect();
    bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', isHeld);
    coverage.abort();
    await expect(session).rejects.toThrow(TransportError);
    await until('it was noticed', () => !isHeld());
    const { workId, held } = await add(send(replace('15')));
    expect([held, (await work(workId)).state]).toEqual([false, 'queued']);

    const next = knownAgain(handset, await bench.store.findAccount('device'), account);
    const again = next.connect();
    await until('the work is done', () => isDone(workId));
    await until('the new session is held', isHeld);
    bench.dm.live.letGo(DEVICE);
    expect((await again).outcome).toBe('completed');
    const sessions = await bench.store.sessions(DEVICE, 2);
    expect(sessions.map(({ state, detail }) => [state, detail])).toEqual([
      ['completed', 'no more commands'],
      ['failed', 'the device began anew'],
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'vanishes at its message %i: the work is done once more in the next session, never lost',
    async at => {
      let messages = 0;
      const account = await bench.account('device');
      const fragile: Exchange = (url, message, encoding) => {
        if (++messages === at) return Promise.reject(new Error('out of coverage'));
        return exchangeOverHttp(url, message, encoding);
      };
      const handset = bench.handset(account);
      await handset.connect();
      const { workId } = await add(send(replace('15')));
      const stored = await bench.store.findAccount('device');
      const second = knownAgain(handset, stored, account, fragile);
      bench.dm.live.hold(DEVICE, 50);
      const outcome = await Promise.race([
        second.connect().then(
          () => 'ended',
          () => 'broken',
        ),
        until('the work is done', async () => (await isDone(workId)) && messages > 6).then(() => 'done'),
      ]);
      expect(outcome).toBe('broken');
      bench.dm.live.letGo(DEVICE);
      const third = knownAgain(second, await bench.store.findAccount('device'), account);
      expect((await third.connect()).outcome).toBe('completed');
      const { detail = '', ...done } = await work(workId);
      expect(done).toMatchObject({ state: 'answered', done: true });
      // The answer of the device was lost on its way: it is told that the command went out twice.
      expect(detail).toEqual(at === 2 ? expect.stringMatching(/^sent again/) : '');
      expect(third.tree.get(BRIGHTNESS, 'device').value).toBe('15');
      expect(bench.dm.devices.get(DEVICE)?.work.queued).toBe(0);
    },
  );
});

describe('the queue', () => {
  it('survives the program: what waits is done once, what is done never again', async () => {
    const store = openSqliteStore(':memory:');
    const keep = new Proxy(store, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (name === 'close') return async () => {};
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const url = 'http://dm.example/dm';
    await restart({ store: keep, url });
    const account = await bench.account('device');
    const toBench: Exchange = (_url, message, encoding) =>
      exchangeOverHttp(`${bench.http.url}${new URL(_url).search}`, message, encoding);
    const handset = bench.handset(account, {}, toBench);
    await handset.connect();
    const { workId: first } = await add(send(replace('15')));
    const { workId: second } = await add({ kind: 'read', uri: './Vendor' });
    await restart({ store: keep, url });
    expect([bench.dm.devices.get(DEVICE)?.work.queued, (await work(first)).state]).toEqual([2, 'queued']);
    await handset.connect();
    expect([await isDone(first), await isDone(second)]).toEqual([true, true]);
    expect(handset.tree.get(BRIGHTNESS, 'device').value).toBe('15');

    handset.tree.replace(BRIGHTNESS, '99', 'device');
    await restart({ store: keep, url });
    expect(bench.dm.devices.get(DEVICE)?.work.queued).toBe(0);
    await handset.connect();
    expect(handset.tree.get(BRIGHTNESS, 'device').value).toBe('99');
    const { workId: third } = await add(send(get));
    expect(third).toBeGreaterThan(second);
    await store.close();
  });

  it('what was on its way when the program ended waits again, and says why', async () => {
    const account = await bench.account('device');
    const handset = bench.handset(account);
    await handset.connect();
    const { workId } = await add(send(replace('15')));
    const stored = await bench.store.findAccount('device');
    let messages = 0;
    const lost = knownAgain(handset, stored, account, (url, message, encoding) => {
      if (++messages === 2) return Promise.reject(new Error('out of coverage'));
      return exchangeOverHttp(url, message, encoding);
    });
    await expect(lost.connect()).rejects.toThrow('out of coverage');
    expect((await work(workId)).state).toBe('sent');
    const again = await DeviceRegistry.load(bench.store, Date.now);
    expect(await work(workId)).toMatchObject({
      state: 'queued',
      detail: 'the program ended before the device answered',
      done: false,
    });
    expect(again.proven(DEVICE)?.work.queued).toBe(1);
  });

  it('what waits can be cancelled, what has gone out cannot', async () => {
    const handset = await knownHandset();
    const { workId } = await add(send(replace('15')));
    await bench.dm.live.cancel(DEVICE, workId);
    expect(await work(workId)).toMatchObject({ state: 'cancelled', done: true });
    await handset.connect();
    expect(handset.tree.get(BRIGHTNESS, 'device').value).toBe('70');
    await expect(bench.dm.live.cancel(DEVICE, workId)).rejects.toThrow('does not wait any more');

    let cancelled: Promise<unknown> | undefined;
    const { workId: sent } = await add(send(replace('16')));
    const busy = bench.handset(undefined, {}, async (url, message, encoding) => {
      if (bench.dm.devices.get(DEVICE)?.list.has(sent) && (await work(sent)).state === 'sent')
        cancelled ??= bench.dm.live.cancel(DEVICE, sent).catch(error => error);
      return exchangeOverHttp(url, message, encoding);
    });
    await sameDevice(handset, busy).connect();
    expect(await cancelled).toMatchObject({ name: 'RequestError', code: 'not-queued' });
    expect(await work(sent)).toMatchObject({ state: 'answered', done: true });
  });

  it('without an open session a click waits, and says so', async () => {
    const handset = await knownHandset();
    const { workId, held } = await add(send(get));
    expect([held, await work(workId)]).toMatchObject([false, { state: 'queued', done: false }]);
    expect(bench.events.some(event => event.kind === 'work' && event.deviceId === DEVICE)).toBe(true);
    await handset.connect();
    expect(await work(workId)).toMatchObject({
      state: 'answered',
      sessionKey: (await bench.store.sessions(DEVICE, 1))[0]?.key,
      progress: { results: [{ path: '1', uri: BRIGHTNESS, format: 'int', value: '70' }] },
    });
  });

  it('what cannot be sent is unsent, with the reason, and holds up nothing', async () => {
    const handset = await knownHandset();
    const { workId: bad } = await add(send({ kind: 'get', uri: 'Vendor' }));
    const { workId: good } = await add(send(get));
    await handset.connect();
    expect(await work(bad)).toMatchObject({
      state: 'unsent',
      detail: '"Vendor" does not begin at the root',
      done: true,
    });
    expect((await work(good)).state).toBe('answered');
  });

  it('nobody can ask a device that never came, or that only said its name', async () => {
    const account = await bench.account('stranger');
    const client = { ...account.client, secret: Secret.ofText('wrong') };
    await bench.handset({ ...account, client }, { imei: '490000000000001' }).connect();
    await expect(bench.dm.live.add('IMEI:490000000000001', send(get))).rejects.toThrow('has not proved who it is');
    await expect(bench.dm.live.add('IMEI:0', send(get))).rejects.toThrow('has never connected');
    expect(() => bench.dm.live.hold('IMEI:0')).toThrow('has never connected');
  });
});

/** The same handset after a restart: its tree as it is, its nonces as the server has them. */
function knownAgain(
  before: VirtualHandset,
  stored: { readonly clientNonce: Uint8Array; readonly serverNonce: Uint8Array } | undefined,
  account: Awaited<ReturnType<DmBench['account']>>,
  exchange: Exchange = exchangeOverHttp,
): VirtualHandset {
  const client = { ...account.client, nonce: stored?.clientNonce ?? new Uint8Array() };
  const server = { ...account.server, nonce: stored?.serverNonce ?? new Uint8Array() };
  const handset = bench.handset({ ...account, client, server }, {}, exchange);
  handset.tree.replace(BRIGHTNESS, before.tree.get(BRIGHTNESS, 'device').value ?? '', 'device');
  return handset;
}

/** The second takes the account of the first. */
function sameDevice(first: VirtualHandset, second: VirtualHandset): VirtualHandset {
  const [account] = first.tree.get('./DMAcc', 'device').children;
  if (account) second.tree.add(`./DMAcc/${account.name}`, account, 'device');
  return second;
}
