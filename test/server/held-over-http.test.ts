/** Sessions that a person holds open, with the virtual handset over real HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError, TransportError } from '../../src-core/base/errors.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { BRIGHTNESS, DEVICE, get, replace, send, until, WorkBench } from './work-bench.ts';

let on: WorkBench;
beforeEach(async () => {
  on = await WorkBench.start();
});
afterEach(() => on.bench.close());

describe('a session that is held', () => {
  it('does at once what a person asks for, and ends when nobody holds it', async () => {
    const handset = await on.knownHandset();
    on.bench.dm.live.hold(DEVICE);
    expect(on.bench.dm.live.held(DEVICE)).toMatchObject({ state: 'waiting' });
    const session = handset.connect();
    await until('the session is held', () => on.isHeld);
    expect(on.bench.dm.live.held(DEVICE)).toMatchObject({ sessionId: '02' });
    for (const value of ['15', '16']) {
      const { workId, held } = await on.add(send(replace(value)));
      expect(held).toBe(true);
      await until('the work is done', () => on.isDone(workId));
      expect(await on.work(workId)).toMatchObject({
        state: 'answered',
        progress: { statuses: [{ path: '1', name: 'Replace', uri: BRIGHTNESS, code: 200, words: 'OK' }] },
      });
      expect(on.bench.dm.devices.get(DEVICE)?.tree.get(BRIGHTNESS)).toMatchObject({ value, session: '02' });
    }
    const [record] = await on.bench.store.sessions(DEVICE, 1);
    expect(record).toMatchObject({ state: 'open', detail: 'held open' });
    on.bench.dm.live.letGo(DEVICE);
    expect(await session).toMatchObject({ outcome: 'completed' });
    expect((await on.bench.store.sessions(DEVICE, 1))[0]).toMatchObject({ state: 'completed' });
    expect(on.bench.dm.live.held(DEVICE)).toBeUndefined();
  });

  it('does all that came meanwhile in order', async () => {
    const handset = await on.knownHandset();
    on.bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', () => on.isHeld);
    const added = await Promise.all(['1', '2', '3', '4'].map(value => on.add(send(replace(value)))));
    await until('all is done', async () =>
      (await Promise.all(added.map(({ workId }) => on.isDone(workId)))).every(Boolean),
    );
    expect(on.bench.dm.devices.get(DEVICE)?.tree.get(BRIGHTNESS)?.value).toBe('4');
    const replaced = (await on.sentCommands()).filter(command => command.startsWith('Replace'));
    expect(replaced).toHaveLength(4);
    on.bench.dm.live.letGo(DEVICE);
    await session;
  });

  it.each([
    ['XML and HMAC', 'hmac', 'xml', 64 * 1024],
    ['XML and basic credentials', 'basic', 'xml', 64 * 1024],
    ['small messages', 'md5', 'wbxml', 1200],
  ] as const)('works with %s, kept going and with work', async (_name, scheme, encoding, maxMsgSize) => {
    await on.restart({ hold: { patienceMs: 50 } });
    const handset = on.bench.handset(await on.bench.account('device', { scheme }));
    await handset.connect({ encoding, maxMsgSize });
    on.bench.dm.live.hold(DEVICE);
    const session = handset.connect({ encoding, maxMsgSize });
    await until('it was kept going', async () => (await on.sentCommands()).length >= 3);
    const { workId } = await on.add({ kind: 'read', uri: './DevDetail' });
    const { workId: second } = await on.add(send(replace('15'), get));
    await until('the work is done', () => on.isDone(second));
    expect((await on.work(workId)).state).toBe('answered');
    expect((await on.work(second)).progress.results.map(({ value }) => value)).toEqual(['15']);
    on.bench.dm.live.letGo(DEVICE);
    expect(await session).toMatchObject({ outcome: 'completed', authenticated: { client: true, server: true } });
  });

  it('every answer that is lost is asked for again: nothing is done twice', async () => {
    let answers = 0;
    const handset = await on.knownHandset(async (url, message, encoding) => {
      const answer = await exchangeOverHttp(url, message, encoding);
      if (++answers % 2 === 1) throw new TransportError('lost', 'the answer was lost');
      return answer;
    });
    on.bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    for (const value of ['1', '2', '3']) {
      const { workId } = await on.add(send({ kind: 'add', uri: `./Vendor/N${value}`, format: 'chr', value }));
      await until('the work is done', () => on.isDone(workId));
      expect(await on.work(workId)).toMatchObject({ state: 'answered', progress: { statuses: [{ code: 200 }] } });
    }
    on.bench.dm.live.letGo(DEVICE);
    expect((await session).outcome).toBe('completed');
  });

  it('every command inside a group has its status', async () => {
    const handset = await on.knownHandset();
    on.bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', () => on.isHeld);
    const { workId } = await on.add(
      send(
        {
          kind: 'atomic',
          commands: [replace('1'), { kind: 'replace', uri: './Vendor/No', format: 'int', value: '1' }],
        },
        { kind: 'sequence', commands: [replace('2'), get] },
      ),
    );
    await until('the work is done', () => on.isDone(workId));
    const { state, progress } = await on.work(workId);
    expect([
      state,
      progress.statuses.filter(({ path }) => path !== '').map(({ path, code }) => `${path} ${code}`),
    ]).toEqual(['refused', expect.arrayContaining(['1 507', '1.1 216', '1.2 404', '2 200', '2.1 200', '2.2 200'])]);
    expect(progress.results.map(({ path, value }) => [path, value])).toEqual([['2.2', '2']]);
    on.bench.dm.live.letGo(DEVICE);
    await session;
  });

  it('is kept going with a harmless Get before the device gives up', async () => {
    await on.restart({ hold: { patienceMs: 60 } });
    const handset = await on.knownHandset();
    on.bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until(
      'it was kept going',
      async () => (await on.sentCommands()).filter(one => one.endsWith('DevId')).length >= 4,
    );
    const { workId } = await on.add(send(get));
    await until('the work is done', () => on.isDone(workId));
    on.bench.dm.live.letGo(DEVICE);
    expect((await session).outcome).toBe('completed');
    expect(new Set(await on.sentCommands())).toEqual(new Set(['Get ./DevInfo/DevId', `Get ${BRIGHTNESS}`]));
  });

  it('ends after the longest time, also without anybody', async () => {
    await on.restart({ hold: { patienceMs: 50, maximumMs: 200 } });
    const handset = await on.knownHandset();
    on.bench.dm.live.hold(DEVICE);
    expect((await handset.connect()).outcome).toBe('completed');
    expect(on.bench.dm.live.held(DEVICE)).toBeUndefined();
  });

  it('is over when its device begins another, also without a word: only the new one does the work', async () => {
    const account = await on.bench.account('device');
    const handset = on.bench.handset(account);
    await handset.connect();
    on.bench.dm.live.hold(DEVICE);
    const first = handset.connect();
    await until('the session is held', () => on.isHeld);
    const second = (await on.knownAgain(handset, account)).connect();
    await expect(first).rejects.toThrow('this session is over');
    await until('the second is held', () => on.isHeld);
    const { workId } = await on.add(send(replace('15')));
    await until('the work is done', () => on.isDone(workId));
    expect((await on.work(workId)).sessionKey).toBe((await on.bench.store.sessions(DEVICE, 1))[0]?.key);
    on.bench.dm.live.letGo(DEVICE);
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
    await on.restart({ store: failing });
    const account = await on.bench.account('device');
    const handset = on.bench.handset(account);
    await handset.connect();
    on.bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', () => on.isHeld);
    broken = true;
    const { workId } = await on.add(send(replace('15')));
    await expect(session).rejects.toThrow('HTTP 500');
    broken = false;
    const next = (await on.knownAgain(handset, account)).connect();
    await until('the work is done', () => on.isDone(workId));
    on.bench.dm.live.letGo(DEVICE);
    expect((await next).outcome).toBe('completed');
  });

  it('ends well when the program does', async () => {
    const handset = await on.knownHandset();
    on.bench.dm.live.hold(DEVICE);
    const session = handset.connect();
    await until('the session is held', () => on.isHeld);
    await on.bench.dm.close();
    expect((await session).outcome).toBe('completed');
    expect((await on.bench.store.sessions(DEVICE, 1))[0]).toMatchObject({ state: 'completed' });
  });
});
