/** Sessions of both ends in memory, as the store would hold them: real bytes, fixed times. */
import { buildDmBootstrap } from '../../src-core/bootstrap/dm-profile.ts';
import type { DmAccount } from '../../src-core/objects/dmacc.ts';
import type { ClientSessionPorts } from '../../src-core/session/client-session.ts';
import type { ServerSession } from '../../src-core/session/server-session.ts';
import type { MessageRecord, SessionRecord } from '../../src-core/store/contract.ts';
import { decodeMessage, type Encoding } from '../../src-core/syncml/codec.ts';
import type { Draft } from '../../src-core/syncml/message.ts';
import type { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { VirtualHandset } from '../../src-core/virtual/handset/handset.ts';
import { DEFAULT_HANDSET } from '../../src-core/virtual/handset/identity.ts';
import { ACCOUNT } from './dm-account.ts';
import { clientSession, nonces, type RunOptions, run, SERVER_ACCOUNT, serverSession } from './memory-session.ts';

export interface RecordedSession {
  readonly record: SessionRecord;
  readonly messages: readonly MessageRecord[];
}

export interface SessionSpec extends RunOptions {
  readonly packages?: readonly (readonly Draft[])[];
  readonly client?: {
    readonly account?: DmAccount;
    readonly tree?: ManagementTree;
    readonly more?: Partial<ClientSessionPorts>;
  };
  readonly record?: Partial<SessionRecord>;
}

export const BEGAN = Date.UTC(2026, 10, 24, 10, 0, 0);

export function recordedSession({
  packages = [],
  client = {},
  record = {},
  ...options
}: SessionSpec = {}): RecordedSession {
  const encoding = options.server?.encoding ?? 'wbxml';
  const device = clientSession(client.account, client.tree, { encoding, ...client.more });
  return recordOf(run(device, packages, options).bytes, { encoding, ...record });
}

function recordOf(bytes: readonly Uint8Array[], record: Partial<SessionRecord>): RecordedSession {
  const session: SessionRecord = {
    key: '1',
    deviceId: 'IMEI:1',
    sessionId: '1A',
    startedAt: BEGAN,
    endedAt: BEGAN + 1000,
    state: 'completed',
    detail: 'no more commands',
    clientAuthenticated: true,
    serverAuthenticated: true,
    encoding: 'wbxml',
    transport: 'HTTP',
    scheme: 'md5',
    ...record,
  };
  return { record: session, messages: bytes.map((one, i) => messageRecord(session, one, i)) };
}

function messageRecord({ key, encoding, startedAt }: SessionRecord, bytes: Uint8Array, i: number): MessageRecord {
  return {
    key: `${key}-${i}`,
    sessionKey: key,
    at: startedAt + i * 37,
    direction: i % 2 === 0 ? 'up' : 'down',
    package: Math.min(i + 1, 3 + (i % 2)),
    encoding,
    bytes,
  };
}

/** A session of the virtual handset with a server that has this work. */
export async function recordedHandset(
  packages: readonly (readonly Draft[])[],
  encoding: Encoding,
): Promise<RecordedSession> {
  const bytes: Uint8Array[] = [];
  let server: ServerSession | undefined;
  const handset = new VirtualHandset(DEFAULT_HANDSET, {
    now: () => BEGAN,
    newNonce: nonces(0x10),
    exchange: async (_url, parcel) => {
      const wire = { message: decodeMessage(parcel.bytes, encoding), bytes: parcel.bytes };
      server ??= serverSession(wire, packages, SERVER_ACCOUNT, { encoding }).session;
      const { reply } = server.receive(wire);
      bytes.push(parcel.bytes, reply.bytes);
      return reply;
    },
  });
  handset.bootstrap(buildDmBootstrap(ACCOUNT));
  await handset.connect({ encoding });
  return recordOf(bytes, { encoding, deviceId: handset.deviceId });
}
