import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src-core/base/secret.ts';
import { viewDevDetail } from '../../src-core/objects/devdetail-view.ts';
import { viewDevInfo } from '../../src-core/objects/devinfo-view.ts';
import { dmAccountNode } from '../../src-core/objects/dmacc.ts';
import { viewDmAccount } from '../../src-core/objects/dmacc-view.ts';
import { findObject } from '../../src-core/objects/find.ts';
import { FUMO_TYPE } from '../../src-core/objects/fumo.ts';
import { viewFumo } from '../../src-core/objects/fumo-view.ts';
import { viewInbox } from '../../src-core/objects/inbox-view.ts';
import { DeviceTree, readingsOf } from '../../src-core/tree/device-tree.ts';
import { interior, leaf, type TreeNode } from '../../src-core/tree/node.ts';
import { DEFAULT_HANDSET, factoryTree } from '../../src-core/virtual/handset/identity.ts';
import { ACCOUNT } from '../support/dm-account.ts';

function treeOf(...nodes: readonly TreeNode[]): DeviceTree {
  const tree = new DeviceTree();
  tree.apply(
    nodes.flatMap(node => readingsOf('', node)),
    0,
    '1',
  );
  return tree;
}

const accounts = (...nodes: readonly TreeNode[]) => treeOf(interior('DMAcc', nodes));
const without = (node: TreeNode, ...names: readonly string[]): TreeNode => ({
  ...node,
  children: node.children.filter(({ name }) => !names.includes(name)).map(child => without(child, ...names)),
});
const FACTORY = treeOf(...factoryTree(DEFAULT_HANDSET));

describe('finding the object around a node', () => {
  it.each([
    ['./DevInfo/DevId', 'devinfo', './DevInfo'],
    ['./DevDetail/URI/MaxDepth', 'devdetail', './DevDetail'],
    ['./Inbox', 'inbox', './Inbox'],
    ['./FUMO/Download/PkgURL', 'fumo', './FUMO'],
  ])('%s lies in %s', (uri, kind, object) => {
    expect(findObject(FACTORY, uri)).toEqual({ kind, uri: object });
  });

  it.each(['.', './Vendor', './Vendor/Battery/Level', './DMAcc', './Nowhere/At/All'])('%s in none', uri => {
    expect(findObject(FACTORY, uri)).toBeUndefined();
  });

  it('an account by its type, also one that this standard does not number; another type is none', () => {
    for (const type of ['org.openmobilealliance/1.0/w7', 'urn:oma:mo:oma-dm-dmacc:1.1']) {
      const tree = treeOf(interior('Elsewhere', [interior('A', [], { type })]));
      expect(findObject(tree, './Elsewhere/A')).toEqual({ kind: 'dmacc', uri: './Elsewhere/A' });
    }
    expect(findObject(treeOf(interior('A', [], { type: 'urn:oma:mo:oma-scomo:1.0' })), './A')).toBeUndefined();
  });

  it('without types: an account by its place and AppID, FUMO by State beside an operation', () => {
    const bare = accounts(interior('Any', [leaf('AppID', 'w7')]));
    expect(findObject(bare, './DMAcc/Any/AppID')).toEqual({ kind: 'dmacc', uri: './DMAcc/Any' });
    const fumo = treeOf(interior('Fw', [interior('Pkg', [interior('Update', []), leaf('State', '10')])]));
    expect(findObject(fumo, './Fw/Pkg/Update')).toEqual({ kind: 'fumo', uri: './Fw/Pkg' });
    expect(findObject(fumo, './Fw')).toBeUndefined();
  });

  it('a tree that is known in part gives what is known, never an error (property)', () => {
    const name = fc.constantFrom('DMAcc', 'DevInfo', 'FUMO', 'State', 'Update', 'AppAuth', 'AppAddr', '1', 'Addr', 'X');
    const reading = fc.record({
      uri: fc.array(name, { minLength: 1, maxLength: 5 }).map(names => `./${names.join('/')}`),
      format: fc.constantFrom('node', 'chr', 'int'),
      value: fc.option(fc.string(), { nil: undefined }),
      type: fc.option(fc.constantFrom(FUMO_TYPE, 'org.openmobilealliance/1.0/w7', 'text/plain'), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 30 }), readings => {
        const tree = new DeviceTree();
        tree.apply(readings, 0, '1');
        for (const { uri } of readings) {
          const found = findObject(tree, uri);
          if (found) expect(uri === found.uri || uri.startsWith(`${found.uri}/`)).toBe(true);
          for (const view of [viewDmAccount(tree, uri), viewFumo(tree, uri, []), viewDevInfo(tree, uri)])
            expect(view.problems.every(problem => typeof problem === 'string')).toBe(true);
        }
      }),
    );
  });
});

describe('DMAcc', () => {
  const SECRETS = ['AAuthSecret', 'AAuthData'];

  it('as a device gives it out: secrets and nonces unread, nothing wrong', () => {
    const tree = accounts(without(dmAccountNode(ACCOUNT), ...SECRETS));
    expect(viewDmAccount(tree, './DMAcc/Workbench')).toEqual({
      kind: 'dmacc',
      uri: './DMAcc/Workbench',
      name: 'Example',
      serverId: 'dm.example',
      preferred: 'DIGEST',
      addresses: [{ address: 'http://dm.example/dm', type: 'URI', ports: [] }],
      credentials: [
        {
          node: '1',
          level: 'CLCRED',
          words: 'the device to the server',
          type: 'DIGEST',
          user: 'device',
          secret: 'unread',
          nonce: 'unread',
        },
        {
          node: '2',
          level: 'SRVCRED',
          words: 'the server to the device',
          type: 'DIGEST',
          user: 'dm.example',
          secret: 'unread',
          nonce: 'unread',
        },
      ],
      problems: [],
    });
  });

  it('a secret that can be read is a problem, and is not in the view', () => {
    const view = viewDmAccount(accounts(dmAccountNode(ACCOUNT)), './DMAcc/Workbench');
    expect(view.credentials.map(({ secret, nonce }) => ({ secret, nonce }))).toEqual([
      { secret: 'set', nonce: 'set' },
      { secret: 'set', nonce: 'set' },
    ]);
    expect(view.problems).toEqual([
      'AppAuth/1/AAuthSecret can be read: it should be given to nobody',
      'AppAuth/2/AAuthSecret can be read: it should be given to nobody',
    ]);
    const text = JSON.stringify(view);
    for (const secret of ['client-pässword', 'server-password', Buffer.from([0, 1, 2]).toString('base64')])
      expect(text).not.toContain(secret);
  });

  it('says what is missing and what is not known', () => {
    const tree = accounts(
      interior('Odd', [
        leaf('AppID', 'w5'),
        interior('AppAddr', [
          interior('1', [
            leaf('Addr', 'no address'),
            leaf('AddrType', 'URI'),
            interior('Port', [interior('1', [leaf('PortNbr', '8080')])]),
          ]),
          interior('2', []),
        ]),
        interior('AppAuth', [
          interior('X', [leaf('AAuthLevel', 'SOMEONE'), leaf('AAuthType', 'MAGIC')]),
          interior('Y', [leaf('AAuthLevel', 'CLCRED'), leaf('AAuthData', '', { format: 'bin' })]),
        ]),
      ]),
    );
    const view = viewDmAccount(tree, './DMAcc/Odd');
    expect(view.addresses[0]).toEqual({ address: 'no address', type: 'URI', ports: ['8080'] });
    expect(view.problems).toEqual([
      'AppID "w5" is not w7',
      'ServerID is not there, or was not read',
      'Addr "no address" is no URI',
      'an AppAddr has no Addr',
      'AppAuth/X/AAuthLevel is none of CLCRED, SRVCRED, OBEX, HTTP',
      'AppAuth/X/AAuthType "MAGIC" is not known',
      'AppAuth/Y/AAuthData is empty, and DIGEST wants a nonce',
    ]);
    expect(viewDmAccount(accounts(), './DMAcc/None').problems).toContain('AppAddr holds no address of the server');
  });

  it('basic credentials want no nonce', () => {
    const basic = { scheme: 'basic', name: 'device', secret: Secret.ofText(''), nonce: new Uint8Array() } as const;
    const node = without(dmAccountNode({ ...ACCOUNT, client: basic }), 'AAuthSecret');
    expect(viewDmAccount(accounts(node), './DMAcc/Workbench').problems).toEqual([]);
  });
});

describe('DevInfo and DevDetail', () => {
  it('of the virtual handset: every value, nothing wrong; 0 is no limit', () => {
    const info = viewDevInfo(FACTORY, './DevInfo');
    expect(info.facts.map(({ path, value }) => [path, value])).toEqual([
      ['DevId', 'IMEI:493005100592800'],
      ['Man', 'Device Factory, Inc.'],
      ['Mod', 'SmartPhone2000'],
      ['DmV', '1.2'],
      ['Lang', 'en-US'],
    ]);
    expect(info.problems).toEqual([]);
    const detail = viewDevDetail(FACTORY, './DevDetail');
    expect(detail.problems).toEqual([]);
    expect(detail.facts.filter(({ path }) => /FwV|LrgObj|URI/.test(path)).map(({ value }) => value)).toEqual([
      '1.0.4',
      'true',
      'no limit',
      '255',
      '32',
    ]);
  });

  it('say what is missing or cannot be', () => {
    const tree = treeOf(
      interior('DevInfo', [leaf('DevId', '12345'), leaf('DmV', 'one'), leaf('Lang', 'en_US')]),
      interior('DevDetail', [leaf('LrgObj', 'yes'), interior('URI', [leaf('MaxDepth', '-1')])]),
    );
    expect(viewDevInfo(tree, './DevInfo').problems).toEqual([
      'DevId "12345" names no scheme, such as IMEI:',
      'Man is not there, or was not read',
      'Mod is not there, or was not read',
      'DmV "one" is no version, such as 1.2',
      'Lang "en_US" is no language tag, such as en-US',
    ]);
    expect(viewDevDetail(tree, './DevDetail').problems).toEqual([
      ...['DevTyp', 'OEM', 'FwV', 'SwV', 'HwV'].map(name => `${name} is not there, or was not read`),
      'LrgObj "yes" is neither true nor false',
      'URI/MaxDepth "-1" is no whole number',
      'URI/MaxTotLen is not there, or was not read',
      'URI/MaxSegLen is not there, or was not read',
    ]);
  });

  it('the inbox tells what waits in it', () => {
    expect(viewInbox(treeOf(interior('Inbox', [interior('Obj', [])])), './Inbox').waiting).toEqual(['Obj']);
  });
});

describe('FUMO', () => {
  it('of the virtual handset: idle, its operations and where they take the package from', () => {
    const view = viewFumo(FACTORY, './FUMO', []);
    expect(view.state).toMatchObject({ code: 10, name: 'Idle' });
    expect(view.operations).toEqual([
      { name: 'Download', uri: './FUMO/Download', url: '' },
      { name: 'Update', uri: './FUMO/Update' },
      { name: 'DownloadAndUpdate', uri: './FUMO/DownloadAndUpdate', url: '' },
    ]);
    expect(view.problems).toEqual([]);
  });

  it('says what is missing, and a state that is none', () => {
    const fumo = (...children: readonly TreeNode[]) => viewFumo(treeOf(interior('Fw', children)), './Fw', []).problems;
    expect(fumo()).toEqual(['State is not there, or was not read', 'neither Update nor DownloadAndUpdate is there']);
    expect(fumo(interior('DownloadAndUpdate', []), leaf('State', '55'))).toEqual([
      'State "55" is none of FUMO\'s',
      'DownloadAndUpdate/PkgURL is not there, or was not read',
    ]);
  });

  it('keeps the alerts of this object, however the device writes its URI', () => {
    const alert = (source?: string) => ({
      at: 0,
      sessionKey: '1',
      sessionId: '1',
      words: '',
      ...(source !== undefined && { source }),
    });
    const kept = viewFumo(FACTORY, './FUMO', [
      alert('./FUMO'),
      alert('FUMO/Update'),
      alert(),
      alert('./FUMO2'),
      alert('./Other'),
    ]).alerts;
    expect(kept.map(({ source }) => source)).toEqual(['./FUMO', 'FUMO/Update', undefined]);
  });
});
