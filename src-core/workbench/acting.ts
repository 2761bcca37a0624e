/** Which identities acted in a session, with which credentials, and what the other side said to them. Pure. */
import { describeStatus, isSuccess } from '../syncml/codes.ts';
import { basicUser, schemeOf } from '../syncml/credentials.ts';
import type { Cred, Message, Status } from '../syncml/message.ts';
import type { ReadMessage } from './messages.ts';
import type { ActingView, ProofView } from './session-views.ts';

type Direction = ReadMessage['record']['direction'];

interface Said {
  readonly key: string;
  readonly message: Message;
}

/** One side of a session: what it said of itself, and the other side's first word on each of its headers, by MsgID. */
class Side {
  readonly said = new Map<number, Said[]>();
  readonly words = new Map<number, Status>();
  address: string | undefined;
  name: string | undefined;
  readonly changed = new Map<string, Said>();
}

/** Who acted in a session that grows: a message costs its own proof and those that it answers. */
export class Acting {
  readonly #sides: Readonly<Record<Direction, Side>> = { up: new Side(), down: new Side() };

  add({ record, content }: ReadMessage): void {
    if (!content.ok) return;
    const { direction, key } = record;
    const message = content.value;
    this.#says(this.#sides[direction], { key, message });
    this.#answers(this.#sides[direction === 'up' ? 'down' : 'up'], message);
  }

  /** The sides with the proofs that are new or changed since they were last asked for. */
  changes(): ActingView[] {
    return (['up', 'down'] as const).flatMap(direction => viewOf(direction, this.#sides[direction]));
  }

  #says(side: Side, said: Said): void {
    const { msgId, source } = said.message.header;
    side.address ??= source.uri;
    side.name ??= nameIn(said.message);
    side.said.set(msgId, [...(side.said.get(msgId) ?? []), said]);
    side.changed.set(said.key, said);
  }

  #answers(side: Side, { commands }: Message): void {
    for (const command of commands) {
      if (command.kind !== 'Status' || command.cmdRef !== '0' || side.words.has(command.msgRef)) continue;
      side.words.set(command.msgRef, command);
      for (const said of side.said.get(command.msgRef) ?? []) side.changed.set(said.key, said);
    }
  }
}

export function actingIn(read: readonly ReadMessage[]): ActingView[] {
  const acting = new Acting();
  for (const message of read) acting.add(message);
  return acting.changes();
}

function viewOf(direction: Direction, side: Side): ActingView[] {
  const { address, name, changed, words } = side;
  const proofs = [...changed.values()].flatMap(({ key, message }) =>
    proofOf(key, message, words.get(message.header.msgId)),
  );
  changed.clear();
  if (address === undefined) return [];
  return [{ side: direction === 'up' ? 'device' : 'server', address, ...(name !== undefined && { name }), proofs }];
}

function nameIn({ header: { source, cred } }: Message): string | undefined {
  return source.name ?? (cred && basicUser(cred));
}

/** Nothing where the message brought no credentials and nobody asked for any. */
function proofOf(messageKey: string, { header }: Message, word: Status | undefined): ProofView[] {
  const { cred, msgId } = header;
  const asked = word?.chal?.meta.type;
  if (!cred && asked === undefined) return [];
  const isRefusal = word !== undefined && !isSuccess(word.code);
  return [
    {
      messageKey,
      msgId,
      scheme: schemeIn(cred, asked, isRefusal),
      ...(word && { answer: { code: word.code, text: describeStatus(word.code), ok: !isRefusal } }),
      ...(isRefusal && asked !== undefined && { asked: nameOf(asked) }),
    },
  ];
}

/** HMACs travel beside the message: that it was one shows in an answer that brings the nonce for the next. */
function schemeIn(cred: Cred | undefined, asked: string | undefined, isRefusal: boolean): string {
  if (cred) return nameOf(cred.meta?.type ?? '');
  return schemeOf(asked) === 'hmac' && !isRefusal ? NAMES.hmac : '';
}

const NAMES = { basic: 'basic', md5: 'MD5', hmac: 'HMAC' } as const;

function nameOf(type: string): string {
  const scheme = schemeOf(type);
  return scheme ? NAMES[scheme] : type;
}
