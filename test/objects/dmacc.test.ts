import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { devDetailNode } from '../../src-core/objects/devdetail.ts';
import { devInfoNode } from '../../src-core/objects/devinfo.ts';
import { DMACC_TYPE, dmAccountNode, readDmAccount } from '../../src-core/objects/dmacc.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { ACCOUNT } from '../support/dm-account.ts';

const SERVER = { serverId: ACCOUNT.serverId };
const refused = (status: number) => expect.objectContaining({ name: 'ProtocolError', status });

/** The same tree with other values of leaves, by path: `AppAuth/1/AAuthType`. */
function withValues(node: TreeNode, values: Readonly<Record<string, string>>, path = ''): TreeNode {
  const children = node.children.map(child => {
    const at = path === '' ? child.name : `${path}/${child.name}`;
    const value = values[at];
    return withValues(value === undefined ? child : { ...child, value }, values, at);
  });
  return { ...node, children };
}

/** Leaves below a node, one line each. */
function lines({ name, value, children }: TreeNode): string[] {
  return value === undefined ? children.flatMap(lines).map(line => `${name}/${line}`) : [`${name}=${value}`];
}

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
    ['AppAuth/1/AAuthLevel', ['AppAuth', '1', 'AAuthLevel']],
    ['AppAuth/2/AAuthLevel', ['AppAuth', '2', 'AAuthLevel']],
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

  it.each([
    ['basic', 'BASIC'],
    ['md5', 'DIGEST'],
    ['hmac', 'HMAC'],
  ] as const)('scheme %s is AAuthType %s, in AAuthPref too, and reads back', (scheme, type) => {
    const written = dmAccountNode({
      ...ACCOUNT,
      client: { ...ACCOUNT.client, scheme },
      server: { ...ACCOUNT.server, scheme },
    });
    expect(lines(written)).toEqual(
      expect.arrayContaining([
        `Workbench/AAuthPref=${type}`,
        `Workbench/AppAuth/1/AAuthType=${type}`,
        `Workbench/AppAuth/2/AAuthType=${type}`,
      ]),
    );
    const { client, server } = readDmAccount(written);
    expect([client.scheme, server.scheme]).toEqual([scheme, scheme]);
    expect([client.nonce, server.nonce]).toEqual([ACCOUNT.client.nonce, ACCOUNT.server.nonce]);
  });

  it('scheme none is AAuthType TRANSPORT, without a secret and a nonce', () => {
    const none = { scheme: 'none', name: 'device', secret: Secret.ofText('s'), nonce: fromHex('00') } as const;
    const written = dmAccountNode({ ...ACCOUNT, client: none });
    expect(lines(written).filter(line => /AAuthPref|AppAuth.1/.test(line))).toEqual([
      'Workbench/AppAuth/1/AAuthLevel=CLCRED',
      'Workbench/AppAuth/1/AAuthType=TRANSPORT',
      'Workbench/AppAuth/1/AAuthName=device',
    ]);
    const { client } = readDmAccount(written);
    expect(client).toMatchObject({ scheme: 'none', name: 'device', nonce: new Uint8Array() });
    expect(client.secret.revealText()).toBe('');
  });

  it('without SRVCRED the server does not authenticate itself; without CLCRED neither does the device', () => {
    const noServer = without(node, ['AppAuth', '2']);
    const { client, server } = readDmAccount(noServer);
    expect([client.scheme, client.name]).toEqual(['md5', 'device']);
    expect(server).toMatchObject({ scheme: 'none', name: '', nonce: new Uint8Array() });
    expect(dmAccountNode(readDmAccount(noServer))).toEqual(noServer);
    const neither = readDmAccount(without(node, ['AppAuth']));
    expect([neither.client.scheme, neither.server.scheme]).toEqual(['none', 'none']);
  });

  it.each([
    ['', 'DIGEST', 'md5'],
    ['BASIC', 'DIGEST', 'md5'],
    ['HMAC', 'DIGEST', 'hmac'],
    ['HMAC', 'BASIC', 'hmac'],
    ['HTTP-DIGEST', 'BASIC', 'basic'],
    ['DIGEST', 'digest ', 'md5'],
    ['DIGEST', 'TRANSPORT', 'none'],
    ['DIGEST', 'NONE', 'none'],
  ])('AAuthPref %j with AAuthType %j is %s', (pref, type, scheme) => {
    const account = readDmAccount(withValues(node, { AAuthPref: pref, 'AppAuth/1/AAuthType': type }));
    expect(account.client.scheme).toBe(scheme);
    // What the device prefers says nothing about the server.
    expect(account.server.scheme).toBe('md5');
  });

  it('without AAuthType it is MD5', () => {
    const bare = without(without(node, ['AppAuth', '1', 'AAuthType']), ['AAuthPref']);
    expect(readDmAccount(bare).client.scheme).toBe('md5');
  });

  it('of several credentials of a level the one that AAuthPref names, else the first understood', () => {
    const credential = (name: string, type: string) =>
      interior(name, [leaf('AAuthLevel', 'CLCRED'), leaf('AAuthType', type), leaf('AAuthName', `user ${name}`)]);
    const account = (pref: string) => {
      const { children, ...rest } = withValues(node, { AAuthPref: pref });
      const all = [credential('a', 'X509'), credential('b', 'BASIC'), credential('c', 'DIGEST')];
      const auth = interior('AppAuth', [
        interior('http', [leaf('AAuthLevel', 'HTTP'), leaf('AAuthType', 'X')]),
        ...all,
      ]);
      return readDmAccount({ ...rest, children: [...children.filter(({ name }) => name !== 'AppAuth'), auth] }).client;
    };
    expect(account('DIGEST')).toMatchObject({ scheme: 'md5', name: 'user c' });
    expect(account('BASIC')).toMatchObject({ scheme: 'basic', name: 'user b' });
    expect(account('')).toMatchObject({ scheme: 'basic', name: 'user b' });
  });

  it.each([
    ['1', 'CLCRED', 'X509'],
    ['2', 'SRVCRED', 'HTTP-DIGEST'],
    ['2', 'SRVCRED', ''],
  ])('412 where AAuthType of AppAuth/%s (%s) is %j', (name, level, type) => {
    expect(() => readDmAccount(withValues(node, { [`AppAuth/${name}/AAuthType`]: type }))).toThrow(
      expect.objectContaining({
        name: 'ProtocolError',
        status: 412,
        code: 'auth-type',
        message: `DM account "Workbench": AAuthType ${JSON.stringify(type)} of ${level} is not known`,
        advice: 'Use DIGEST, HMAC, BASIC or TRANSPORT',
      }),
    );
  });

  it('412 for a level that does not exist: the credential must not pass for none', () => {
    expect(() => readDmAccount(withValues(node, { 'AppAuth/2/AAuthLevel': 'SRV' }))).toThrow(
      expect.objectContaining({
        status: 412,
        message: 'DM account "Workbench" has no AppAuth/2/AAuthLevel of CLCRED, SRVCRED, OBEX, HTTP',
      }),
    );
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
