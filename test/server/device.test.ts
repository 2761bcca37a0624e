import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Device } from '../../src-core/server/device.ts';
import { DeviceRegistry } from '../../src-core/server/device-registry.ts';
import { Effects } from '../../src-core/server/effects.ts';
import { ReadSubtree } from '../../src-core/server/jobs/read-subtree.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';

let now = 100;
const session = (id: string) => ({ id, key: id, encoding: 'wbxml' as const });
const uris = (device: Device) => device.tree.nodes().map(({ uri }) => uri);

describe('Device', () => {
  const make = () => new Device({ id: 'IMEI:1', name: 'n', lastSeen: 0 }, [], () => now);

  it('tells what changed once, a node that went only as gone and one that came back only as there', () => {
    const device = make();
    expect(device.takeChange()).toBeUndefined();
    device.readings([{ uri: './A' }, { uri: './A/B' }, { uri: './C' }]);
    device.removed('./A');
    device.readings([{ uri: './A' }]);
    const taken = device.takeChange();
    const { nodes, removed } = taken?.change ?? { nodes: [], removed: [] };
    expect([nodes.map(({ uri }) => uri).sort(), removed]).toEqual([['./A', './C'], ['./A/B']]);
    expect(taken?.step.operations).toEqual([
      { uri: './A' },
      { uri: './A/B' },
      { uri: './C' },
      { removed: './A' },
      { removed: './A/B' },
      { uri: './A' },
    ]);
    expect(device.takeChange()).toBeUndefined();
    device.children('.', ['A']);
    expect([device.takeChange()?.change, uris(device)]).toEqual([{ nodes: [], removed: ['./C'] }, ['./A']]);
    const unsaved = device.asTheyAre(device.takeUnsaved());
    expect([unsaved.nodes, unsaved.removed.toSorted()]).toEqual([[device.tree.get('./A')], ['./A/B', './C']]);
    expect(device.takeUnsaved()).toEqual([]);
  });

  it('marks what is there and was not read, and the node above; what is known stays as it is', () => {
    const device = make();
    const unreadOf = (uri: string) => device.tree.get(uri)?.unread;
    device.readings([
      { uri: './A', format: 'node' },
      { uri: './A/B', format: 'chr', value: '1' },
    ]);
    device.takeChange();
    device.unread(['./A/B', './A/C', './A/D'], 'the session ended before it was read');
    expect(device.tree.get('./A/B')).toMatchObject({ format: 'chr', value: '1' });
    expect([unreadOf('./A/C'), unreadOf('./A'), unreadOf('./A/B')]).toEqual([
      'the session ended before it was read',
      'the session ended before it was read',
      undefined,
    ]);
    const { change } = device.takeChange() ?? {};
    expect(change?.nodes.map(({ uri }) => uri)).toEqual(['./A/C', './A', './A/D']);
    device.readings([{ uri: './A/C', format: 'chr', value: '2' }]);
    expect([unreadOf('./A/C'), unreadOf('./A')]).toEqual(['', 'the session ended before it was read']);
    device.removed('./A/D');
    expect(unreadOf('./A')).toBe('');
    device.readings([{ uri: './A/B', format: 'unknown', unread: '425 Permission denied' }]);
    expect([unreadOf('./A/B'), unreadOf('./A')]).toEqual(['425 Permission denied', '425 Permission denied']);
  });

  it('records of a reading only what is new', () => {
    const device = make();
    device.readings([{ uri: './A', format: 'chr', value: '1' }]);
    device.takeChange();
    device.readings([
      { uri: './A', format: 'chr', value: '1' },
      { uri: './A', format: 'chr', value: '2', acl: 'Get=*' },
    ]);
    expect(device.takeChange()?.step.operations).toEqual(['./A', { uri: './A', value: '2', acl: 'Get=*' }]);
  });

  it('notes when and in which session a node was read; only the session that works counts', () => {
    const device = make();
    device.work.add(() => new ReadSubtree('./A', device));
    const first = device.workFor(session('01'));
    device.workFor(session('intruder'));
    first.next();
    now = 123;
    device.readings([{ uri: './A', value: '1' }]);
    expect(device.tree.get('./A')).toMatchObject({ readAt: 123, session: '01' });
    expect(first.next()).toEqual([]);
    expect(device.workFor(session('02')).next()).toHaveLength(1);
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
    const device = registry.known('IMEI:1');
    expect(registry.known('IMEI:1')).toBe(device);
    now = 200;
    registry.admit(device, 'user');
    device.describe([
      { source: { uri: './DevInfo/Man' }, data: 'Man' },
      { source: { uri: './DevInfo/Mod' }, data: 'Mod' },
    ]);
    device.readings([
      { uri: './A', value: '1' },
      { uri: './B', value: '2' },
    ]);
    device.readings([{ uri: './A', value: '3' }]);
    device.removed('./B');
    const effects = new Effects();
    registry.save(device, effects);
    await effects.written();
    expect(effects.events.map(({ kind }) => kind)).toEqual(['tree']);
    now = 300;
    const again = (await DeviceRegistry.load(store, () => now)).get('IMEI:1');
    expect(again?.record).toEqual({
      id: 'IMEI:1',
      name: 'Mod',
      manufacturer: 'Man',
      model: 'Mod',
      user: 'user',
      lastSeen: 200,
    });
    const byUri = (of: Device | undefined) => of?.tree.nodes().toSorted((a, b) => a.uri.localeCompare(b.uri));
    expect(byUri(again)).toEqual(byUri(device));
    expect(again?.tree.get('./A')?.history).toHaveLength(1);
  });

  it('knows any tree again after a restart, from its steps, from its nodes, and from both', async () => {
    const name = fc.constantFrom('A', 'B', 'C');
    const uri = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => `./${names.join('/')}`);
    const reading = fc.record(
      {
        uri,
        format: fc.constantFrom('chr', 'int'),
        value: fc.constantFrom('', '1', 'é'),
        acl: fc.constant('Get=*'),
        title: fc.string(),
        verNo: fc.nat(3),
      },
      { requiredKeys: ['uri'] },
    );
    type Act = (device: Device, registry: DeviceRegistry) => Effects;
    const folding: Act = (_device, registry) => {
      const effects = new Effects();
      registry.fold(effects);
      return effects;
    };
    const saved =
      (change: (device: Device) => void): Act =>
      (device, registry) => {
        change(device);
        const effects = new Effects();
        registry.save(device, effects);
        return effects;
      };
    const act = fc.oneof(
      { weight: 4, arbitrary: fc.array(reading, { maxLength: 4 }).map(some => saved(device => device.readings(some))) },
      uri.map(gone => saved(device => device.removed(gone))),
      fc.tuple(uri, fc.subarray(['A', 'B', 'C'])).map(([of, kept]) => saved(device => device.children(of, kept))),
      fc.constant(folding),
    );
    const byUri = (of: Device | undefined) => of?.tree.nodes().toSorted((a, b) => (a.uri < b.uri ? -1 : 1)) ?? [];
    /** Acts one after the other, or the next while the last is under way; the store may fail in the middle of a fold. */
    const acts = fc.array(fc.record({ act, waits: fc.boolean(), failsAfter: fc.nat(6) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        acts,
        fc.array(act, { maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (first, then, slice) => {
          const own = openSqliteStore(':memory:');
          let left = Number.POSITIVE_INFINITY;
          const failing =
            <A extends unknown[]>(write: (...args: A) => Promise<void>) =>
            async (...args: A) => {
              if (--left < 0) throw new Error('broken');
              await write(...args);
            };
          own.putNodes = failing(own.putNodes.bind(own));
          own.forgetTreeSteps = failing(own.forgetTreeSteps.bind(own));
          let registry = await DeviceRegistry.load(own, () => now, slice);
          const device = registry.known('IMEI:1');
          registry.admit(device, 'user');
          device.workFor(session('S1')).next();
          const open: Promise<void>[] = [];
          for (const { act: one, waits, failsAfter } of first) {
            now++;
            left = failsAfter < 6 ? failsAfter : Number.POSITIVE_INFINITY;
            open.push(
              one(device, registry)
                .written()
                .catch(() => undefined),
            );
            if (waits) await Promise.all(open);
          }
          await Promise.all(open);
          left = Number.POSITIVE_INFINITY;
          registry = await DeviceRegistry.load(own, () => now, slice);
          const again = registry.known('IMEI:1');
          expect(byUri(again)).toEqual(byUri(device));
          registry.admit(again, 'user');
          again.workFor(session('S2')).next();
          for (const one of [...then, folding]) {
            now++;
            await one(again, registry).written();
          }
          expect([byUri((await DeviceRegistry.load(own, () => now)).get('IMEI:1')), await own.treeSteps()]).toEqual([
            byUri(again),
            [],
          ]);
          await own.close();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a large tree is written some nodes at a time, others have their turn in between', async () => {
    const registry = await DeviceRegistry.load(store, () => now);
    const device = registry.known('IMEI:1');
    registry.admit(device, 'user');
    device.readings(Array.from({ length: 2200 }, (_, i) => ({ uri: `./N${i}`, format: 'chr', value: String(i) })));
    const saved = new Effects();
    registry.save(device, saved);
    await saved.written();
    const written: number[] = [];
    const turns = new Set<number>();
    let turn = 0;
    let ends = false;
    const count = () => {
      turn++;
      if (!ends) setImmediate(count);
    };
    count();
    const put = store.putNodes.bind(store);
    vi.spyOn(store, 'putNodes').mockImplementation(changes => {
      written.push(changes.reduce((sum, { nodes }) => sum + nodes.length, 0));
      turns.add(turn);
      return put(changes);
    });
    const fold = new Effects();
    registry.fold(fold);
    await fold.written();
    ends = true;
    expect([written, turns.size]).toEqual([[500, 500, 500, 500, 200], 5]);
    expect((await DeviceRegistry.load(store, () => now)).get('IMEI:1')?.tree.size).toBe(device.tree.size);
  });

  it('knows after a restart what was not read, and when that ends', async () => {
    const registry = await DeviceRegistry.load(store, () => now);
    const device = registry.known('IMEI:1');
    registry.admit(device, 'user');
    device.readings([{ uri: './A', format: 'node' }]);
    device.unread(['./A/B'], 'why');
    const effects = new Effects();
    registry.save(device, effects);
    await effects.written();
    for (const folded of [false, true]) {
      const loaded = await DeviceRegistry.load(store, () => now);
      const again = loaded.get('IMEI:1');
      expect([again?.tree.get('./A/B')?.unread, again?.tree.get('./A')?.unread, folded]).toEqual([
        'why',
        'why',
        folded,
      ]);
      again?.readings([{ uri: './A/B', format: 'chr', value: '1' }]);
      expect(again?.tree.get('./A')?.unread).toBe('');
      const fold = new Effects();
      if (!folded) registry.fold(fold);
      await fold.written();
    }
  });

  it('gives work to devices that proved who they are, in order, and knows what waits after a restart', async () => {
    const registry = await DeviceRegistry.load(store, () => now);
    const device = registry.known('IMEI:1');
    expect(registry.proven('IMEI:1')).toBeUndefined();
    registry.admit(device, 'user');
    const ids = ['./A', './B', './C'].map(uri => device.list.add({ kind: 'read', uri }));
    device.list.cancel(ids[1] ?? 0);
    const effects = new Effects();
    registry.save(device, effects);
    await effects.written();
    expect(effects.events).toContainEqual({ kind: 'work', deviceId: 'IMEI:1' });
    const again = (await DeviceRegistry.load(store, () => now)).proven('IMEI:1');
    expect([again?.work.queued, again?.list.has(ids[0] ?? 0), again?.list.has(ids[1] ?? 0)]).toEqual([2, true, false]);
    const next = again?.list.add({ kind: 'read', uri: './D' }) ?? 0;
    expect(next).toBeGreaterThan(ids[2] ?? 0);
    const sent = again?.workFor(session('S')).next() ?? [];
    expect(sent.map(draft => ('items' in draft ? draft.items[0]?.target?.uri : ''))).toEqual(['./A']);
  });

  it('writes nothing where nothing changed', async () => {
    const registry = await DeviceRegistry.load(store, () => now);
    const device = registry.known('IMEI:1');
    registry.admit(device, 'user');
    registry.save(device, new Effects());
    const effects = new Effects();
    registry.save(device, effects);
    registry.fold(effects);
    expect([effects, await store.treeSteps()]).toEqual([new Effects(), []]);
  });

  it('lists all, strangers last, and stores no stranger', async () => {
    const registry = await DeviceRegistry.load(store, () => now);
    registry.known('stranger');
    registry.admit(registry.known('a'), 'user');
    registry.save(registry.known('a'), new Effects());
    expect(registry.all().map(({ record }) => record.id)).toEqual(['a', 'stranger']);
    expect(registry.get('c')).toBeUndefined();
    expect((await store.devices()).map(({ id }) => id)).toEqual(['a']);
  });

  it('remembers the last hundred strangers, and those who are in session', async () => {
    const registry = await DeviceRegistry.load(store, () => now);
    for (let i = 0; i < 120; i++) registry.known(`s${i}`);
    registry.forgetStrangers(id => id === 's3');
    expect(registry.all()).toHaveLength(100);
    expect([registry.get('s3'), registry.get('s2'), registry.get('s20')].map(device => device?.record.id)).toEqual([
      's3',
      undefined,
      undefined,
    ]);
    expect(registry.get('s21')?.record.id).toBe('s21');
  });
});
