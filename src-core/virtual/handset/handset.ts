/** A virtual handset: a DM client with a tree of its own, bootstrapped like a real one, behind any transport. */
import { ProtocolError } from '../../base/errors.ts';
import { DMACC_TYPE, type DmAccount, readDmAccount } from '../../objects/dmacc.ts';
import { inboxObjects } from '../../objects/inbox.ts';
import { ClientSession } from '../../session/client-session.ts';
import type { SessionEvent } from '../../session/events.ts';
import { decodeMessage, type Encoding, encodeMessage } from '../../syncml/codec.ts';
import type { Item, Message } from '../../syncml/message.ts';
import { ManagementTree } from '../../tree/management-tree.ts';
import { deviceIdOf, factoryTree, type HandsetIdentity } from './identity.ts';

/** One message to the server, its answer back; rejects with TransportError. */
export type Exchange = (url: string, message: Uint8Array, encoding: Encoding) => Promise<Uint8Array>;

export interface HandsetPorts {
  readonly now: () => number;
  readonly newNonce: () => Uint8Array;
  readonly exchange: Exchange;
}

export interface SessionReport {
  readonly sessionId: string;
  readonly outcome: 'completed' | 'refused' | 'aborted';
  /** What the handset would show its user. */
  readonly reason: string;
  readonly authenticated: { readonly client: boolean; readonly server: boolean };
  readonly messages: number;
}

const MAX_MSG_SIZE = 64 * 1024;
/** A server that never ends is not followed for ever. */
const MAX_MESSAGES = 10_000;
const ACCOUNTS = './DMAcc';

export class VirtualHandset {
  readonly identity: HandsetIdentity;
  readonly tree: ManagementTree;
  readonly #ports: HandsetPorts;
  #sessions = 0;

  constructor(identity: HandsetIdentity, ports: HandsetPorts) {
    this.identity = identity;
    this.#ports = ports;
    this.tree = new ManagementTree(factoryTree(identity), { now: ports.now });
  }

  get deviceId(): string {
    return deviceIdOf(this.identity);
  }

  /**
   * Processes a DM profile bootstrap message as a normal message that is not answered: DM accounts go to ./DMAcc, one of
   * the same name replaces the old. @returns the accounts. @throws EncodingError, ProtocolError
   */
  bootstrap(bytes: Uint8Array): DmAccount[] {
    const nodes = inboxObjects(decodeMessage(bytes, 'wbxml')).map(({ node }) => node);
    const accounts = nodes.filter(node => node.type === DMACC_TYPE);
    if (accounts.length === 0) throw new ProtocolError('no-account', 'the bootstrap holds no DM account', 412);
    const read = accounts.map(readDmAccount);
    for (const node of accounts) {
      const uri = `${ACCOUNTS}/${node.name}`;
      if (this.tree.has(uri)) this.tree.delete(uri, 'device');
      this.tree.add(uri, node, 'device');
    }
    return read;
  }

  accounts(): DmAccount[] {
    return this.tree.get(ACCOUNTS, 'device').children.map(readDmAccount);
  }

  /** One management session with the first account's server. @throws ProtocolError (no account), TransportError */
  async connect(encoding: Encoding = 'wbxml'): Promise<SessionReport> {
    const [account] = this.accounts();
    if (!account) {
      throw new ProtocolError('no-account', 'this handset knows no DM server', 412, {
        advice: 'Bootstrap it first: insert a card that carries a DM bootstrap',
      });
    }
    const sessionId = (++this.#sessions).toString(16).toUpperCase().padStart(2, '0');
    const session = this.#session(account, sessionId);
    const authenticated = { client: false, server: false };
    let messages = 0;
    const send = (message: Message): Promise<Uint8Array> => {
      messages += 2;
      return this.#ports.exchange(message.header.target.uri, encodeMessage(message, encoding), encoding);
    };
    let sent = session.start();
    while (messages < MAX_MESSAGES) {
      const { reply, events } = session.receive(decodeMessage(await send(sent), encoding));
      for (const event of events) {
        if (event.kind === 'authenticated') authenticated[event.side] = true;
        if (event.kind === 'nonce') this.#keepNonce(account, event);
      }
      const ended = events.find(event => event.kind === 'ended');
      if (ended) {
        // A refusal is still told to the server; what it answers changes nothing.
        if (reply) await send(reply);
        return { sessionId, outcome: ended.outcome, reason: ended.reason, authenticated, messages };
      }
      if (reply) sent = reply;
    }
    return { sessionId, outcome: 'aborted', reason: 'the session did not come to an end', authenticated, messages };
  }

  #session(account: DmAccount, sessionId: string): ClientSession {
    return new ClientSession({
      tree: this.tree,
      account,
      deviceId: this.deviceId,
      devInfo: this.#devInfo(),
      sessionId,
      newNonce: this.#ports.newNonce,
      maxMsgSize: MAX_MSG_SIZE,
    });
  }

  #devInfo(): Item[] {
    return this.tree.get('./DevInfo', 'device').children.map(({ name, format, type, value }) => ({
      source: { uri: `./DevInfo/${name}` },
      meta: { format, ...(type && { type }) },
      data: value ?? '',
    }));
  }

  /** A next nonce belongs into the account (AAuthData), so that it survives the session. */
  #keepNonce(account: DmAccount, event: Extract<SessionEvent, { kind: 'nonce' }>): void {
    const level = event.side === 'client' ? 'CLCRED' : 'SRVCRED';
    const credentials = `${ACCOUNTS}/${account.name}/AppAuth`;
    const { children } = this.tree.get(credentials, 'device');
    const own = children.find(node => node.children.some(leaf => leaf.name === 'AAuthLevel' && leaf.value === level));
    const uri = `${credentials}/${own?.name}/AAuthData`;
    this.tree.replace(uri, Buffer.from(event.nonce).toString('base64'), 'device');
  }
}
