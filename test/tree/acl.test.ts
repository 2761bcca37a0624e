import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Acl, creatorAcl, grants, parseAcl, type Right, readAcl, withoutServer } from '../../src-core/tree/acl.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';

describe('ACL values (TND §7.7.1.5)', () => {
  it.each<[string, Right, string, boolean]>([
    ['Get=*', 'Get', 'one', true],
    ['Get=*', 'Replace', 'one', false],
    ['Get=one+two&Add=two', 'Get', 'two', true],
    ['Get=one+two&Add=two', 'Add', 'one', false],
    ['Get=one+*', 'Get', 'three', true],
    ['Get=oneX', 'Get', 'one', false],
    ['Get=one', 'Get', 'oneX', false],
    ['Get', 'Get', 'one', false],
    ['', 'Get', 'one', false],
    ['get=*', 'Get', 'one', false],
    ['Get=one&Get=two', 'Get', 'one', true],
  ])('%j grants %s to %j: %s', (acl, right, server, granted) => {
    expect(grants(readAcl(acl), right, server)).toBe(granted);
  });

  it.each([
    'Get=*',
    'Add=www.sonera.fi-8765&Delete=www.sonera.fi-8765&Replace=www.sonera.fi-8765+321_ibm.com&Get=*',
    'Exec=é-ö#!/?(x)',
    'Get=a&Get=b',
  ])('%j can be set, and is kept as it was written', text => {
    expect(parseAcl(text)?.text).toBe(text);
  });

  it('an empty value is none: the node inherits', () => {
    expect(parseAcl('')).toBeUndefined();
  });

  it.each([
    ['Get', 'command=servers'],
    ['Get=a=b', 'command=servers'],
    ['Get=*&', 'command=servers'],
    ['Copy=*', '"Copy"'],
    ['get=*', '"get"'],
    ['=*', '""'],
    ['Get=', 'server identifier'],
    ['Get=a+', 'server identifier'],
    ['Get=a b', '"a b"'],
    ['Get=a*', '"a*"'],
    ['Get=a\u00a0', 'server identifier'],
    ['Get=\u0007', 'server identifier'],
  ])('%j is refused with 400', (text, words) => {
    const refusal = {
      name: 'ProtocolError',
      status: 400,
      code: 'malformed-acl',
      message: expect.stringContaining(words),
    };
    expect(() => parseAcl(text)).toThrow(expect.objectContaining(refusal));
  });

  it('the creator gets Add, Delete and Replace, nothing else', () => {
    expect(creatorAcl('srv')?.text).toBe('Add=srv&Delete=srv&Replace=srv');
  });

  const without = (text: string, server: string, root = false) =>
    withoutServer(readAcl(text) as Acl, server, root)?.text;
  it.each([
    ['Get=a+b&Add=a', 'a', 'Get=b'],
    ['Get=a', 'a', undefined],
    ['Get=*+a', 'a', 'Get=*'],
    ['Get=ab+b', 'a', 'Get=ab+b'],
  ])('%j without %j is %j', (text, server, left) => {
    expect(without(text, server)).toBe(left);
  });

  it('of the root a command keeps somebody: everybody', () => {
    expect(without('Add=*&Get=*&Replace=a&Exec=a+b', 'a', true)).toBe('Add=*&Get=*&Replace=*&Exec=b');
  });
});

describe('ACL inheritance (TND §7.7.1.1) against a model that reads the text', () => {
  const RIGHTS: Right[] = ['Add', 'Delete', 'Exec', 'Get', 'Replace'];
  const servers = ['one', 'two', 'three'];
  const acl = fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    {
      weight: 3,
      arbitrary: fc
        .uniqueArray(fc.tuple(fc.constantFrom(...RIGHTS), fc.subarray([...servers, '*'], { minLength: 1 })), {
          selector: ([right]) => right,
          minLength: 1,
        })
        .map(entries => entries.map(([right, names]) => `${right}=${names.join('+')}`).join('&')),
    },
  );
  const withAcl = (node: TreeNode, text: string | undefined): TreeNode =>
    text === undefined ? node : { ...node, acl: text };
  const { node: anyTree } = fc.letrec<{ node: TreeNode; inner: TreeNode }>(tie => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(fc.constant(leaf('', 'v')), acl).map(([n, a]) => withAcl(n, a)),
      tie('inner'),
    ),
    inner: fc.tuple(fc.array(tie('node'), { maxLength: 3 }), acl).map(([children, a]) =>
      withAcl(
        interior(
          '',
          children.map((child, i) => ({ ...child, name: `n${i}` })),
        ),
        a,
      ),
    ),
  }));

  /** Every node with the texts of the ACLs from the root down to it. */
  function* chains(
    node: TreeNode,
    uri: string,
    above: readonly (string | undefined)[],
  ): Generator<[string, TreeNode, (string | undefined)[]]> {
    const chain = [...above, node.acl];
    yield [uri, node, chain];
    for (const child of node.children) yield* chains(child, `${uri}/${child.name}`, chain);
  }

  const allowed = (chain: readonly (string | undefined)[], right: Right, server: string): boolean => {
    const text = chain.findLast(value => value !== undefined) ?? '';
    return new RegExp(`(^|&)${right}=([^&]*\\+)?(\\*|${server})(\\+|&|$)`).test(text);
  };
  const statusOf = (act: () => unknown): number => {
    try {
      act();
      return 200;
    } catch (error) {
      return (error as { status: number }).status;
    }
  };

  it('each command is granted where the nearest value above grants it', () => {
    const rootAcl = 'Add=*&Get=one';
    fc.assert(
      fc.property(anyTree, fc.constantFrom(...servers), (made, serverId) => {
        const tree = new ManagementTree([{ ...made, name: 'top' }], { now: () => 0, rootAcl });
        const actor = { serverId };
        for (const [uri, node, chain] of chains({ ...made, name: 'top' }, './top', [rootAcl])) {
          const expected = (right: Right) => (allowed(chain, right, serverId) ? 200 : 425);
          expect(statusOf(() => tree.get(uri, actor))).toBe(expected('Get'));
          expect(statusOf(() => tree.authoriseExec(uri, actor))).toBe(expected('Exec'));
          expect(statusOf(() => tree.replace(`${uri}?prop=Title`, 't', actor))).toBe(expected('Replace'));
          if (node.format === 'node') {
            const transaction = tree.begin();
            expect(statusOf(() => tree.add(`${uri}/new`, leaf('', 'x'), actor))).toBe(expected('Add'));
            transaction.rollback();
          }
          const ofParent = allowed(chain.slice(0, -1), 'Replace', serverId);
          const own = node.format === 'node' && allowed(chain, 'Replace', serverId);
          const transaction = tree.begin();
          expect(statusOf(() => tree.replace(`${uri}?prop=ACL`, 'Get=*', actor))).toBe(own || ofParent ? 200 : 425);
          transaction.rollback();
        }
      }),
    );
  });
});
