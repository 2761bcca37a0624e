/** The workbench as its API sees it. The router validates, this does. Subscriptions yield the present state first. */
import type { BatchesService } from './cards/batch/service.ts';
import type { PresentConsent } from './cards/refused-keys.ts';
import type { DdfService } from './ddf/service.ts';
import type { MessageBody, SessionsUpdate } from './message-views.ts';
import type { ObjectView } from './object-views.ts';
import type { ExportedFile } from './session-views.ts';
import type { SessionsService } from './sessions-service.ts';
import type { SnapshotsService } from './snapshots/service.ts';
import type {
  ApduView,
  CardBackupView,
  CardSheetView,
  CardsState,
  DeviceView,
  PastValueView,
  PlanView,
  ProvisionView,
  StoryState,
  TreeUpdate,
  UnlockedView,
  WorkbenchStatus,
} from './views.ts';
import type { WorkService } from './work-service.ts';

export interface WorkbenchService {
  readonly work: WorkService;
  readonly sessionsRoom: SessionsService;
  readonly ddf: DdfService;
  readonly snapshots: SnapshotsService;
  readonly batches: BatchesService;

  watchStatus(signal: AbortSignal): AsyncIterable<WorkbenchStatus>;

  watchDevices(signal: AbortSignal): AsyncIterable<readonly DeviceView[]>;
  watchTree(deviceId: string, signal: AbortSignal): AsyncIterable<TreeUpdate>;
  /** The standard object that a node is or lies in, read as what it is; null outside of all. */
  objectAt(deviceId: string, uri: string): Promise<ObjectView | null>;
  /** Earlier values of a node, newest first. */
  nodeHistory(deviceId: string, uri: string): Promise<readonly PastValueView[]>;
  /** Sessions of a device, newest first, each with its ladder. */
  watchSessions(deviceId: string, signal: AbortSignal): AsyncIterable<SessionsUpdate>;
  /** Frees the account of a device for the next one that proves it: a card that moved to another handset. */
  freeAccount(deviceId: string): Promise<void>;
  messageBody(messageKey: string): Promise<MessageBody>;
  /** Queues a read of the subtree; a virtual handset is asked to connect at once. */
  readSubtree(deviceId: string, uri: string): Promise<{ readonly queued: boolean }>;
  /** Queues a Replace of one leaf; a virtual handset is asked to connect at once. */
  replaceValue(deviceId: string, uri: string, format: string, value: string): Promise<{ readonly queued: boolean }>;

  watchCards(signal: AbortSignal): AsyncIterable<CardsState>;
  watchApdus(reader: string, signal: AbortSignal): AsyncIterable<readonly ApduView[]>;
  /** What was said to the cards in this reader last, as a file. */
  cardTrace(reader: string, form: 'json' | 'text'): Promise<ExportedFile>;
  cardSheet(reader: string): Promise<CardSheetView>;
  planCard(reader: string, profileId: string): Promise<PlanView>;
  /** A plan to put a client provisioning document, XML or WBXML in base64, on the card beside its DM bootstrap. */
  planCp(reader: string, name: string, base64: string): Promise<PlanView>;
  /** Presents PIN1 to the card in this reader: it is presented again until the card leaves. With consent for this very card also at its last try. */
  unlockCard(reader: string, pin: string, consent?: PresentConsent): Promise<UnlockedView>;
  /** A plan to take the bootstrap off the card. */
  planErase(reader: string, bootstrap?: 'dm' | 'cp'): Promise<PlanView>;
  /** A plan to put the card back as it was before an earlier write. */
  planRestore(reader: string, backupKey: string): Promise<PlanView>;
  /** The plan that an earlier write of the card in this reader was broken off in: writing it completes the card. */
  planResume(reader: string, bootstrap?: 'dm' | 'cp'): Promise<PlanView>;
  /** One backup of this card, or all: they are gone for good. */
  removeBackups(iccid: string, backupKey?: string): Promise<void>;
  /** Of this card, newest first. */
  cardBackups(iccid: string): Promise<readonly CardBackupView[]>;
  /** Writes an approved plan and verifies it. `adm` is used once; with consent for this very card also at its last try; resolves with the final stage. */
  writePlan(planId: string, adm: string, consent?: PresentConsent): Promise<ProvisionView>;
  verifyPlan(planId: string): Promise<ProvisionView>;
  cancelWrite(planId: string): Promise<void>;

  watchStory(signal: AbortSignal): AsyncIterable<StoryState>;
  /** Starts *Try it without hardware*; a story that already runs is left alone. */
  playStory(): Promise<void>;
}
