/** dmw handset: serial ports and the handsets behind them. */
import { identifyHandset } from '../handset/identify.ts';
import { listPorts, PortRegistry } from '../handset/ports.ts';
import { type Command, parse, print, usageError } from './command.ts';

const usage = 'handset list | identify PORT [--json]';

export const command: Command = {
  usage,
  summary: 'List serial ports, or ask the handset on a port who it is.',
  async run(args) {
    const { values, positionals } = parse(args, usage, {});
    const [action, path, ...more] = positionals;
    if (action === 'list' && path === undefined) return list(values.json);
    if (action === 'identify' && path !== undefined && more.length === 0) return identify(path, values.json);
    throw usageError(usage, 'say list, or identify and a port');
  },
};

async function list(json: boolean): Promise<void> {
  const ports = await listPorts();
  print(json, { ports }, () =>
    ports.length === 0
      ? ['No serial port found; a path can be typed.']
      : ports.map(port => `${port.path}  ${port.product ?? ''}`),
  );
}

async function identify(path: string, json: boolean): Promise<void> {
  const link = await new PortRegistry().open(path, 'dmw handset identify');
  try {
    const { manufacturer, model, revision, imei, warnings } = await identifyHandset(link);
    for (const warning of warnings) process.stderr.write(`dmw: ${warning}\n`);
    print(json, { port: path, manufacturer, model, revision, imei }, () => [
      `Manufacturer  ${manufacturer}`,
      `Model         ${model}`,
      `Revision      ${revision}`,
      `IMEI          ${imei}`,
    ]);
  } finally {
    await link.close();
  }
}
