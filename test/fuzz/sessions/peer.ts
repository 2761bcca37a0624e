/** The other side: what a well-behaved one says, with the credentials it has, right or wrong. */
import type { Wire } from '../../../src-core/session/wire.ts';
import { decodeMessage, type Encoding, encodeMessage } from '../../../src-core/syncml/codec.ts';
import {
  type AuthScheme,
  formatHmac,
  fromBase64,
  hmacDigest,
  type Identity,
} from '../../../src-core/syncml/credentials.ts';
import { type Command, commandName, type Draft, type Message, type SyncHdr } from '../../../src-core/syncml/message.ts';
import { cred, headerStatusIn, numbered, SESSION_ID, WRONG } from '../../conformance/bench.ts';
import type { Scenario, Step } from './scenario.ts';

export interface PeerOptions {
  readonly scenario: Scenario;
  readonly identity: Identity;
  readonly nonce: Uint8Array;
  readonly source: string;
  readonly target: string;
  /** What it says first, unasked. */
  readonly opening: readonly Draft[];
}

export class Peer {
  readonly #options: PeerOptions;
  readonly #identity: Identity;
  readonly #encoding: Encoding;
  #nonce: Uint8Array<ArrayBuffer>;
  #msgId = 0;
  /** Our side's last message. */
  #heard: Message | undefined;

  constructor(options: PeerOptions) {
    const { scenario, identity, nonce } = options;
    this.#options = options;
    this.#identity = scenario.peer === 'known' ? identity : { ...WRONG, user: identity.user };
    this.#encoding = scenario.encoding;
    this.#nonce = Uint8Array.from(nonce);
  }

  hear(message: Message): void {
    this.#heard = message;
    const { nextNonce } = headerStatusIn(message)?.chal?.meta ?? {};
    if (nextNonce !== undefined) this.#nonce = Uint8Array.from(fromBase64(nextNonce) ?? []);
  }

  /** The answers that are owed, then what it asks for. */
  polite(own: readonly Draft[] = []): Wire {
    return this.#wire(numbered([...this.#answers(), ...own]), {}, true);
  }

  say({ answers, commands, header, final }: Extract<Step, { kind: 'say' }>): Wire {
    return this.#wire([...numbered(answers ? this.#answers() : []), ...commands], header, final);
  }

  #wire(commands: readonly Command[], more: Partial<SyncHdr>, final: boolean): Wire {
    const { scenario, source, target } = this.#options;
    const proof = this.#cred();
    const header = {
      verDTD: '1.2',
      verProto: 'DM/1.2',
      sessionId: SESSION_ID,
      msgId: ++this.#msgId,
      target: { uri: target },
      source: { uri: source, name: this.#identity.user },
      ...(proof && { cred: proof }),
      ...(scenario.peerSize !== undefined && { meta: { maxMsgSize: scenario.peerSize } }),
      ...more,
    };
    const bytes = encodeMessage({ header, commands, final }, this.#encoding);
    return { message: decodeMessage(bytes, this.#encoding), bytes, ...this.#hmac(bytes) };
  }

  #hmac(bytes: Uint8Array): { hmac?: string } {
    if (this.#options.scenario.shown !== 'hmac') return {};
    const { user } = this.#identity;
    return { hmac: formatHmac({ username: user, mac: hmacDigest(this.#identity, this.#nonce, bytes) }) };
  }

  /** Statuses for the header and all commands, Results for each Get. */
  #answers(): Draft[] {
    const heard = this.#heard;
    if (!heard) return [...this.#options.opening];
    return [this.#headerStatus(heard), ...heard.commands.flatMap(command => answersTo(heard, command))];
  }

  /** With a nonce for the next HMAC, in case that is the scheme. */
  #headerStatus({ header }: Message): Draft {
    const meta = { format: 'b64', type: 'syncml:auth-MAC', nextNonce: Buffer.from([this.#msgId]).toString('base64') };
    const hmac = this.#options.scenario.scheme === 'hmac';
    return {
      kind: 'Status',
      msgRef: header.msgId,
      cmdRef: '0',
      cmd: 'SyncHdr',
      targetRefs: [header.target.uri],
      sourceRefs: [header.source.uri],
      ...(hmac && { chal: { meta } }),
      code: hmac ? 200 : 212,
      items: [],
    };
  }

  #cred(): SyncHdr['cred'] {
    const scheme: AuthScheme = this.#options.scenario.shown;
    return scheme === 'basic' || scheme === 'md5' ? cred(scheme, this.#identity, this.#nonce) : undefined;
  }
}

function answersTo({ header }: Message, command: Command): Draft[] {
  if (command.kind === 'Status') return [];
  const refs = { msgRef: header.msgId, cmdRef: command.cmdId, targetRefs: [], sourceRefs: [] };
  const status: Draft = { kind: 'Status', ...refs, cmd: commandName(command), code: 200, items: [] };
  if (command.kind === 'Atomic' || command.kind === 'Sequence')
    return [status, ...command.commands.flatMap(inner => answersTo({ header } as Message, inner))];
  if (command.kind !== 'Get') return [status];
  const items = command.items.map(({ target }) => ({ ...(target && { source: target }), data: 'value' }));
  return [status, { kind: 'Results', ...refs, items }];
}
