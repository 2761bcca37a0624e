/** Replays one side of a recorded session against a peer, and tells of every exchange. Nothing of it is recorded. */
import { setImmediate } from 'node:timers/promises';
import { describeError, RequestError, WorkbenchError } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import type { DmAccount } from '../../objects/dmacc.ts';
import type { Wire } from '../../session/wire.ts';
import type { MessageRecord, NewMessage } from '../../store/contract.ts';
import type { ReplayTarget } from '../session-views.ts';
import { isSameOrigin, refuseOtherOrigin, refuseOwnServer } from './address.ts';
import { DeviceReplay } from './device-replay.ts';
import type { Difference } from './difference.ts';
import { proverOf, ReplayHandset } from './handset.ts';
import { type Parties, type Peer, partiesOf, proverAt, type ReplayPorts, serverAt, serverHere } from './peers.ts';
import {
  beginsSession,
  type Exchange,
  readRecording,
  withoutDeviceChallenges,
  withoutServerChallenges,
} from './recording.ts';
import { ServerReplay } from './server-replay.ts';
import { type MaskedPlaces, withoutMasked } from './without-masked.ts';

export interface ReplayStep {
  readonly done: boolean;
  /** An error broke it off; `detail` says which. */
  readonly failed: boolean;
  readonly differences: readonly Difference[];
  /** All that went over so far. */
  readonly messages: readonly Omit<NewMessage, 'sessionKey'>[];
  readonly detail: string;
}

/** All but the replay on a device, which is work. */
export type MemoryTarget = Exclude<ReplayTarget, { kind: 'device' }>;

/** @throws RequestError where there is nothing to replay */
export async function* runReplay(
  records: readonly MessageRecord[],
  target: MemoryTarget,
  ports: ReplayPorts,
  signal: AbortSignal,
  masked: MaskedPlaces = new Map(),
): AsyncGenerator<ReplayStep> {
  if (target.kind === 'server') await refuseOwnServer(target.url, ports.dmUrl);
  const { records: sound, leftOut, credentialsMasked } = withoutMasked(records, masked, SENT_AGAIN[target.kind]);
  const { exchanges: all, stopped } = readRecording(sound);
  const exchanges = withoutDeviceChallenges(all);
  const parties = partiesOf(exchanges);
  if (!parties) {
    throw new RequestError('nothing-to-replay', stopped ?? 'this session has no message of the device', {
      advice: 'Choose a session that begins with package 1',
    });
  }
  if (target.kind === 'server') checkCredentials(target, parties, credentialsMasked);
  const log = new Log(ports.now, [...(stopped === undefined ? [] : [stopped]), ...leftOut]);
  if (target.kind === 'handset') yield await againstHandset(withoutServerChallenges(exchanges), parties, ports, log);
  else yield* againstServer(exchanges, parties, target, ports, log, signal);
}

/** Whose messages go out again. */
const SENT_AGAIN = { server: ['up'], handset: ['down'], 'server-here': ['up', 'down'] } as const;

/** Recorded credentials are for the recorded server alone, and for it only where they are whole. @throws RequestError */
function checkCredentials(
  { url, password }: Extract<MemoryTarget, { kind: 'server' }>,
  { sentTo, hasCredentials }: Parties,
  credentialsMasked: boolean,
): void {
  if (password !== undefined || !hasCredentials) return;
  const why = credentialsMasked
    ? 'the credentials were left out of the file'
    : `the recorded credentials are for ${sentTo}, not for this server`;
  if (!credentialsMasked && isSameOrigin(url, sentTo)) return;
  throw new RequestError('needs-password', why, { advice: 'Give the password that this server knows the device by' });
}

async function* againstServer(
  exchanges: readonly Exchange[],
  parties: Parties,
  target: Exclude<MemoryTarget, { kind: 'handset' }>,
  ports: ReplayPorts,
  log: Log,
  signal: AbortSignal,
): AsyncGenerator<ReplayStep> {
  const { peer, prover, serverUrl } = opponent(exchanges, parties, target, ports);
  const sessionId =
    target.kind === 'server' ? Buffer.from(ports.random(2)).toString('hex').toUpperCase() : firstId(exchanges);
  const replay = new DeviceReplay(exchanges, {
    serverUrl,
    sessionId,
    prover,
    newNonce: bytes => nonceText(ports, bytes),
  });
  try {
    for (let sent = replay.start(); sent && !signal.aborted; ) {
      log.add('up', sent, exchanges);
      const reply = await peer(sent, sent.message.header.target.uri);
      log.add('down', reply, exchanges);
      sent = replay.take(reply);
      yield log.step(false, replay.differences, '');
      await setImmediate();
    }
    yield log.step(true, replay.differences, signal.aborted ? 'cancelled' : (replay.ended ?? ''));
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    yield { ...log.step(true, replay.differences, describeError(error)), failed: true };
  }
}

interface Opponent {
  readonly peer: Peer;
  readonly prover: ReturnType<typeof proverAt> | undefined;
  readonly serverUrl: string;
}

function opponent(
  exchanges: readonly Exchange[],
  parties: Parties,
  target: Exclude<MemoryTarget, { kind: 'handset' }>,
  ports: ReplayPorts,
): Opponent {
  const { serverUrl } = parties;
  if (target.kind === 'server-here') {
    const { client, server } = accountFor(parties, ports);
    const account = {
      client: { user: client.name, password: client.secret },
      clientNonce: client.nonce,
      clientScheme: client.scheme,
      server: { user: server.name, password: server.secret },
      serverNonce: server.nonce,
      serverScheme: server.scheme,
    };
    return { ...serverHere(exchanges, parties, account, ports), serverUrl };
  }
  const { url, user = parties.user, password } = target;
  const prover = password === undefined ? undefined : proverAt(user, Secret.ofText(password), parties.scheme.device);
  const mayGo = async (next: string): Promise<void> => {
    refuseOtherOrigin(next, url);
    await refuseOwnServer(next, ports.dmUrl);
  };
  return { peer: serverAt(parties.encoding, mayGo), prover, serverUrl: url };
}

async function againstHandset(
  exchanges: readonly Exchange[],
  parties: Parties,
  ports: ReplayPorts,
  log: Log,
): Promise<ReplayStep> {
  const account = accountFor(parties, ports);
  const replay = new ServerReplay(exchanges, { prover: proverOf(account), newNonce: bytes => nonceText(ports, bytes) });
  const handset = new ReplayHandset(exchanges, parties, account, ports, wire => {
    log.add('up', wire, exchanges);
    const reply = replay.receive(wire);
    if (reply) log.add('down', reply, exchanges);
    return reply;
  });
  const detail = await handset.run();
  replay.over();
  return log.step(true, replay.differences, detail);
}

/** Names as they were recorded, with passwords that nobody else has. */
function accountFor({ user, serverId, serverUrl, scheme }: Parties, { random }: ReplayPorts): DmAccount {
  const password = () => Secret.ofText(Buffer.from(random(18)).toString('base64url'));
  return {
    name: 'Workbench',
    serverId,
    displayName: 'DM Workbench',
    serverUrl,
    client: { scheme: scheme.device, name: user, secret: password(), nonce: random(16) },
    server: { scheme: scheme.server, name: serverId, secret: password(), nonce: random(16) },
  };
}

/** What went over, as messages that a session can be made of. */
class Log {
  readonly #messages: Omit<NewMessage, 'sessionKey'>[] = [];
  readonly #now: () => number;
  /** What of the recording could not be replayed, in words. */
  readonly #missing: readonly string[];
  #package = 1;

  constructor(now: () => number, missing: readonly string[]) {
    this.#now = now;
    this.#missing = missing;
  }

  add(direction: 'up' | 'down', { message, bytes }: Wire, exchanges: readonly Exchange[]): void {
    const encoding = exchanges[0]?.up.record.encoding ?? 'wbxml';
    if (direction === 'up') this.#package = beginsSession(message) ? 1 : 3;
    const part = direction === 'up' ? this.#package : this.#package + 1;
    this.#messages.push({ at: this.#now(), direction, package: part, encoding, bytes });
  }

  step(done: boolean, differences: readonly Difference[], detail: string): ReplayStep {
    const why = done ? [detail, ...this.#missing].join('; ') : detail;
    return { done, failed: false, differences: [...differences], messages: [...this.#messages], detail: why };
  }
}

const firstId = (exchanges: readonly Exchange[]): string => exchanges[0]?.up.message.header.sessionId ?? '1';
const nonceText = ({ random }: ReplayPorts, bytes: number): string => Buffer.from(random(bytes)).toString('base64');
