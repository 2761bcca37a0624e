/** URIs and nodes as a client keeps them (OMA-TS-DM_TND-V1_2_1 §5 and §6). */
import { describe, expect } from 'vitest';
import { devDetailNode } from '../../src-core/objects/devdetail.ts';
import type { Encoding } from '../../src-core/syncml/codec.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { TNDS_XML_TYPE } from '../../src-core/tree/tnds.ts';
import { add, get, replace, resultsIn, statusesIn } from './bench.ts';
import { addInterior, EVERYTHING, exec, ManagedDevice, remove, setProperty } from './managed-device.ts';
import { requirement } from './require.ts';
import { ScriptedServer } from './scripted-server.ts';

const nodes = (): TreeNode[] => [
  interior('A', [leaf('B', 'b'), leaf('C', 'c'), interior('D', [leaf('E', 'e')])], EVERYTHING),
];
const device = () => new ManagedDevice(nodes());
const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];

/** Each of these is refused, by every command that addresses a node, and changes nothing. */
function refuses(...uris: string[]): void {
  const managed = device();
  const before = managed.tree.subtree('.', 'device');
  for (const uri of uris) {
    for (const draft of [get(uri), add(uri, 'x'), replace(uri, 'x'), remove(uri), exec(uri)]) {
      expect(managed.code(draft), `${draft.kind} ${JSON.stringify(uri)}`).toBeGreaterThanOrEqual(400);
    }
  }
  expect(managed.tree.subtree('.', 'device')).toEqual(before);
}

/** URIs that a client writes when it gives the whole tree. */
function urisOfStructure(): string[] {
  return device()
    .items('.?list=Struct')
    .map(({ source }) => source?.uri ?? '');
}

describe('§5 the management tree', () => {
  requirement('TND-5-1', () => {
    const managed = new ManagedDevice([]);
    expect(managed.code(get('.'))).toBe(200);
    expect(managed.property('.', 'Format')).toBe('node');
  });

  requirement('TND-5-3', () => {
    refuses('http://dm.example/A/B', '//A/B', '/A/B');
    expect(urisOfStructure().filter(uri => !/^\.(\/|$)/.test(uri))).toEqual([]);
  });

  requirement('TND-5-5', () => {
    const managed = device();
    expect(managed.read('./A/D/E')).toBe('e');
    expect(managed.read('A/D/E')).toBe('e');
    expect(managed.code(get('D/E'))).toBe(404);
  });

  requirement('TND-5-6', () => {
    const managed = device();
    expect(managed.codes(add('./A/MixedCase', 'x'), addInterior('./A/ALL/lower'))).toEqual([200, 200]);
    expect(managed.children('./A')).toEqual(['ALL', 'B', 'C', 'D', 'MixedCase']);
    expect(managed.property('./A/MixedCase', 'Name')).toBe('MixedCase');
  });

  requirement('TND-5-9', () => {
    for (const encoding of ENCODINGS) {
      const server = new ScriptedServer({ encoding, tree: new ManagedDevice([leaf('Schlüssel-ключ', 'x')]).tree });
      server.begin([get('.')]);
      const sent = server.exchange([server.headerStatus(), get('./Schlüssel-ключ')]);
      expect(Buffer.from(sent?.bytes ?? []).includes(Buffer.from('./Schlüssel-ключ', 'utf8')), encoding).toBe(true);
      expect(resultsIn(server.last)[0]?.items[0]?.source?.uri).toBe('./Schlüssel-ключ');
    }
  });

  requirement('TND-5-11', () => {
    refuses('./A/', 'A/D/', './A/D/E/');
    expect(urisOfStructure().filter(uri => uri.endsWith('/'))).toEqual([]);
  });

  requirement('TND-5-13', () => {
    expect(urisOfStructure()[0]).toBe('.');
    expect(device().items('.')[0]?.source?.uri).toBe('.');
  });

  requirement('TND-5-15', () => {
    refuses('../A', './../A', 'A/../A', './A/D/../B', 'A/..');
    expect(urisOfStructure().filter(uri => uri.includes('../'))).toEqual([]);
  });

  requirement('TND-5-17', () => {
    refuses('A/./B', './A/./B', '././A', './A/D./E', 'A/.');
    expect(urisOfStructure().filter(uri => uri.slice(1).includes('./'))).toEqual([]);
  });
});

describe('§6 nodes', () => {
  requirement('TND-6.1-1', () => {
    const managed = device();
    const twice = '<Node><NodeName>X</NodeName><Value>x</Value></Node>';
    expect(managed.code(add('./A/B', 'x'))).toBe(418);
    expect(managed.code(setProperty('./A/B', 'Name', 'C'))).toBe(418);
    expect(managed.code(addTnds('./A', `${twice}${twice}`))).toBe(418);
    expect(managed.children('./A')).toEqual(['B', 'C', 'D']);
  });

  requirement('TND-6.2-1', () => {
    const managed = device();
    managed.answer(add('./A/Empty', ''));
    managed.answer({ kind: 'Add', items: [{ target: { uri: './A/Null' }, meta: { format: 'null' } }] });
    expect(['B', 'Empty', 'Null'].map(name => managed.read(`./A/${name}`))).toEqual(['b', '', '']);
  });

  requirement('TND-6.2-2', () => {
    const managed = device();
    expect(managed.codes(add('./A/B/X', 'x'), addInterior('./A/B/X'))).toEqual([405, 405]);
    expect(managed.tree.has('./A/B/X')).toBe(false);
  });

  requirement('TND-6.2.1-1', () => {
    // No command before it moves the base.
    const managed = device();
    expect(managed.codes(get('./A/D'), get('E'), get('A/D/E'))).toEqual([200, 404, 200]);
  });

  requirement('TND-6.2.1-2', () => {
    const run: string[] = [];
    const managed = new ManagedDevice(nodes(), {
      exec: uri => {
        run.push(uri);
        return { code: 200 };
      },
    });
    const drafts = [get('./A/B'), add('./A/F', 'f'), replace('./A/B', 'x'), remove('./A/C'), exec('./A/D/E')];
    expect(managed.codes(...drafts)).toEqual([200, 200, 200, 200, 200]);
    expect([managed.read('./A/F'), managed.read('./A/B'), managed.children('./A'), run]).toEqual([
      'f',
      'x',
      ['B', 'D', 'F'],
      ['./A/D/E'],
    ]);
  });

  requirement('TND-6.2.1-3', () => {
    const managed = new ManagedDevice([...nodes(), leaf('Closed', 'x', { acl: 'Get=other' })]);
    const cases = [
      [get('./A/B'), 200],
      [get('./A/Z'), 404],
      [replace('./A/Z', 'x'), 404],
      [remove('./A/Z'), 404],
      [add('./A/B', 'x'), 418],
      [replace('./A/D', 'x'), 405],
      [remove('.'), 405],
      [get('./Closed'), 425],
      [get('./A/B?prop=Colour'), 406],
    ] as const;
    expect(cases.map(([draft]) => managed.code(draft))).toEqual(cases.map(([, code]) => code));
  });

  requirement('TND-6.2.1-4', () => {
    const message = device().answer(get('./A/B'), get('./A'));
    expect(resultsIn(message).map(({ items }) => items[0]?.data)).toEqual(['b', 'B/C/D']);
    expect(resultsIn(message)[0]?.items[0]?.meta).toMatchObject({ type: 'text/plain' });
    expect(statusesIn(message).map(({ code }) => code)).toEqual([200, 200]);
  });

  requirement('TND-6.2.2-1', () => {
    const managed = device();
    expect(managed.code(setProperty('./A/B', 'Name', 'x/y'))).toBeGreaterThanOrEqual(400);
    const named = '<Node><NodeName>x/y</NodeName><Value>v</Value></Node>';
    expect(managed.code(addTnds('./A', named))).toBeGreaterThanOrEqual(400);
    expect(managed.children('./A')).toEqual(['B', 'C', 'D']);
  });

  requirement('TND-6.2.2-2', () => {
    const managed = device();
    managed.answer(addInterior('./A/Empty'));
    for (const encoding of ENCODINGS) {
      const message = managed.in(encoding).answer(get('./A/Empty'));
      expect(statusesIn(message).map(({ code }) => code)).toEqual([200]);
      expect(resultsIn(message).map(({ items }) => items.map(({ data }) => data))).toEqual([['']]);
    }
  });

  requirement('TND-6.2.3-1', () => {
    const managed = device();
    expect(managed.code(remove('./A/D'))).toBe(200);
    expect(managed.codes(get('./A/D'), get('./A/D/E'))).toEqual([404, 404]);
    managed.answer(addInterior('./A/D'));
    expect(managed.children('./A/D')).toEqual([]);
  });

  requirement('TND-6.2.4-1', () => {
    const managed = device();
    expect(managed.codes(add('./A/B', 'x'), addInterior('./A/D'))).toEqual([418, 418]);
    expect([managed.read('./A/B'), managed.children('./A/D')]).toEqual(['b', ['E']]);
  });

  requirement('TND-6.2.4-2', () => {
    const managed = device();
    managed.answer(add('./A/D/New', 'x'));
    expect(managed.property('./A/D/New', 'Name')).toBe('New');
    expect(managed.children('./A/D')).toEqual(['E', 'New']);
  });

  requirement('TND-6.2.4-3', () => {
    const detail = devDetailNode({
      deviceType: 'phone',
      oem: 'Factory',
      firmwareVersion: '1',
      softwareVersion: '1',
      hardwareVersion: '1',
      largeObjects: true,
    });
    const limits = { maxDepth: 0, maxTotalLength: 255, maxSegmentLength: 32 };
    const managed = new ManagedDevice([...nodes(), detail], { treeOptions: { limits } });
    const said = ['MaxDepth', 'MaxTotLen', 'MaxSegLen'].map(name => Number(managed.read(`./DevDetail/URI/${name}`)));
    expect(said).toEqual([limits.maxDepth, limits.maxTotalLength, limits.maxSegmentLength]);
    const name = 'n'.repeat(limits.maxSegmentLength);
    expect(managed.codes(add(`./A/${name}`, 'x'), add(`./A/${name}n`, 'x'))).toEqual([200, 414]);
  });
});

/** An Add of a TNDS object. */
function addTnds(uri: string, content: string): ReturnType<typeof add> {
  const data = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${content}</MgmtTree>`;
  return add(uri, data, { meta: { format: 'xml', type: TNDS_XML_TYPE } });
}
