/** DMAcc: the account a device has with a DM server (OMA-TS-DM_StdObj-V1_2_1 §5.3.1). */
import { ProtocolError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { AUTH_SCHEMES, type AuthScheme, isWeaker } from '../syncml/credentials.ts';
import { interior, leaf, type TreeNode } from '../tree/node.ts';

export const DMACC_TYPE = 'org.openmobilealliance/1.0/w7';

type Level = 'CLCRED' | 'SRVCRED';
/** StdObj §5.3.1.19; those of the transports (OBEX, HTTP) are not ours to use. */
const AAUTH_LEVELS = ['CLCRED', 'SRVCRED', 'OBEX', 'HTTP'];

/** AAuthType of each scheme (StdObj §5.3.1.20); TRANSPORT: not authenticated by the DM protocol. */
export const AAUTH_TYPE: Readonly<Record<AuthScheme, string>> = {
  none: 'TRANSPORT',
  basic: 'BASIC',
  md5: 'DIGEST',
  hmac: 'HMAC',
};
/** Not in the standard, but said by accounts that mean the same. */
const NONE = 'NONE';

/**
 * One direction of authentication: with scheme `none` there is none, and an account may leave its node out.
 * Nonces are bytes; in the tree they are base64 (format bin).
 */
export interface AccountCredential {
  readonly scheme: AuthScheme;
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

const NO_CREDENTIAL: AccountCredential = {
  scheme: 'none',
  name: '',
  secret: Secret.ofText(''),
  nonce: new Uint8Array(),
};

export function dmAccountNode(account: DmAccount): TreeNode {
  const { serverId, client, server } = account;
  return interior(
    account.name,
    [
      leaf('AppID', 'w7'),
      leaf('ServerID', serverId),
      leaf('Name', account.displayName),
      leaf('PrefConRef', ''),
      interior('ToConRef', []),
      interior('AppAddr', [interior('1', [leaf('Addr', account.serverUrl), leaf('AddrType', 'URI')])]),
      ...(client.scheme === 'none' ? [] : [leaf('AAuthPref', AAUTH_TYPE[client.scheme])]),
      interior('AppAuth', [
        ...credentialNodes('1', 'CLCRED', client, serverId),
        ...credentialNodes('2', 'SRVCRED', server, serverId),
      ]),
    ],
    { type: DMACC_TYPE, acl: `Add=${serverId}&Get=${serverId}&Replace=${serverId}&Delete=${serverId}` },
  );
}

/** StdObj: AAuthSecret and AAuthData must not be readable; their ACL lets the server replace them only. */
function credentialNodes(name: string, level: Level, credential: AccountCredential, serverId: string): TreeNode[] {
  if (credential.scheme === 'none' && credential.name === '') return [];
  const writeOnly = { acl: `Replace=${serverId}&Delete=${serverId}` };
  const secrets =
    credential.scheme === 'none'
      ? []
      : [
          leaf('AAuthSecret', credential.secret.revealText(), writeOnly),
          leaf('AAuthData', Buffer.from(credential.nonce).toString('base64'), { ...writeOnly, format: 'bin' }),
        ];
  return [
    interior(name, [
      leaf('AAuthLevel', level),
      leaf('AAuthType', AAUTH_TYPE[credential.scheme]),
      leaf('AAuthName', credential.name),
      ...secrets,
    ]),
  ];
}

/** Reads an account out of its subtree. @throws ProtocolError 412 naming the node that is missing or not understood. */
export function readDmAccount(node: TreeNode): DmAccount {
  const value = (...path: string[]) => valueAt(node, path);
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
    client: readCredential(node, 'CLCRED', schemeOfType(value('AAuthPref'))),
    server: readCredential(node, 'SRVCRED', undefined),
  };
}

/**
 * The credential of a level: of several the one that AAuthPref names, else the first that is understood. A single one
 * serves for a stronger AAuthPref as well (StdObj §5.3.1.16), never for a weaker one.
 */
function readCredential(account: TreeNode, level: Level, preferred: AuthScheme | undefined): AccountCredential {
  const credentials = (childAt(account, ['AppAuth'])?.children ?? []).filter(
    credential => levelOf(account, credential) === level,
  );
  if (credentials.length === 0) return NO_CREDENTIAL;
  const read = credentials.flatMap(credential => {
    const scheme = schemeOfType(valueAt(credential, ['AAuthType']) ?? AAUTH_TYPE.md5);
    return scheme ? [{ credential, scheme }] : [];
  });
  const chosen = read.find(({ scheme }) => scheme === preferred) ?? read[0];
  if (!chosen) throw unknownType(account, level, credentials);
  const { credential, scheme } = chosen;
  return {
    scheme: preferred && scheme !== 'none' && isWeaker(scheme, preferred) ? preferred : scheme,
    name: valueAt(credential, ['AAuthName']) ?? '',
    secret: Secret.ofText(valueAt(credential, ['AAuthSecret']) ?? ''),
    nonce: Uint8Array.from(Buffer.from(valueAt(credential, ['AAuthData']) ?? '', 'base64')),
  };
}

/** A credential that does not say whose it is must not pass for none at all: the server would go unauthenticated. */
function levelOf(account: TreeNode, credential: TreeNode): string {
  const level = valueAt(credential, ['AAuthLevel'])?.trim().toUpperCase();
  if (level && AAUTH_LEVELS.includes(level)) return level;
  const missing = `AppAuth/${credential.name}/AAuthLevel`;
  throw incomplete(account.name, level ? `${missing} of ${AAUTH_LEVELS.join(', ')}` : missing);
}

function schemeOfType(type: string | undefined): AuthScheme | undefined {
  const name = type?.trim().toUpperCase();
  if (name === NONE) return 'none';
  return AUTH_SCHEMES.find(scheme => AAUTH_TYPE[scheme] === name);
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

function unknownType(account: TreeNode, level: Level, credentials: readonly TreeNode[]): ProtocolError {
  const types = credentials.map(credential => JSON.stringify(valueAt(credential, ['AAuthType']))).join(', ');
  return new ProtocolError(
    'auth-type',
    `DM account ${JSON.stringify(account.name)}: AAuthType ${types} of ${level} is not known`,
    412,
    { advice: `Use ${AAUTH_TYPE.md5}, ${AAUTH_TYPE.hmac}, ${AAUTH_TYPE.basic} or ${AAUTH_TYPE.none}` },
  );
}
