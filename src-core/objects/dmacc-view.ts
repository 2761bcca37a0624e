/** DMAcc as the server read it, without its secrets: of them it says only whether they are set (OMA-TS-DM_StdObj-V1_2_1 §5.3.1). */
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import { AAUTH_TYPE } from './dmacc.ts';
import { childrenOf, lastName, type ObjectViewBase, valueAt } from './object-view.ts';

export interface DmAccountView extends ObjectViewBase {
  readonly kind: 'dmacc';
  readonly name?: string;
  readonly serverId?: string;
  readonly addresses: readonly AddressView[];
  /** AAuthPref: the scheme that the device uses first. */
  readonly preferred?: string;
  readonly credentials: readonly CredentialView[];
}

export interface AddressView {
  readonly address: string;
  readonly type?: string;
  readonly ports: readonly string[];
}

/** What a leaf holds that nobody should see: `unread` where the device rightly gives it to nobody. */
export type Hidden = 'set' | 'empty' | 'unread';

export interface CredentialView {
  /** Name of its node. */
  readonly node: string;
  readonly level?: string;
  /** Who proves itself to whom. */
  readonly words: string;
  readonly type?: string;
  readonly user?: string;
  readonly secret: Hidden;
  readonly nonce: Hidden;
}

/** §5.3.1.19. */
const LEVELS: Readonly<Record<string, string>> = {
  CLCRED: 'the device to the server',
  SRVCRED: 'the server to the device',
  OBEX: 'to the OBEX transport',
  HTTP: 'to the HTTP transport',
};
/** §5.3.1.20; without it DIGEST is meant. */
const TYPES: readonly string[] = [...Object.values(AAUTH_TYPE), 'X509', 'SECURID', 'SAFEWORD', 'DIGIPASS', 'NONE'];
const APP_ID = 'w7';

export function viewDmAccount(tree: SeenTree, uri: string): DmAccountView {
  const addresses = childrenOf(tree, `${uri}/AppAddr`).map(each => addressAt(tree, each));
  const credentials = childrenOf(tree, `${uri}/AppAuth`).map(each => credentialAt(tree, each));
  return {
    kind: 'dmacc',
    uri,
    ...optional('name', valueAt(tree, uri, 'Name')),
    ...optional('serverId', valueAt(tree, uri, 'ServerID')),
    ...optional('preferred', valueAt(tree, uri, 'AAuthPref')),
    addresses,
    credentials,
    problems: [
      ...identityProblems(tree, uri),
      ...addressProblems(addresses),
      ...credentials.flatMap(each => credentialProblems(each)),
    ],
  };
}

function addressAt(tree: SeenTree, uri: string): AddressView {
  const ports = childrenOf(tree, `${uri}/Port`).flatMap(port => valueAt(tree, port, 'PortNbr') ?? []);
  return { address: valueAt(tree, uri, 'Addr') ?? '', ...optional('type', valueAt(tree, uri, 'AddrType')), ports };
}

function credentialAt(tree: SeenTree, uri: string): CredentialView {
  const level = valueAt(tree, uri, 'AAuthLevel');
  return {
    node: lastName(uri),
    ...optional('level', level),
    words: LEVELS[level?.toUpperCase() ?? ''] ?? 'whose is not said',
    ...optional('type', valueAt(tree, uri, 'AAuthType')),
    ...optional('user', valueAt(tree, uri, 'AAuthName')),
    secret: hidden(valueAt(tree, uri, 'AAuthSecret')),
    nonce: hidden(valueAt(tree, uri, 'AAuthData')),
  };
}

function hidden(value: string | undefined): Hidden {
  if (value === undefined) return 'unread';
  return value === '' ? 'empty' : 'set';
}

function identityProblems(tree: SeenTree, uri: string): string[] {
  const appId = valueAt(tree, uri, 'AppID');
  return [
    ...(appId !== undefined && appId !== APP_ID ? [`AppID ${JSON.stringify(appId)} is not ${APP_ID}`] : []),
    ...(valueAt(tree, uri, 'ServerID') ? [] : ['ServerID is not there, or was not read']),
  ];
}

function addressProblems(addresses: readonly AddressView[]): string[] {
  if (addresses.length === 0) return ['AppAddr holds no address of the server'];
  return addresses.flatMap(({ address, type }) => {
    if (address === '') return 'an AppAddr has no Addr';
    const uri = type === undefined || type === 'URI';
    return uri && !URL.canParse(address) ? `Addr ${JSON.stringify(address)} is no URI` : [];
  });
}

function credentialProblems({ node, level, type, secret, nonce }: CredentialView): string[] {
  const at = `AppAuth/${node}`;
  const scheme = type?.toUpperCase() ?? AAUTH_TYPE.md5;
  const wantsNonce = scheme === AAUTH_TYPE.md5 || scheme === AAUTH_TYPE.hmac;
  return [
    ...(level !== undefined && LEVELS[level.toUpperCase()]
      ? []
      : [`${at}/AAuthLevel is none of ${Object.keys(LEVELS).join(', ')}`]),
    ...(TYPES.includes(scheme) ? [] : [`${at}/AAuthType ${JSON.stringify(type)} is not known`]),
    ...(secret === 'unread' ? [] : [`${at}/AAuthSecret can be read: it should be given to nobody`]),
    ...(wantsNonce && nonce === 'empty' ? [`${at}/AAuthData is empty, and ${scheme} wants a nonce`] : []),
  ];
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}
