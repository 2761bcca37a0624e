/** A real server session and a real client session joined; every message travels as bytes, and they are kept. */
import { childElements, type MarkupElement } from '../../src-core/encoding/markup.ts';
import { ClientSession, type ClientSessionPorts } from '../../src-core/session/client-session.ts';
import type { Answer, Question } from '../../src-core/session/interaction.ts';
import type { ServerAccount } from '../../src-core/session/server-account.ts';
import { ServerSession, type ServerSessionPorts } from '../../src-core/session/server-session.ts';
import type { ServerWork } from '../../src-core/session/server-work.ts';
import type { Wire } from '../../src-core/session/wire.ts';
import { decodeMarkup, decodeMessage, type Encoding } from '../../src-core/syncml/codec.ts';
import type { Command, Draft, Message, Results, Status } from '../../src-core/syncml/message.ts';
import { CLIENT, CLIENT_NONCE, DEVICE_ID, nonces, SERVER, SERVER_NONCE, SERVER_URL, SESSION_ID } from './bench.ts';
import { ACCOUNT, deviceTree } from './scripted-server.ts';

export interface BothEndsOptions {
  readonly encoding?: Encoding;
  /** Drafts of each package, or who has them. */
  readonly work?: readonly (readonly Draft[])[] | ServerWork;
  readonly client?: Partial<ClientSessionPorts>;
  readonly server?: Partial<Omit<ServerSessionPorts, 'account' | 'work'>>;
  readonly account?: Partial<ServerAccount>;
}

export interface Session {
  readonly encoding: Encoding;
  readonly server: readonly Wire[];
  readonly client: readonly Wire[];
  readonly statuses: readonly [Command, Status][];
  readonly results: readonly [Command, Results][];
  readonly unsent: readonly Draft[];
  /** Why it ended, as each end says. */
  readonly outcomes: readonly string[];
}

/** Runs a session to its end. */
export function runSession(options: BothEndsOptions = {}): Session {
  const { encoding = 'wbxml', work = [] } = options;
  const sent = { server: [] as Wire[], client: [] as Wire[] };
  const told = {
    statuses: [] as [Command, Status][],
    results: [] as [Command, Results][],
    unsent: [] as Draft[],
    outcomes: [] as string[],
  };
  const client = new ClientSession({
    tree: deviceTree(),
    account: ACCOUNT,
    deviceId: DEVICE_ID,
    devInfo: [{ source: { uri: './DevInfo/Man' }, meta: { format: 'chr', type: 'text/plain' }, data: 'Factory' }],
    sessionId: SESSION_ID,
    newNonce: nonces(0x10),
    maxMsgSize: 5000,
    ...options.client,
    encoding,
  });
  const queue = 'next' in work ? [] : [...work];
  const scripted: ServerWork = {
    next: () => queue.shift() ?? [],
    onStatus: (command, status) => told.statuses.push([command, status]),
    onResults: (command, results) => told.results.push([command, results]),
    onUnsent: draft => told.unsent.push(draft),
  };
  let up: Wire | undefined = client.start();
  const server = new ServerSession(travel(up, encoding), {
    encoding,
    serverUrl: SERVER_URL,
    newNonce: nonces(0x20),
    maxMsgSize: 6000,
    maxObjSize: 100_000,
    ...options.server,
    account: {
      client: CLIENT,
      clientNonce: CLIENT_NONCE,
      clientScheme: 'md5',
      server: SERVER,
      serverNonce: SERVER_NONCE,
      serverScheme: 'md5',
      ...options.account,
    },
    work: 'next' in work ? work : scripted,
  });
  for (let messages = 0; up && messages < 200; messages++) {
    sent.client.push(up);
    const down = server.receive(travel(up, encoding));
    sent.server.push(down.reply);
    let exchange = client.receive(travel(down.reply, encoding));
    while (exchange.question) exchange = client.answer(agree(exchange.question));
    for (const event of [...down.events, ...exchange.events]) {
      if (event.kind === 'ended') told.outcomes.push(event.outcome);
    }
    up = server.state === 'ended' ? undefined : exchange.reply;
  }
  return { encoding, ...sent, ...told };
}

/** A person who sees everything and agrees to it. */
function agree({ kind }: Question): Answer {
  return kind === 'display' ? { kind: 'shown' } : { kind: 'confirmed', yes: true };
}

/** As the far end gets it. */
function travel({ bytes, hmac }: Wire, encoding: Encoding): Wire {
  return { message: decodeMessage(bytes, encoding), bytes, ...(hmac !== undefined && { hmac }) };
}

/** The document that a message is. */
export function markupOf({ bytes }: Wire, encoding: Encoding): MarkupElement {
  return decodeMarkup(bytes, encoding);
}

/** Every element in the message, whatever its depth, with the one it stands in. */
export function* elementsOf(
  root: MarkupElement,
): Generator<{ element: MarkupElement; parent: MarkupElement | undefined }> {
  const waiting: { element: MarkupElement; parent: MarkupElement | undefined }[] = [
    { element: root, parent: undefined },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const parent = next.element;
    waiting.push(...childElements(parent).map(element => ({ element, parent })));
  }
}

/** Commands of a message, those within groups too. */
export function allCommands({ commands }: Pick<Message, 'commands'>): Command[] {
  return commands.flatMap(command => ('commands' in command ? [command, ...allCommands(command)] : [command]));
}
