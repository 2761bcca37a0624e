/** The workbench's DM server in a process of its own: real binding, real store, one job of ten Gets in every session. */
import { randomUUID } from 'node:crypto';
import { Secret } from '../../src-core/base/secret.ts';
import { DmServer } from '../../src-core/server/dm-server.ts';
import { startHttpBinding } from '../../src-core/server/http-binding.ts';
import { ReadNodes } from '../../src-core/server/jobs/read-nodes.ts';
import { randomPool } from '../../src-core/server/random-pool.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { deviceAt, LEAVES, SERVER_ID } from './session-devices.mjs';

/** More often than in the workbench, so that a short run has it too. */
const SWEEP_MS = 5000;

const random = randomPool();
const [database, devices] = process.argv.slice(2);
const store = openSqliteStore(database);
await seed();

const ready = Promise.withResolvers();
const http = await startHttpBinding({
  host: '127.0.0.1',
  port: 0,
  handler: async message => (await ready.promise).handle(message),
  onError: error => console.error(error),
});
const server = await DmServer.create({
  store,
  url: http.url,
  now: Date.now,
  newNonce: () => random(16),
  newKey: randomUUID,
  onEvent: event => {
    if (event.kind === 'session' && !server.inSession(event.deviceId)) queueWork(event.deviceId);
  },
});
for (const { record } of server.devices.all()) queueWork(record.id);
ready.resolve(server);
setInterval(() => server.sweep(), SWEEP_MS);

// Nobody is left without the bench.
process.on('disconnect', () => process.exit());
process.on('message', async request => {
  if (request === 'memory') process.send({ memory: memoryInUse() });
  else {
    await http.close();
    await store.close();
    process.disconnect();
  }
});
process.send({ url: http.url });

/** One job waits for the next session of a device, never two: a session does all that waits. */
function queueWork(deviceId) {
  const device = server.devices.get(deviceId);
  if (device && device.work.queued === 0) device.work.add(() => new ReadNodes(LEAVES, device));
}

/** Accounts, and devices that were read before. */
async function seed() {
  const writes = [];
  for (let i = 0; i < Number(devices); i += 1) {
    const { id, user, password, nonce } = deviceAt(i);
    writes.push(
      store.putAccount({
        user,
        password: Secret.ofText(password),
        clientNonce: nonce,
        clientScheme: 'md5',
        serverId: SERVER_ID,
        serverPassword: Secret.ofText('server'),
        serverNonce: nonce,
        serverScheme: 'md5',
        origin: 'bench',
        deviceId: id,
        createdAt: 0,
        failures: 0,
      }),
      store.putDevice({ id, name: id, user, lastSeen: 0 }),
      store.putNodes([
        { deviceId: id, nodes: [{ uri: '.', format: 'node', readAt: 0, session: '', history: [] }], removed: [] },
      ]),
    );
  }
  await Promise.all(writes);
}

/** Bytes in use after a full collection, outside of the heap too. */
function memoryInUse() {
  for (let i = 0; i < 3; i += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
