/** One program at a time uses the virtual reader slots of this machine: tests and demo wait for each other. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError } from '../base/errors.ts';

/**
 * An abstract Unix socket: the kernel frees it when its owner dies, so it is never stale, and it belongs to the same
 * network namespace as the ports of vpcd, which it guards.
 */
const NAME = '\0dm-workbench-card-bench';
const RETRY_MS = 100;

/** Resolves with the release function. Linux only, as vpcd. @throws TransportError `card-bench-busy`. */
export async function lockCardBench(timeoutMs: number): Promise<() => Promise<void>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const release = await tryLock();
    if (release) return release;
    if (Date.now() > deadline)
      throw new TransportError('card-bench-busy', `another program has used the virtual reader for ${timeoutMs} ms`, {
        advice: 'Wait for the other test run or demo on this machine to end',
      });
    await sleep(RETRY_MS);
  }
}

function tryLock(): Promise<(() => Promise<void>) | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<(() => Promise<void>) | undefined>();
  const server = createServer(socket => socket.destroy());
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') resolve(undefined);
    else reject(error);
  });
  server.listen(NAME, () => resolve(() => new Promise(done => server.close(() => done()))));
  return promise;
}
