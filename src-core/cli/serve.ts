/** dmw serve: the workbench without a window; the page works in a browser at the address it prints. */
import { startCore } from '../workbench/core.ts';
import { type Command, databaseIn, endWithin, parse, portNumber, untilStopped, usageError } from './command.ts';

const usage = 'serve [--headless] [--port N] [--dm-host ADDRESS] [--dm-port N] [--data FOLDER] [--json]';
/** A card reader that hangs must not keep the program from ending. */
const CLOSE_MS = 5_000;

export const command: Command = {
  usage,
  summary: 'Run the DM server and serve the page on this machine; ends on Ctrl+C.',
  async run(args) {
    const { values } = parse(args, usage, {
      headless: { type: 'boolean' },
      port: { type: 'string' },
      'dm-host': { type: 'string', default: '127.0.0.1' },
      'dm-port': { type: 'string' },
      data: { type: 'string' },
    });
    if (['0.0.0.0', '::', ''].includes(values['dm-host'])) {
      throw usageError(usage, 'name the address that devices use, not every address');
    }
    const stopped = untilStopped();
    const core = await startCore({
      database: databaseIn(values.data),
      dmHost: values['dm-host'],
      ...(values['dm-port'] !== undefined && { dmPort: portNumber(values['dm-port'], usage) }),
      ...(values.port !== undefined && { apiPort: portNumber(values.port, usage) }),
    });
    const { url, dmUrl } = core;
    process.stdout.write(
      values.json ? `${JSON.stringify({ url, dmUrl })}\n` : `DM server  ${dmUrl}\nWorkbench  ${url}\n`,
    );
    await stopped;
    endWithin(CLOSE_MS);
    await core.close();
  },
};
