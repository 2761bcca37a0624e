/** Messages of a scripted peer: built here, sent as bytes, and what came back as a Message read from its bytes. */
import { Secret } from '../../src-core/base/secret.ts';
import type { Wire } from '../../src-core/session/wire.ts';
import { decodeMessage, type Encoding, encodeMessage } from '../../src-core/syncml/codec.ts';
import type { AuthScheme, Identity } from '../../src-core/syncml/credentials.ts';
import { AUTH_TYPE, basicDigest, formatHmac, hmacDigest, md5Digest } from '../../src-core/syncml/credentials.ts';
import type {
  Chal,
  Command,
  Cred,
  Draft,
  Item,
  Message,
  Results,
  Status,
  SyncHdr,
} from '../../src-core/syncml/message.ts';

export const SERVER_URL = 'http://dm.example/dm';
export const DEVICE_ID = 'IMEI:490154203237518';
export const SESSION_ID = '1A';
export const CLIENT: Identity = { user: 'device', password: Secret.ofText('client-pässword') };
export const SERVER: Identity = { user: 'dm.example', password: Secret.ofText('server-password') };
export const CLIENT_NONCE = Uint8Array.of(1, 2, 3);
export const SERVER_NONCE = Uint8Array.of(0xff);
export const WRONG: Identity = { user: 'device', password: Secret.ofText('wrong') };

/** What a peer adds to its message. */
export interface Envelope {
  /** Default true. */
  readonly final?: boolean;
  readonly header?: Partial<SyncHdr>;
  /** Key of the HMAC that goes with the message. */
  readonly hmac?: { readonly identity: Identity; readonly nonce: Uint8Array };
}

/** A message as its receiver gets it. */
export function wire(message: Message, encoding: Encoding, hmac?: Envelope['hmac']): Wire {
  const bytes = encodeMessage(message, encoding);
  return { message: decodeMessage(bytes, encoding), bytes, ...(hmac && { hmac: hmacOf(hmac, bytes) }) };
}

function hmacOf({ identity, nonce }: NonNullable<Envelope['hmac']>, bytes: Uint8Array): string {
  return formatHmac({ username: identity.user, mac: hmacDigest(identity, nonce, bytes) });
}

/** Gives each draft its CmdID. */
export function numbered(drafts: readonly Draft[]): Command[] {
  let last = 0;
  const number = (draft: Draft): Command => {
    const cmdId = String(++last);
    if (draft.kind === 'Atomic' || draft.kind === 'Sequence')
      return { ...draft, cmdId, commands: draft.commands.map(number) };
    return { ...draft, cmdId } as Command;
  };
  return drafts.map(number);
}

/** Nonces in a row: first, first + 1 … */
export function nonces(first: number): () => Uint8Array {
  let next = first;
  return () => Uint8Array.of(next++);
}

export function cred(scheme: 'basic' | 'md5', identity: Identity, nonce = new Uint8Array()): Cred {
  const data = scheme === 'basic' ? basicDigest(identity) : md5Digest(identity, nonce);
  return { meta: { format: 'b64', type: AUTH_TYPE[scheme] }, data };
}

export function chal(scheme: Exclude<AuthScheme, 'none'>, nonce?: Uint8Array): Chal {
  const nextNonce = nonce && Buffer.from(nonce).toString('base64');
  return { meta: { format: 'b64', type: AUTH_TYPE[scheme], ...(nextNonce !== undefined && { nextNonce }) } };
}

/** The nonce that a header's status brings. */
export function nonceIn(message: Message): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(headerStatusIn(message)?.chal?.meta.nextNonce ?? '', 'base64'));
}

export function headerStatusIn({ commands }: Message): Status | undefined {
  return commands.find((command): command is Status => command.kind === 'Status' && command.cmdRef === '0');
}

/** Statuses of commands, not of the header. */
export function statusesIn({ commands }: Message): Status[] {
  return commands.filter((command): command is Status => command.kind === 'Status' && command.cmdRef !== '0');
}

export function resultsIn({ commands }: Message): Results[] {
  return commands.filter(command => command.kind === 'Results');
}

/** `Get 200` for each status of a command. */
export function codesIn(message: Message): string[] {
  return statusesIn(message).map(({ cmd, code }) => `${cmd} ${code}`);
}

/** What the message asks for: commands that are no answers. */
export function commandsIn({ commands }: Message): Command[] {
  return commands.filter(command => command.kind !== 'Status' && command.kind !== 'Results');
}

/** `Alert 1222`, `Get`: what the message asks for, in a word each. */
export function namesIn(message: Message): string[] {
  return commandsIn(message).map(command => (command.kind === 'Alert' ? `Alert ${command.code}` : command.kind));
}

/** Every chunk or whole object in the message, answers too. */
export function itemsIn({ commands }: Message): Item[] {
  return commands.flatMap(command => ('items' in command ? command.items.filter(item => item.data !== undefined) : []));
}

export function alert(code: number, ...items: Item[]): Draft {
  return { kind: 'Alert', code, items };
}

export function get(...uris: string[]): Draft {
  return { kind: 'Get', items: uris.map(uri => ({ target: { uri } })) };
}

export function replace(uri: string, data: string, more: Partial<Item> = {}): Draft {
  return { kind: 'Replace', items: [{ target: { uri }, data, ...more }] };
}

export function add(uri: string, data: string, more: Partial<Item> = {}): Draft {
  return { kind: 'Add', items: [{ target: { uri }, meta: { format: 'chr', type: 'text/plain' }, data, ...more }] };
}

export const text = (length: number): string => 'abcdefghij'.repeat(Math.ceil(length / 10)).slice(0, length);
