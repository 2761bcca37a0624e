/** What the page sees: plain JSON shapes, one for each thing on screen. Times are milliseconds since 1970, sizes bytes. */
import type { SheetFile } from '../card/sheet-file.ts';
import type { HeldView } from './work-views.ts';

export interface WorkbenchStatus {
  readonly version: string;
  readonly dmServer: { readonly url: string; readonly listening: boolean };
  /** `absent`: pcscd is not running or not installed; `unbuilt`: the optional binding is missing. `detail` says what to do. */
  readonly pcsc: { readonly state: 'running' | 'absent' | 'unbuilt'; readonly detail: string };
  /** Serial ports held by the workbench now. */
  readonly ports: readonly { readonly path: string; readonly heldBy: string }[];
  readonly store: { readonly kind: string; readonly bytes: number };
}

/** `never`: no session with this identifier yet, which an account that waits for its device does not have. */
export type Reachability = 'in-session' | 'seen' | 'failed' | 'never';

export interface DeviceView {
  /** DevId as in the Source of its messages, for example `IMEI:493005100592800`; `user:NAME` before its first session. */
  readonly id: string;
  readonly name: string;
  readonly manufacturer?: string;
  readonly model?: string;
  /** The account that belongs to it: `devices.freeAccount` frees it. */
  readonly account?: string;
  readonly reachability: Reachability;
  /** One line for the list: last session, or why it failed, or how it will be reached. */
  readonly detail: string;
  /** True for a handset of the built-in laboratory: it can be asked to connect at once. */
  readonly virtual: boolean;
  readonly lastSeen?: number;
  readonly nodeCount: number;
  /** Pieces of work waiting for the next session, or under way. */
  readonly queued: number;
  /** A person holds its session open. */
  readonly held?: HeldView;
}

/** One node of a device's tree as the server last read it. */
export interface NodeView {
  /** Absolute URI from the root: `.` or `./DevInfo/DevId`. */
  readonly uri: string;
  readonly format: string;
  readonly type?: string;
  /** Leaf value as text; b64 and bin as base64. Absent for interior nodes and unread leaves. */
  readonly value?: string;
  readonly acl?: string;
  readonly name?: string;
  readonly size?: number;
  readonly title?: string;
  readonly tstamp?: string;
  readonly verNo?: number;
  /** When it was last read, and in which session (SyncML SessionID). */
  readonly readAt: number;
  readonly session: string;
  /** Why the node itself was not read, or not all of its children, where that is so. */
  readonly unread?: string;
  /** An interior node whose children were not all read: `unread` says why. */
  readonly partial?: true;
  /** How many earlier values are kept; `devices.history` gives them. */
  readonly past: number;
}

/** A value that a node had, when it was read and in which session. */
export interface PastValueView {
  readonly value: string;
  readonly readAt: number;
  readonly session: string;
}

/** What few nodes have. */
export type RareView = Partial<Pick<NodeView, 'acl' | 'title' | 'tstamp' | 'verNo' | 'unread' | 'partial' | 'past'>>;

/** Nodes as columns, an entry a node in each: what repeats is written once, and named by its place. */
export interface NodeColumns {
  /** URIs of nodes that others are below. */
  readonly parents: readonly string[];
  /** Formats and types. */
  readonly words: readonly string[];
  readonly visits: readonly (readonly [readAt: number, session: string])[];
  /** Place in `parents`; -1 for the root. */
  readonly parent: readonly number[];
  readonly name: readonly string[];
  readonly value: readonly (string | null)[];
  /** Places in `words`; -1 for a type that is not known. */
  readonly format: readonly number[];
  readonly type: readonly number[];
  readonly visit: readonly number[];
  /** By place of the node. */
  readonly rare: readonly (readonly [at: number, fields: RareView])[];
}

/** A tree comes in parts, a parent before its children, and then what changes in it. `total`: nodes in all parts. */
export type TreeUpdate =
  | {
      readonly kind: 'part';
      readonly first: boolean;
      readonly last: boolean;
      readonly total: number;
      readonly nodes: NodeColumns;
    }
  | { readonly kind: 'changed'; readonly removed: readonly string[]; readonly nodes: NodeColumns };

export interface ReaderView {
  readonly name: string;
  readonly transport: 'pcscd' | 'in-process';
  readonly state: 'empty' | 'present' | 'mute' | 'unavailable';
  readonly atr?: string;
  readonly iccid?: string;
  /** PIN1 was presented to this card, and is again until it leaves. */
  readonly unlocked?: true;
  /** Writes of this card that were broken off; absent: none. */
  readonly unfinished?: readonly UnfinishedView[];
}

export interface CardSheetView {
  readonly reader: string;
  readonly atr: string;
  readonly atrWords: readonly string[];
  readonly iccid: string;
  readonly applications: readonly { readonly aid: string; readonly label: string; readonly path?: string }[];
  readonly files: readonly (SheetFile & {
    /** What its parameters say: `linear fixed, 2 records of 38 bytes, SFI 30, activated`. */
    readonly words: string;
  })[];
  readonly pin1: {
    /** False: nobody is asked for it. Absent where the card does not say, as `triesLeft`. */
    readonly enabled?: boolean;
    readonly triesLeft?: number;
    /** Files were not read, because they are read after PIN1. */
    readonly needed: boolean;
    /** `asked for, 3 tries left`. */
    readonly words: string;
  };
  /** The PKCS#15 directory and what may be done in it; absent where the card does not say. */
  readonly directory?: { readonly path: string; readonly access: string };
  /** Data objects of PKCS#15, as EF(DODF) lists them. */
  readonly objects?: readonly {
    readonly dodf: string;
    readonly label: string;
    readonly oid: string;
    readonly name?: string;
    readonly path: string;
  }[];
  /** The DM bootstrap on the card now, decoded; absent where there is none. */
  readonly bootstrap?: {
    readonly bytes: number;
    readonly serverId: string;
    readonly serverUrl: string;
    readonly detail: string;
    /** Its accounts line by line, secrets as bullets. */
    readonly facts: readonly string[];
  };
  /** The client provisioning document on the card now; absent where there is none. */
  readonly provisioning?: {
    readonly path: string;
    readonly bytes: number;
    /** Line by line, secrets as bullets. */
    readonly facts: readonly string[];
  };
  readonly admTriesLeft?: number;
  /** What could not be read and why, one sentence each. */
  readonly problems: readonly string[];
}

export interface DiffLine {
  readonly kind: 'same' | 'old' | 'new' | 'note';
  readonly text: string;
}

export interface PlanView {
  readonly id: string;
  readonly kind: 'provision' | 'erase' | 'restore';
  /** Which bootstrap of the card; absent: DM. */
  readonly bootstrap?: 'dm' | 'cp';
  readonly reader: string;
  readonly iccid: string;
  readonly profile: string;
  readonly files: readonly {
    readonly path: string;
    readonly what: string;
    readonly onCard: number;
    readonly willBe: number;
    readonly apdus: number;
    readonly change: 'unchanged' | 'change' | 'create';
    /** What its access rules ask for: `always`, `PIN1`, `ADM1`, `never`; absent where the card does not say. */
    readonly access?: { readonly read: string; readonly update: string };
  }[];
  /** Name of the key that opens the card for writing. */
  readonly key?: string;
  /** What this key does not open; the plan cannot be written where one of them `blocks`. */
  readonly hindrances?: readonly {
    readonly path: string;
    readonly what: string;
    readonly reason: string;
    readonly blocks: boolean;
  }[];
  readonly diff: readonly DiffLine[];
  readonly admTriesLeft?: number;
  /** While it is written the card has no bootstrap at all. */
  readonly gap: boolean;
  readonly apdusToWrite: number;
  readonly apdusToVerify: number;
  /** Writing and verifying in all; `ms` is an estimate by the rate that the card offers. */
  readonly estimate?: { readonly apdus: number; readonly bytes: number; readonly ms: number };
}

/** A card as it was before a write. */
export interface CardBackupView {
  readonly key: string;
  readonly at: number;
  /** Which bootstrap of the card; absent: DM. */
  readonly bootstrap?: 'dm' | 'cp';
  /** A handset found a bootstrap then. */
  readonly hasBootstrap: boolean;
  readonly files: readonly string[];
}

/** What became of PIN1. */
export interface UnlockedView {
  readonly iccid: string;
  /** False: this card asks nobody for it. */
  readonly presented: boolean;
}

/** A write that changed a card, and was not seen to be complete. */
export interface UnfinishedView {
  /** Which bootstrap of the card: at most one for each. */
  readonly bootstrap: 'dm' | 'cp';
  /** Absent: what is kept of it cannot be read any more. */
  readonly kind?: PlanView['kind'];
  /** What was being put on the card. */
  readonly profile: string;
  readonly at: number;
}

export type WriteStage = 'planned' | 'writing' | 'interrupted' | 'written' | 'verifying' | 'verified' | 'failed';

export interface ProvisionView {
  readonly plan: PlanView;
  readonly stage: WriteStage;
  /** 0 to 1. */
  readonly progress: number;
  readonly message: string;
}

export interface ApduView {
  readonly at: number;
  /** The card, once it said who it is. */
  readonly iccid?: string;
  /** The command in words: `READ BINARY 6431, 256 bytes from 0`. */
  readonly text?: string;
  /** Hexadecimal; keys and the content of bootstrap files show as bullets. */
  readonly command: string;
  readonly response: string;
  readonly statusWord: string;
  /** False where the card refused or gave no response. */
  readonly ok: boolean;
  readonly meaning: string;
  readonly ms: number;
}

export interface ProfileView {
  readonly id: string;
  readonly name: string;
  readonly serverId: string;
  readonly serverUrl: string;
}

export interface CardsState {
  readonly readers: readonly ReaderView[];
  readonly profiles: readonly ProfileView[];
  /** The plan in hand for a reader, by reader name. */
  readonly provision: Readonly<Record<string, ProvisionView>>;
}

export interface StoryStep {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: string;
}

/** Progress of *Try it without hardware*. */
export interface StoryState {
  readonly state: 'idle' | 'running' | 'done' | 'failed';
  /** Names of all steps, in order. */
  readonly plan: readonly string[];
  readonly steps: readonly StoryStep[];
  readonly deviceId?: string;
  readonly reader?: string;
}
