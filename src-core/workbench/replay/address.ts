/** Which addresses a replay may send to: those of the server that it is for, and never this workbench itself. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { RequestError } from '../../base/errors.ts';

/** The recorded values would take the place of those that the device has now. @throws RequestError */
export async function refuseOwnServer(url: string, dmUrl: string | undefined): Promise<void> {
  if (dmUrl === undefined || !URL.canParse(url) || !(await isOwnServer(new URL(url), new URL(dmUrl)))) return;
  throw new RequestError(
    'own-server',
    'this is the address of this workbench: the replay would change the records of the device',
    { advice: 'Replay against a session of this workbench in memory' },
  );
}

/** A server may ask to go on at another address of its own (RespURI, OMA-TS-DM_RepPro-V1_2_1 §5.1.17), not at somebody else's. @throws RequestError */
export function refuseOtherOrigin(url: string, target: string): void {
  if (isSameOrigin(url, target)) return;
  throw new RequestError('other-origin', `the server sends the session on to ${url}, which is another server`, {
    advice: 'Replay against that address if it is to be trusted',
  });
}

export function isSameOrigin(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin;
}

async function isOwnServer(url: URL, own: URL): Promise<boolean> {
  if (portOf(url) !== portOf(own)) return false;
  const [host, ownHost] = [hostOf(url), hostOf(own)];
  if (host === ownHost) return true;
  const here = addressesHere();
  for (const address of isIP(ownHost) ? [ownHost] : await addressesOf(ownHost)) addTo(here, address);
  const addresses = isIP(host) ? [host] : await addressesOf(host);
  return addresses.some(address => here.check(address, familyOf(address)));
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80');
/** Without the brackets of IPv6 and the dot of a full name. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

async function addressesOf(name: string): Promise<string[]> {
  if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1'];
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

/** Loopback, the addresses that mean any of this machine, and those of its interfaces; also written as IPv6. */
function addressesHere(): BlockList {
  const here = new BlockList();
  here.addSubnet('127.0.0.0', 8, 'ipv4');
  for (const address of ['0.0.0.0', '::', '::1']) addTo(here, address);
  for (const { address } of Object.values(networkInterfaces()).flatMap(found => found ?? [])) addTo(here, address);
  return here;
}

function addTo(list: BlockList, address: string): void {
  list.addAddress(address.replace(/%.*$/, ''), familyOf(address));
}
