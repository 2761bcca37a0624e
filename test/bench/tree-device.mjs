/** The device of the tree bench: a virtual handset over HTTP. */
import { randomBytes } from 'node:crypto';
import { buildDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import { VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { exchangeOverHttp } from '../../src-core/virtual/handset/http-exchange.ts';
import { DEFAULT_HANDSET } from '../../src-core/virtual/handset/identity.ts';
import { answerOrders } from './processes.mjs';
import { accountFor, imeiOf, leafName, leavesPerBlock, vendorTree } from './tree-shape.mjs';

const [dmUrl, user, count] = process.argv.slice(2);
const leaves = leavesPerBlock(Number(count));
const newNonce = () => Uint8Array.from(randomBytes(16));
const identity = { ...DEFAULT_HANDSET, imei: imeiOf(user) };
const handset = new VirtualHandset(identity, { now: Date.now, newNonce, exchange: exchangeOverHttp });
handset.bootstrap(buildDmBootstrap(accountFor(dmUrl, user)));
for (const node of vendorTree(Number(count))) handset.tree.add(`./Vendor/${node.name}`, node, 'device');
let changes = 0;

answerOrders(
  { deviceId: handset.deviceId },
  {
    connect: () => handset.connect(),
    /** Other values in leaves of these blocks, as many as wished; then a session. */
    async change({ uris, wished }) {
      for (let i = 0; i < wished; i += 1) {
        changes += 1;
        const uri = `${uris[Math.floor(i / leaves)]}/${leafName(i % leaves)}`;
        handset.tree.replace(uri, `value ${changes} of a live device`, 'device');
      }
      return handset.connect();
    },
    close() {},
  },
);
