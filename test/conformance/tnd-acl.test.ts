/** Access control as a client enforces it (OMA-TS-DM_TND-V1_2_1 §7.7.1), and what its description fixes (§9.4.3). */
import { describe, expect } from 'vitest';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { TNDS_XML_TYPE } from '../../src-core/tree/tnds.ts';
import { add, get, replace, resultsIn, statusesIn } from './bench.ts';
import { addInterior, EVERYTHING, exec, ManagedDevice, remove, setProperty } from './managed-device.ts';
import { requirement } from './require.ts';

/** The tree of the example in §7.7.1.6. */
const nodes = (): TreeNode[] => [
  interior('NodeA', [leaf('Node1', '1', { acl: 'Get=*' })], { acl: 'Get=ServerC&Replace=ServerC' }),
  interior(
    'NodeB',
    [
      leaf('Node2', '2'),
      interior('Node3', [leaf('Node4', '4'), leaf('Node5', '5', { acl: 'Get=ServerA&Replace=ServerA&Get=ServerB' })], {
        acl: 'Get=ServerB&Replace=ServerB&Delete=ServerB',
      }),
    ],
    { acl: 'Get=ServerA&Replace=ServerA' },
  ),
];
const device = (more: readonly TreeNode[] = []) =>
  new ManagedDevice([...nodes(), ...more], { treeOptions: { rootAcl: 'Add=*&Get=*' } });

const EVERY_NODE = [
  '.',
  './NodeA',
  './NodeA/Node1',
  './NodeB',
  './NodeB/Node2',
  './NodeB/Node3',
  './NodeB/Node3/Node4',
  './NodeB/Node3/Node5',
];
const acl = (managed: ManagedDevice, uri: string) => managed.tree.property(uri, 'ACL', 'device');

describe('§7.7.1.1 ACL and inheritance', () => {
  requirement('TND-7.7.1.1-1', () => {
    const managed = device();
    for (const uri of EVERY_NODE) expect(() => acl(managed, uri), uri).not.toThrow();
    managed.answer(addInterior('./New'), add('./New/Leaf', 'x'));
    for (const uri of ['./New', './New/Leaf']) expect(() => acl(managed, uri), uri).not.toThrow();
  });

  requirement('TND-7.7.1.1-2', () => {
    const tree = new ManagedDevice([]);
    expect(tree.property('.', 'ACL')).not.toBe('');
    expect(tree.code(setProperty('.', 'ACL', ''))).toBeGreaterThanOrEqual(400);
    expect(tree.property('.', 'ACL')).not.toBe('');
  });

  requirement('TND-7.7.1.1-3', () => {
    // Node2 has no ACL: that of NodeB decides.
    expect(device().as('ServerA').code(replace('./NodeB/Node2', 'x'))).toBe(200);
    expect(device().as('ServerB').code(replace('./NodeB/Node2', 'x'))).toBe(425);
  });

  requirement('TND-7.7.1.1-4', () => {
    const deep = interior('X', [interior('Y', [interior('Z', [leaf('Leaf', 'x')])])], { acl: 'Get=ServerA' });
    expect(device([deep]).as('ServerA').code(get('./X/Y/Z/Leaf'))).toBe(200);
    expect(device([deep]).as('ServerB').code(get('./X/Y/Z/Leaf'))).toBe(425);
  });

  requirement('TND-7.7.1.1-5', () => {
    const managed = device([interior('X', [interior('Y', [leaf('Leaf', 'x')])])]);
    expect(managed.codes(get('./X/Y/Leaf'), replace('./X/Y/Leaf', 'y'))).toEqual([200, 425]);
  });

  requirement('TND-7.7.1.1-6', () => {
    // NodeA lets ServerC replace, Node1 lets nobody.
    const managed = device().as('ServerC');
    expect(managed.codes(get('./NodeA/Node1'), replace('./NodeA/Node1', 'x'))).toEqual([200, 425]);
  });

  requirement('TND-7.7.1.1-7', () => {
    const managed = device([interior('Open', [leaf('Leaf', 'x')], EVERYTHING)]);
    for (const value of ['Get=', 'Get=&Replace=*', 'Add=*&Delete=']) {
      managed.answer(setProperty('./Open/Leaf', 'ACL', value));
      expect(acl(managed, './Open/Leaf'), value).not.toMatch(/=(&|$)/);
    }
    managed.answer(setProperty('./Open/Leaf', 'ACL', 'Get=ServerA&Replace=ServerB'));
    managed.tree.deleteServer('ServerA');
    expect(acl(managed, './Open/Leaf')).toBe('Replace=ServerB');
  });

  requirement('TND-7.7.1.1-8', () => {
    const message = device().as('ServerB').answer(get('./NodeB/Node3/Node4?prop=ACL'));
    expect(statusesIn(message).map(({ code }) => code)).toEqual([200]);
    expect(resultsIn(message)[0]?.items[0]?.data).toBe('');
  });
});

describe('§7.7.1.2 and §7.7.1.3 changing the ACL', () => {
  requirement('TND-7.7.1.2-1', () => {
    const managed = new ManagedDevice(nodes(), { treeOptions: { rootAcl: 'Add=*&Get=*&Replace=*' } });
    expect(managed.code(setProperty('.', 'ACL', ''))).toBeGreaterThanOrEqual(400);
    expect(acl(managed, '.')).toBe('Add=*&Get=*&Replace=*');
    expect(managed.codes(get('.'), addInterior('./New'))).toEqual([200, 200]);
  });

  requirement('TND-7.7.1.3-1', () => {
    const managed = device().as('ServerC');
    expect(managed.code(replace('./NodeA/Node1', 'x'))).toBe(425);
    expect(managed.code(setProperty('./NodeA/Node1', 'ACL', 'Get=*&Replace=ServerC'))).toBe(200);
    expect(managed.code(replace('./NodeA/Node1', 'x'))).toBe(200);
  });

  requirement('TND-7.7.1.3-2', () => {
    const managed = device().as('ServerC');
    expect(managed.code(addInterior('./New'))).toBe(200);
    const entries = acl(managed, './New').split('&').sort();
    expect(entries).toEqual(['Add=ServerC', 'Delete=ServerC', 'Replace=ServerC']);
    // Whoever may replace the parent needs no more.
    managed.answer(addInterior('./New/Inner'));
    expect(acl(managed, './New/Inner')).toBe('');
  });
});

describe('§7.7.1.4 deletion of a server identifier', () => {
  const shared = () =>
    device([interior('X', [leaf('Y', 'y', { acl: 'Get=ServerA+ServerB&Replace=ServerA' })], { acl: 'Get=ServerA+*' })]);

  requirement('TND-7.7.1.4-1', () => {
    const managed = shared();
    managed.tree.deleteServer('ServerA');
    const mentions = [...EVERY_NODE, './X', './X/Y'].filter(uri => acl(managed, uri).includes('ServerA'));
    expect(mentions).toEqual([]);
  });

  requirement('TND-7.7.1.4-2', () => {
    const managed = shared();
    managed.tree.deleteServer('ServerA');
    expect(['./X', './X/Y', './NodeB', './NodeB/Node3/Node5', './NodeA'].map(uri => acl(managed, uri))).toEqual([
      'Get=*',
      'Get=ServerB',
      '',
      'Get=ServerB',
      'Get=ServerC&Replace=ServerC',
    ]);
  });

  requirement('TND-7.7.1.4-3', () => {
    const managed = new ManagedDevice(nodes(), { treeOptions: { rootAcl: 'Add=*&Get=*&Replace=ServerA' } });
    managed.tree.deleteServer('ServerA');
    expect(acl(managed, '.').split('&').sort()).toEqual(['Add=*', 'Get=*', 'Replace=*']);
  });
});

describe('§7.7.1.5 ACL syntax', () => {
  const GOOD = [
    'Get=*',
    'Add=www.sonera.fi-8765&Delete=www.sonera.fi-8765&Replace=www.sonera.fi-8765+321_ibm.com&Get=*',
    'Exec=a+b+c',
    'Get=ServerA&Get=ServerB',
  ];
  const BAD = [
    'Get',
    'get=*',
    'Copy=*',
    'Get=a b',
    'Get=a\tb',
    'Get=a++b',
    'Get=a+',
    'Get==a',
    '=a',
    'Get=*&',
    '&Get=*',
    'Get=a=b',
    'Get=**',
    'Get=a*',
  ];

  requirement('TND-7.7.1.5-2', () => {
    const managed = new ManagedDevice([interior('Open', [leaf('Leaf', 'x')], EVERYTHING)]);
    for (const value of GOOD) {
      expect(managed.code(setProperty('./Open/Leaf', 'ACL', value)), value).toBe(200);
      expect(acl(managed, './Open/Leaf')).toBe(value);
    }
    managed.answer(setProperty('./Open/Leaf', 'ACL', 'Get=*'));
    for (const value of BAD) {
      expect(managed.code(setProperty('./Open/Leaf', 'ACL', value)), value).toBeGreaterThanOrEqual(400);
      expect(acl(managed, './Open/Leaf'), value).toBe('Get=*');
    }
  });
});

describe('§9.4.3 framework properties', () => {
  requirement('TND-9.4.3-1', () => {
    const managed = new ManagedDevice([interior('A', [leaf('B', 'b')], EVERYTHING)], {
      exec: () => ({ code: 200 }),
      treeOptions: {
        access: uri => (uri === './A/B' ? new Set(['Get', 'Replace'] as const) : undefined),
        permanent: uri => uri === './A',
      },
    });
    const refused = [remove('./A/B'), exec('./A/B'), remove('./A'), setProperty('./A', 'Name', 'Z')];
    const before = refused.map(draft => managed.code(draft));
    const described =
      '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>B</NodeName><DFProperties>' +
      '<AccessType><Delete/><Exec/></AccessType><Scope><Dynamic/></Scope></DFProperties><Value>x</Value></Node></MgmtTree>';
    managed.answer(
      replace('./A/B', 'x'),
      setProperty('./A/B', 'ACL', EVERYTHING.acl),
      replace('./A/B?prop=AccessType', 'Delete'),
      replace('./A?prop=Scope', 'Dynamic'),
      replace('./A/B', described, { meta: { format: 'xml', type: TNDS_XML_TYPE } }),
    );
    expect(refused.map(draft => managed.code(draft))).toEqual(before);
    expect(before.every(code => code === 405)).toBe(true);
  });
});
