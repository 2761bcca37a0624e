/** What the workbench keeps, as one contract: SQLite implements it (sqlite.ts); other databases will. */
import type { Secret } from '../base/secret.ts';

/** Credentials of one DM account in both directions; the device is known by its user name until its first session. */
export interface AccountRecord {
  readonly user: string;
  readonly password: Secret;
  readonly clientNonce: Uint8Array;
  readonly serverId: string;
  readonly serverPassword: Secret;
  readonly serverNonce: Uint8Array;
  /** What the account was made for, shown to people: `card 8988…`. */
  readonly origin: string;
  readonly deviceId?: string;
  readonly createdAt: number;
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
}

export interface MessageRecord {
  readonly key: string;
  readonly sessionKey: string;
  readonly at: number;
  readonly direction: 'up' | 'down';
  /** DM package 1 to 4. */
  readonly package: number;
  readonly encoding: 'wbxml' | 'xml';
  readonly bytes: Uint8Array;
}

/** A node of a device's tree: its URI and the rest as JSON-safe fields. */
export interface NodeRecord {
  readonly uri: string;
  readonly [field: string]: unknown;
}

/** All methods reject with StoreError. */
export interface Store {
  readonly kind: string;

  putAccount(account: AccountRecord): Promise<void>;
  findAccount(user: string): Promise<AccountRecord | undefined>;
  accounts(): Promise<AccountRecord[]>;
  setNonce(user: string, side: 'client' | 'server', nonce: Uint8Array): Promise<void>;
  bindAccount(user: string, deviceId: string): Promise<void>;

  putDevice(device: DeviceRecord): Promise<void>;
  devices(): Promise<DeviceRecord[]>;

  putNodes(deviceId: string, nodes: readonly NodeRecord[], removed: readonly string[]): Promise<void>;
  nodes(deviceId: string): Promise<NodeRecord[]>;

  putSession(session: SessionRecord): Promise<void>;
  /** Newest first. */
  sessions(deviceId: string, limit: number): Promise<SessionRecord[]>;
  addMessages(messages: readonly MessageRecord[]): Promise<void>;
  messages(sessionKey: string): Promise<MessageRecord[]>;
  message(key: string): Promise<MessageRecord | undefined>;

  /** Bytes the store takes. */
  size(): Promise<number>;
  close(): Promise<void>;
}
