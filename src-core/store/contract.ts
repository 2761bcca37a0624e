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
  /** The device that it belonged to last, where it was freed since. */
  readonly freedFrom?: string;
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
  /** What it answers when it is asked for lists and properties, JSON-safe. */
  readonly abilities?: object;
}

/** Work that somebody asked of a device, and how far it has come. */
export interface JobRecord {
  /** Rises with every job. */
  readonly id: number;
  readonly deviceId: string;
  /** Nothing of it is left to do. */
  readonly done: boolean;
  /** What was asked, JSON-safe. */
  readonly spec: object;
  /** How far it has come, JSON-safe. */
  readonly [field: string]: unknown;
}

export interface JobStore {
  add(job: JobRecord): Promise<void>;
  /** How far it has come takes the place of what was known; what was asked of whom stays as it was added, and is not written again. */
  update(job: JobRecord): Promise<void>;
  /** Of all devices, oldest first. */
  undone(): Promise<JobRecord[]>;
  /** Newest first. */
  ofDevice(deviceId: string, limit: number): Promise<JobRecord[]>;
  get(id: number): Promise<JobRecord | undefined>;
  /** The highest id; 0 where there is none. */
  lastId(): Promise<number>;
  /** Of jobs of this device that are done, only so many of the last are kept. */
  trim(deviceId: string, keep: number): Promise<void>;
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

/** Which sessions; nothing said: all. */
export interface SessionQuery {
  readonly key?: string;
  readonly deviceId?: string;
  readonly state?: SessionRecord['state'];
  /** They began in [from, to). */
  readonly from?: number;
  readonly to?: number;
  /** With a lower key than this: how the next page is asked for. */
  readonly before?: string;
}

export interface SessionSummary extends SessionRecord {
  /** How many, and their bytes together. */
  readonly messages: number;
  readonly bytes: number;
}

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

/** A tree as it was at one time. */
export interface SnapshotRecord {
  /** Given by the store. */
  readonly key: string;
  readonly name: string;
  readonly takenAt: number;
  /** Where it comes from: a device by its identifier, or a file by its name. */
  readonly source: 'device' | 'file';
  readonly origin: string;
  readonly nodes: number;
  /** Bytes of its content. */
  readonly bytes: number;
}

export interface NewSnapshot extends Omit<SnapshotRecord, 'key' | 'bytes'> {
  /** The tree, packed; the store does not look into it. */
  readonly content: Uint8Array;
}

export interface SnapshotStore {
  /** Resolves with the key. */
  add(snapshot: NewSnapshot): Promise<string>;
  /** Newest first. */
  all(): Promise<SnapshotRecord[]>;
  content(key: string): Promise<Uint8Array | undefined>;
  rename(key: string, name: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** What was on a card before it was written, JSON-safe. */
export interface CardBackupRecord {
  /** Given by the store. */
  readonly key: string;
  readonly iccid: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The files; the store does not look into them. */
  readonly content: string;
}

/** A plan that a card was changed by, and that was not seen to be complete: at most one for each kind of bootstrap. */
export interface CardPlanRecord {
  readonly iccid: string;
  /** Which bootstrap of the card. */
  readonly profile: string;
  /** What it puts on the card, for people. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The plan; the store does not look into it. */
  readonly content: string;
}

/** A key that was presented to a card, known again without being kept. */
export interface CardKeyRecord {
  /** Given by the store. */
  readonly key: string;
  readonly iccid: string;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  /** `presented`: the card has not answered, or not to us. */
  readonly state: 'presented' | 'refused';
  /** Which key of the card it was to be, as VERIFY takes it in P2: each has its counter. */
  readonly reference: number;
  /** How often it was presented. */
  readonly presented: number;
  /** Before it was presented last; absent where the card did not say, or where its counter says nothing of it any more. */
  readonly triesBefore?: number;
}

export interface CardStore {
  /** Resolves with the key. */
  addKey(record: Omit<CardKeyRecord, 'key'>): Promise<string>;
  /** Of this card. */
  keys(iccid: string): Promise<CardKeyRecord[]>;
  /** State, tries and how often it was presented take the place of what was known. */
  changeKey(record: CardKeyRecord): Promise<void>;
  removeKey(key: string): Promise<void>;
  addBackup(backup: Omit<CardBackupRecord, 'key'>): Promise<void>;
  /** Of this card, newest first. */
  backups(iccid: string): Promise<CardBackupRecord[]>;
  backup(key: string): Promise<CardBackupRecord | undefined>;
  removeBackup(key: string): Promise<void>;
  /** All of this card. */
  removeBackups(iccid: string): Promise<void>;
  /** It takes the place of the one for the same bootstrap of the card. */
  putPlan(plan: CardPlanRecord): Promise<void>;
  /** Of this card, newest first. */
  plans(iccid: string): Promise<CardPlanRecord[]>;
  removePlan(iccid: string, profile: string): Promise<void>;
  /** The card has no room for a second file. */
  putFull(iccid: string): Promise<void>;
  isFull(iccid: string): Promise<boolean>;
}

/** A list of cards to be provisioned. */
export interface BatchRecord {
  /** Given by the store. */
  readonly key: string;
  readonly name: string;
  readonly createdAt: number;
  /** What its cards get instead of the DM account of this server: a client provisioning document, placeholders and all. */
  readonly profile?: { readonly name: string; readonly document: Uint8Array };
  /** A person consented for this batch: cards that do not tell the tries of their key get it presented, each once. */
  readonly unknownTries: boolean;
}

export type BatchCardState = 'waiting' | 'writing' | 'interrupted' | 'verified' | 'failed';

/** One card of a batch, and what became of it. */
export interface BatchCardRecord {
  /** In the list that it came from. */
  readonly line: number;
  readonly iccid: string;
  /** Gone once the card is verified. */
  readonly adm?: Secret;
  /** What the list says of its profile, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** The same for what nobody sees; gone once the card is verified. */
  readonly secrets: Readonly<Record<string, Secret>>;
  /** `writing`: its key may have been presented. */
  readonly state: BatchCardState;
  /** Code of the error where it failed. */
  readonly code?: string;
  readonly detail: string;
  readonly at?: number;
  readonly reader?: string;
  /** Of its key, before it was presented. */
  readonly triesBefore?: number;
  /** Of a verified card: tells whether what it got in secret is what a list says later. */
  readonly mark?: string;
}

export interface BatchStore {
  /** Resolves with the key. */
  add(batch: Omit<BatchRecord, 'key'>, cards: readonly BatchCardRecord[]): Promise<string>;
  /** What its cards get, and what a person consented to. */
  change(batch: BatchRecord): Promise<void>;
  /** Newest first. */
  all(): Promise<BatchRecord[]>;
  /** In the order of the list. */
  cards(key: string): Promise<BatchCardRecord[]>;
  /** They take the places of those in the same lines: all or none. */
  putCards(key: string, cards: readonly BatchCardRecord[]): Promise<void>;
  /** They take the place of all. */
  setCards(key: string, cards: readonly BatchCardRecord[]): Promise<void>;
  /** What was said to a card in its last run, packed; the store does not look into it. It takes the place of the one before. */
  putTrace(key: string, iccid: string, content: Uint8Array): Promise<void>;
  trace(key: string, iccid: string): Promise<Uint8Array | undefined>;
  remove(key: string): Promise<void>;
}

/**
 * All methods reject with StoreError. A write that resolved survives the end of the program and of the machine; one that is
 * under way is seen by reads already.
 */
export interface Store {
  readonly kind: string;
  readonly jobs: JobStore;
  readonly cards: CardStore;
  readonly batches: BatchStore;

  putAccount(account: AccountRecord): Promise<void>;
  findAccount(user: string): Promise<AccountRecord | undefined>;
  accounts(): Promise<AccountRecord[]>;
  setNonce(user: string, side: 'client' | 'server', nonce: Uint8Array): Promise<void>;
  /** Undefined: to none, the next device that proves it. */
  bindAccount(user: string, deviceId: string | undefined): Promise<void>;
  setFailures(user: string, failures: number, lockedUntil: number | undefined): Promise<void>;

  putDevice(device: DeviceRecord): Promise<void>;
  devices(): Promise<DeviceRecord[]>;

  /** Appends a step of a device's tree. @param id higher than that of any step before */
  addTreeStep(id: number, deviceId: string, step: TreeStepRecord): Promise<void>;
  /** All steps that are kept, in order. */
  treeSteps(): Promise<{ readonly id: number; readonly deviceId: string; readonly step: TreeStepRecord }[]>;
  /** This one and all before are gone: nodes hold what they changed. */
  forgetTreeSteps(upTo: number): Promise<void>;
  /** They take the place of what was kept of them. All or none. */
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
  /** Of all devices, newest first. */
  findSessions(query: SessionQuery, limit: number): Promise<SessionSummary[]>;
  countSessions(query: SessionQuery): Promise<number>;
  addMessages(messages: readonly NewMessage[]): Promise<void>;
  /** In the order they came. @param after key of a message: those that came after it */
  messages(sessionKey: string, after?: string): Promise<MessageRecord[]>;
  message(key: string): Promise<MessageRecord | undefined>;

  readonly snapshots: SnapshotStore;

  /** What was removed is nowhere in the files any more, unless another program is in them: then with the last that leaves. */
  settle(): Promise<void>;
  /** Bytes the store takes. */
  size(): Promise<number>;
  close(): Promise<void>;
}
