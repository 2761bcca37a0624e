/** dmw simulate: a virtual card behind vpcd, a virtual handset on a serial port or in a session with a DM server. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ProtocolError, RequestError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { buildDmBootstrap } from '../bootstrap/dm-profile.ts';
import { attachToVpcd } from '../card/vpcd.ts';
import { openSerialPort } from '../handset/serial-port.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { VirtualHandset } from '../virtual/handset/handset.ts';
import { exchangeOverHttp } from '../virtual/handset/http-exchange.ts';
import { DEFAULT_HANDSET } from '../virtual/handset/identity.ts';
import { createModem } from '../virtual/modem/modem.ts';
import { serveModem } from '../virtual/modem/serve.ts';
import { createUicc } from '../virtual/uicc/uicc.ts';
import { deviceAccount, newAccount } from '../workbench/accounts.ts';
import { type Command, databaseIn, parse, portNumber, print, untilStopped, usageError } from './command.ts';

const usage =
  'simulate card --vpcd HOST:PORT | handset --server URL [--bootstrap FILE | --user NAME --password PW] [--data FOLDER] | handset --serial PATH [--json]';

export const command: Command = {
  usage,
  summary: 'Be a card behind the vpcd reader, or a handset. A card and a handset on a port stay until Ctrl+C.',
  async run(args) {
    const { values, positionals } = parse(args, usage, {
      vpcd: { type: 'string' },
      server: { type: 'string' },
      bootstrap: { type: 'string' },
      user: { type: 'string' },
      password: { type: 'string' },
      serial: { type: 'string' },
      data: { type: 'string' },
    });
    const [what, ...more] = positionals;
    if (more.length > 0) throw usageError(usage, `unexpected ${more.join(' ')}`);
    if (what === 'card' && values.vpcd) return card(values.vpcd, values.json);
    if (what === 'handset' && values.serial) return onPort(values.serial, values.json);
    if (what === 'handset' && values.server) return inSession({ ...values, server: values.server });
    throw usageError(usage, 'say card with --vpcd, or handset with --server or --serial');
  },
};

async function card(address: string, json: boolean): Promise<void> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, Math.max(colon, 0)) || '127.0.0.1';
  const port = portNumber(address.slice(colon + 1), usage);
  const stopped = untilStopped();
  const attachment = await attachToVpcd({ host, port, card: createUicc() });
  print(json, { card: 'inserted', host, port }, () => [
    `Virtual UICC in the vpcd reader at ${host}:${port}; Ctrl+C takes it out`,
  ]);
  await Promise.race([stopped, attachment.detached]);
  await attachment.detach();
}

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

interface SessionArgs {
  readonly server: string;
  readonly bootstrap?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly data?: string | undefined;
  readonly json: boolean;
}

async function inSession(args: SessionArgs): Promise<void> {
  const newNonce = () => Uint8Array.from(randomBytes(16));
  const handset = new VirtualHandset(DEFAULT_HANDSET, { now: Date.now, newNonce, exchange: exchangeOverHttp });
  handset.bootstrap(await bootstrapFor(args, handset.deviceId));
  const report = await handset.connect();
  if (report.outcome !== 'completed') {
    throw new ProtocolError('session', `the session ended ${report.outcome}: ${report.reason}`, 401, {
      advice: 'Check user name and password, or bootstrap the handset again',
    });
  }
  print(args.json, { deviceId: handset.deviceId, ...report }, () => [
    `Session ${report.sessionId} completed after ${report.messages} messages: ${report.reason}`,
  ]);
}

/** A bootstrap from a file, from a user name and password, or from an account made in the database of this machine. */
async function bootstrapFor(args: SessionArgs, deviceId: string): Promise<Uint8Array> {
  if (args.bootstrap !== undefined) {
    const path = args.bootstrap;
    return readFile(path).catch((cause: NodeJS.ErrnoException) => {
      throw new RequestError('unreadable', `${path} cannot be read (${cause.code})`, {
        advice: 'Check the path',
        cause,
      });
    });
  }
  const random = (bytes: number) => Uint8Array.from(randomBytes(bytes));
  const store = openSqliteStore(databaseIn(args.data));
  try {
    const user = args.user ?? `handset-${deviceId}`;
    const known = await store.findAccount(user);
    const account = known ?? newAccount({ store, now: Date.now, random }, user, `the virtual handset ${deviceId}`);
    if (!known && args.user === undefined) await store.putAccount(account);
    const password = args.password === undefined ? account.password : Secret.ofText(args.password);
    return buildDmBootstrap(deviceAccount({ ...account, password }, args.server));
  } finally {
    await store.close();
  }
}
