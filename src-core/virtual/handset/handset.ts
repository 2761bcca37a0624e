/** A virtual handset: a DM client with a tree of its own, bootstrapped like a real one, behind any transport. */
import { ProtocolError, TransportError } from '../../base/errors.ts';
import { DEFAULT_URI_LIMITS } from '../../objects/devdetail.ts';
import { DMACC_TYPE, type DmAccount, readDmAccount } from '../../objects/dmacc.ts';
import { inboxObjects } from '../../objects/inbox.ts';
import type { AlertDraft } from '../../session/alert-form.ts';
import { type ClientExchange, ClientSession } from '../../session/client-session.ts';
import type { SessionEvent } from '../../session/events.ts';
import type { Answer, Question } from '../../session/interaction.ts';
import type { ProtocolVersion } from '../../session/versions.ts';
import type { Wire } from '../../session/wire.ts';
import { decodeMessage, type Encoding } from '../../syncml/codec.ts';
import { AlertCode } from '../../syncml/codes.ts';
import type { Item, ItemData } from '../../syncml/message.ts';
import { ManagementTree } from '../../tree/management-tree.ts';
import { defaultAnswer } from './answers.ts';
import { Firmware, type FirmwareScript } from './firmware.ts';
import { deviceIdOf, factoryTree, type HandsetIdentity, isPermanent } from './identity.ts';

/** Bytes as the transport carries them, with the value of x-syncml-hmac where that scheme is used. */
export interface Parcel {
  readonly bytes: Uint8Array;
  readonly hmac?: string;
}

/** One message to the server, its answer back; rejects with TransportError. */
export type Exchange = (url: string, message: Parcel, encoding: Encoding) => Promise<Parcel>;

export interface HandsetPorts {
  readonly now: () => number;
  readonly newNonce: () => Uint8Array;
  readonly exchange: Exchange;
  /** How operations on its firmware end; absent: well, where the address of the package can be one. */
  readonly firmware?: FirmwareScript;
  /** Asks the person who holds the handset, or a script; absent: `defaultAnswer`. */
  readonly ask?: (question: Question) => Promise<Answer>;
}

export interface ConnectOptions {
  readonly encoding?: Encoding;
  /** Preferred first; default DM 1.2. */
  readonly versions?: readonly ProtocolVersion[];
  /** Bytes that this handset takes. */
  readonly maxMsgSize?: number;
  readonly maxObjSize?: number;
  /** In answer to a notification: alert 1200. */
  readonly serverInitiated?: boolean;
  /** False: it answers 406 to `?list=Struct` and `StructData`, or to TNDS objects. */
  readonly structLists?: boolean;
  readonly dmtnds?: boolean;
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
const MAX_OBJ_SIZE = 4 * 1024 * 1024;
/** How often a message is sent again whose answer was lost; a server answers it with the same bytes. */
const RETRANSMISSIONS = 2;
/** A server that never ends is not followed for ever. */
const MAX_MESSAGES = 10_000;
const ACCOUNTS = './DMAcc';

export class VirtualHandset {
  readonly identity: HandsetIdentity;
  readonly tree: ManagementTree;
  readonly #ports: HandsetPorts;
  /** What Exec commands started, oldest first. */
  readonly executed: { readonly uri: string; readonly argument: ItemData | undefined }[] = [];
  readonly #firmware: Firmware;
  #sessions = 0;
  #alerts: AlertDraft[] = [];

  constructor(identity: HandsetIdentity, ports: HandsetPorts) {
    this.identity = identity;
    this.#ports = ports;
    this.tree = new ManagementTree(factoryTree(identity), {
      now: ports.now,
      limits: DEFAULT_URI_LIMITS,
      permanent: isPermanent,
    });
    this.#firmware = new Firmware(this.tree, ports.firmware);
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

  /** A client event or generic alert, told to the server in the next session (Protocol §8.7). */
  raise(alert: AlertDraft): void {
    this.#alerts.push(alert);
  }

  /** It has to tell the server how an operation ended: a device then connects by itself (FUMO §6.2.2). */
  get hasNews(): boolean {
    return this.#firmware.busy;
  }

  /** One management session with the first account's server. @throws ProtocolError (no account), TransportError */
  async connect(options: ConnectOptions = {}): Promise<SessionReport> {
    const [account] = this.accounts();
    if (!account) {
      throw new ProtocolError('no-account', 'this handset knows no DM server', 412, {
        advice: 'Bootstrap it first: insert a card that carries a DM bootstrap',
      });
    }
    const encoding = options.encoding ?? 'wbxml';
    const ended = this.#firmware.finish();
    if (ended) this.raise(ended);
    const sessionId = (++this.#sessions).toString(16).toUpperCase().padStart(2, '0');
    const session = this.#session(account, sessionId, options);
    const authenticated = { client: false, server: false };
    let messages = 0;
    let sent = session.start();
    this.#alerts = [];
    while (messages < MAX_MESSAGES) {
      messages += 2;
      const { reply, events } = await this.#turn(session, await this.#send(sent, encoding));
      for (const event of events) {
        if (event.kind === 'authenticated') authenticated[event.side] = event.scheme !== 'none';
        if (event.kind === 'nonce') this.#keepNonce(account, event);
      }
      const ended = events.find(event => event.kind === 'ended');
      if (ended) {
        // A refusal is still told to the server; what it answers changes nothing.
        if (reply) {
          messages += 2;
          await this.#send(reply, encoding);
        }
        return { sessionId, outcome: ended.outcome, reason: ended.reason, authenticated, messages };
      }
      if (reply) sent = reply;
    }
    return { sessionId, outcome: 'aborted', reason: 'the session did not come to an end', authenticated, messages };
  }

  /** Takes one message, asking the person as often as its commands want. */
  async #turn(session: ClientSession, wire: Wire): Promise<ClientExchange> {
    const { ask = defaultAnswer } = this.#ports;
    let exchange = session.receive(wire);
    const events = [...exchange.events];
    while (exchange.question) {
      exchange = session.answer(await ask(exchange.question));
      events.push(...exchange.events);
    }
    return { ...exchange, events };
  }

  async #send(wire: Wire, encoding: Encoding): Promise<Wire> {
    const { hmac, ...answer } = await this.#transmit(wire, encoding);
    return { message: decodeMessage(answer.bytes, encoding), bytes: answer.bytes, ...(hmac !== undefined && { hmac }) };
  }

  async #transmit({ message, bytes, hmac }: Wire, encoding: Encoding): Promise<Parcel> {
    const parcel = { bytes, ...(hmac !== undefined && { hmac }) };
    for (let lost = 0; ; lost++) {
      try {
        return await this.#ports.exchange(message.header.target.uri, parcel, encoding);
      } catch (error) {
        if (!(error instanceof TransportError) || error.code !== 'lost' || lost >= RETRANSMISSIONS) throw error;
      }
    }
  }

  #session(account: DmAccount, sessionId: string, options: ConnectOptions): ClientSession {
    const { encoding = 'wbxml', maxMsgSize = MAX_MSG_SIZE, maxObjSize = MAX_OBJ_SIZE } = options;
    const { versions, serverInitiated, structLists, dmtnds } = options;
    return new ClientSession({
      tree: this.tree,
      account,
      deviceId: this.deviceId,
      devInfo: this.#devInfo(),
      sessionId,
      encoding,
      newNonce: this.#ports.newNonce,
      maxMsgSize,
      maxObjSize,
      alerts: this.#alerts,
      exec: (uri, item, correlator) => this.#execute(uri, item, correlator),
      ...(versions && { versions }),
      ...(serverInitiated && { serverInitiated }),
      ...(structLists !== undefined && { structLists }),
      ...(dmtnds !== undefined && { dmtnds }),
    });
  }

  /** Actions of this handset end at once; one that was asked for with a Correlator tells its end by a generic alert (RepPro §6.6.6). */
  #execute(uri: string, item: Item, correlator: string | undefined): { readonly code: number } {
    this.executed.push({ uri, argument: item.data });
    const firmware = this.#firmware.execute(uri, correlator);
    if (firmware) return firmware;
    if (correlator === undefined) return { code: 200 };
    const meta = { type: 'Reversed-Domain-Name: example.dm-workbench.action', format: 'chr', mark: 'informational' };
    this.raise({
      kind: 'Alert',
      code: AlertCode.GENERIC,
      correlator,
      items: [{ source: { uri }, meta, data: 'done' }],
    });
    return { code: 202 };
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
    if (!own) return;
    const uri = `${credentials}/${own.name}/AAuthData`;
    const value = Buffer.from(event.nonce).toString('base64');
    if (this.tree.has(uri)) this.tree.replace(uri, value, 'device');
    else this.tree.add(uri, { format: 'bin', value, children: [] }, 'device');
  }
}
