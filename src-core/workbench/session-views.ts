/** What the Sessions room sees: plain JSON shapes. Times are milliseconds since 1970, sizes bytes. */
import type { AnswerView, SessionView } from './message-views.ts';
import type { CommandInput } from './work-views.ts';

/** Nothing said: all sessions. `code`, `uri` and `failed` look into the messages, which takes its time. */
export interface SessionFilter {
  readonly deviceId?: string;
  readonly state?: SessionView['state'];
  /** They began in [from, to). */
  readonly from?: number;
  readonly to?: number;
  /** Status code, or a class of them: `425`, `4xx`. */
  readonly code?: string;
  /** Part of a URI, whatever its case; with a code, of a command that was answered so. */
  readonly uri?: string;
  /** It failed, carries a status that says so, or a message that cannot be read. */
  readonly failed?: boolean;
}

/** A session in the list. */
export interface SessionRow extends Omit<SessionView, 'messages'> {
  readonly deviceName: string;
  readonly messages: number;
  readonly bytes: number;
}

/** One step of a search: what was found since the last, and how far it is. */
export interface Findings {
  readonly rows: readonly SessionRow[];
  readonly scanned: number;
  /** How many there are to look through. */
  readonly of: number;
  readonly done: boolean;
  /** Where the next page goes on, also after a search that was cancelled here; absent where there is none. */
  readonly next?: string;
}

/** Sessions that began or changed: those that fit the filter, and the keys of those that do not. */
export interface RowChanges {
  readonly rows: readonly SessionRow[];
  readonly others: readonly string[];
}

/** Where a session comes from that is no record of this workbench. */
export type Origin =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly exportedAt: number;
      readonly by: string;
      readonly secrets: Secrets;
    }
  | { readonly kind: 'replay'; readonly of: string; readonly against: string };

/** `masked`: passwords, digests and nonces are stars. */
export type Secrets = 'masked' | 'included';

/** A session that lies beside the records, until it is closed or the program ends. */
export interface ShelfRow extends SessionRow {
  readonly origin: Origin;
}

/** One proof of identity: the credentials of a message, and what the other side said to them. */
export interface ProofView {
  readonly messageKey: string;
  readonly msgId: number;
  /** `basic`, `MD5`, `HMAC`, what the message says, or empty for none. */
  readonly scheme: string;
  readonly answer?: AnswerView;
  /** Scheme that the answer asks for. */
  readonly asked?: string;
}

/** Who acted on one side, as its messages say. */
export interface ActingView {
  readonly side: 'device' | 'server';
  /** Source of its messages. */
  readonly address: string;
  /** User or server name: LocName of the Source, or the user name in basic credentials. */
  readonly name?: string;
  readonly proofs: readonly ProofView[];
}

/** First all of it; then, as it grows, of its messages, proofs and hits those that are new or changed. */
export interface OpenSession {
  readonly session: SessionView;
  readonly deviceName: string;
  readonly acting: readonly ActingView[];
  /** Keys of the messages that fit the filter; absent where it does not look into messages. */
  readonly hits?: readonly string[];
  readonly origin?: Origin;
}

export interface ExportedFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

export type ReplayTarget =
  /** A DM server session of this workbench, in memory: nothing is recorded. */
  | { readonly kind: 'server-here' }
  /** A DM server at an address; without a password the recorded credentials go out. */
  | { readonly kind: 'server'; readonly url: string; readonly user?: string; readonly password?: string }
  /** A new virtual handset, in memory. */
  | { readonly kind: 'handset' }
  /** A device of this workbench: it gets the recorded commands as work, at once or in its next session. */
  | { readonly kind: 'device'; readonly deviceId: string };

/** What a replay on a device would send. */
export interface ReplayCommands {
  readonly commands: readonly CommandInput[];
  /** What was recorded too and cannot be asked from here, in words. */
  readonly leftOut: readonly string[];
}

/** What came back otherwise than it was recorded. */
export interface DifferenceView {
  /** Recorded message, and which of the session it is, from 1; absent where there was none. */
  readonly messageKey?: string;
  readonly number: number;
  /** Element: `SyncBody/Status[2]/Data`; empty where a whole message is missing or too much. */
  readonly path: string;
  /** Absent: not there. */
  readonly recorded?: string;
  readonly replayed?: string;
}

export interface ReplayView {
  readonly state: 'running' | 'done' | 'failed';
  /** Against what, in words. */
  readonly against: string;
  /** Messages sent and received so far, and how many were recorded; on a device, commands answered and sent. */
  readonly exchanged: number;
  readonly of: number;
  readonly differences: readonly DifferenceView[];
  /** How it ended, in words; empty while it runs. */
  readonly detail: string;
  /** The session that the replay made, on the shelf. */
  readonly shelfKey?: string;
  /** Why it could not be kept there. */
  readonly notKept?: string;
}
