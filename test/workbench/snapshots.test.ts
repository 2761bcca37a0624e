import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import type { Store } from '../../src-core/store/contract.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { DeviceTree, type Reading } from '../../src-core/tree/device-tree.ts';
import { previewOf } from '../../src-core/workbench/command-preview.ts';
import { SnapshotsRoom } from '../../src-core/workbench/snapshots/room.ts';
import type { ApplyRequest, TreeForm, TreeSide } from '../../src-core/workbench/snapshots/views.ts';

const ONE = 'IMEI:1';
const TWO = 'IMEI:2';
const LIVE: TreeSide = { kind: 'device', deviceId: ONE };
const PHONE: readonly Reading[] = [
  { uri: '.', format: 'node', acl: 'Get=*' },
  { uri: './A', format: 'node' },
  { uri: './A/x', format: 'chr', type: 'text/plain', value: '1' },
  { uri: './A/long', format: 'chr', type: 'text/plain', value: 'é'.repeat(300) },
];

describe('snapshots', () => {
  let store: Store;
  let trees: Map<string, DeviceTree>;
  let sent: { deviceId: string; commands: readonly CommandInput[] }[];
  let room: SnapshotsRoom;
  let time = 1000;

  beforeEach(() => {
    store = openSqliteStore(':memory:');
    trees = new Map([
      [ONE, new DeviceTree()],
      [TWO, new DeviceTree()],
    ]);
    sent = [];
    time = 1000;
    read(ONE, PHONE);
    room = new SnapshotsRoom({
      store: store.snapshots,
      now: () => time++,
      largestFile: 1024 * 1024,
      device: id => {
        const tree = trees.get(id);
        return tree && { tree, record: { id, name: `Phone ${id}`, lastSeen: 0 } };
      },
      work: {
        preview: async (_id, commands) => ({ ...previewOf(commands), problems: [] }),
        send: async (deviceId, commands) => {
          sent.push({ deviceId, commands });
          return { workId: '7', held: true };
        },
      },
    });
  });
  afterEach(() => store.close());

  const read = (deviceId: string, readings: readonly Reading[]) => trees.get(deviceId)?.apply(readings, 1, '1A');
  const taken = async (name?: string, uri?: string): Promise<TreeSide> => ({
    kind: 'snapshot',
    key: (await room.take(ONE, name, uri)).key,
  });
  const fileOf = (bytes: string | Uint8Array) => gzipSync(bytes, { level: 1 }).toString('base64');

  it('are taken, listed newest first, renamed and removed; whoever watches sees each', async () => {
    const abort = new AbortController();
    const seen = room.watch(abort.signal)[Symbol.asyncIterator]();
    const names = async () => (await seen.next()).value?.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual([]);
    const first = await room.take(ONE);
    expect(first).toMatchObject({ name: 'Phone IMEI:1', takenAt: 1000, source: 'device', origin: ONE, nodes: 4 });
    expect(await names()).toEqual(['Phone IMEI:1']);
    await room.take(ONE, undefined, './A/x');
    expect(await names()).toEqual(['Phone IMEI:1 ./A/x', 'Phone IMEI:1']);
    await room.rename(first.key, 'before');
    expect(await names()).toEqual(['Phone IMEI:1 ./A/x', 'before']);
    await room.remove(first.key);
    expect(await names()).toEqual(['Phone IMEI:1 ./A/x']);
    abort.abort();
  });

  it('stay as they were while the device changes', async () => {
    const before = await taken();
    read(ONE, [{ uri: './A/x', value: '2' }]);
    const diff = await room.diff(before, LIVE);
    expect(diff).toEqual({
      changes: [
        {
          kind: 'changed',
          uri: './A/x',
          group: './A',
          format: 'chr',
          fields: [{ field: 'Value', old: '1', new: '2' }],
        },
      ],
      more: 0,
      counts: { added: 0, changed: 1, moved: 0, removed: 0 },
      nodes: { from: 4, to: 4 },
      unknown: { from: 0, to: 0 },
      unread: 0,
      notCompared: [],
    });
  });

  it('two devices compare: what only one tells is said, long texts are cut and can be had whole', async () => {
    read(TWO, [
      { uri: '.', format: 'node' },
      { uri: './A', format: 'node' },
    ]);
    const two: TreeSide = { kind: 'device', deviceId: TWO };
    const diff = await room.diff(two, LIVE);
    expect(diff.counts).toEqual({ added: 2, changed: 0, moved: 0, removed: 0 });
    expect(diff.notCompared).toEqual([
      { property: 'ACL', missingIn: 'from' },
      { property: 'Type of leaves', missingIn: 'from' },
    ]);
    const long = diff.changes.find(({ uri }) => uri === './A/long')?.fields[0];
    expect(long).toEqual({ field: 'Value', new: `${'é'.repeat(200)}…`, newLength: 300 });
    const [whole] = await room.changesAt(two, LIVE, './A/long');
    expect(whole?.fields[0]).toEqual({ field: 'Value', new: 'é'.repeat(300) });
  });

  describe('applied to a device', () => {
    const request = (to: TreeSide, more: Partial<ApplyRequest> = {}): ApplyRequest => {
      return { deviceId: ONE, from: LIVE, to, subtrees: 'nodes', atomic: false, ...more };
    };

    it('send exactly the commands that were shown', async () => {
      const before = await taken();
      read(ONE, [
        { uri: './A/x', value: '2' },
        { uri: './A/new', format: 'int', value: '5' },
      ]);
      const shown = await room.commands(request(before));
      expect([shown.count, shown.skipped, shown.problems]).toEqual([2, [], []]);
      expect(shown.xml).toContain('<LocURI>./A/x</LocURI>');
      expect(await room.apply(request(before), shown.digest)).toEqual({ workId: '7', held: true });
      expect(sent).toEqual([
        {
          deviceId: ONE,
          commands: [
            { kind: 'replace', uri: './A/x', format: 'chr', type: 'text/plain', value: '1' },
            { kind: 'delete', uri: './A/new' },
          ],
        },
      ]);
    });

    it('show no secret, and send it', async () => {
      read(ONE, [{ uri: './A/Password', format: 'chr', type: 'text/plain', value: 'hush' }]);
      const before = await taken();
      read(ONE, [{ uri: './A/Password', value: 'other' }]);
      const shown = await room.commands(request(before, { atomic: true }));
      expect(shown.xml).toContain('<Data>•••</Data>');
      expect(shown.xml).not.toContain('hush');
      await room.apply(request(before), (await room.commands(request(before))).digest);
      expect(sent[0]?.commands).toMatchObject([{ uri: './A/Password', value: 'hush' }]);
    });

    it('as one Atomic where that is asked for', async () => {
      const before = await taken();
      read(ONE, [{ uri: './A/x', value: '2' }]);
      const shown = await room.commands(request(before, { atomic: true }));
      expect(shown.xml).toMatch(/^<Atomic.*<Replace>/s);
      await room.apply(request(before, { atomic: true }), shown.digest);
      expect(sent[0]?.commands.map(({ kind }) => kind)).toEqual(['atomic']);
    });

    it('are refused where the tree has changed since they were shown, and where there is nothing to do', async () => {
      const before = await taken();
      const nothing = await room.commands(request(before));
      await expect(room.apply(request(before), nothing.digest)).rejects.toMatchObject({ code: 'nothing' });
      read(ONE, [{ uri: './A/x', value: '2' }]);
      await expect(room.apply(request(before), nothing.digest)).rejects.toMatchObject({ code: 'changed' });
      expect(sent).toEqual([]);
    });

    it('are refused where they are too many, and fit as TNDS', async () => {
      read(
        ONE,
        Array.from({ length: 5001 }, (_, i) => ({ uri: `./B/n${i}`, format: 'chr', value: '' })),
      );
      read(ONE, [{ uri: './B', format: 'node' }]);
      const full = await taken();
      trees.get(ONE)?.remove('./B');
      await expect(room.commands(request(full))).rejects.toMatchObject({
        code: 'too-many',
        message: 'that takes 5002 commands; 5000 are sent at once',
      });
      expect((await room.commands(request(full, { subtrees: 'tnds-wbxml' }))).count).toBe(1);
    });
  });

  describe('as files', () => {
    it.each<[TreeForm, string]>([
      ['json', 'Phone-IMEI-1.tree.json'],
      ['tnds-xml', 'Phone-IMEI-1.tnds.xml'],
      ['tnds-wbxml', 'Phone-IMEI-1.tnds.wbxml'],
    ])('%s: exported and imported there is no difference', async (form, name) => {
      const file = await room.exportTree({ side: LIVE, form, secrets: true });
      expect(file.name).toBe(name);
      const { key, ...snapshot } = await room.importTree(file.name, fileOf(Buffer.from(file.base64, 'base64')));
      expect(snapshot).toMatchObject({ source: 'file', origin: name, nodes: 4 });
      const diff = await room.diff({ kind: 'snapshot', key }, LIVE);
      expect([diff.changes, diff.unknown, diff.unread]).toEqual([[], { from: 0, to: 0 }, 0]);
    });

    it('a part of a tree, with chosen properties: nothing else is said', async () => {
      const whole = await taken('über/alles');
      const file = await room.exportTree({
        side: whole,
        form: 'tnds-xml',
        uri: './A/x',
        properties: ['Format', 'Value'],
        secrets: true,
      });
      expect(file.name).toBe('über-alles-A-x.tnds.xml');
      expect(Buffer.from(file.base64, 'base64').toString()).toBe(
        `<?xml version="1.0" encoding="UTF-8"?>
<MgmtTree xmlns="syncml:dmddf1.2">
  <VerDTD>1.2</VerDTD>
  <Node>
    <NodeName>x</NodeName>
    <Path>A</Path>
    <RTProperties>
      <Format>
        <chr/>
      </Format>
    </RTProperties>
    <Value>1</Value>
  </Node>
</MgmtTree>
`,
      );
      const { key } = await room.importTree(file.name, fileOf(Buffer.from(file.base64, 'base64')));
      const { changes, unknown } = await room.diff({ kind: 'snapshot', key }, LIVE);
      expect([changes, unknown]).toEqual([[], { from: 1, to: 0 }]);
    });

    it('without secrets, as if nobody had read them', async () => {
      read(ONE, [{ uri: './A/AAuthSecret', format: 'chr', type: 'text/plain', value: 'hush' }]);
      const exported = async (secrets: boolean) =>
        Buffer.from((await room.exportTree({ side: LIVE, form: 'json', secrets })).base64, 'base64').toString();
      expect(await exported(true)).toContain('"value":"hush"');
      const without = await exported(false);
      expect(without).not.toContain('hush');
      const { key } = await room.importTree('x.json', fileOf(without));
      const { changes, unread } = await room.diff({ kind: 'snapshot', key }, LIVE);
      expect([changes, unread]).toEqual([[], 1]);
    });

    it.each([
      ['text', 'hello', 'no-tree', 0],
      ['an empty one', '', 'no-tree', 0],
      ['XML that is not well-formed', '<MgmtTree><Node></X></MgmtTree>', 'not-well-formed', 16],
      ['XML of something else', '<html></html>', 'tnds', 0],
      ['a DDF', '<MgmtTree><Node><NodeName>A</NodeName><DFProperties/></Node></MgmtTree>', 'ddf', 10],
      ['WBXML that breaks off', new Uint8Array([2, 0, 0, 0x6a]), 'unexpected-end', 4],
      ['JSON that breaks off', '{"dmTree":1,"nodes":[', 'tree-document', 21],
      ['JSON that is no UTF-8', new Uint8Array([0x7b, 0x22, 0xc3, 0x28]), 'no-utf8', 2],
      ['a tree without nodes', '{"dmTree":1,"nodes":[]}', 'no-nodes', 0],
    ])('%s is refused with the offset in bytes', async (_name, content, code, offset) => {
      await expect(room.importTree('file', fileOf(content))).rejects.toMatchObject({
        name: 'EncodingError',
        code,
        offset,
      });
      expect(await store.snapshots.all()).toEqual([]);
    });

    it('one that is too large is refused before it is unpacked', async () => {
      const file = fileOf(new Uint8Array(1024 * 1024 + 1));
      const message = 'the file has more than 1 MiB';
      await expect(room.importTree('zeros', file)).rejects.toMatchObject({ code: 'too-large', message });
    });
  });

  it.each([
    ['an unknown device', () => room.take('IMEI:9'), 'unknown-device'],
    ['a device of which nothing was read', () => room.take(TWO), 'nothing-read'],
    ['a node that is not there', () => room.take(ONE, 'x', './Z'), 'no-node'],
    ['a snapshot that is gone', () => room.diff({ kind: 'snapshot', key: '9' }, LIVE), 'unknown-snapshot'],
    ['the name of one that is gone', () => room.rename('9', 'x'), 'unknown-snapshot'],
  ])('%s: refused with advice', async (_name, act, code) => {
    await expect(act()).rejects.toMatchObject({ name: 'RequestError', code, advice: expect.any(String) });
  });
});
