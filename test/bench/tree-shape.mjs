/** The device of the tree bench, known to core and device alike: `count` nodes, leaves on the eighth level. */
import { Secret } from '../../src-core/base/secret.ts';

export const USER = 'tree-bench';
export const DEVICE_ID = 'IMEI:493005100592800';
/** Another device, which the core reads before it is measured: its code is there then. */
export const WARM_USER = 'warm-up';
export const WARM_COUNT = 4000;
/** An account whose device never connected: where the page waits. */
export const IDLE_USER = 'idle';

const LEVELS = ['Group', 'Area', 'Module', 'Part', 'Section', 'Block'];
const FAN = 3;
const BLOCKS = FAN ** LEVELS.length;
/** `.`, `./Vendor`, all groups; and what a handset has by itself. */
const OTHERS = 2 + LEVELS.reduce((sum, _, i) => sum + FAN ** (i + 1), 0);
const FACTORY = 40;

/** Nodes that hold the leaves. */
export const blocks = Array.from({ length: BLOCKS }, (_, i) => blockUri(i));

export const leavesPerBlock = count => Math.round((count - OTHERS - FACTORY) / BLOCKS);
export const leafName = i => `Setting${i}`;

function blockUri(number) {
  const names = LEVELS.map((name, level) => `${name}${Math.floor(number / FAN ** (LEVELS.length - 1 - level)) % FAN}`);
  return `./Vendor/${names.join('/')}`;
}

/** What goes below ./Vendor. */
export function vendorTree(count) {
  const leaves = leavesPerBlock(count);
  const grow = (level, prefix) =>
    level === LEVELS.length
      ? Array.from({ length: leaves }, (_, i) => ({
          name: leafName(i),
          format: 'chr',
          type: 'text/plain',
          value: `value ${prefix}${i} as shipped`,
          children: [],
        }))
      : Array.from({ length: FAN }, (_, i) => ({
          name: `${LEVELS[level]}${i}`,
          format: 'node',
          children: grow(level + 1, `${prefix}${i}.`),
        }));
  return grow(0, '');
}

export const imeiOf = user => (user === USER ? DEVICE_ID.slice('IMEI:'.length) : '493005100592818');

/** As the server and the device have it. */
export function accountFor(serverUrl, user) {
  const nonce = Uint8Array.from(Buffer.from('nonce-of-the-tree-bench'));
  return {
    name: 'Bench',
    serverId: 'dm.bench',
    displayName: 'Bench',
    serverUrl,
    client: { scheme: 'md5', name: user, secret: Secret.ofText('client-password'), nonce },
    server: { scheme: 'md5', name: 'dm.bench', secret: Secret.ofText('server-password'), nonce },
  };
}
