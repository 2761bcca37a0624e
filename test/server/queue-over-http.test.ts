/** The queue of a device over restarts, and what can be called back; the virtual handset over real HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import { DeviceRegistry } from '../../src-core/server/device-registry.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import type { Exchange, VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { BRIGHTNESS, DEVICE, get, replace, send, WorkBench } from './work-bench.ts';

let on: WorkBench;
beforeEach(async () => {
  on = await WorkBench.start();
});
afterEach(() => on.bench.close());

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
    await on.restart({ store: keep, url });
    const account = await on.bench.account('device');
    const toBench: Exchange = (_url, message, encoding) =>
      exchangeOverHttp(`${on.bench.http.url}${new URL(_url).search}`, message, encoding);
    const handset = on.bench.handset(account, {}, toBench);
    await handset.connect();
    const { workId: first } = await on.add(send(replace('15')));
    const { workId: second } = await on.add({ kind: 'read', uri: './Vendor' });
    await on.restart({ store: keep, url });
    expect([on.bench.dm.devices.get(DEVICE)?.work.queued, (await on.work(first)).state]).toEqual([2, 'queued']);
    await handset.connect();
    expect([await on.isDone(first), await on.isDone(second)]).toEqual([true, true]);
    expect(handset.tree.get(BRIGHTNESS, 'device').value).toBe('15');

    handset.tree.replace(BRIGHTNESS, '99', 'device');
    await on.restart({ store: keep, url });
    expect(on.bench.dm.devices.get(DEVICE)?.work.queued).toBe(0);
    await handset.connect();
    expect(handset.tree.get(BRIGHTNESS, 'device').value).toBe('99');
    const { workId: third } = await on.add(send(get));
    expect(third).toBeGreaterThan(second);
    await store.close();
  });

  it('what was on its way when the program ended waits again, and says why', async () => {
    const account = await on.bench.account('device');
    const handset = on.bench.handset(account);
    await handset.connect();
    const { workId } = await on.add(send(replace('15')));
    let messages = 0;
    const lost = await on.knownAgain(handset, account, (url, message, encoding) => {
      if (++messages === 2) return Promise.reject(new Error('out of coverage'));
      return exchangeOverHttp(url, message, encoding);
    });
    await expect(lost.connect()).rejects.toThrow('out of coverage');
    expect((await on.work(workId)).state).toBe('sent');
    const again = await DeviceRegistry.load(on.bench.store, Date.now);
    expect(await on.work(workId)).toMatchObject({
      state: 'queued',
      detail: 'the program ended before the device answered',
      done: false,
    });
    expect(again.proven(DEVICE)?.work.queued).toBe(1);
  });

  it('what waits can be cancelled, what has gone out cannot', async () => {
    const handset = await on.knownHandset();
    const { workId } = await on.add(send(replace('15')));
    await on.bench.dm.live.cancel(DEVICE, workId);
    expect(await on.work(workId)).toMatchObject({ state: 'cancelled', done: true });
    await handset.connect();
    expect(handset.tree.get(BRIGHTNESS, 'device').value).toBe('70');
    await expect(on.bench.dm.live.cancel(DEVICE, workId)).rejects.toThrow('does not wait any more');

    let cancelled: Promise<unknown> | undefined;
    const { workId: sent } = await on.add(send(replace('16')));
    const busy = on.bench.handset(undefined, {}, async (url, message, encoding) => {
      if (on.bench.dm.devices.get(DEVICE)?.list.has(sent) && (await on.work(sent)).state === 'sent')
        cancelled ??= on.bench.dm.live.cancel(DEVICE, sent).catch(error => error);
      return exchangeOverHttp(url, message, encoding);
    });
    await sameDevice(handset, busy).connect();
    expect(await cancelled).toMatchObject({ name: 'RequestError', code: 'not-queued' });
    expect(await on.work(sent)).toMatchObject({ state: 'answered', done: true });
  });

  it('without an open session a click waits, and says so', async () => {
    const handset = await on.knownHandset();
    const { workId, held } = await on.add(send(get));
    expect([held, await on.work(workId)]).toMatchObject([false, { state: 'queued', done: false }]);
    expect(on.bench.events.some(event => event.kind === 'work' && event.deviceId === DEVICE)).toBe(true);
    await handset.connect();
    expect(await on.work(workId)).toMatchObject({
      state: 'answered',
      sessionKey: (await on.bench.store.sessions(DEVICE, 1))[0]?.key,
      progress: { results: [{ path: '1', uri: BRIGHTNESS, format: 'int', value: '70' }] },
    });
  });

  it('what cannot be sent is unsent, with the reason, and holds up nothing', async () => {
    const handset = await on.knownHandset();
    const { workId: bad } = await on.add(send({ kind: 'get', uri: 'Vendor' }));
    const { workId: good } = await on.add(send(get));
    await handset.connect();
    expect(await on.work(bad)).toMatchObject({
      state: 'unsent',
      detail: '"Vendor" does not begin at the root',
      done: true,
    });
    expect((await on.work(good)).state).toBe('answered');
  });

  it('nobody can ask a device that never came, or that only said its name', async () => {
    const account = await on.bench.account('stranger');
    const client = { ...account.client, secret: Secret.ofText('wrong') };
    await on.bench.handset({ ...account, client }, { imei: '490000000000001' }).connect();
    await expect(on.bench.dm.live.add('IMEI:490000000000001', send(get))).rejects.toThrow('has not proved who it is');
    await expect(on.bench.dm.live.add('IMEI:0', send(get))).rejects.toThrow('has never connected');
    expect(() => on.bench.dm.live.hold('IMEI:0')).toThrow('has never connected');
  });
});

/** The second takes the account of the first. */
function sameDevice(first: VirtualHandset, second: VirtualHandset): VirtualHandset {
  const [account] = first.tree.get('./DMAcc', 'device').children;
  if (account) second.tree.add(`./DMAcc/${account.name}`, account, 'device');
  return second;
}
