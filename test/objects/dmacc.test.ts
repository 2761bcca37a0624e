import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { devDetailNode } from '../../src-core/objects/devdetail.ts';
import { devInfoNode } from '../../src-core/objects/devinfo.ts';
import { DMACC_TYPE, dmAccountNode, readDmAccount } from '../../src-core/objects/dmacc.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import type { TreeNode } from '../../src-core/tree/node.ts';
import { ACCOUNT } from '../support/dm-account.ts';

const SERVER = { serverId: ACCOUNT.serverId };
const refused = (status: number) => expect.objectContaining({ name: 'ProtocolError', status });

/** The same tree without the node at a path below the root of it. */
function without(node: TreeNode, [name, ...rest]: readonly string[]): TreeNode {
  const children = node.children.flatMap(child =>
    child.name !== name ? [child] : rest.length === 0 ? [] : [without(child, rest)],
  );
  return { ...node, children };
}

describe('DMAcc', () => {
  const node = dmAccountNode(ACCOUNT);
  const tree = new ManagementTree([node], { now: () => 0 });
  const value = (path: string) => tree.get(`./Workbench/${path}`, 'device').value;

  it('has the nodes of the standard object', () => {
    expect(node).toMatchObject({ name: 'Workbench', format: 'node', type: DMACC_TYPE });
    expect(
      [
        'AppID',
        'ServerID',
        'Name',
        'AppAddr/1/Addr',
        'AppAddr/1/AddrType',
        'AAuthPref',
        'AppAuth/1/AAuthLevel',
        'AppAuth/1/AAuthName',
        'AppAuth/1/AAuthSecret',
        'AppAuth/1/AAuthData',
        'AppAuth/2/AAuthLevel',
        'AppAuth/2/AAuthName',
        'AppAuth/2/AAuthSecret',
        'AppAuth/2/AAuthData',
      ].map(path => value(path)),
    ).toEqual([
      'w7',
      'dm.example',
      'Example',
      'http://dm.example/dm',
      'URI',
      'DIGEST',
      'CLCRED',
      'device',
      'client-pässword',
      'AAEC',
      'SRVCRED',
      'dm.example',
      'server-password',
      '/w==',
    ]);
  });

  it('what is written reads back', () => {
    const account = readDmAccount(node);
    expect(account).toEqual({
      ...ACCOUNT,
      client: { ...ACCOUNT.client, secret: account.client.secret },
      server: { ...ACCOUNT.server, secret: account.server.secret },
    });
    expect(account.client.secret.equals(ACCOUNT.client.secret)).toBe(true);
    expect(account.server.secret.equals(ACCOUNT.server.secret)).toBe(true);
    expect(account.client.nonce).toEqual(fromHex('000102'));
  });

  it('its server manages it and reads no secret; another server sees nothing of it', () => {
    for (const path of [
      'AppAuth/1/AAuthSecret',
      'AppAuth/2/AAuthSecret',
      'AppAuth/1/AAuthData',
      'AppAuth/2/AAuthData',
    ]) {
      expect(() => tree.get(`./Workbench/${path}`, SERVER)).toThrow(refused(425));
      tree.replace(`./Workbench/${path}`, value(path) ?? '', SERVER);
    }
    const seen = JSON.stringify(tree.subtree('./Workbench', SERVER));
    expect(seen).toContain('CLCRED');
    expect(seen).not.toMatch(/password|pässword|AAEC/);
    expect(() => tree.get('./Workbench', { serverId: 'other' })).toThrow(refused(425));
  });

  it.each([
    ['AppAddr/<X>/Addr', ['AppAddr']],
    ['AppAddr/<X>/Addr', ['AppAddr', '1']],
    ['AppAddr/<X>/Addr', ['AppAddr', '1', 'Addr']],
    ['ServerID', ['ServerID']],
    ['AppAuth/<X>/AAuthLevel=CLCRED', ['AppAuth']],
    ['AppAuth/<X>/AAuthLevel=CLCRED', ['AppAuth', '1']],
    ['AppAuth/<X>/AAuthLevel=SRVCRED', ['AppAuth', '2']],
    ['AppAuth/<X>/AAuthLevel=SRVCRED', ['AppAuth', '2', 'AAuthLevel']],
  ])('412 without %s (%j)', (missing, path) => {
    expect(() => readDmAccount(without(node, path))).toThrow(
      expect.objectContaining({
        name: 'ProtocolError',
        status: 412,
        code: 'incomplete-account',
        message: `DM account "Workbench" has no ${missing}`,
      }),
    );
  });

  it('reads an account without a name, and without secrets, nonces or user names yet', () => {
    const bare = [['Name'], ...['AAuthName', 'AAuthSecret', 'AAuthData'].map(name => ['AppAuth', '1', name])].reduce(
      without,
      node,
    );
    const account = readDmAccount(bare);
    expect([
      account.displayName,
      account.client.name,
      account.client.secret.revealText(),
      account.client.nonce.length,
    ]).toEqual(['dm.example', '', '', 0]);
  });

  it.each<[string, (value: unknown) => string]>([
    ['JSON.stringify', JSON.stringify],
    ['inspect', value => inspect(value, { depth: 9, showHidden: true })],
    ['String', String],
  ])('%s of an account shows no password', (_name, show) => {
    expect(show(ACCOUNT)).not.toMatch(/password|pässword/);
    expect(show(readDmAccount(node))).not.toMatch(/password|pässword/);
    expect(show({ secret: Secret.ofText('x') })).not.toContain('x"');
  });
});

describe('DevInfo and DevDetail', () => {
  const tree = new ManagementTree(
    [
      devInfoNode({ devId: 'IMEI:1', manufacturer: 'Man', model: 'Mod', dmVersion: '1.2', language: 'en' }),
      devDetailNode({
        deviceType: 't',
        oem: 'o',
        firmwareVersion: 'f',
        softwareVersion: 's',
        hardwareVersion: 'h',
        largeObjects: false,
      }),
    ],
    { now: () => 0 },
  );

  it.each([
    ['./DevInfo/DevId', 'chr', 'IMEI:1'],
    ['./DevInfo/Man', 'chr', 'Man'],
    ['./DevInfo/Mod', 'chr', 'Mod'],
    ['./DevInfo/DmV', 'chr', '1.2'],
    ['./DevInfo/Lang', 'chr', 'en'],
    ['./DevDetail/DevTyp', 'chr', 't'],
    ['./DevDetail/OEM', 'chr', 'o'],
    ['./DevDetail/FwV', 'chr', 'f'],
    ['./DevDetail/SwV', 'chr', 's'],
    ['./DevDetail/HwV', 'chr', 'h'],
    ['./DevDetail/LrgObj', 'bool', 'false'],
    ['./DevDetail/URI/MaxDepth', 'chr', '0'],
    ['./DevDetail/URI/MaxTotLen', 'chr', '255'],
    ['./DevDetail/URI/MaxSegLen', 'chr', '32'],
  ])('%s is %s %j, for every server to read and none to change', (uri, format, value) => {
    expect(tree.get(uri, { serverId: 'any' })).toMatchObject({ format, value });
    expect(() => tree.replace(uri, 'x', { serverId: 'any' })).toThrow(refused(425));
    expect(() => tree.delete(uri, { serverId: 'any' })).toThrow(refused(425));
  });
});
