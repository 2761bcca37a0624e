/** The core as Electron's utilityProcess: starts, tells its host where it listens, ends when told. */
import { describeError } from '../base/errors.ts';
import { startCore } from './core.ts';
import { type CoreMessage, type HostMessage, PAGE_ORIGIN } from './host-protocol.ts';

/** What Electron gives a utility process to speak with its parent. */
interface ParentPort {
  postMessage(message: CoreMessage): void;
  on(event: 'message', listener: (event: { readonly data: HostMessage }) => void): void;
}

async function main(host: ParentPort, database: string | undefined): Promise<void> {
  if (database === undefined) throw new Error('the host gave no database file');
  const core = await startCore({ database, dmHost: '127.0.0.1', hostOrigin: PAGE_ORIGIN });
  host.on('message', ({ data }) => {
    if (data.kind === 'shutdown') {
      core.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    }
  });
  host.postMessage({ kind: 'ready', endpoint: core.endpoint });
}

const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };
if (parentPort) {
  main(parentPort, process.argv[2]).catch(error => {
    parentPort.postMessage({ kind: 'failed', message: describeError(error) });
    process.exit(1);
  });
}
