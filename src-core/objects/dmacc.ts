/** DMAcc: the account a device has with a DM server (OMA-TS-DM_StdObj-V1_2_1 §5.3.1). */
import { ProtocolError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { interior, leaf, type TreeNode } from '../tree/node.ts';

export const DMACC_TYPE = 'org.openmobilealliance/1.0/w7';

/** One direction of authentication. Nonces are bytes; in the tree they are base64 (format bin). */
export interface AccountCredential {
  readonly name: string;
  readonly secret: Secret;
  readonly nonce: Uint8Array;
}

export interface DmAccount {
  /** Node name of the account. */
  readonly name: string;
  /** AppID w7; the identifier the ACLs of this server use. */
  readonly serverId: string;
  readonly displayName: string;
  readonly serverUrl: string;
  /** CLCRED: the device proves itself to the server. */
  readonly client: AccountCredential;
  /** SRVCRED: the server proves itself to the device. */
  readonly server: AccountCredential;
}

export function dmAccountNode(account: DmAccount): TreeNode {
  const { serverId } = account;
  return interior(
    account.name,
    [
      leaf('AppID', 'w7'),
      leaf('ServerID', serverId),
      leaf('Name', account.displayName),
      leaf('PrefConRef', ''),
      interior('ToConRef', []),
      interior('AppAddr', [interior('1', [leaf('Addr', account.serverUrl), leaf('AddrType', 'URI')])]),
      leaf('AAuthPref', 'DIGEST'),
      interior('AppAuth', [
        credentialNode('1', 'CLCRED', account.client, serverId),
        credentialNode('2', 'SRVCRED', account.server, serverId),
      ]),
    ],
    { type: DMACC_TYPE, acl: `Add=${serverId}&Get=${serverId}&Replace=${serverId}&Delete=${serverId}` },
  );
}

/** StdObj: AAuthSecret and AAuthData must not be readable; their ACL lets the server replace them only. */
function credentialNode(
  name: string,
  level: 'CLCRED' | 'SRVCRED',
  credential: AccountCredential,
  serverId: string,
): TreeNode {
  const writeOnly = { acl: `Replace=${serverId}` };
  return interior(name, [
    leaf('AAuthLevel', level),
    leaf('AAuthType', 'DIGEST'),
    leaf('AAuthName', credential.name),
    leaf('AAuthSecret', credential.secret.revealText(), writeOnly),
    leaf('AAuthData', Buffer.from(credential.nonce).toString('base64'), { ...writeOnly, format: 'bin' }),
  ]);
}

/** Reads an account out of its subtree. @throws ProtocolError 412 naming the node that is missing. */
export function readDmAccount(node: TreeNode): DmAccount {
  const value = (...path: string[]) => valueAt(node, path);
  const credentials = childAt(node, ['AppAuth'])?.children ?? [];
  const credential = (level: string): AccountCredential => {
    const found = credentials.find(candidate => valueAt(candidate, ['AAuthLevel']) === level);
    if (!found) throw incomplete(node.name, `AppAuth/<X>/AAuthLevel=${level}`);
    return {
      name: valueAt(found, ['AAuthName']) ?? '',
      secret: Secret.ofText(valueAt(found, ['AAuthSecret']) ?? ''),
      nonce: Uint8Array.from(Buffer.from(valueAt(found, ['AAuthData']) ?? '', 'base64')),
    };
  };
  const address = childAt(node, ['AppAddr'])?.children[0];
  const serverUrl = address && valueAt(address, ['Addr']);
  const serverId = value('ServerID');
  if (!serverUrl) throw incomplete(node.name, 'AppAddr/<X>/Addr');
  if (!serverId) throw incomplete(node.name, 'ServerID');
  return {
    name: node.name,
    serverId,
    displayName: value('Name') ?? serverId,
    serverUrl,
    client: credential('CLCRED'),
    server: credential('SRVCRED'),
  };
}

function childAt(node: TreeNode, path: readonly string[]): TreeNode | undefined {
  return path.reduce<TreeNode | undefined>((at, name) => at?.children.find(child => child.name === name), node);
}

function valueAt(node: TreeNode, path: readonly string[]): string | undefined {
  return childAt(node, path)?.value;
}

function incomplete(account: string, missing: string): ProtocolError {
  return new ProtocolError('incomplete-account', `DM account ${JSON.stringify(account)} has no ${missing}`, 412);
}
