/** The workbench in a process of its own: DM server, store, API and page, as `dmw serve` has them. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { startApiServer } from '../../src-core/workbench/api-server.ts';
import { Workbench } from '../../src-core/workbench/workbench.ts';
import { answerOrders } from './processes.mjs';
import { accountFor, DEVICE_ID, IDLE_USER, USER, WARM_USER } from './tree-shape.mjs';

const [database] = process.argv.slice(2);
await seed();
const workbench = await Workbench.open({ database, dmHost: '127.0.0.1', dmPort: 0, pcscd: 'if-running', version: '0' });
const api = await startApiServer({ service: workbench, pageRoot: join(import.meta.dirname, '../../dist/page') });

answerOrders(
  { dmUrl: workbench.dmUrl, pageUrl: api.url },
  {
    memory: memoryInUse,
    size: () => workbench.devices.nodes(DEVICE_ID).length,
    /** Queues a read of each. */
    read: uris => Promise.all(uris.map(uri => workbench.readSubtree(DEVICE_ID, uri))),
    async close() {
      await api.close();
      await workbench.close();
    },
  },
);

async function seed() {
  const store = openSqliteStore(database);
  const { client, server, serverId } = accountFor('', USER);
  const account = {
    password: client.secret,
    clientNonce: client.nonce,
    clientScheme: client.scheme,
    serverId,
    serverPassword: server.secret,
    serverNonce: server.nonce,
    serverScheme: server.scheme,
    origin: 'bench',
    createdAt: 0,
    failures: 0,
  };
  await store.putAccount({ ...account, user: USER, deviceId: DEVICE_ID });
  await store.putAccount({ ...account, user: WARM_USER });
  await store.putAccount({ ...account, user: IDLE_USER });
  await store.close();
}

/** Bytes in use after a full collection, outside of the heap too. */
async function memoryInUse() {
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc();
    await sleep(50);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
