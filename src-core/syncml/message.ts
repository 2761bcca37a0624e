/** SyncML DM messages as typed values (OMA-TS-SyncML_RepPro 1.2 §6, OMA-TS-DM_RepPro-V1_2_1). */
import type { SourceRange } from '../encoding/markup.ts';

export interface Location {
  readonly uri: string;
  readonly name?: string;
}

/** Meta information (SyncML MetInf 1.2). `nextNonce` is base64 text, as on the wire. */
export interface Meta {
  readonly format?: string;
  readonly type?: string;
  readonly mark?: string;
  readonly size?: number;
  readonly nextNonce?: string;
  readonly maxMsgSize?: number;
  readonly maxObjSize?: number;
  readonly version?: string;
}

/** Credentials: `data` as on the wire (for syncml:auth-md5 and -basic base64 text). */
export interface Cred {
  readonly meta?: Meta;
  readonly data: string;
}

export interface Chal {
  readonly meta: Meta;
}

export interface SyncHdr {
  readonly verDTD: string;
  readonly verProto: string;
  readonly sessionId: string;
  readonly msgId: number;
  readonly target: Location;
  readonly source: Location;
  readonly respURI?: string;
  readonly noResp?: boolean;
  readonly cred?: Cred;
  readonly meta?: Meta;
}

/** Text, or bytes where the format is `bin` or the type a WBXML one. */
export type ItemData = string | Uint8Array;

export interface Item {
  readonly target?: Location;
  readonly source?: Location;
  readonly meta?: Meta;
  readonly data?: ItemData;
  readonly moreData?: boolean;
}

interface CommandBase {
  readonly cmdId: string;
  readonly noResp?: boolean;
  readonly meta?: Meta;
}

export interface ItemCommand extends CommandBase {
  readonly kind: 'Add' | 'Copy' | 'Delete' | 'Get' | 'Replace';
  readonly items: readonly Item[];
}

export interface Exec extends CommandBase {
  readonly kind: 'Exec';
  readonly correlator?: string;
  readonly items: readonly Item[];
}

export interface Alert extends CommandBase {
  readonly kind: 'Alert';
  /** Alert code, for example 1201. */
  readonly code: number;
  readonly correlator?: string;
  readonly items: readonly Item[];
}

export interface Group extends CommandBase {
  readonly kind: 'Atomic' | 'Sequence';
  readonly commands: readonly Command[];
}

export interface Status {
  readonly kind: 'Status';
  readonly cmdId: string;
  readonly msgRef: number;
  readonly cmdRef: string;
  /** Name of the command it answers, `SyncHdr` for the header. */
  readonly cmd: string;
  readonly targetRefs: readonly string[];
  readonly sourceRefs: readonly string[];
  readonly chal?: Chal;
  readonly code: number;
  readonly items: readonly Item[];
}

export interface Results {
  readonly kind: 'Results';
  readonly cmdId: string;
  readonly msgRef?: number;
  readonly cmdRef: string;
  readonly meta?: Meta;
  readonly targetRefs: readonly string[];
  readonly sourceRefs: readonly string[];
  readonly items: readonly Item[];
}

/** A command of SyncML that DM does not use (Put, Search, Map, Sync): it is answered, never executed (DM RepPro §6.6). */
export interface Unsupported {
  readonly kind: 'Unsupported';
  readonly cmdId: string;
  readonly noResp?: boolean;
  /** Name of its element, for Cmd of the Status. */
  readonly name: string;
}

export type Command = ItemCommand | Exec | Alert | Group | Status | Results | Unsupported;

/** Something in a received message that has no meaning here; it is shown, not obeyed. */
export interface MessageWarning {
  readonly text: string;
  /** The element as XML, its beginning and `…` where it is long; empty where the text is about several. */
  readonly element: string;
  readonly range?: SourceRange;
}

export interface Message {
  readonly header: SyncHdr;
  readonly commands: readonly Command[];
  /** Last message of its package. */
  readonly final: boolean;
  /** Only on messages read, only where there are any. */
  readonly warnings?: readonly MessageWarning[];
}

/** A command as a session's work asks for it: the session gives it its CmdID. */
type WithoutId<C> = C extends Group
  ? Omit<C, 'cmdId' | 'commands'> & { readonly commands: readonly Draft[] }
  : Omit<C, 'cmdId'>;
export type Draft<C extends Command = Exclude<Command, Unsupported>> = C extends Command ? WithoutId<C> : never;

/** Name of the command's element, as a Status repeats it in Cmd. */
export function commandName(command: Command): string {
  return command.kind === 'Unsupported' ? command.name : command.kind;
}
