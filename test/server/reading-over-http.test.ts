/** What a session asks to read a tree, by what the device answered before; the virtual handset over real HTTP. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceRegistry } from '../../src-core/server/device-registry.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import type { ConnectOptions, VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { nodeView } from '../../src-core/workbench/devices.ts';
import { type DmBench, startDmBench } from '../support/dm-bench.ts';

const DEVICE = 'IMEI:493005100592800';
const SECRET = './DMAcc/Workbench/AppAuth/1/AAuthSecret';

let bench: DmBench;
beforeEach(async () => {
  bench = await startDmBench();
});
afterEach(() => bench.close());

const device = () => {
  const found = bench.dm.devices.get(DEVICE);
  if (!found) throw new Error('the server knows no device');
  return found;
};
/** What the last session asked for: `StructData ./Vendor`, `ACL ./Vendor`, `./Vendor`. */
async function asked(): Promise<string[]> {
  const [session] = await bench.store.sessions(DEVICE, 1);
  const messages = await bench.store.messages(session?.key ?? '');
  return messages
    .filter(({ direction }) => direction === 'down')
    .flatMap(({ bytes, encoding }) => decodeMessage(bytes, encoding).commands)
    .flatMap(command => (command.kind === 'Get' ? command.items.map(({ target }) => target?.uri ?? '') : []))
    .map(uri => uri.replace(/^(.*)\?(?:list|prop)=(.*)$/, '$2 $1'));
}
const count = (words: readonly string[], beginning: string) => words.filter(word => word.startsWith(beginning)).length;
async function read(handset: VirtualHandset, uri: string, options?: ConnectOptions): Promise<string[]> {
  await bench.dm.live.add(DEVICE, { kind: 'read', uri });
  await handset.connect(options);
  return asked();
}

describe('the first session of a device', () => {
  it.each<[string, ConnectOptions, [structData: boolean, tnds: boolean]]>([
    ['that knows both lists', {}, [true, true]],
    ['without StructData', { structLists: false }, [false, true]],
    ['without TNDS', { dmtnds: false }, [true, false]],
    ['without lists', { structLists: false, dmtnds: false }, [false, false]],
    ['that speaks XML', { encoding: 'xml' }, [true, true]],
  ])(
    '%s reads all of it, and the next asks for nothing that was refused',
    async (_name, options, [structData, tnds]) => {
      const handset = bench.handset(await bench.account('device'));
      await handset.connect(options);
      const { tree } = device();
      expect(tree.get('./Vendor/Display/Brightness')).toMatchObject({ format: 'int', value: '70' });
      expect(tree.get('./DevDetail/FwV')).toMatchObject({ format: 'chr', type: 'text/plain', value: '1.0.4' });
      expect(tree.get('./DMAcc')?.format).toBe('node');
      expect(tree.get(SECRET)).toMatchObject({ format: 'unknown', unread: '425 Permission denied' });
      // Nobody may read these; everything else is there.
      const unread = tree.nodes().filter(({ format }) => format === 'unknown');
      expect(unread.map(({ uri }) => uri)).toEqual(expect.arrayContaining([SECRET, './Inbox']));
      expect(unread.filter(node => !/^4[02]5 /.test(node.unread ?? ''))).toEqual([]);
      expect(tree.size - unread.length).toBeGreaterThan(40);

      const again = await read(handset, './Vendor', options);
      expect([count(again, 'StructData') > 0, count(again, 'TNDS') > 0]).toEqual([structData, tnds]);
      expect(count(again, 'ACL') > 0).toBe(!tnds);
      if (!structData && !tnds) expect(again).toContain('./Vendor/Display/Brightness');
      else expect(again).not.toContain('./Vendor/Display/Brightness');
    },
  );

  it('properties come one by one where there is no TNDS', async () => {
    const handset = bench.handset(await bench.account('device'));
    await handset.connect({ dmtnds: false });
    await read(handset, './Vendor/Display', { dmtnds: false });
    expect(device().tree.get('./Vendor/Display/Brightness')).toMatchObject({ title: 'Percent', verNo: 0 });
    expect(device().tree.get('./Vendor/Display/Brightness')?.tstamp).toMatch(/^\d{8}T\d{6}Z$/);
  });
});

describe('what a device refused', () => {
  it('is remembered by the encoding of the session, over a restart, and until it has other firmware', async () => {
    const account = await bench.account('device');
    const handset = bench.handset(account);
    await handset.connect({ structLists: false });
    expect(count(await asked(), 'StructData')).toBeGreaterThan(0);
    expect(count(await read(handset, './Vendor', { structLists: false }), 'StructData')).toBe(0);
    expect(count(await read(handset, './Vendor', { structLists: false, encoding: 'xml' }), 'StructData')).toBe(1);

    const restarted = (await DeviceRegistry.load(bench.store, Date.now)).get(DEVICE);
    expect([restarted?.abilities.mayAsk('StructData'), restarted?.abilities.mayAsk('TNDS')]).toEqual([false, true]);

    handset.tree.replace('./DevDetail/FwV', '1.0.5', 'device');
    await read(handset, './DevDetail', { structLists: false });
    expect(count(await read(handset, './Vendor'), 'StructData')).toBe(1);
    expect(count(await read(handset, './Vendor'), 'StructData')).toBe(1);
  });
});

describe('a tree that was not read whole', () => {
  it('is shown as such, until it was', async () => {
    await bench.close();
    bench = await startDmBench({ limits: { silenceMs: 0 } });
    const account = await bench.account('device');
    let exchanges = 0;
    const lost = bench.handset(account, {}, (url, message, encoding) => {
      // Package 1, the names below the root, the nodes there; what is below those never comes.
      if (++exchanges === 4) return Promise.reject(new Error('out of coverage'));
      return exchangeOverHttp(url, message, encoding);
    });
    const slow = { structLists: false, dmtnds: false };
    await expect(lost.connect(slow)).rejects.toThrow('out of coverage');
    const stored = await bench.store.findAccount('device');
    const handset = bench.handset({
      ...account,
      client: { ...account.client, nonce: stored?.clientNonce ?? new Uint8Array() },
      server: { ...account.server, nonce: stored?.serverNonce ?? new Uint8Array() },
    });
    await sleep(5);
    await bench.dm.sweep();
    expect((await bench.store.sessions(DEVICE, 1))[0]?.detail).toBe('the device went silent');
    const vendor = device().tree.get('./Vendor');
    expect(vendor && nodeView(vendor)).toMatchObject({ partial: true, unread: 'the session ended before it was read' });
    const display = device().tree.get('./Vendor/Display');
    expect(display && nodeView(display)).toMatchObject({ unread: 'the session ended before it was read' });

    expect((await handset.connect(slow)).outcome).toBe('completed');
    const { partial, unread } = nodeView(device().tree.get('./Vendor') ?? never());
    expect([partial, unread]).toEqual([undefined, undefined]);
    expect(nodeView(device().tree.get('./DMAcc/Workbench/AppAuth/1') ?? never())).toMatchObject({ partial: true });
  });
});

function never(): never {
  throw new Error('the node is not there');
}
