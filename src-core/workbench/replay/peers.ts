/** Who answers in a replay: a DM server session in memory, or a DM server at an address. */
import type { Secret } from '../../base/secret.ts';
import { Prover } from '../../session/authentication.ts';
import type { ServerAccount } from '../../session/server-account.ts';
import { ServerSession } from '../../session/server-session.ts';
import { headerWord } from '../../session/statuses.ts';
import type { Wire } from '../../session/wire.ts';
import { decodeMessage, type Encoding } from '../../syncml/codec.ts';
import type { AuthScheme } from '../../syncml/credentials.ts';
import { httpExchange } from '../../virtual/handset/http-exchange.ts';
import { recordedWork } from './recorded-work.ts';
import { type Exchange, isChallenge, nonceLength, schemeUsed } from './recording.ts';

const post = httpExchange({ redirect: 'error' });

export interface ReplayPorts {
  /** `bytes` random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly now: () => number;
  /** Address of this workbench's own server; absent where none runs. */
  readonly dmUrl?: string;
}

/** What the recording says of both sides. */
export interface Parties {
  readonly user: string;
  readonly serverId: string;
  readonly serverUrl: string;
  /** Where the device sent its messages. */
  readonly sentTo: string;
  /** Its messages carry credentials. */
  readonly hasCredentials: boolean;
  readonly deviceId: string;
  readonly encoding: Encoding;
  readonly scheme: { readonly device: AuthScheme; readonly server: AuthScheme };
  /** The server took the device's credentials, or asked for none. */
  readonly accepted: boolean;
}

export function partiesOf(exchanges: readonly Exchange[]): Parties | undefined {
  const ups = exchanges.map(({ up }) => up.message);
  const downs = exchanges.flatMap(({ down }) => (down ? [down.message] : []));
  const first = exchanges[0]?.up;
  if (!first) return undefined;
  const { source, target } = first.message.header;
  return {
    user: source.name ?? source.uri,
    serverId: downs.map(({ header }) => header.source.name).find(name => name !== undefined) ?? 'dm-workbench',
    serverUrl: downs[0]?.header.source.uri ?? target.uri,
    sentTo: target.uri,
    hasCredentials: ups.some(({ header }) => header.cred !== undefined),
    deviceId: source.uri,
    encoding: first.record.encoding,
    scheme: { device: schemeUsed(ups, downs), server: schemeUsed(downs, ups) },
    accepted: downs.some(message => !isChallenge(headerWord(message))),
  };
}

/** Answers one message; rejects with TransportError, EncodingError, ProtocolError. */
export type Peer = (wire: Wire, url: string) => Promise<Wire>;

export interface ServerHere {
  readonly peer: Peer;
  readonly prover: Prover | undefined;
}

/** A DM server session of this workbench with the recorded commands as its work, and an account that fits. */
export function serverHere(
  exchanges: readonly Exchange[],
  parties: Parties,
  account: ServerAccount,
  ports: ReplayPorts,
): ServerHere {
  let session: ServerSession | undefined;
  const downs = exchanges.flatMap(({ down }) => (down ? [down.message] : []));
  const meta = downs.map(({ header }) => header.meta).find(found => found !== undefined);
  const respURI = downs[0]?.header.respURI;
  const length = nonceLength(downs);
  const open = (wire: Wire) =>
    new ServerSession(wire, {
      account: parties.accepted ? account : undefined,
      encoding: parties.encoding,
      work: recordedWork(exchanges),
      serverUrl: parties.serverUrl,
      ...(respURI !== undefined && { respURI }),
      newNonce: () => ports.random(length),
      maxMsgSize: meta?.maxMsgSize ?? MAX_MSG_SIZE,
      maxObjSize: meta?.maxObjSize ?? MAX_OBJ_SIZE,
    });
  const { client, clientNonce, clientScheme } = account;
  const proves = parties.accepted && clientScheme !== 'none';
  return {
    async peer(wire) {
      session ??= open(wire);
      return session.receive(wire).reply;
    },
    prover: proves ? new Prover({ identity: client, nonce: clientNonce, scheme: clientScheme }) : undefined,
  };
}

const MAX_MSG_SIZE = 64 * 1024;
const MAX_OBJ_SIZE = 16 * 1024 * 1024;

/** @param mayGo rejects for an address that nothing may be sent to; asked before each message. @throws TransportError, EncodingError */
export function serverAt(encoding: Encoding, mayGo: (url: string) => Promise<void>): Peer {
  return async ({ bytes, hmac }, url) => {
    await mayGo(url);
    const answer = await post(url, { bytes, ...(hmac !== undefined && { hmac }) }, encoding);
    const proof = answer.hmac === undefined ? {} : { hmac: answer.hmac };
    return { message: decodeMessage(answer.bytes, encoding), bytes: answer.bytes, ...proof };
  };
}

/** Nobody knows the nonce of a server elsewhere: its challenge brings one. */
export function proverAt(user: string, password: Secret, scheme: AuthScheme): Prover {
  const known = scheme === 'none' ? 'md5' : scheme;
  return new Prover({ identity: { user, password }, nonce: new Uint8Array(), scheme: known, peer: 'the server' });
}
