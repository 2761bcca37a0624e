/** What the workbench keeps, as one contract: SQLite implements it (sqlite.ts); other databases will. */
import type { Secret } from '../base/secret.ts';

/** How one side proves itself to the other. */
export type AccountScheme = 'none' | 'basic' | 'md5' | 'hmac';

/** Credentials of one DM account in both directions; the device is known by its user name until its first session. */
export interface AccountRecord {
  readonly user: string;
  readonly password: Secret;
  readonly clientNonce: Uint8Array;
  readonly clientScheme: AccountScheme;
  readonly serverId: string;
  readonly serverPassword: Secret;
  readonly serverNonce: Uint8Array;
  readonly serverScheme: AccountScheme;
  /** What the account was made for, shown to people: `card 8988…`. */
  readonly origin: string;
  readonly deviceId?: string;
  readonly createdAt: number;
  /** Sessions in a row that came with wrong credentials. */
  readonly failures: number;
  /** Until then nobody gets in, not even with the right ones. */
  readonly lockedUntil?: number;
}

export interface DeviceRecord {
  readonly id: string;
  readonly name: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly user?: string;
  readonly lastSeen: number;
}

export interface SessionRecord {
  /** Decimal digits; a session has a higher number than those before it. */
  readonly key: string;
  readonly deviceId: string;
  /** SyncML SessionID. */
  readonly sessionId: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly state: 'open' | 'completed' | 'failed';
  readonly detail: string;
  readonly clientAuthenticated: boolean;
  readonly serverAuthenticated: boolean;
  readonly encoding: 'wbxml' | 'xml';
  readonly transport: string;
  /** How the device proved itself, once it has. */
  readonly scheme?: string;
}

export interface MessageRecord {
  /** Given by the store. */
  readonly key: string;
  readonly sessionKey: string;
  readonly at: number;
  readonly direction: 'up' | 'down';
  /** DM package 1 to 4. */
  readonly package: number;
  readonly encoding: 'wbxml' | 'xml';
  readonly bytes: Uint8Array;
}

export type NewMessage = Omit<MessageRecord, 'key'>;

/** A node of a device's tree: its URI and the rest as JSON-safe fields. */
export interface NodeRecord {
  readonly uri: string;
  readonly [field: string]: unknown;
}

/** What changed in one device's tree. */
export interface NodeChange {
  readonly deviceId: string;
  readonly nodes: readonly NodeRecord[];
  readonly removed: readonly string[];
}

/** One step that changed a device's tree, JSON-safe. */
export interface TreeStepRecord {
  readonly [field: string]: unknown;
}

/**
 * All methods reject with StoreError. A write that resolved survives the end of the program and of the machine; one that is
 * under way is seen by reads already.
 */
export interface Store {
  readonly kind: string;

  putAccount(account: AccountRecord): Promise<void>;
  findAccount(user: string): Promise<AccountRecord | undefined>;
  accounts(): Promise<AccountRecord[]>;
  setNonce(user: string, side: 'client' | 'server', nonce: Uint8Array): Promise<void>;
  /** Undefined: to none, the next device that proves it. */
  bindAccount(user: string, deviceId: string | undefined): Promise<void>;
  setFailures(user: string, failures: number, lockedUntil: number | undefined): Promise<void>;

  putDevice(device: DeviceRecord): Promise<void>;
  devices(): Promise<DeviceRecord[]>;

  /** Appends a step of a device's tree. */
  addTreeStep(deviceId: string, step: TreeStepRecord): Promise<void>;
  /** All steps since nodes were put, in order. */
  treeSteps(): Promise<{ readonly deviceId: string; readonly step: TreeStepRecord }[]>;
  /** The nodes that all steps so far changed, as they are now: they take the place of the steps. All or none. */
  putNodes(changes: readonly NodeChange[]): Promise<void>;
  nodes(deviceId: string): Promise<NodeRecord[]>;

  /** The highest key of a session; 0 where there is none. */
  lastSessionKey(): Promise<number>;
  /** Of a session that is known only state, detail, end and authentication change. */
  putSession(session: SessionRecord): Promise<void>;
  /** All that are open have failed: nobody runs them any more. */
  failOpenSessions(detail: string, at: number): Promise<void>;
  /** Sessions whose device proved nothing, oldest first, with the bytes of their messages. */
  unprovenSessions(): Promise<{ readonly key: string; readonly bytes: number }[]>;
  /** These sessions and their messages are gone. */
  forgetSessions(keys: readonly string[]): Promise<void>;
  /** Newest first. */
  sessions(deviceId: string, limit: number): Promise<SessionRecord[]>;
  addMessages(messages: readonly NewMessage[]): Promise<void>;
  messages(sessionKey: string): Promise<MessageRecord[]>;
  message(key: string): Promise<MessageRecord | undefined>;

  /** Bytes the store takes. */
  size(): Promise<number>;
  close(): Promise<void>;
}
