import { describe, expect, it } from 'vitest';
import type { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { all, ONE, plant, STAMP, statusOf, TWO } from './tree-under-test.ts';

const text = leaf('', 'x');
const node = interior('', []);
const limits = { maxDepth: 3, maxTotalLength: 24, maxSegmentLength: 8 };

type Case = [number, string, (tree: ManagementTree) => unknown];

describe('Add (RepPro §6.6.1)', () => {
  it.each<Case>([
    [200, 'a leaf', t => t.add('./Open/New', text, ONE)],
    [200, 'below nodes that are missing', t => t.add('./Open/X/Y/New', text, ONE)],
    [200, 'with the right of the creator of the nodes above', t => t.add('./Shared/X/Y/New', text, TWO)],
    [405, 'below a leaf', t => t.add('./Open/Text/New', text, ONE)],
    [405, 'below what is missing below a leaf', t => t.add('./Open/Text/X/New', text, ONE)],
    [418, 'what is there', t => t.add('./Open/Inner', node, ONE)],
    [425, 'where the parent grants no Add', t => t.add('./One/New', text, TWO)],
    [425, 'where nothing above grants Add', t => t.add('./One/X/Y', text, TWO)],
    [405, 'at a property', t => t.add('./Open/New?prop=Title', text, ONE)],
    [
      418,
      'an interior node twice below another',
      t => t.add('./Open/New', interior('', [interior('a', []), leaf('a', '')]), ONE),
    ],
    [400, 'with a name that no URI can hold', t => t.add('./Open/New', interior('', [leaf('a/b', 'x')]), ONE)],
    [405, 'a leaf with children', t => t.add('./Open/New', { ...text, children: [text] }, ONE)],
    [400, 'with a malformed ACL', t => t.add('./Open/New', { ...node, acl: 'Get' }, ONE)],
    [413, 'with a title of 256 bytes', t => t.add('./Open/New', { ...text, title: 'é'.repeat(128) }, ONE)],
    [200, 'with a title of 255 bytes', t => t.add('./Open/New', { ...text, title: 'a'.repeat(255) }, ONE)],
    [200, 'an interior node with an ACL of its own', t => t.add('./Shared/New', { ...node, acl: 'Get=two' }, TWO)],
    [
      425,
      'a leaf with an ACL that the creator could not set',
      t => t.add('./Shared/New', { ...text, acl: 'Get=two' }, TWO),
    ],
    [
      200,
      'the same below a node of the creator',
      t => t.add('./Shared/New', interior('', [leaf('a', '', { acl: 'Get=*' })]), TWO),
    ],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it.each<Case>([
    [200, 'at the deepest level', t => t.add('./Open/Inner/New', text, ONE)],
    [414, 'one level too deep', t => t.add('./Open/Inner/Empty/N', text, ONE)],
    [414, 'a name of nine characters', t => t.add('./Open/123456789', text, ONE)],
    [414, 'a URI of 26 characters', t => t.add('./Shared/12345678/12345678', text, ONE)],
    [414, 'what ends up too deep', t => t.add('./Open/Inner/New', interior('', [leaf('a', 'x')]), ONE)],
    [413, 'a value that is too large', t => t.add('./Open/New', leaf('', 'x'.repeat(11)), ONE)],
    [200, 'the largest value', t => t.add('./Open/New', leaf('', 'é'.repeat(5)), ONE)],
    [
      413,
      'more bytes than base64 shows',
      t => t.add('./Open/New', leaf('', 'AAAAAAAAAAAAAAAA', { format: 'bin' }), ONE),
    ],
    [
      200,
      'two more nodes',
      t =>
        t.add(
          './Open/New',
          interior(
            '',
            [text].map(n => ({ ...n, name: 'a' })),
          ),
          ONE,
        ),
    ],
    [420, 'three more nodes', t => t.add('./New', interior('', [interior('a', [leaf('b', '')])]), ONE)],
    [420, 'no room for the nodes above', t => t.add('./New/X/Y', text, ONE)],
  ])('%i within the capacity of the device: %s', (status, _name, act) => {
    const tree = plant({ limits, maxNodeSize: 10, maxNodes: 21 });
    expect(tree.size).toBe(19);
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('404 where a device adds no nodes on the way', () => {
    const tree = plant({ implicitParents: false });
    expect(statusOf(tree, () => tree.add('./Open/X/New', text, ONE))).toBe(404);
    expect(statusOf(tree, () => tree.add('./Open/New', text, ONE))).toBe(200);
  });

  it.each([
    ['./One/X/Y/Z', './One/X', 425],
    ['./Open/Text/X/Y', './Open/Text/X', 405],
  ])('a failure on the way to %s names %s', (uri, failed, status) => {
    const tree = plant();
    expect(() => tree.add(uri, text, TWO)).toThrow(
      expect.objectContaining({ status, details: expect.objectContaining({ parent: failed }) }),
    );
  });

  const acl = (tree: ManagementTree, uri: string) => tree.property(uri, 'ACL', 'device');
  it('a new node inherits; where its creator could not replace the parent, an interior one is the creator’s (TND §7.7.1.3)', () => {
    const tree = plant();
    tree.add('./Shared/X/Y/Leaf', text, TWO);
    tree.add('./Shared/Leaf', text, TWO);
    tree.add('./Open/X/Y', node, TWO);
    expect(
      ['./Shared/X', './Shared/X/Y', './Shared/X/Y/Leaf', './Shared/Leaf', './Open/X', './Open/X/Y'].map(uri =>
        acl(tree, uri),
      ),
    ).toEqual(['Add=two&Delete=two&Replace=two', '', '', '', '', '']);
    tree.add('./Shared/Deep', interior('', [interior('a', [])]), TWO);
    expect(acl(tree, './Shared/Deep/a')).toBe('');
  });

  it('TStamp and VerNo are the device’s, whatever a server says', () => {
    const tree = plant();
    tree.add('./Open/New', { ...text, verNo: 7, tstamp: '19990101T000000Z' }, ONE);
    expect(tree.get('./Open/New', ONE)).toMatchObject({ verNo: 0, tstamp: STAMP });
    tree.add('./Open/Old', { ...text, verNo: 7, tstamp: '19990101T000000Z' }, 'device');
    expect(tree.get('./Open/Old', ONE)).toMatchObject({ verNo: 7, tstamp: '19990101T000000Z' });
  });
});

describe('Replace (RepPro §6.6.11)', () => {
  it.each<Case>([
    [200, 'a value', t => t.replace('./Open/Text', 'w', ONE)],
    [404, 'a node that is missing is never created', t => t.replace('./Open/No', 'w', ONE)],
    [405, 'an interior node', t => t.replace('./Open/Inner', 'w', ONE)],
    [405, 'a leaf into an interior node', t => t.replace('./Open/Text', '', ONE, { format: 'node' })],
    [425, 'without the right', t => t.replace('./Open/Mine', 'w', TWO)],
    [405, 'a list', t => t.replace('./Open/Text?list=Struct', 'w', ONE)],
    [
      200,
      'format and type of a dynamic node',
      t => t.replace('./Open/Text', 'AA==', ONE, { format: 'bin', type: 'a/b' }),
    ],
    [
      200,
      'the value of a permanent node',
      t => t.replace('./Built/In', 'w', ONE, { format: 'chr', type: 'text/plain' }),
    ],
    [405, 'the format of a permanent node', t => t.replace('./Built/In', '1', ONE, { format: 'int' })],
    [405, 'the type of a permanent node', t => t.replace('./Built/In', '1', ONE, { type: 'text/html' })],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('413 for a value that is too large', () => {
    const tree = plant({ maxNodeSize: 3 });
    expect(statusOf(tree, () => tree.replace('./Open/Text', '1234', ONE))).toBe(413);
    expect(statusOf(tree, () => tree.replace('./Open/Text', '123', ONE))).toBe(200);
  });

  it('Format and Type follow the value', () => {
    const tree = plant();
    tree.replace('./Open/Text', 'AA==', ONE, { format: 'bin', type: 'image/gif' });
    expect(['Format', 'Type', 'Size'].map(property => tree.property('./Open/Text', property, ONE))).toEqual([
      'bin',
      'image/gif',
      '1',
    ]);
  });
});

describe('properties (TND §7)', () => {
  const prop =
    (uri: string, property: string, value: string, actor = ONE) =>
    (t: ManagementTree) =>
      t.replace(`${uri}?prop=${property}`, value, actor);
  it.each<Case>([
    [200, 'ACL of an interior node', prop('./Open/Inner', 'ACL', 'Get=two')],
    [200, 'ACL of an interior node, back to inherited', prop('./Open', 'ACL', '')],
    [200, 'ACL of a leaf, by the right to its parent', prop('./Open/Text', 'ACL', 'Get=two')],
    [200, 'ACL of a leaf that grants its taker nothing', prop('./Open/Mine', 'ACL', 'Get=two', TWO)],
    [425, 'ACL of a leaf, by the right to the leaf alone', prop('./One/Twos', 'ACL', 'Get=*', TWO)],
    [200, 'Title of a leaf, by the right to the leaf alone', prop('./One/Twos', 'Title', 'New', TWO)],
    [425, 'ACL of an interior node without the right', prop('./One', 'ACL', 'Get=*', TWO)],
    [425, 'ACL of the root without the right', prop('.', 'ACL', 'Add=*&Get=*&Replace=one')],
    [400, 'a malformed ACL', prop('./Open', 'ACL', 'Get=one two')],
    [200, 'Name of a dynamic node', prop('./Open/Text', 'Name', 'Words')],
    [200, 'Name that it has already', prop('./Open/Text', 'Name', 'Text')],
    [418, 'Name of a sibling', prop('./Open/Text', 'Name', 'Inner')],
    [405, 'Name of a permanent node', prop('./Built/In', 'Name', 'New')],
    [400, 'an empty Name', prop('./Open/Text', 'Name', '')],
    [400, 'a Name with a slash', prop('./Open/Text', 'Name', 'a/b')],
    [425, 'Name without the right', prop('./One/Value', 'Name', 'New', TWO)],
    [200, 'Title', prop('./Open/Text', 'Title', 'New')],
    [413, 'a Title of 256 bytes', prop('./Open/Text', 'Title', 'a'.repeat(256))],
    [425, 'Title without the right', prop('./One/Value', 'Title', 'New', TWO)],
    ...['Format', 'Size', 'TStamp', 'Type', 'VerNo'].map<Case>(name => [
      405,
      `${name}, which the device keeps`,
      prop('./Open/Text', name, '1'),
    ]),
    [406, 'a property that no device has', prop('./Open/Text', 'Colour', 'red')],
    [406, 'Size of an interior node', prop('./Open', 'Size', '1')],
    [404, 'a property of a missing node', prop('./No', 'ACL', '')],
    [405, 'Delete of a property', t => t.delete('./Open/Text?prop=Title', ONE)],
    [405, 'Copy of a property', t => t.copy('./Open/Text?prop=Title', './Open/New', ONE)],
    [405, 'Copy into a property', t => t.copy('./Open/Text', './Open/Number?prop=Title', ONE)],
    [405, 'Exec of a property', t => t.authoriseExec('./Open/Text?prop=Title', ONE)],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it.each<Case>([
    [200, 'Replace for one server', prop('.', 'ACL', 'Add=*&Get=*&Replace=one')],
    [405, 'no value', prop('.', 'ACL', '')],
    [405, 'Add for one server only', prop('.', 'ACL', 'Add=one&Get=*')],
    [405, 'a Name', prop('.', 'Name', 'New')],
  ])('%i: %s for the root, with all rights to it (TND §7.7.1.2)', (status, _name, act) => {
    const tree = plant({ rootAcl: 'Add=*&Get=*&Replace=*' });
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('a rename moves the node with all below it, in one place of the tree', () => {
    const tree = plant();
    tree.replace('./Open/Inner?prop=Name', 'Moved', ONE);
    expect(tree.get('./Open/Moved/Deep', ONE).value).toBe('d');
    expect(tree.has('./Open/Inner')).toBe(false);
    expect(tree.property('./Open/Moved', 'Name', ONE)).toBe('Moved');
    expect(['./Open/Moved', './Open', './Open/Moved/Deep'].map(uri => tree.property(uri, 'VerNo', ONE))).toEqual([
      '1',
      '1',
      '0',
    ]);
  });

  it('414 for a name that is too long, or makes URIs below too long', () => {
    const tree = plant({ limits });
    expect(statusOf(tree, () => tree.replace('./Open/Text?prop=Name', '123456789', ONE))).toBe(414);
    expect(statusOf(tree, () => tree.replace('./Open/Text?prop=Name', '12345678', ONE))).toBe(200);
    const tight = plant({ limits: { ...limits, maxTotalLength: 23 } });
    tight.add('./Open/I2/12345678', text, 'device');
    expect(statusOf(tight, () => tight.replace('./Open/I2?prop=Name', '12345678', 'device'))).toBe(414);
  });

  it('a change of a property is a change of its node', () => {
    const tree = plant();
    tree.replace('./Open/Text?prop=ACL', 'Get=*', ONE);
    expect(tree.get('./Open/Text', ONE)).toMatchObject({ verNo: 1, tstamp: STAMP, acl: 'Get=*' });
  });

  it('an empty title is none', () => {
    const tree = plant();
    tree.replace('./Open/Text?prop=Title', '', ONE);
    expect(tree.property('./Open/Text', 'Title', ONE)).toBe('');
    expect(tree.get('./Open/Text', 'device')).not.toHaveProperty('title');
  });

  it('Type of a leaf without one is the default', () => {
    const tree = plant();
    tree.add('./Open/Plain', { format: 'chr', value: '', children: [] }, 'device');
    expect(tree.property('./Open/Plain', 'Type', ONE)).toBe('text/plain');
  });

  it('a server that leaves the device leaves its ACLs (TND §7.7.1.4)', () => {
    const tree = plant({ rootAcl: 'Add=*&Get=*&Replace=one' });
    tree.deleteServer('one');
    expect(['.', './One', './Open', './Open/Mine'].map(uri => tree.property(uri, 'ACL', 'device'))).toEqual([
      'Add=*&Get=*&Replace=*',
      'Get=two',
      'Add=*&Delete=*&Exec=*&Get=*&Replace=*',
      '',
    ]);
    expect(['./One', './Open'].map(uri => tree.property(uri, 'VerNo', 'device'))).toEqual(['1', '0']);
  });
});

describe('Delete (RepPro §6.6.5)', () => {
  it.each<Case>([
    [200, 'a leaf', t => t.delete('./Open/Text', ONE)],
    [200, 'an interior node with all below it', t => t.delete('./Open/Inner', ONE)],
    [404, 'what is not there', t => t.delete('./Open/No', ONE)],
    [405, 'the root', t => t.delete('.', ONE)],
    [405, 'a permanent node', t => t.delete('./Built/In', ONE)],
    [405, 'a node with permanent ones below it', t => t.delete('./Built', ONE)],
    [425, 'without the right', t => t.delete('./One/Value', TWO)],
    [425, 'where a node below grants no Delete', t => t.delete('./One/Kept', ONE)],
    [425, 'where a node further below grants none', t => t.delete('./One', ONE)],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('a node that its description protects goes only with its parent (TND §6.2.5)', () => {
    const tree = plant({ access: uri => (uri === './Open/Inner/Deep' ? new Set(['Get'] as const) : undefined) });
    expect(statusOf(tree, () => tree.delete('./Open/Inner/Deep', ONE))).toBe(405);
    expect(statusOf(tree, () => tree.delete('./Open/Inner', ONE))).toBe(200);
    expect(tree.has('./Open/Inner/Deep')).toBe(false);
  });

  it('counts what is left', () => {
    const tree = plant();
    const before = tree.size;
    tree.delete('./Open/Inner', ONE);
    expect(tree.size).toBe(before - 3);
  });
});

describe('Copy (RepPro §6.6.4)', () => {
  it.each<Case>([
    [200, 'a leaf into a leaf', t => t.copy('./Open/Text', './Open/Number', ONE)],
    [200, 'a leaf to a new place', t => t.copy('./Open/Text', './Open/X/New', ONE)],
    [200, 'a subtree to a new place', t => t.copy('./Open/Inner', './Shared/New', ONE)],
    [404, 'what is not there', t => t.copy('./Open/No', './Open/New', ONE)],
    [425, 'a source without Get', t => t.copy('./Open/Mine', './Open/New', TWO)],
    [425, 'a source with something below it without Get', t => t.copy('./Open', './Shared/New', TWO)],
    [425, 'a target without Replace', t => t.copy('./Open/Text', './Open/Mine', TWO)],
    [425, 'a target whose parent grants no Add', t => t.copy('./Open/Text', './One/New', TWO)],
    [403, 'a leaf over an interior node', t => t.copy('./Open/Text', './Open/Inner', ONE)],
    [403, 'an interior node over a leaf', t => t.copy('./Open/Inner', './Open/Text', ONE)],
    [403, 'an interior node over another', t => t.copy('./Open/Inner', './Open', ONE)],
    [403, 'a node into itself', t => t.copy('./Open/Inner', './Open/Inner/Empty/New', ONE)],
    [403, 'the root into itself', t => t.copy('.', './New', 'device')],
    [403, 'another format over a permanent node', t => t.copy('./Open/Number', './Built/In', ONE)],
    [200, 'the same format over a permanent node', t => t.copy('./Open/Text', './Built/In', ONE)],
    [405, 'below a leaf', t => t.copy('./Open/Number', './Open/Text/New', ONE)],
    [405, 'out of the Inbox', t => t.copy('./Inbox', './Open/New', ONE)],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('403 for a subtree where a device copies leaves only, as RepPro has it', () => {
    const tree = plant({ copySubtrees: false });
    expect(statusOf(tree, () => tree.copy('./Open/Inner', './Open/New', ONE))).toBe(403);
    expect(statusOf(tree, () => tree.copy('./Open/Text', './Open/New', ONE))).toBe(200);
  });

  it('405 where the description of either node does not list Copy', () => {
    for (const limited of ['./Open/Text', './Open/Number']) {
      const tree = plant({ access: uri => (uri === limited ? new Set(['Get', 'Replace'] as const) : undefined) });
      expect(statusOf(tree, () => tree.copy('./Open/Text', './Open/Number', ONE))).toBe(405);
    }
  });

  it('takes value, Format and Type; source and target are independent afterwards', () => {
    const tree = plant();
    tree.copy('./Open/Bytes', './Open/Text', ONE);
    tree.replace('./Open/Bytes', 'AA==', ONE);
    expect(tree.get('./Open/Text', ONE)).toMatchObject({
      name: 'Text',
      value: 'AAEC',
      format: 'bin',
      type: 'image/png',
      title: 'A text',
      verNo: 1,
    });
  });

  it('a new subtree has titles and types, and the ACL that an Add would give it', () => {
    const tree = plant();
    tree.replace('./Open/Inner?prop=ACL', 'Get=*', ONE);
    tree.copy('./Open/Inner', './Shared/New', TWO);
    expect(tree.subtree('./Shared/New', 'device')).toMatchObject({
      type: 'urn:x',
      acl: 'Add=two&Delete=two&Replace=two',
      children: [{ name: 'Deep', value: 'd' }, { name: 'Empty' }],
    });
  });

  it('420 and 413 as for an Add', () => {
    const full = plant({ maxNodes: 19 });
    expect(statusOf(full, () => full.copy('./Open/Text', './Open/New', ONE))).toBe(420);
    const small = plant({ maxNodeSize: 2 });
    expect(statusOf(small, () => small.copy('./Open/Bytes', './Open/New', ONE))).toBe(413);
  });
});

describe('Get and Exec', () => {
  it.each<Case>([
    [200, 'Get', t => t.get('./One', TWO)],
    [425, 'Get without the right', t => t.get('./Open/Mine', TWO)],
    [405, 'Get of the Inbox (StdObj §5.3.4)', t => t.get('./Inbox', ONE)],
    [405, 'Get of its properties', t => t.property('./Inbox', 'ACL', ONE)],
    [405, 'Get of anything below it', t => t.subtree('./Inbox/no/such', ONE)],
    [405, 'Get of a list as if it were a node', t => t.get('./Open?list=Struct', ONE)],
    [200, 'Exec', t => t.authoriseExec('./Open/Text', ONE)],
    [404, 'Exec of what is not there', t => t.authoriseExec('./No', ONE)],
    [425, 'Exec without the right', t => t.authoriseExec('./One/Value', ONE)],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('405 where the description does not list Get or Exec', () => {
    const tree = plant({ access: uri => (uri === './Open/Text' ? new Set(['Replace'] as const) : undefined) });
    expect(statusOf(tree, () => tree.get('./Open/Text', ONE))).toBe(405);
    expect(statusOf(tree, () => tree.authoriseExec('./Open/Text', ONE))).toBe(405);
    expect(tree.subtree('./Open', ONE).children.map(({ name }) => name)).not.toContain('Text');
  });

  it('a server sees the names of children, not what they hold', () => {
    const [child] = plant().get('./Open', ONE).children;
    expect(child).toEqual({ name: 'Text', format: 'chr', children: [] });
  });

  it('a subtree stops at what may not be read, and leaves the Inbox out', () => {
    const tree = plant();
    tree.replace('./Open/Inner/Deep?prop=ACL', 'Get=*', ONE);
    tree.replace('./Open/Inner?prop=ACL', 'Get=one', ONE);
    expect(tree.subtree('./Open', TWO).children.map(({ name }) => name)).toEqual(['Text', 'Number', 'Bytes']);
    expect(tree.subtree('.', ONE).children.map(({ name }) => name)).not.toContain('Inbox');
    expect(all(tree).children.map(({ name }) => name)).toContain('Inbox');
  });
});
