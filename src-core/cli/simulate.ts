/** dmw simulate: a virtual card behind vpcd, a virtual handset on a serial port or in a session with a DM server. */
import { openSerialPort } from '../handset/serial-port.ts';
import { DEFAULT_HANDSET } from '../virtual/handset/identity.ts';
import { createModem } from '../virtual/modem/modem.ts';
import { serveModem } from '../virtual/modem/serve.ts';
import { type Command, parse, print, untilStopped, usageError } from './command.ts';
import { CARD_HELP, CARD_OPTIONS, simulateCard } from './simulate-card.ts';
import { handsetSession, SESSION_OPTIONS } from './simulate-session.ts';

const usage =
  'simulate card --vpcd HOST:PORT [flags of the card] | handset --server URL [--bootstrap FILE | --user NAME --password PW] [--scheme basic|md5|hmac] [--ask | --answers FILE] [--xml] [--dm 1.1|1.2|1.3] [--max-msg-size BYTES] [--data FOLDER] | handset --serial PATH [--json]';

export const command: Command = {
  usage,
  summary: 'Be a card behind the vpcd reader, or a handset. A card and a handset on a port stay until Ctrl+C.',
  help: ['Flags of the card:', ...CARD_HELP.map(line => `  ${line}`)],
  async run(args) {
    const { values, positionals } = parse(args, usage, {
      ...CARD_OPTIONS,
      serial: { type: 'string' },
      ...SESSION_OPTIONS,
    });
    const [what, ...more] = positionals;
    if (more.length > 0) throw usageError(usage, `unexpected ${more.join(' ')}`);
    if (what === 'card' && values.vpcd) return simulateCard(values, values.json, usage);
    if (what === 'handset' && values.serial) return onPort(values.serial, values.json);
    if (what === 'handset' && values.server) return handsetSession({ ...values, server: values.server }, usage);
    throw usageError(usage, 'say card with --vpcd, or handset with --server or --serial');
  },
};

async function onPort(path: string, json: boolean): Promise<void> {
  const stopped = untilStopped();
  const link = await openSerialPort(path);
  const gone = new Promise<void>((resolve, reject) => {
    link.onClose(error => (error ? reject(error) : resolve()));
  });
  serveModem(link, createModem({ identity: DEFAULT_HANDSET }));
  print(json, { handset: DEFAULT_HANDSET.imei, port: path }, () => [`Virtual handset on ${path}; Ctrl+C unplugs it`]);
  await Promise.race([stopped, gone]);
  await link.close();
}
