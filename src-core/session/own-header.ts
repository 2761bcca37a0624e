/** Headers of our messages: MsgIDs count up, the names of both sides and the version become known on the way (OMA-TS-DM_RepPro-V1_2_1 §6.2.2). */
import type { Cred, Location, SyncHdr } from '../syncml/message.ts';
import type { ProtocolVersion } from './versions.ts';

export interface HeaderOptions {
  readonly version: ProtocolVersion;
  readonly sessionId: string;
  readonly source: Location;
  readonly target: Location;
  /** Where the peer sends its later messages. */
  readonly respURI?: string;
  /** What this side takes, in bytes. */
  readonly maxMsgSize: number;
  readonly maxObjSize?: number;
}

export class OwnHeader {
  readonly #options: HeaderOptions;
  version: ProtocolVersion;
  source: Location;
  target: Location;
  #msgId = 1;

  constructor(options: HeaderOptions) {
    this.#options = options;
    this.version = options.version;
    this.source = options.source;
    this.target = options.target;
  }

  /** Number of the message being built. */
  get msgId(): number {
    return this.#msgId;
  }

  /** That message is built. */
  next(): void {
    this.#msgId++;
  }

  write(cred: Cred | undefined): SyncHdr {
    const { sessionId, respURI, maxMsgSize, maxObjSize } = this.#options;
    return {
      ...this.version,
      sessionId,
      msgId: this.#msgId,
      target: this.target,
      source: this.source,
      ...(respURI !== undefined && { respURI }),
      ...(cred && { cred }),
      meta: { maxMsgSize, ...(maxObjSize !== undefined && { maxObjSize }) },
    };
  }
}
