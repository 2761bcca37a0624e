import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { placeObjects } from '../../src-core/tree/objects.ts';
import { readTndsWbxml, readTndsXml, type TndsNode, writeTndsWbxml, writeTndsXml } from '../../src-core/tree/tnds.ts';
import { all, ONE, plant, STAMP, statusOf, TWO } from './tree-under-test.ts';

const at = (path: string, node: TreeNode): TndsNode => ({ path, node });
const account = interior('acc', [leaf('AppID', 'w7'), leaf('Ref', './Inbox/net')], {
  type: 'org.openmobilealliance/1.0/w7',
});

type Case = [number, string, (tree: ManagementTree) => unknown];

describe('where the nodes of an object belong', () => {
  const paths = (target: string[], ...objects: TndsNode[]) =>
    placeObjects(target, objects).map(({ path }) => path.join('/'));
  it.each<[string, string[], TndsNode[], string[]]>([
    ['a name of its own stands below the target', ['A'], [at('', interior('E', []))], ['A/E']],
    ['the name of the target is the target', ['A', 'E'], [at('', interior('E', []))], ['A/E']],
    ['no name is the target', ['A', 'E'], [at('', interior('', []))], ['A/E']],
    ['a Path is relative to the target', ['A'], [at('B/C', interior('E', []))], ['A/B/C/E']],
    ['a Path as ?list=TNDS writes it is the target', ['A', 'E'], [at('A', interior('E', []))], ['A/E']],
    ['the root', [], [at('', interior('', [])), at('', interior('A', []))], ['', 'A']],
    [
      'parts go on from the first node: TNDS §6.3.1.7',
      ['Vendor'],
      [at('', interior('Vendor', [])), at('Vendor', interior('ISP', [])), at('Vendor/ISP', leaf('GW', ''))],
      ['Vendor', 'Vendor/ISP', 'Vendor/ISP/GW'],
    ],
    ['parts below the target', ['X'], [at('', interior('V', [])), at('./V', leaf('L', ''))], ['X/V', 'X/V/L']],
  ])('%s', (_name, target, objects, expected) => {
    expect(paths(target, ...objects)).toEqual(expected);
  });

  it('400 for an object without a node', () => {
    expect(() => placeObjects(['A'], [])).toThrow(expect.objectContaining({ status: 400, code: 'no-nodes' }));
  });
});

describe('Add of a TNDS object (RepPro §6.6.1)', () => {
  it.each<Case>([
    [200, 'a node with all below it', t => t.addObjects('./Open', [at('', account)], ONE)],
    [200, 'at a target that is missing', t => t.addObjects('./Open/New', [at('', account)], ONE)],
    [
      200,
      'a node and its continuation',
      t => t.addObjects('./Shared', [at('', interior('N', [])), at('N', leaf('L', ''))], TWO),
    ],
    [
      418,
      'one of its nodes exists',
      t => t.addObjects('./Open', [at('', leaf('New', '')), at('', leaf('Text', ''))], ONE),
    ],
    [
      405,
      'one of its nodes is below a leaf',
      t => t.addObjects('./Open', [at('', leaf('New', '')), at('New', leaf('L', ''))], ONE),
    ],
    [425, 'without the right to add', t => t.addObjects('./One', [at('', account)], TWO)],
    [
      400,
      'with a malformed ACL deep inside',
      t => t.addObjects('./Open', [at('', interior('N', [leaf('L', '', { acl: 'Get' })]))], ONE),
    ],
    [405, 'at a property', t => t.addObjects('./Open?prop=ACL', [at('', account)], ONE)],
    [400, 'without a node', t => t.addObjects('./Open', [], ONE)],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('420 in the middle of it adds nothing', () => {
    const tree = plant({ maxNodes: 21 });
    expect(statusOf(tree, () => tree.addObjects('./Open', [at('', account)], ONE))).toBe(420);
    expect(tree.size).toBe(19);
  });
});

describe('Replace by a TNDS object (RepPro §6.6.11)', () => {
  const inner = (...children: TreeNode[]) => [at('', interior('Inner', children, { type: 'urn:x' }))];
  it.each<Case>([
    [200, 'a subtree', t => t.replaceObjects('./Open/Inner', inner(leaf('Deep', 'new'), leaf('More', 'm')), ONE)],
    [404, 'what is not there', t => t.replaceObjects('./Open/No', inner(), ONE)],
    [425, 'without Replace', t => t.replaceObjects('./One', [at('', interior('One', []))], TWO)],
    [
      425,
      'a node goes that grants no Delete',
      t => t.replaceObjects('./One', [at('', interior('One', [leaf('Value', '2')]))], ONE),
    ],
    [
      405,
      'a permanent node would go',
      t => t.replaceObjects('./Built', [at('', interior('Built', [leaf('In', 'c')]))], ONE),
    ],
    [
      405,
      'the type of a permanent node changes',
      t =>
        t.replaceObjects(
          './Built',
          [at('', interior('Built', [leaf('In', 'c', { type: 'a/b' }), interior('Part', [])]))],
          ONE,
        ),
    ],
    [
      200,
      'permanent nodes stay',
      t =>
        t.replaceObjects(
          './Built',
          [at('', interior('Built', [leaf('In', 'c'), interior('Part', [leaf('x', '')])]))],
          ONE,
        ),
    ],
    [405, 'an interior node by a leaf', t => t.replaceObjects('./Open/Inner', [at('', leaf('Inner', 'v'))], ONE)],
    [200, 'a leaf', t => t.replaceObjects('./Open/Text', [at('', leaf('Text', 'w'))], ONE)],
    [
      200,
      'a leaf below by an interior node',
      t => t.replaceObjects('./Open/Inner', inner(interior('Deep', []), leaf('Empty', '')), ONE),
    ],
    [
      418,
      'a node that is there twice',
      t => t.replaceObjects('./Open/Inner', [...inner(leaf('a', '')), at('Inner', leaf('a', ''))], ONE),
    ],
    [
      405,
      'a node below a leaf',
      t => t.replaceObjects('./Open/Inner', [...inner(leaf('a', '')), at('Inner/a', leaf('b', ''))], ONE),
    ],
    [400, 'a node elsewhere', t => t.replaceObjects('./Open/Inner', [...inner(), at('Elsewhere', leaf('b', ''))], ONE)],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('nodes that are not in it are deleted, new ones added, the others replaced, and the target keeps what is not said of it', () => {
    const tree = plant();
    tree.replace('./Open/Inner?prop=Title', 'Kept', ONE);
    tree.replace('./Open/Inner?prop=ACL', 'Add=*&Delete=*&Get=*&Replace=*', ONE);
    tree.replaceObjects('./Open/Inner', inner(leaf('New', 'n'), leaf('Deep', 'e', { title: 'T', acl: 'Get=*' })), ONE);
    expect(tree.subtree('./Open/Inner', 'device')).toEqual({
      name: 'Inner',
      format: 'node',
      type: 'urn:x',
      title: 'Kept',
      acl: 'Add=*&Delete=*&Get=*&Replace=*',
      tstamp: STAMP,
      verNo: 3,
      children: [
        {
          name: 'Deep',
          format: 'chr',
          type: 'text/plain',
          title: 'T',
          acl: 'Get=*',
          value: 'e',
          tstamp: STAMP,
          verNo: 1,
          children: [],
        },
        { name: 'New', format: 'chr', type: 'text/plain', value: 'n', tstamp: STAMP, verNo: 0, children: [] },
      ],
    });
  });

  it('an object whose nodes stand below the target leaves the target itself alone', () => {
    const tree = plant();
    tree.replaceObjects('./Open/Inner', [at('', leaf('Only', 'o'))], ONE);
    expect(tree.subtree('./Open/Inner', ONE)).toMatchObject({ type: 'urn:x', children: [{ name: 'Only' }] });
  });

  it('an ACL changes only for who may change it', () => {
    const tree = plant();
    const twos = (acl: string) => [at('', leaf('Twos', '3', { acl }))];
    expect(statusOf(tree, () => tree.replaceObjects('./One/Twos', twos('Get=*'), TWO))).toBe(425);
    expect(statusOf(tree, () => tree.replaceObjects('./One/Twos', twos('Get=two&Replace=two'), TWO))).toBe(200);
  });

  it('405 where the description of a leaf does not list Replace', () => {
    const tree = plant({ access: uri => (uri === './Open/Inner/Deep' ? new Set(['Get'] as const) : undefined) });
    expect(statusOf(tree, () => tree.replaceObjects('./Open/Inner', inner(leaf('Deep', 'new')), ONE))).toBe(405);
  });
});

describe('./Inbox (StdObj §5.3.4)', () => {
  it.each<Case>([
    [200, 'an account', t => t.addObjects('./Inbox', [at('', account)], TWO)],
    [
      200,
      'an account with a name in the target',
      t => t.addObjects('./Inbox/acc', [at('', { ...account, name: '' })], TWO),
    ],
    [
      404,
      'an object that has no place',
      t => t.addObjects('./Inbox', [at('', interior('x', [], { type: 'urn:y' }))], TWO),
    ],
    [404, 'an object of no type', t => t.addObjects('./Inbox', [at('', interior('x', []))], TWO)],
    [415, 'a node that is no object', t => t.add('./Inbox/acc', interior('', []), TWO)],
    [418, 'the Inbox itself', t => t.add('./Inbox', interior('', []), TWO)],
    [418, 'an account that is there', t => t.addObjects('./Inbox', [at('', account), at('', account)], TWO)],
  ])('%i: %s', (status, _name, act) => {
    const tree = plant();
    expect(statusOf(tree, () => act(tree))).toBe(status);
  });

  it('425 without the right to add to it', () => {
    const tree = plant();
    tree.replace('./Inbox?prop=ACL', 'Add=one', 'device');
    expect(statusOf(tree, () => tree.addObjects('./Inbox', [at('', account)], TWO))).toBe(425);
  });

  it('the account stands below ./DMAcc and is its creator’s, nothing stands in the Inbox', () => {
    const tree = plant();
    tree.addObjects('./Inbox', [at('', account)], TWO);
    expect(tree.subtree('./DMAcc/acc', 'device')).toMatchObject({
      acl: 'Add=two&Delete=two&Replace=two',
      children: [{ name: 'AppID' }, { name: 'Ref' }],
    });
    expect(tree.get('./Inbox', 'device').children).toEqual([]);
    expect(tree.property('./DMAcc', 'VerNo', 'device')).toBe('1');
  });

  it('an object without a name gets the first number that is free', () => {
    const tree = plant();
    const nameless = at('', { ...account, name: '' });
    tree.addObjects('./Inbox', [nameless], TWO);
    tree.addObjects('./Inbox', [nameless, nameless], TWO);
    expect(tree.get('./DMAcc', 'device').children.map(({ name }) => name)).toEqual(['1', '2', '3']);
  });

  it('the device places other objects where it likes, and references to them follow (Bootstrap §5.4.5)', () => {
    const tree = plant({ onInbox: ({ type }) => (type === 'net' ? './Con/Net' : './DMAcc') });
    const net = interior('net', [leaf('Self', './Inbox/net/Self'), leaf('Other', './Inbox/network')], { type: 'net' });
    tree.addObjects('./Inbox', [at('', account), at('', net)], TWO);
    const value = (uri: string) => tree.get(uri, 'device').value;
    expect(['./DMAcc/acc/Ref', './Con/Net/net/Self', './Con/Net/net/Other'].map(value)).toEqual([
      './Con/Net/net',
      './Con/Net/net/Self',
      './Inbox/network',
    ]);
    // The place is the device's, the object the server's.
    expect(['./Con', './Con/Net', './Con/Net/net'].map(uri => tree.property(uri, 'ACL', 'device'))).toEqual([
      '',
      '',
      'Add=two&Delete=two&Replace=two',
    ]);
  });

  it('404 for a device that has none: the name is reserved', () => {
    const tree = new ManagementTree([], { now: () => 0 });
    expect(statusOf(tree, () => tree.addObjects('./Inbox', [at('', account)], TWO))).toBe(404);
    expect(statusOf(tree, () => tree.add('./Inbox', interior('', []), TWO))).toBe(404);
    expect(statusOf(tree, () => tree.add('./Inbox', interior('', []), 'device'))).toBe(200);
  });
});

describe('what TNDS says of a subtree is what makes it', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 }).filter(value => !/[\p{C}\p{Z}]/u.test(value));
  const { node } = fc.letrec<{ node: TreeNode; leaf: TreeNode; inner: TreeNode }>(tie => ({
    node: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('inner')),
    leaf: fc
      .record({
        value: text,
        format: fc.constantFrom('chr', 'int', 'xml', 'bool'),
        title: text,
        acl: fc.constantFrom('', 'Get=*', 'Get=one&Replace=one'),
      })
      .map(({ value, format, title, acl }) => ({
        ...leaf('', value, { format: format as TreeNode['format'] }),
        ...(title !== '' && { title }),
        ...(acl !== '' && { acl }),
      })),
    inner: fc
      .tuple(
        fc.array(tie('node'), { maxLength: 4 }),
        fc.constantFrom('', 'urn:a', 'urn:b'),
        fc.constantFrom('', 'Add=*&Get=*'),
      )
      .map(([children, type, acl]) => ({
        ...interior(
          '',
          children.map((child, i) => ({ ...child, name: `n${i}` })),
        ),
        ...(type !== '' && { type }),
        ...(acl !== '' && { acl }),
      })),
  }));
  const bare = ({ tstamp: _, verNo: __, ...rest }: TreeNode): TreeNode => ({
    ...rest,
    children: rest.children.map(bare).sort((a, b) => (a.name < b.name ? -1 : 1)),
  });
  const read = (tree: ManagementTree, uri: string) => bare(tree.subtree(uri, 'device'));

  it.each([
    ['XML', (objects: TndsNode[]) => readTndsXml(writeTndsXml(objects))],
    ['WBXML', (objects: TndsNode[]) => readTndsWbxml(writeTndsWbxml(objects))],
  ])('in %s: read, deleted and added by a server, or put over another, it is the same', (_name, travel) => {
    fc.assert(
      fc.property(node, node, (made, other) => {
        const top = interior(
          'Top',
          [
            { ...made, name: 'a' },
            { ...other, name: 'b' },
          ],
          { acl: 'Add=*&Delete=*&Get=*&Replace=*' },
        );
        const tree = new ManagementTree([top], { now: () => 0 });
        const wanted = read(tree, './Top/a');
        const objects = travel([{ path: 'Top', node: tree.subtree('./Top/a', 'device') }]);
        tree.delete('./Top/a', 'device');
        tree.addObjects('./Top/a', objects, ONE);
        expect(read(tree, './Top/a')).toEqual(wanted);

        if (made.format !== 'node' || other.format !== 'node') return;
        // Everything below goes, so that only the object speaks.
        const over = travel([{ path: '', node: { ...tree.subtree('./Top/a', 'device'), name: '' } }]);
        const before = all(tree);
        tree.replaceObjects('./Top/b', over, 'device');
        const { type, acl, ...rest } = wanted;
        const kept = before.children[0]?.children[0];
        expect(read(tree, './Top/b')).toEqual({
          ...rest,
          ...((type ?? kept?.type) !== undefined && { type: type ?? kept?.type }),
          ...((acl ?? kept?.acl) !== undefined && { acl: acl ?? kept?.acl }),
          name: 'b',
        });
      }),
    );
  });
});
