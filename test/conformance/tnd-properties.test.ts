/** Properties of nodes as a client keeps them (OMA-TS-DM_TND-V1_2_1 §7.1 to §7.6, §7.7.2 to §7.7.8). */
import { describe, expect } from 'vitest';
import type { Encoding } from '../../src-core/syncml/codec.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { add, get, replace, resultsIn } from './bench.ts';
import { addInterior, EVERYTHING, ManagedDevice, setProperty } from './managed-device.ts';
import { requirement } from './require.ts';
import { ScriptedServer } from './scripted-server.ts';

const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];
const MO = 'urn:oma:mo:example:1.0';
const bytes = Uint8Array.of(0, 0xff, 0x41, 0x42);

const nodes = (): TreeNode[] => [
  interior('A', [leaf('B', 'b', { verNo: 7 }), leaf('C', 'c'), interior('D', [leaf('E', 'e')])], {
    ...EVERYTHING,
    type: MO,
    title: 'All of A',
    verNo: 65535,
  }),
  leaf('Raw', Buffer.from(bytes).toString('base64'), { format: 'bin', type: 'image/png', ...EVERYTHING }),
];
const device = () => new ManagedDevice(nodes());
const binary = (uri: string, meta = { format: 'bin', type: 'image/png' }) =>
  ({ kind: 'Replace', items: [{ target: { uri }, meta, data: bytes }] }) as const;

describe('§7.1 to §7.6', () => {
  requirement('TND-7.1-1', () => {
    const managed = device();
    const uri = './A/B?prop=Colour';
    expect(managed.code(add(uri, 'red'))).toBeGreaterThanOrEqual(400);
    expect(managed.codes(replace(uri, 'red'), get(uri))).toEqual([406, 406]);
  });

  requirement('TND-7.2-9', () => {
    expect(['.', './A', './A/B'].map(uri => device().code(get(`${uri}?prop=ACL`)))).toEqual([200, 200, 200]);
  });

  requirement('TND-7.2-10', () => {
    expect(['.', './A', './A/B', './Raw'].map(uri => device().property(uri, 'Format'))).toEqual([
      'node',
      'node',
      'chr',
      'bin',
    ]);
  });

  requirement('TND-7.2-11', () => {
    expect(['./A', './A/B'].map(uri => device().property(uri, 'Name'))).toEqual(['A', 'B']);
  });

  requirement('TND-7.2-12', () => {
    expect(['.', './A', './A/D', './A/B'].map(uri => device().code(get(`${uri}?prop=Size`)))).toEqual([
      406, 406, 406, 200,
    ]);
  });

  requirement('TND-7.2-13', () => {
    expect(['./A', './A/B', './Raw'].map(uri => device().property(uri, 'Type'))).toEqual([
      MO,
      'text/plain',
      'image/png',
    ]);
  });

  requirement('TND-7.4-2', () => {
    for (const encoding of ENCODINGS) {
      const managed = device().in(encoding);
      managed.answer(setProperty('./A/B', 'Title', 'Größe ключ'));
      const server = new ScriptedServer({ encoding, tree: managed.tree });
      server.begin([get('./A')]);
      const sent = server.exchange([server.headerStatus(), get('./A/B?prop=Title')]);
      expect(Buffer.from(sent?.bytes ?? []).includes(Buffer.from('Größe ключ', 'utf8')), encoding).toBe(true);
      expect(resultsIn(server.last)[0]?.items[0]?.data).toBe('Größe ключ');
    }
  });

  requirement('TND-7.4-3', () => {
    expect([device().property('./Raw', 'Size'), device().property('./A', 'VerNo')]).toEqual(['4', '65535']);
  });

  requirement('TND-7.5-1', () => {
    const managed = device();
    managed.answer(add('./A/Leaf', 'x'), addInterior('./A/Node'));
    const all = ['ACL', 'Format', 'Name', 'Title', 'TStamp', 'Type', 'VerNo'];
    for (const property of [...all, 'Size']) {
      expect(managed.code(get(`./A/Leaf?prop=${property}`)), property).toBe(200);
    }
    for (const property of all) expect(managed.code(get(`./A/Node?prop=${property}`)), property).toBe(200);
  });

  requirement('TND-7.5-2', () => {
    const managed = device();
    managed.answer(add('./A/Leaf', 'grün', { meta: { format: 'chr', type: 'text/x-colour' } }));
    const read = (property: string) => managed.property('./A/Leaf', property);
    expect(['Name', 'Format', 'Type', 'Size', 'TStamp', 'Title', 'ACL'].map(read)).toEqual([
      'Leaf',
      'chr',
      'text/x-colour',
      '5',
      '20260102T000000Z',
      '',
      '',
    ]);
    expect(read('VerNo')).toMatch(/^\d+$/);
  });

  requirement('TND-7.5-3', () => {
    const managed = device();
    const before = Number(managed.property('./A/B', 'VerNo'));
    managed.wait();
    managed.tree.replace('./A/B?prop=ACL', 'Get=*', 'device');
    expect(managed.property('./A/B', 'VerNo')).toBe(String(before + 1));
    expect(managed.property('./A/B', 'TStamp')).toBe('20260102T000001Z');
  });

  const withPermanent = () => new ManagedDevice(nodes(), { treeOptions: { permanent: uri => uri === './A/B' } });

  requirement('TND-7.5.1-1', () => {
    const managed = withPermanent();
    managed.answer(setProperty('./A/B', 'Name', 'Other'));
    expect(managed.children('./A')).toEqual(['B', 'C', 'D']);
    expect(managed.property('./A/B', 'Name')).toBe('B');
  });

  requirement('TND-7.5.1-2', () => {
    const managed = withPermanent();
    expect(managed.codes(setProperty('./A/B', 'Name', 'Other'), setProperty('./A/C', 'Name', 'Other'))).toEqual([
      405, 200,
    ]);
  });

  requirement('TND-7.6-1', () => {
    const managed = device();
    expect(managed.property('./A', 'Title')).toBe('All of A');
    expect(managed.property('./A/D', 'Title')).toBe('');
    expect(managed.property('./A/D', 'Type')).toBe('');
    expect(managed.property('./A/D', 'VerNo')).toBe('0');
    managed.wait();
    managed.answer(setProperty('./A', 'Title', 'Other'));
    expect(managed.property('./A/D', 'TStamp')).toBe('20260102T000000Z');
    expect(managed.property('./A/D', 'Title')).toBe('');
  });
});

describe('§7.7.2 Format', () => {
  requirement('TND-7.7.2-2', () => {
    const managed = device();
    managed.answer(addInterior('./A/New/Deeper'));
    expect(['.', './A', './A/New', './A/New/Deeper'].map(uri => managed.property(uri, 'Format'))).toEqual(
      new Array(4).fill('node'),
    );
    expect(managed.items('./A/New')[0]?.meta?.format).toBe('node');
  });

  requirement('TND-7.7.2-4', () => {
    const [item] = device().in('xml').items('./Raw');
    expect(item?.meta).toMatchObject({ format: 'b64', type: 'image/png' });
    expect(item?.data).toBe(Buffer.from(bytes).toString('base64'));
  });

  requirement('TND-7.7.2-5', () => {
    for (const encoding of ENCODINGS) {
      const managed = device().in(encoding);
      const item = { target: { uri: './A/Pic' }, meta: { format: 'b64', type: 'image/png' } };
      managed.answer({ kind: 'Add', items: [{ ...item, data: Buffer.from(bytes).toString('base64') }] });
      expect(managed.property('./A/Pic', 'Format'), encoding).toBe('bin');
      expect(managed.in('wbxml').read('./A/Pic'), encoding).toEqual(bytes);
    }
  });

  requirement('TND-7.7.2-7', () => {
    const [item] = device().in('wbxml').items('./Raw');
    expect(item?.meta).toMatchObject({ format: 'bin', type: 'image/png' });
    expect(item?.data).toEqual(bytes);
  });

  requirement('TND-7.7.2-9', () => {
    const managed = new ManagedDevice([leaf('Text', 'YWJj', { format: 'b64', type: 'text/plain', ...EVERYTHING })]);
    const [item] = managed.in('wbxml').items('./Text');
    expect(item?.meta?.format).toBe('b64');
    expect(Buffer.from(String(item?.data), 'base64').toString()).toBe('abc');
  });

  requirement('TND-7.7.2-10', () => {
    for (const encoding of ENCODINGS) {
      const managed = device().in(encoding);
      expect(managed.code(binary('./Raw'))).toBe(200);
      expect(managed.property('./Raw', 'Format'), encoding).toBe('bin');
    }
  });
});

describe('§7.7.3 to §7.7.8', () => {
  requirement('TND-7.7.3-1', () => {
    const managed = device();
    managed.answer(add('./A/D/New', 'x'), addInterior('A/Folder'));
    expect([managed.property('./A/D/New', 'Name'), managed.property('./A/Folder', 'Name')]).toEqual(['New', 'Folder']);
  });

  requirement('TND-7.7.3-2', () => {
    const managed = device();
    expect(managed.code(setProperty('./A/B', 'Name', 'C'))).toBe(418);
    expect([managed.children('./A'), managed.read('./A/B'), managed.read('./A/C')]).toEqual([
      ['B', 'C', 'D'],
      'b',
      'c',
    ]);
    // A name taken elsewhere is free here.
    expect(managed.code(setProperty('./A/B', 'Name', 'E'))).toBe(200);
  });

  requirement('TND-7.7.4-1', () => {
    const managed = device();
    managed.answer(replace('./A/B', 'grün €'));
    expect(managed.property('./A/B', 'Size')).toBe('9');
  });

  requirement('TND-7.7.4-2', () => {
    for (const encoding of ENCODINGS) {
      const managed = device().in(encoding);
      managed.answer(binary('./Raw'));
      expect(managed.property('./Raw', 'Size'), encoding).toBe('4');
    }
  });

  requirement('TND-7.7.7.2-1', () => {
    const managed = device();
    managed.answer(addInterior('./A/Object', 'com.example/1.0/Thing'), addInterior('./A/Plain'));
    expect([managed.property('./A/Object', 'Type'), managed.property('./A/Plain', 'Type')]).toEqual([
      'com.example/1.0/Thing',
      '',
    ]);
  });

  requirement('TND-7.7.8-1', () => {
    const managed = device();
    const versions = ['x', 'y', 'z'].map(value => {
      managed.answer(replace('./A/B', value));
      return managed.property('./A/B', 'VerNo');
    });
    expect(versions).toEqual(['8', '9', '10']);
  });

  requirement('TND-7.7.8-2', () => {
    const managed = new ManagedDevice([leaf('Old', 'x', { verNo: 0xffff, ...EVERYTHING })]);
    managed.answer(replace('./Old', 'y'));
    expect(managed.property('./Old', 'VerNo')).toBe('0');
  });
});
