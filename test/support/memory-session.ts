/** A server session and a client session joined in memory, with fixed nonces and time: every run gives the same bytes. */
import { Secret } from '../../src-core/base/secret.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import { ClientSession, type ClientSessionPorts } from '../../src-core/session/client-session.ts';
import type { SessionEvent } from '../../src-core/session/events.ts';
import type { Answer, Question } from '../../src-core/session/interaction.ts';
import type { ServerAccount } from '../../src-core/session/server-account.ts';
import { ServerSession, type ServerSessionPorts } from '../../src-core/session/server-session.ts';
import type { Wire } from '../../src-core/session/wire.ts';
import { decodeMessage, type Encoding, encodeMessage } from '../../src-core/syncml/codec.ts';
import { type Command, commandName, type Draft, type Message } from '../../src-core/syncml/message.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { ACCOUNT } from './dm-account.ts';

export const SERVER_ACCOUNT: ServerAccount = {
  client: { user: ACCOUNT.client.name, password: ACCOUNT.client.secret },
  clientNonce: ACCOUNT.client.nonce,
  clientScheme: ACCOUNT.client.scheme,
  server: { user: ACCOUNT.server.name, password: ACCOUNT.server.secret },
  serverNonce: ACCOUNT.server.nonce,
  serverScheme: ACCOUNT.server.scheme,
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

/** A message as it would come over the wire: encoded, and read again. */
export function wireOf(message: Message, encoding: Encoding = 'wbxml'): Wire {
  const bytes = encodeMessage(message, encoding);
  return { message: decodeMessage(bytes, encoding), bytes };
}

export function clientSession(
  account: DmAccount = ACCOUNT,
  tree = deviceTree(),
  more: Partial<ClientSessionPorts> = {},
): ClientSession {
  return new ClientSession({
    tree,
    encoding: 'wbxml',
    account,
    deviceId: 'IMEI:1',
    devInfo: [{ source: { uri: './DevInfo/Man' }, meta: { format: 'chr', type: 'text/plain' }, data: 'Factory' }],
    sessionId: '1A',
    newNonce: nonces(0x10),
    maxMsgSize: 5000,
    ...more,
  });
}

/** A server whose work is the packages given, and what it was told of them. */
export function serverSession(
  first: Wire,
  packages: readonly (readonly Draft[])[],
  account: ServerAccount | 'unknown' = SERVER_ACCOUNT,
  more: Partial<ServerSessionPorts> = {},
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
      onUnsent: (draft, error) => told.push(`${nameOf(draft)} unsent: ${error.message}`),
    },
    encoding: 'wbxml',
    serverUrl: 'http://dm.example/dm',
    newNonce: nonces(0x20),
    maxMsgSize: 6000,
    maxObjSize: 100_000,
    ...more,
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

export interface RunOptions {
  readonly account?: ServerAccount | 'unknown' | undefined;
  readonly server?: Partial<ServerSessionPorts>;
  readonly answer?: (question: Question) => Answer;
  /** Messages of each side at most; more is a session that does not end. */
  readonly limit?: number;
}

/** Runs both ends against each other until one of them ends the session; every message travels as bytes. */
export function run(
  client: ClientSession,
  packages: readonly (readonly Draft[])[],
  { account, server = {}, answer = () => ({ kind: 'shown' }), limit = 200 }: RunOptions = {},
): Run {
  const encoding = server.encoding ?? 'wbxml';
  const out: Run = { ladder: [], bytes: [], told: [], events: { client: [], server: [] } };
  const travel = (direction: string, { message, bytes, hmac }: Wire): Wire => {
    out.bytes.push(bytes);
    out.ladder.push(`${direction}${describeMessage(message)}`);
    return { message: decodeMessage(bytes, encoding), bytes, ...(hmac !== undefined && { hmac }) };
  };
  let up = travel('> ', client.start());
  const { session, told } = serverSession(up, packages, account, server);
  for (let i = 0; ; i++) {
    if (i >= limit) throw new Error(`no end after ${limit} messages`);
    const exchange = session.receive(up);
    out.events.server.push(...exchange.events);
    let turn = client.receive(travel('< ', exchange.reply));
    out.events.client.push(...turn.events);
    while (turn.question) {
      turn = client.answer(answer(turn.question));
      out.events.client.push(...turn.events);
    }
    if (!turn.reply) break;
    up = travel('> ', turn.reply);
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
        ...command.items.map(({ source, data, moreData }) => `${source?.uri}=${show(data)}${moreData ? '…' : ''}`),
      ].join(' ');
    default:
      return `${id} ${nameOf(command)}`;
  }
}

function nameOf(command: Command | Draft): string {
  if (command.kind === 'Alert') return `Alert ${command.code}`;
  if (command.kind === 'Atomic' || command.kind === 'Sequence')
    return `${command.kind}(${command.commands.map(nameOf).join('; ')})`;
  if (!('items' in command)) return commandName(command as Command);
  return [command.kind, ...command.items.map(({ target, source }) => target?.uri ?? source?.uri ?? '-')].join(' ');
}

const show = (data: string | Uint8Array | undefined): string =>
  data instanceof Uint8Array ? `h'${Buffer.from(data).toString('hex')}'` : (data ?? '');
