import { beforeEach, describe, expect, it } from 'vitest';
import type { Right } from '../../src-core/tree/acl.ts';
import { ManagementTree, type TreeOptions } from '../../src-core/tree/management-tree.ts';
import { interior, leaf, valueSize } from '../../src-core/tree/node.ts';

const ONE = { serverId: 'one' };
const TWO = { serverId: 'two' };
const START = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
let now = START;
let tree: ManagementTree;
const plant = (options: Partial<TreeOptions> = {}) =>
  new ManagementTree(
    [
      interior(
        'Open',
        [leaf('Text', 'v', { title: 'A text' }), leaf('Bytes', 'AAEC', { format: 'bin', type: 'image/png' })],
        {
          acl: 'Add=*&Get=*&Replace=*&Delete=*',
        },
      ),
      interior(
        'One',
        [leaf('Value', '1'), leaf('Hidden', 's', { acl: 'Replace=one' }), interior('Deep', [leaf('Leaf', 'd')])],
        {
          acl: 'Get=one+two&Replace=one&Add=one',
          type: 'urn:x',
        },
      ),
    ],
    { now: () => now, ...options },
  );
beforeEach(() => {
  now = START;
  tree = plant();
});

describe('ACL', () => {
  it('is inherited, and an own one replaces the inherited whole', () => {
    expect(tree.get('./One/Deep/Leaf', TWO).value).toBe('d');
    expect(() => tree.get('./One/Hidden', ONE)).toThrow(expect.objectContaining({ status: 425 }));
    tree.replace('./One/Hidden', 'new', ONE);
    expect(tree.get('./One/Hidden', 'device').value).toBe('new');
  });

  it('the root grants Add, Get and Replace to all, Delete to none', () => {
    tree.add('./New', leaf('', 'x'), TWO);
    expect(tree.get('.', TWO).children.map(child => child.name)).toEqual(['Open', 'One', 'New']);
    expect(() => tree.delete('./New', TWO)).toThrow(expect.objectContaining({ status: 425 }));
  });

  it('binds servers, not the device', () => {
    tree.delete('./One/Hidden', 'device');
    expect(tree.has('./One/Hidden')).toBe(false);
  });
});

describe('refusals by status', () => {
  const node = { format: 'chr' as const, value: 'x', children: [] };
  it.each<[number, string, string, (tree: ManagementTree) => unknown]>([
    [400, 'malformed-uri', 'get a malformed URI', t => t.get('./A//B', ONE)],
    [400, 'malformed-uri', 'add at a malformed URI', t => t.add('/A', node, ONE)],
    [404, 'not-found', 'get what is not there', t => t.get('./Open/No', ONE)],
    [404, 'not-found', 'get below a leaf', t => t.get('./Open/Text/No', ONE)],
    [404, 'not-found', 'a name of every JavaScript object', t => t.get('./__proto__', ONE)],
    [404, 'not-found', 'subtree of what is not there', t => t.subtree('./No', ONE)],
    [404, 'not-found', 'property of what is not there', t => t.property('./No', 'ACL', ONE)],
    [404, 'not-found', 'replace what is not there', t => t.replace('./No', 'x', ONE)],
    [404, 'not-found', 'delete what is not there', t => t.delete('./No', ONE)],
    [405, 'not-interior', 'add below a leaf', t => t.add('./Open/Text/A', node, ONE)],
    [405, 'interior', 'replace an interior node', t => t.replace('./Open', 'x', ONE)],
    [405, 'root', 'delete the root', t => t.delete('.', ONE)],
    [406, 'no-property', 'an unknown property', t => t.property('./Open', 'Colour', ONE)],
    [406, 'no-property', 'size of an interior node', t => t.property('./Open', 'Size', ONE)],
    [405, 'property', 'delete a property', t => t.delete('./Open/Text?prop=ACL', ONE)],
    [418, 'exists', 'add what is there', t => t.add('./Open/Text', node, ONE)],
    [418, 'exists', 'add the root', t => t.add('.', node, ONE)],
    [425, 'acl', 'get without the right', t => t.get('./One', { serverId: 'three' })],
    [425, 'acl', 'subtree without the right', t => t.subtree('./One/Hidden', ONE)],
    [425, 'acl', 'property without the right', t => t.property('./One/Hidden', 'Size', ONE)],
    [425, 'acl', 'add without the right', t => t.add('./One/New', node, TWO)],
    [425, 'acl', 'replace without the right', t => t.replace('./One/Value', 'x', TWO)],
    [425, 'acl', 'delete without the right', t => t.delete('./One/Value', ONE)],
  ])('%i %s: %s', (status, code, _name, act) => {
    const before = tree.subtree('.', 'device');
    expect(() => act(tree)).toThrow(expect.objectContaining({ name: 'ProtocolError', status, code }));
    expect(tree.subtree('.', 'device')).toEqual(before);
  });

  it('405 where the DDF does not allow what the ACL grants', () => {
    const limited = plant({ access: uri => (uri === './Open/Text' ? new Set<Right>(['Get']) : undefined) });
    expect(limited.get('./Open/Text', ONE).value).toBe('v');
    for (const act of [() => limited.replace('./Open/Text', 'x', ONE), () => limited.delete('./Open/Text', ONE)])
      expect(act).toThrow(expect.objectContaining({ status: 405, code: 'access-type' }));
    limited.replace('./Open/Bytes', 'AA==', ONE);
  });
});

describe('properties and changes', () => {
  it.each([
    ['ACL', './One', 'Get=one+two&Replace=one&Add=one'],
    ['ACL', './One/Value', ''],
    ['Format', './Open', 'node'],
    ['Name', './Open/Text', 'Text'],
    ['Name', '.', ''],
    ['Size', './Open/Bytes', '3'],
    ['Size', './Open/Text', '1'],
    ['Title', './Open/Text', 'A text'],
    ['TStamp', './Open/Text', '20260102T030405Z'],
    ['Type', './One', 'urn:x'],
    ['Type', './Open/Text', 'text/plain'],
    ['VerNo', './Open/Text', '0'],
  ])('%s of %s is %j', (property, uri, value) => {
    expect(tree.property(uri, property, ONE)).toBe(value);
  });

  const stamp = (uri: string) => ['VerNo', 'TStamp'].map(property => tree.property(uri, property, 'device'));
  const [old, later] = ['20260102T030405Z', '20260102T030605Z'];
  it.each<[string, () => void, Record<string, string[]>]>([
    ['replace', () => tree.replace('./Open/Text', 'w', ONE), { './Open/Text': ['1', later], './Open': ['0', old] }],
    [
      'add',
      () => tree.add('./Open/New', leaf('', 'n'), ONE),
      { './Open/New': ['0', later], './Open': ['1', later], './Open/Text': ['0', old] },
    ],
    [
      'delete',
      () => tree.delete('./Open/Text', ONE),
      { './Open': ['1', later], './Open/Bytes': ['0', old], '.': ['0', old] },
    ],
  ])('%s bumps VerNo and TStamp of what it changed, nothing else', (_name, act, expected) => {
    now += 120_000;
    act();
    expect(Object.fromEntries(Object.keys(expected).map(uri => [uri, stamp(uri)]))).toEqual(expected);
  });

  it('VerNo starts over after 65535', () => {
    tree.add('./Open/Old', leaf('', 'o', { verNo: 65535 }), 'device');
    tree.replace('./Open/Old', 'p', ONE);
    expect(tree.get('./Open/Old', ONE).verNo).toBe(0);
  });

  it('adds a whole subtree and deletes it', () => {
    tree.add('./Open/Tree', interior('', [interior('B', [leaf('C', 'c')])]), ONE);
    expect(tree.get('./Open/Tree/B/C', ONE)).toMatchObject({ name: 'C', value: 'c', verNo: 0, tstamp: old });
    tree.delete('./Open/Tree', ONE);
    expect(tree.has('./Open/Tree/B/C')).toBe(false);
  });

  it('a subtree hides what may not be read', () => {
    const subtree = tree.subtree('./One', ONE);
    expect(subtree.children.map(child => child.name)).toEqual(['Value', 'Deep']);
    expect(JSON.stringify(subtree)).not.toContain('"s"');
    expect(tree.subtree('./One', 'device').children.map(child => child.name)).toEqual(['Value', 'Hidden', 'Deep']);
    expect(tree.subtree('.', { serverId: 'three' }).children.map(child => child.name)).toEqual(['Open']);
  });

  it('a snapshot does not change with the tree', () => {
    const before = tree.subtree('./Open', ONE);
    tree.replace('./Open/Text', 'changed', ONE);
    tree.delete('./Open/Bytes', ONE);
    expect(before.children.map(child => child.value)).toEqual(['v', 'AAEC']);
  });

  it.each([
    [{ format: 'chr', value: 'é€' }, 5],
    [{ format: 'bin', value: 'AAEC' }, 3],
    [{ format: 'b64', value: 'AA==' }, 1],
    [{ format: 'node' }, 0],
  ] as const)('%j takes %i bytes', (node, size) => {
    expect(valueSize(node)).toBe(size);
  });
});
