import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDdf } from '../../src-core/tree/ddf/read.ts';
import { writeDdfWbxml, writeDdfXml } from '../../src-core/tree/ddf/write.ts';
import { DeviceTree } from '../../src-core/tree/device-tree.ts';
import { describedDevice } from '../../src-core/workbench/ddf/device.ts';
import { checkDdf, DdfRoom } from '../../src-core/workbench/ddf/room.ts';
import { group, value } from '../tree/ddf/samples.ts';

const DDF = { nodes: [group('Vendor', [value('Colour', { title: 'Colour', mimeTypes: ['text/plain'] })])] };
const XML = writeDdfXml(DDF);
const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64');

const MODEL = { manufacturer: 'Device Factory, Inc.', model: 'SmartPhone2000' };
const tree = new DeviceTree();
tree.apply(
  [
    { uri: '.', format: 'node' },
    { uri: './DevInfo', format: 'node', type: 'urn:oma:mo:oma-dm-devinfo:1.0' },
    { uri: './DevInfo/DevId', format: 'chr', type: 'text/plain', value: 'IMEI:1' },
    { uri: './DevDetail/LrgObj', format: 'chr', value: 'yes' },
    { uri: './DMAcc/1', format: 'node', type: 'urn:oma:mo:oma-dm-dmacc:1.0' },
    { uri: './DMAcc/1/AppID', format: 'chr', value: 'w7' },
    { uri: './Vendor', format: 'node' },
  ],
  1,
  '1',
);

function roomOver(database = ':memory:', model: { manufacturer?: string; model?: string } = MODEL) {
  return new DdfRoom(database, id => (id === 'D' ? describedDevice(tree, model) : undefined));
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dmw-ddf-room-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('what descriptions say of a node', () => {
  it('its title, access, occurrence, format and scope, and which document says so', async () => {
    expect(await roomOver().describe('D', './DevInfo/DevId')).toMatchObject({
      name: 'DevId',
      title: 'Device identifier',
      access: ['Get'],
      format: 'chr',
      mimeTypes: ['text/plain'],
      occurrence: { name: 'One', words: 'exactly one', least: 1, most: 1 },
      scope: 'Permanent',
      ddf: { id: 'built-in/devinfo.xml', title: 'devinfo', origin: 'built-in', generic: true },
      root: { uri: './DevInfo', title: 'Device information' },
      contradictions: [],
    });
    expect(await roomOver().describe('D', './Vendor/Unknown')).toBeNull();
  });

  it('where the device contradicts it', async () => {
    expect((await roomOver().describe('D', './DevDetail/LrgObj'))?.contradictions).toEqual([
      'The device says format chr, the description bool',
    ]);
  });

  it('a description for a model counts for that model alone', async () => {
    const other = roomOver(':memory:', { manufacturer: 'Other', model: 'SmartPhone2000' });
    expect(await other.describe('D', './Vendor/Battery/Level')).toBeNull();
    expect(await roomOver().describe('D', './Vendor/Battery/Level')).toMatchObject({
      title: 'Charge',
      ddf: { generic: false },
    });
  });

  it('what may be added below it', async () => {
    const { offers, open } = await roomOver().mayAdd('D', './DMAcc/1');
    expect(open).toBe(false);
    expect(offers.map(({ name, required, format }) => [name, required, format]).slice(0, 3)).toEqual([
      ['ServerID', true, 'chr'],
      ['Name', false, 'chr'],
      ['PrefConRef', false, 'chr'],
    ]);
    const objects = (await roomOver().mayAdd('D', './Vendor')).objects.map(({ identifier }) => identifier);
    expect(objects).toContain('urn:oma:mo:oma-fumo:1.0');
  });

  it('what a new node requires below it comes with the offer, for objects without a place of their own too', async () => {
    const { objects } = await roomOver().mayAdd('D', './Vendor');
    const requires = (identifier: string) => objects.find(each => each.identifier === identifier)?.requires;
    expect(requires('urn:oma:mo:oma-connmo-nap:1.0')).toMatchObject([{ path: 'NAPID', format: 'chr', value: '' }]);
    const account = (await roomOver().mayAdd('D', './DMAcc')).offers.find(({ title }) => title === 'DM account');
    expect(account?.requires).toEqual([
      { path: 'AppID', format: 'chr', type: 'text/plain', value: 'w7' },
      { path: 'ServerID', format: 'chr', type: 'text/plain', value: '' },
      { path: 'AppAddr', format: 'node' },
    ]);
  });

  it('what speaks against commands', async () => {
    const commands = [{ kind: 'replace', uri: './DevInfo/DevId', format: 'int', value: '1' }] as const;
    expect((await roomOver().problems('D', commands)).map(({ code, severity }) => [code, severity])).toEqual([
      ['access-type', 'note'],
      ['format', 'warning'],
    ]);
  });

  it('a description of what a device turned out to hold can be read again', async () => {
    const { name, base64: content } = await roomOver().skeleton('D', '.');
    expect(name).toBe('SmartPhone2000.ddf.xml');
    const { ddf, notes } = readDdf(Uint8Array.from(Buffer.from(content, 'base64')));
    expect(notes).toEqual([]);
    expect(ddf).toMatchObject({
      ...MODEL,
      nodes: [{ name: 'DevInfo' }, { name: 'DevDetail' }, { name: 'DMAcc' }, { name: 'Vendor' }],
    });
    await expect(roomOver().skeleton('D', './Nowhere')).rejects.toMatchObject({ code: 'unknown-node' });
  });

  it('a description that could not be added again is not written', async () => {
    const large = new DeviceTree();
    const leaves = Array.from({ length: 5000 }, (_, i) => ({ uri: `./Vendor/Setting${i}`, format: 'chr', value: '' }));
    large.apply([{ uri: '.', format: 'node' }, { uri: './Vendor', format: 'node' }, ...leaves], 1, '1');
    const room = new DdfRoom(':memory:', () => describedDevice(large, MODEL));
    await expect(room.skeleton('D', './Vendor')).rejects.toMatchObject({
      code: 'too-large',
      advice: 'Choose a part of the tree',
    });
    const { base64: content, name } = await room.skeleton('D', './Vendor/Setting1');
    expect(checkDdf(name, Uint8Array.from(Buffer.from(content, 'base64'))).failure).toBeUndefined();
  });

  it('a device that is not known', async () => {
    await expect(roomOver().describe('X', '.')).rejects.toMatchObject({ name: 'RequestError', code: 'unknown-device' });
  });
});

describe('a person’s own descriptions', () => {
  it('count at once, before those built in, and no longer once removed', async () => {
    const room = roomOver();
    const added = await room.add('my/vendor.ddf', base64(XML));
    expect(added).toMatchObject({ id: 'own/vendor.xml', origin: 'own', nodes: 2, objects: [{ uri: './Vendor' }] });
    expect((await room.describe('D', './Vendor/Colour'))?.title).toBe('Colour');
    await room.remove('own/vendor.xml');
    expect(await room.describe('D', './Vendor/Colour')).toBeNull();
  });

  it('are taken as WBXML too', async () => {
    const room = roomOver();
    expect(await room.add('vendor', base64(writeDdfWbxml(DDF)))).toMatchObject({ fileName: 'vendor.wbxml', nodes: 2 });
  });

  it('lie in the folder ddf beside the database, for this person alone, and are there the next time', async () => {
    const database = join(folder, 'workbench.sqlite');
    await roomOver(database).add('vendor.xml', base64(XML));
    expect(await readdir(join(folder, 'ddf'))).toEqual(['vendor.xml']);
    expect((await stat(join(folder, 'ddf/vendor.xml'))).mode & 0o777).toBe(0o600);
    expect((await roomOver(database).describe('D', './Vendor/Colour'))?.title).toBe('Colour');
    expect((await roomOver(database).list())[0]).toMatchObject({ id: 'own/vendor.xml', bytes: XML.length });
  });

  it('the page hears of each that comes and goes', async () => {
    const room = roomOver();
    const stop = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const files of room.watch(stop.signal)) {
        seen.push(files.filter(({ origin }) => origin === 'own').length);
        if (seen.length === 1) await room.add('a.xml', base64(XML));
        else if (seen.length === 2) await room.remove('own/a.xml');
        else stop.abort();
      }
    })();
    await watching;
    expect(seen).toEqual([0, 1, 0]);
  });

  it('one that cannot be read is refused with its byte, and nothing is kept', async () => {
    const room = roomOver();
    const bad = XML.replace('<chr/>', '<money/>');
    await expect(room.add('bad.xml', base64(bad))).rejects.toMatchObject({
      name: 'EncodingError',
      message: `DDF: money is no format of a node (at offset ${bad.indexOf('<money/>')})`,
    });
    await expect(room.add('big.xml', base64(new Uint8Array(1024 * 1024 + 1)))).rejects.toMatchObject({
      code: 'too-large',
    });
    expect((await room.list()).filter(({ origin }) => origin === 'own')).toEqual([]);
  });

  it('a bad file in the folder is shown with its reason, and the others count', async () => {
    await mkdir(join(folder, 'bad/ddf'), { recursive: true });
    await writeFile(join(folder, 'bad/ddf/a.xml'), '<Tree/>');
    await writeFile(join(folder, 'bad/ddf/b.xml'), XML);
    await writeFile(join(folder, 'bad/ddf/notes.txt'), 'not looked at');
    const own = (await roomOver(join(folder, 'bad/x.sqlite')).list()).filter(({ origin }) => origin === 'own');
    expect(own).toMatchObject([
      { fileName: 'a.xml', failure: { text: 'DDF: expected MgmtTree, found Tree (at offset 0)', offset: 0 } },
      { fileName: 'b.xml', nodes: 2 },
    ]);
  });

  it('a folder or a dangling link of such a name is shown with its reason, and the others count', async () => {
    const database = join(folder, 'odd', 'dmw.db');
    const own = join(folder, 'odd', 'ddf');
    await mkdir(join(own, 'folder.xml'), { recursive: true });
    await symlink(join(own, 'nowhere'), join(own, 'link.xml'));
    await writeFile(join(own, 'sound.xml'), XML);
    const room = roomOver(database);
    const found = (await room.list()).filter(({ origin }) => origin === 'own');
    expect(found.map(({ id, failure }) => [id, failure?.text])).toEqual([
      ['own/folder.xml', expect.stringContaining('it is no file')],
      ['own/link.xml', expect.stringContaining('ENOENT')],
      ['own/sound.xml', undefined],
    ]);
    expect((await room.describe('D', './Vendor/Colour'))?.title).toBe('Colour');
    await expect(room.file('own/folder.xml')).rejects.toThrow('it is no file');
  });

  it('a folder that cannot be read is told, and commands are judged by those built in', async () => {
    await mkdir(join(folder, 'broken'));
    await writeFile(join(folder, 'broken/ddf'), '');
    const room = roomOver(join(folder, 'broken/x.sqlite'));
    await expect(room.list()).rejects.toMatchObject({ name: 'StoreError', code: 'ddf-folder' });
    expect((await room.describe('D', './DevInfo/DevId'))?.title).toBe('Device identifier');
  });

  it('a name cannot lead out of the folder', async () => {
    const room = roomOver();
    expect((await room.add('../../etc/passwd', base64(XML))).fileName).toBe('passwd.xml');
    expect((await room.add('..\\..\\.hidden?.xml', base64(XML))).fileName).toBe('hidden_.xml');
    expect((await room.add('...', base64(XML))).fileName).toBe('description.xml');
  });

  it('each can be had as the file that it is', async () => {
    const room = roomOver();
    await room.add('vendor.xml', base64(XML));
    expect(await room.file('own/vendor.xml')).toEqual({
      name: 'vendor.xml',
      mediaType: 'text/xml',
      base64: base64(XML),
    });
    await expect(room.file('own/none.xml')).rejects.toMatchObject({ code: 'unknown-ddf' });
  });

  it('those built in stay', async () => {
    await expect(roomOver().remove('built-in/devinfo.xml')).rejects.toMatchObject({ code: 'built-in-ddf' });
    await expect(roomOver().remove('own/none.xml')).rejects.toMatchObject({ code: 'unknown-ddf' });
  });
});
