/** Which identities acted in a session, with which credentials, and what the other side said to them. Pure. */
import { describeStatus, isSuccess } from '../syncml/codes.ts';
import { basicUser, schemeOf } from '../syncml/credentials.ts';
import type { Cred, Message, Status } from '../syncml/message.ts';
import type { ReadMessage } from './messages.ts';
import type { ActingView, ProofView } from './session-views.ts';

type Direction = ReadMessage['record']['direction'];

interface Decoded {
  readonly key: string;
  readonly direction: Direction;
  readonly message: Message;
}

export function actingIn(read: readonly ReadMessage[]): ActingView[] {
  const decoded = read.flatMap(({ record, content }): Decoded[] =>
    content.ok ? [{ key: record.key, direction: record.direction, message: content.value }] : [],
  );
  return (['up', 'down'] as const).flatMap(direction => sideOf(direction, decoded));
}

function sideOf(direction: Direction, decoded: readonly Decoded[]): ActingView[] {
  const own = decoded.filter(one => one.direction === direction);
  const [first] = own;
  if (!first) return [];
  const words = headerStatuses(decoded.filter(one => one.direction !== direction));
  const name = own.map(({ message }) => nameIn(message)).find(found => found !== undefined);
  return [
    {
      side: direction === 'up' ? 'device' : 'server',
      address: first.message.header.source.uri,
      ...(name !== undefined && { name }),
      proofs: own.flatMap(({ key, message }) => proofOf(key, message, words.get(message.header.msgId))),
    },
  ];
}

function nameIn({ header: { source, cred } }: Message): string | undefined {
  return source.name ?? (cred && basicUser(cred));
}

/** The other side's first word on each header, by MsgID. */
function headerStatuses(others: readonly Decoded[]): Map<number, Status> {
  const words = new Map<number, Status>();
  for (const { message } of others)
    for (const command of message.commands)
      if (command.kind === 'Status' && command.cmdRef === '0' && !words.has(command.msgRef))
        words.set(command.msgRef, command);
  return words;
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
