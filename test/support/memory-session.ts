/** A server session and a client session joined in memory, with fixed nonces and time: every run gives the same bytes. */
import { Secret } from '../../src-core/base/secret.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import { ClientSession } from '../../src-core/session/client-session.ts';
import type { SessionEvent } from '../../src-core/session/events.ts';
import type { ServerAccount } from '../../src-core/session/server-account.ts';
import { ServerSession } from '../../src-core/session/server-session.ts';
import { decodeMessage, encodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command, Draft, Message } from '../../src-core/syncml/message.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { ACCOUNT } from './dm-account.ts';

export const SERVER_ACCOUNT: ServerAccount = {
  client: { user: ACCOUNT.client.name, password: ACCOUNT.client.secret },
  clientNonce: ACCOUNT.client.nonce,
  server: { user: ACCOUNT.server.name, password: ACCOUNT.server.secret },
  serverNonce: ACCOUNT.server.nonce,
};
export const wrong = Secret.ofText('wrong');

/** Nonces in a row: first, first + 1 … */
export function nonces(first: number): () => Uint8Array {
  let next = first;
  return () => Uint8Array.of(next++);
}

export const deviceTree = (): ManagementTree =>
  new ManagementTree(
    [
      interior(
        'A',
        [
          leaf('B', 'b', { acl: 'Get=*&Replace=*' }),
          leaf('Raw', 'AP9B', { format: 'bin', type: 'image/png' }),
          leaf('Key', 'k', { acl: 'Replace=*' }),
        ],
        {
          acl: 'Add=*&Get=*&Delete=*',
        },
      ),
    ],
    { now: () => Date.UTC(2026, 0, 2) },
  );

export function clientSession(account: DmAccount = ACCOUNT, tree = deviceTree()): ClientSession {
  return new ClientSession({
    tree,
    account,
    deviceId: 'IMEI:1',
    devInfo: [{ source: { uri: './DevInfo/Man' }, meta: { format: 'chr', type: 'text/plain' }, data: 'Factory' }],
    sessionId: '1A',
    newNonce: nonces(0x10),
    maxMsgSize: 5000,
  });
}

/** A server whose work is the packages given, and what it was told of them. */
export function serverSession(
  first: Message,
  packages: readonly (readonly Draft[])[],
  account: ServerAccount | 'unknown' = SERVER_ACCOUNT,
) {
  const told: string[] = [];
  const waiting = [...packages];
  const session = new ServerSession(first, {
    account: account === 'unknown' ? undefined : account,
    work: {
      next: () => waiting.shift() ?? [],
      onStatus: (command, status) => told.push(`${nameOf(command)} ${status.code}`),
      onResults: (command, results) =>
        told.push(`${nameOf(command)} = ${results.items.map(({ data }) => show(data)).join(',')}`),
    },
    serverUrl: 'http://dm.example/dm',
    newNonce: nonces(0x20),
    maxMsgSize: 6000,
  });
  return { session, told };
}

export interface Run {
  /** One line a message: direction, MsgID, credentials, commands, final. */
  readonly ladder: string[];
  readonly bytes: Uint8Array[];
  readonly told: string[];
  readonly events: { readonly client: SessionEvent[]; readonly server: SessionEvent[] };
}

/** Runs both ends against each other until one of them ends the session; every message travels as WBXML. */
export function run(
  client: ClientSession,
  packages: readonly (readonly Draft[])[],
  account?: ServerAccount | 'unknown',
): Run {
  const out: Run = { ladder: [], bytes: [], told: [], events: { client: [], server: [] } };
  const travel = (direction: string, message: Message): Message => {
    const bytes = encodeMessage(message, 'wbxml');
    out.bytes.push(bytes);
    out.ladder.push(`${direction}${describeMessage(message)}`);
    return decodeMessage(bytes, 'wbxml');
  };
  let up = travel('> ', client.start());
  const { session, told } = serverSession(up, packages, account);
  for (let i = 0; i < 20; i++) {
    const exchange = session.receive(up);
    out.events.server.push(...exchange.events);
    const { reply, events } = client.receive(travel('< ', exchange.reply));
    out.events.client.push(...events);
    if (!reply) break;
    up = travel('> ', reply);
    if (session.state === 'ended') break;
  }
  out.told.push(...told);
  return out;
}

/** `2 cred [1 Status 1/0 SyncHdr 212 chal] [2 Get ./A] final` */
export function describeMessage({ header, commands, final }: Message): string {
  return [
    String(header.msgId),
    ...(header.cred ? ['cred'] : []),
    ...commands.map(command => `[${describeCommand(command)}]`),
    ...(final ? ['final'] : []),
  ].join(' ');
}

function describeCommand(command: Command): string {
  const id = command.cmdId;
  switch (command.kind) {
    case 'Status': {
      const refs = command.targetRefs.filter(() => command.cmd !== 'SyncHdr');
      return [
        id,
        'Status',
        `${command.msgRef}/${command.cmdRef}`,
        command.cmd,
        ...refs,
        command.code,
        ...(command.chal ? [`chal:${Buffer.from(command.chal.meta.nextNonce ?? '', 'base64').toString('hex')}`] : []),
      ].join(' ');
    }
    case 'Results':
      return [
        id,
        'Results',
        `${command.msgRef}/${command.cmdRef}`,
        ...command.items.map(({ source, data }) => `${source?.uri}=${show(data)}`),
      ].join(' ');
    default:
      return `${id} ${nameOf(command)}`;
  }
}

function nameOf(command: Command | Draft): string {
  if (command.kind === 'Alert') return `Alert ${command.code}`;
  if (command.kind === 'Atomic' || command.kind === 'Sequence')
    return `${command.kind}(${command.commands.map(nameOf).join('; ')})`;
  return 'items' in command
    ? [command.kind, ...command.items.map(({ target, source }) => target?.uri ?? source?.uri ?? '-')].join(' ')
    : command.kind;
}

const show = (data: string | Uint8Array | undefined): string =>
  data instanceof Uint8Array ? `h'${Buffer.from(data).toString('hex')}'` : (data ?? '');
