/** A virtual handset that stands in for the device of a recording: of its name, with an account that fits, in memory. */
import { ProtocolError } from '../../base/errors.ts';
import { buildDmBootstrap } from '../../bootstrap/dm-profile.ts';
import type { DmAccount } from '../../objects/dmacc.ts';
import { Prover } from '../../session/authentication.ts';
import type { Wire } from '../../session/wire.ts';
import { decodeMessage } from '../../syncml/codec.ts';
import { AlertCode } from '../../syncml/codes.ts';
import type { Message } from '../../syncml/message.ts';
import { type ConnectOptions, VirtualHandset } from '../../virtual/handset/handset.ts';
import { DEFAULT_HANDSET, type HandsetIdentity } from '../../virtual/handset/identity.ts';
import type { Parties, ReplayPorts } from './peers.ts';
import { type Exchange, nonceLength } from './recording.ts';

/** Answers the handset's message; undefined where nothing was recorded to answer with. */
export type Answering = (wire: Wire) => Wire | undefined;

export class ReplayHandset {
  readonly #handset: VirtualHandset;
  readonly #options: ConnectOptions;

  constructor(
    exchanges: readonly Exchange[],
    parties: Parties,
    account: DmAccount,
    ports: ReplayPorts,
    answer: Answering,
  ) {
    const first = exchanges[0]?.up.message;
    const length = nonceLength(exchanges.map(({ up }) => up.message));
    this.#options = optionsOf(first, parties);
    this.#handset = new VirtualHandset(identityOf(first), {
      now: ports.now,
      newNonce: () => ports.random(length),
      exchange: async (_url, { bytes, hmac }) => {
        const message = decodeMessage(bytes, parties.encoding);
        const reply = answer({ message, bytes, ...(hmac !== undefined && { hmac }) });
        if (!reply) throw new ProtocolError('replay-over', 'the recording ends here', 400);
        return { bytes: reply.bytes, ...(reply.hmac !== undefined && { hmac: reply.hmac }) };
      },
    });
    this.#handset.bootstrap(buildDmBootstrap(account));
    for (const alert of first?.commands ?? [])
      if (alert.kind === 'Alert' && EVENTS.has(alert.code)) this.#handset.raise(alert);
  }

  /** Runs the session to its end; how it ended, in words. */
  async run(): Promise<string> {
    try {
      const { outcome, reason } = await this.#handset.connect(this.#options);
      return `the handset's session ended ${outcome}: ${reason}`;
    } catch (error) {
      if (error instanceof ProtocolError) return `the handset's session broke off: ${error.message}`;
      throw error;
    }
  }
}

const EVENTS: ReadonlySet<number> = new Set([AlertCode.CLIENT_EVENT, AlertCode.GENERIC]);

/** The server's side of the account: what proves it to the handset. */
export function proverOf({ server }: DmAccount): Prover | undefined {
  if (server.scheme === 'none') return undefined;
  const identity = { user: server.name, password: server.secret };
  return new Prover({ identity, nonce: server.nonce, scheme: server.scheme });
}

function optionsOf(first: Message | undefined, { encoding }: Parties): ConnectOptions {
  if (!first) return { encoding };
  const { verDTD, verProto, meta } = first.header;
  return {
    encoding,
    versions: [{ verDTD, verProto }],
    serverInitiated: first.commands.some(
      command => command.kind === 'Alert' && command.code === AlertCode.SERVER_INITIATED,
    ),
    ...(meta?.maxMsgSize !== undefined && { maxMsgSize: meta.maxMsgSize }),
    ...(meta?.maxObjSize !== undefined && { maxObjSize: meta.maxObjSize }),
  };
}

/** What package 1 says of the device; the rest is the usual virtual handset's. */
function identityOf(first: Message | undefined): HandsetIdentity {
  const said = new Map<string, string>();
  for (const command of first?.commands ?? [])
    if (command.kind === 'Replace')
      for (const { source, target, data } of command.items)
        if (typeof data === 'string') said.set((source?.uri ?? target?.uri ?? '').replace(/^\.\//, ''), data);
  return {
    ...DEFAULT_HANDSET,
    imei: (said.get('DevInfo/DevId') ?? `IMEI:${DEFAULT_HANDSET.imei}`).replace(/^IMEI:/, ''),
    manufacturer: said.get('DevInfo/Man') ?? DEFAULT_HANDSET.manufacturer,
    model: said.get('DevInfo/Mod') ?? DEFAULT_HANDSET.model,
    language: said.get('DevInfo/Lang') ?? DEFAULT_HANDSET.language,
  };
}
