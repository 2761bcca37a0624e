/** What the page sees of sessions and their messages: plain JSON shapes. Times are milliseconds since 1970, sizes bytes. */

export interface CommandView {
  /** SyncML command name: `Alert`, `Get`, `Results`, … */
  readonly name: string;
  readonly cmdId: string;
  /** Alert code with its type and correlator, or the LocURIs of its items. */
  readonly subject: string;
  /** Items in the command, or commands in an Atomic or Sequence. */
  readonly items: number;
  /** Atomic and Sequence: the commands inside. */
  readonly inner?: readonly CommandView[];
  /** How the other side answered it, once it has. */
  readonly answer?: AnswerView;
}

export interface AnswerView {
  readonly code: number;
  readonly text: string;
  readonly ok: boolean;
}

export interface StatusView extends AnswerView {
  /** Command it answers, with its target where given. */
  readonly cmd: string;
  readonly cmdRef: string;
  /** The Atomic or Sequence that the answered command is in: `Atomic 4`. */
  readonly within?: string;
}

export interface MessageView {
  readonly key: string;
  readonly at: number;
  /** `up`: device to server. */
  readonly direction: 'up' | 'down';
  /** DM package 1 to 4. */
  readonly package: number;
  readonly msgId: number;
  readonly bytes: number;
  readonly encoding: 'wbxml' | 'xml';
  readonly commands: readonly CommandView[];
  readonly statuses: readonly StatusView[];
  /** How many things in it have no meaning here. */
  readonly warnings?: number;
  /** Why it cannot be read; then it has neither commands nor statuses, and msgId is 0. */
  readonly error?: string;
  /** Milliseconds from the message before it in the session. */
  readonly tookMs: number;
}

export interface SessionView {
  readonly key: string;
  readonly deviceId: string;
  /** SyncML SessionID. */
  readonly sessionId: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly state: 'open' | 'completed' | 'failed';
  /** Why it failed, or how it ended. */
  readonly detail: string;
  /** `scheme`: how the sides prove themselves, `MD5`; empty where that is not known. */
  readonly authenticated: { readonly client: boolean; readonly server: boolean; readonly scheme: string };
  readonly encoding: 'wbxml' | 'xml';
  readonly transport: string;
  readonly messages: readonly MessageView[];
}

/**
 * Sessions of a device that are new or have changed; `keys` names all that are shown, the newest first. Of one that goes on come
 * the messages that are new or changed.
 */
export interface SessionsUpdate {
  readonly keys: readonly string[];
  readonly changed: readonly SessionView[];
}

/** One message in full, for the person who opens it. Secrets are left out of every form of it. */
export interface MessageBody {
  readonly key: string;
  /** Two digits a byte; two bullets for a byte of a secret. */
  readonly hex: string;
  /** Laid out for reading; empty where the message cannot be decoded. */
  readonly xml: string;
  /** All elements and texts in document order; empty where the message cannot be decoded. */
  readonly outline: readonly OutlineNode[];
  /** What has no meaning here; it is shown, not obeyed. */
  readonly warnings: readonly MessageNote[];
  /** What is left out, and why. */
  readonly hidden: readonly MessageNote[];
  /** Why it cannot be read, and where. */
  readonly error?: { readonly text: string; readonly offset: number };
}

/** Words about a part of the message: bytes [start, end) of it, where they are known. */
export interface MessageNote {
  readonly text: string;
  readonly start?: number;
  readonly end?: number;
}

interface OutlinePlace {
  /** Elements around it. */
  readonly depth: number;
  /** Its bytes [start, end) in the message, where they are known. */
  readonly start?: number;
  readonly end?: number;
  /** Part of a document inside OPAQUE. */
  readonly embedded?: true;
}

/** One element, text or opaque data of a message. Nothing is shortened. */
export type OutlineNode = OutlinePlace &
  (
    | {
        readonly kind: 'element';
        readonly name: string;
        /** Short label: `SyncML`, `MetInf`, `DM DDF`; unknown ones whole. */
        readonly namespace: string;
        readonly attributes?: readonly { readonly name: string; readonly value: string }[];
      }
    | {
        readonly kind: 'text' | 'opaque';
        /** Opaque bytes that are no text as hexadecimal; empty where the document in them follows. */
        readonly text: string;
        readonly form?: 'hex' | 'document';
        /** Why bullets stand in its place. */
        readonly hidden?: string;
      }
  );
