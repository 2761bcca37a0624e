import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Device, DeviceRegistry } from '../../src-core/server/device.ts';
import { ReadSubtree } from '../../src-core/server/jobs.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';

let now = 100;
const uris = (device: Device) => device.tree.nodes().map(({ uri }) => uri);

describe('Device', () => {
  const make = () => new Device({ id: 'IMEI:1', name: 'n', lastSeen: 0 }, [], () => now);

  it('tells what changed once, a node that went only as gone and one that came back only as there', () => {
    const device = make();
    expect(device.takeChange()).toBeUndefined();
    device.readings([{ uri: './A' }, { uri: './A/B' }, { uri: './C' }]);
    device.removed('./A');
    device.readings([{ uri: './A' }]);
    const change = device.takeChange();
    expect([change?.nodes.map(({ uri }) => uri).sort(), change?.removed]).toEqual([['./A', './C'], ['./A/B']]);
    expect(device.takeChange()).toBeUndefined();
    device.children('.', ['A']);
    expect([device.takeChange(), uris(device)]).toEqual([{ nodes: [], removed: ['./C'] }, ['./A']]);
  });

  it('notes when and in which session a node was read; only the session that works counts', () => {
    const device = make();
    device.work.add(() => new ReadSubtree('./A', device));
    const first = device.workFor('01');
    device.workFor('intruder');
    first.next();
    now = 123;
    device.readings([{ uri: './A', value: '1' }]);
    expect(device.tree.get('./A')).toMatchObject({ readAt: 123, session: '01' });
    expect(first.next()).toEqual([]);
    expect(device.workFor('02').next()).toHaveLength(1);
    device.readings([{ uri: './A', value: '2' }]);
    expect(device.tree.get('./A')).toMatchObject({ session: '02', history: [{ value: '1', session: '01' }] });
  });
});

describe('DeviceRegistry', () => {
  let store: Store;
  beforeEach(() => {
    store = openSqliteStore(':memory:');
  });
  afterEach(() => store.close());

  it('knows its devices, their DevInfo and trees again after a restart', async () => {
    const registry = await DeviceRegistry.load(store, () => now);
    const device = await registry.known('IMEI:1');
    expect(await registry.known('IMEI:1')).toBe(device);
    now = 200;
    await registry.seen(device, 'user');
    await registry.describe(device, { manufacturer: 'Man', model: 'Mod' });
    device.readings([
      { uri: './A', value: '1' },
      { uri: './B', value: '2' },
    ]);
    device.readings([{ uri: './A', value: '3' }]);
    device.removed('./B');
    const change = device.takeChange();
    if (change) await registry.save(device, change);
    const again = (await DeviceRegistry.load(store, () => now)).get('IMEI:1');
    expect(again?.record).toEqual({
      id: 'IMEI:1',
      name: 'Mod',
      manufacturer: 'Man',
      model: 'Mod',
      user: 'user',
      lastSeen: 200,
    });
    expect(again?.tree.nodes()).toEqual(device.tree.nodes());
    expect(again?.tree.get('./A')?.history).toHaveLength(1);
  });

  it('lists all, and knows none that was not seen', async () => {
    const registry = await DeviceRegistry.load(store, () => now);
    await registry.known('a');
    await registry.known('b');
    expect(registry.all().map(({ record }) => record.id)).toEqual(['a', 'b']);
    expect(registry.get('c')).toBeUndefined();
  });
});
