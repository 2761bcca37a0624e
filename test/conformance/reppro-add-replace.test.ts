/** Add and Replace as a client executes them, TNDS objects included (OMA-TS-DM_RepPro-V1_2_1 §6.6.1 and §6.6.11). */
import { describe, expect } from 'vitest';
import type { Draft } from '../../src-core/syncml/message.ts';
import type { TreeOptions } from '../../src-core/tree/management-tree.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { TNDS_WBXML_TYPE, TNDS_XML_TYPE, writeTndsWbxml, writeTndsXml } from '../../src-core/tree/tnds.ts';
import { add, get, replace } from './bench.ts';
import { addInterior, codesWithoutTnds, EVERYTHING, ManagedDevice, remove } from './managed-device.ts';
import { requirement } from './require.ts';

const device = (treeOptions: Partial<TreeOptions> = {}) =>
  new ManagedDevice(
    [
      interior('A', [leaf('B', 'b'), leaf('C', 'c'), interior('D', [leaf('E', 'e')])], EVERYTHING),
      interior('Closed', [leaf('B', 'b')], { acl: 'Get=*&Add=*' }),
    ],
    { treeOptions: { rootAcl: 'Add=*&Get=*', ...treeOptions } },
  );

/** A command that brings a subtree as one object. */
function brings(kind: 'Add' | 'Replace', uri: string, node: TreeNode, encoding: 'wbxml' | 'xml' = 'wbxml'): Draft {
  const objects = [{ path: '', node }];
  const item =
    encoding === 'xml'
      ? { meta: { format: 'xml', type: TNDS_XML_TYPE }, data: writeTndsXml(objects) }
      : { meta: { format: 'bin', type: TNDS_WBXML_TYPE }, data: writeTndsWbxml(objects) };
  return { kind, items: [{ target: { uri }, ...item }] };
}

/** As XML text, for what our own writer does not write. */
function bringsXml(kind: 'Add' | 'Replace', uri: string, nodes: string): Draft {
  const data = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${nodes}</MgmtTree>`;
  return { kind, items: [{ target: { uri }, meta: { format: 'xml', type: TNDS_XML_TYPE }, data }] };
}

const node = (name: string, format: string, content: string) =>
  `<Node><NodeName>${name}</NodeName><RTProperties><Format><${format}/></Format></RTProperties>${content}</Node>`;

const whole = (managed: ManagedDevice) => managed.tree.subtree('.', 'device');
const acl = (managed: ManagedDevice, uri: string) => managed.tree.property(uri, 'ACL', 'device');

/** The device refuses with that status, and its tree stays as it was. */
function refuses(managed: ManagedDevice, draft: Draft, code: number): void {
  const before = whole(managed);
  expect(managed.code(draft)).toBe(code);
  expect(whole(managed)).toEqual(before);
}

describe('Add', () => {
  requirement('REP-6.6.1-1', () => {
    const managed = device();
    expect(managed.codes(add('./A/X', 'x'), add('./A/B/X', 'x'))).toEqual([200, 405]);
    expect(managed.children('./A')).toEqual(['B', 'C', 'D', 'X']);
  });

  requirement('REP-6.6.1-2', () => {
    const managed = new ManagedDevice([]);
    expect(managed.items('.')[0]?.meta?.format).toBe('node');
    expect(managed.code(addInterior('./First'))).toBe(200);
  });

  requirement('REP-6.6.1-3', () => {
    const managed = device();
    expect(managed.code(add('./A/X/Y/Z', 'z'))).toBe(200);
    expect(['./A/X', './A/X/Y', './A/X/Y/Z'].map(uri => managed.property(uri, 'ACL'))).toEqual(['', '', '']);
    expect(managed.read('./A/X/Y/Z')).toBe('z');
  });

  requirement('REP-6.6.1-4', () => {
    const managed = device();
    expect(managed.code(add('./Closed/X/Y', 'y'))).toBe(200);
    expect(acl(managed, './Closed/X').split('&').sort()).toEqual([
      'Add=dm.example',
      'Delete=dm.example',
      'Replace=dm.example',
    ]);
    expect(acl(managed, './Closed/X/Y')).toBe('');
    expect(managed.code(replace('./Closed/X/Y', 'new'))).toBe(200);
  });

  requirement('REP-6.6.1-5', () => {
    const managed = device();
    expect(managed.codes(addInterior('./Closed/X'), addInterior('./A/X'))).toEqual([200, 200]);
    expect(acl(managed, './Closed/X').split('&').sort()).toEqual([
      'Add=dm.example',
      'Delete=dm.example',
      'Replace=dm.example',
    ]);
    expect(acl(managed, './A/X')).toBe('');
    expect(managed.codes(add('./Closed/X/Y', 'y'), replace('./Closed/X/Y', 'z'), remove('./Closed/X'))).toEqual([
      200, 200, 200,
    ]);
  });

  requirement('REP-6.6.1-6', () => {
    const [full] = device({ maxNodes: 8 }).statuses(add('./A/X/Y/Z', 'z'));
    expect([full?.code, full?.items.map(({ target }) => target?.uri)]).toEqual([420, ['./A/X/Y']]);
    const closed = new ManagedDevice([interior('Closed', [], { acl: 'Get=*' })]);
    const [denied] = closed.statuses(add('./Closed/X/Y', 'y'));
    expect([denied?.code, denied?.items.map(({ target }) => target?.uri)]).toEqual([425, ['./Closed/X']]);
    expect(closed.tree.has('./Closed/X')).toBe(false);
  });

  requirement('REP-6.6.1-7', () => {
    const { tree } = device();
    for (const encoding of ['wbxml', 'xml'] as const) {
      expect(codesWithoutTnds(tree, brings('Add', './A/X', leaf('X', 'x'), encoding))).toEqual([415]);
    }
    expect(tree.has('./A/X')).toBe(false);
  });

  requirement('REP-6.6.1-8', () => {
    const small = () => device({ maxNodeSize: 10 });
    refuses(small(), brings('Add', './A/X', interior('X', [leaf('Y', 'y'), leaf('Z', 'much too long')])), 413);
    expect(small().code(add('./A/Z', 'much too long'))).toBe(413);
    refuses(device(), bringsXml('Add', './A/X', node('X', 'node', node('Y', 'nonsense', '<Value>y</Value>'))), 415);
    expect(device().code(add('./A/Y', 'y', { meta: { format: 'nonsense' } }))).toBe(415);
    refuses(device(), brings('Add', './A/B', interior('B', [])), 418);
  });

  requirement('REP-6.6.1-9', () => {
    const managed = device();
    const own = interior('X', [leaf('Y', 'y', { acl: 'Get=ServerB' })], { acl: 'Add=*&Get=*&Replace=*' });
    expect(managed.code(brings('Add', './A/X', own))).toBe(200);
    expect([acl(managed, './A/X'), acl(managed, './A/X/Y')]).toEqual(['Add=*&Get=*&Replace=*', 'Get=ServerB']);
    expect(managed.codes(get('./A/X/Y'), get('./A/X'))).toEqual([425, 200]);
    refuses(device(), brings('Add', './A/X', leaf('X', 'x', { acl: 'Get=no good' })), 400);
    // Who may not replace the parent of a leaf may not set its ACL either.
    refuses(device(), brings('Add', './Closed/X', leaf('X', 'x', { acl: 'Replace=*' })), 425);
  });
});

describe('Replace', () => {
  requirement('REP-6.6.11-1', () => {
    refuses(device(), replace('./A/X', 'x'), 404);
    refuses(device(), replace('./A/X/Y', 'x'), 404);
    refuses(device(), brings('Replace', './A/X', leaf('X', 'x')), 404);
  });

  requirement('REP-6.6.11-2', () => {
    const content = node('E', 'chr', '<Value>new</Value>') + node('F', 'nonsense', '<Value>f</Value>');
    refuses(device(), bringsXml('Replace', './A/D', node('D', 'node', content)), 415);
  });

  requirement('REP-6.6.11-3', () => {
    const object = interior('D', [leaf('E', 'new'), leaf('F', 'much too long')]);
    refuses(device({ maxNodeSize: 10 }), brings('Replace', './A/D', object), 413);
  });

  const NEW_A = interior('A', [leaf('B', 'new'), interior('F', [leaf('G', 'g')])]);

  requirement('REP-6.6.11-4', () => {
    for (const encoding of ['wbxml', 'xml'] as const) {
      const managed = device();
      expect(managed.code(brings('Replace', './A', NEW_A, encoding))).toBe(200);
      expect(managed.items('./A?list=StructData').map(({ source, data }) => [source?.uri, data])).toEqual([
        ['./A', undefined],
        ['./A/B', 'new'],
        ['./A/F', undefined],
        ['./A/F/G', 'g'],
      ]);
    }
  });

  requirement('REP-6.6.11-5', () => {
    const managed = device();
    managed.answer(brings('Replace', './A', NEW_A));
    expect([managed.property('./A/F', 'Format'), managed.read('./A/F/G')]).toEqual(['node', 'g']);
  });

  requirement('REP-6.6.11-6', () => {
    const managed = device();
    managed.answer(brings('Replace', './A', NEW_A));
    expect(managed.codes(get('./A/C'), get('./A/D'), get('./A/D/E'))).toEqual([404, 404, 404]);
  });

  requirement('REP-6.6.11-7', () => {
    const managed = device();
    const object = interior('D', [leaf('E', 'e', { acl: 'Get=ServerB&Replace=*' })]);
    expect(managed.code(brings('Replace', './A/D', object))).toBe(200);
    expect(acl(managed, './A/D/E')).toBe('Get=ServerB&Replace=*');
    refuses(device(), brings('Replace', './A/D', interior('D', [leaf('E', 'e', { acl: 'Gets=*' })])), 400);
    const closed = interior('Closed', [leaf('B', 'x', { acl: 'Replace=*' })]);
    refuses(device(), brings('Replace', './Closed', closed), 425);
  });

  requirement('REP-6.6.11-8', () => {
    const { tree } = device();
    for (const encoding of ['wbxml', 'xml'] as const) {
      expect(codesWithoutTnds(tree, brings('Replace', './A/B', leaf('B', 'x'), encoding))).toEqual([415]);
    }
    expect(tree.get('./A/B', 'device').value).toBe('b');
  });

  requirement('REP-6.6.11-9', () => {
    const closedLeaf = () =>
      new ManagedDevice([interior('A', [leaf('B', 'b', { acl: 'Get=*' }), leaf('C', 'c')], EVERYTHING)]);
    refuses(closedLeaf(), brings('Replace', './A', interior('A', [leaf('B', 'x'), leaf('C', 'y')])), 425);
    expect(closedLeaf().code(replace('./A/B', 'x'))).toBe(425);
    const small = () => device({ maxNodeSize: 10 });
    refuses(small(), brings('Replace', './A/D', interior('D', [leaf('E', 'much too long')])), 413);
    expect(small().code(replace('./A/D/E', 'much too long'))).toBe(413);
  });

  requirement('REP-6.6.11-10', () => {
    const atOnce = device();
    atOnce.answer(brings('Replace', './A', NEW_A));
    const oneByOne = device();
    oneByOne.answer(remove('./A/B', './A/C', './A/D'), add('./A/B', 'new'), addInterior('./A/F'), add('./A/F/G', 'g'));
    const read = (managed: ManagedDevice) =>
      managed.items('./A?list=StructData').map(({ source, meta, data }) => [source?.uri, meta, data]);
    expect(read(atOnce)).toEqual(read(oneByOne));
    const acls = (managed: ManagedDevice) => ['./A', './A/B', './A/F', './A/F/G'].map(uri => acl(managed, uri));
    expect(acls(atOnce)).toEqual(acls(oneByOne));
  });
});
