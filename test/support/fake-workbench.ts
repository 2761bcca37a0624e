/**
 * A workbench without a core behind it: realistic, changeable data for looking at the page and testing it.
 * `pace` scales the waiting (1: as a person would see it, 0: none).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CardError, RequestError, TransportError } from '../../src-core/base/errors.ts';
import { cpDocument } from '../../src-core/bootstrap/cp-document.ts';
import { createInProcessReaders, type InProcessReaders } from '../../src-core/card/in-process.ts';
import type { FumoAlert } from '../../src-core/objects/fumo-view.ts';
import type { TreeChange } from '../../src-core/server/device.ts';
import type { ServerEvent } from '../../src-core/server/effects.ts';
import { openSqliteStore } from '../../src-core/store/sqlite.ts';
import { type DeviceNode, DeviceTree } from '../../src-core/tree/device-tree.ts';
import { BatchesRoom } from '../../src-core/workbench/cards/batch/room.ts';
import type { PresentConsent } from '../../src-core/workbench/cards/refused-keys.ts';
import { CardsRoom } from '../../src-core/workbench/cards/room.ts';
import { traceFile } from '../../src-core/workbench/cards/trace-file.ts';
import { describedDevice } from '../../src-core/workbench/ddf/device.ts';
import { DdfRoom } from '../../src-core/workbench/ddf/room.ts';
import type { SessionsUpdate, SessionView } from '../../src-core/workbench/message-views.ts';
import type { ObjectView } from '../../src-core/workbench/object-views.ts';
import { ObjectsRoom } from '../../src-core/workbench/objects.ts';
import type { WorkbenchService } from '../../src-core/workbench/service.ts';
import type { ExportedFile } from '../../src-core/workbench/session-views.ts';
import { SnapshotsRoom } from '../../src-core/workbench/snapshots/room.ts';
import { Topic } from '../../src-core/workbench/topic.ts';
import { streamTree } from '../../src-core/workbench/tree-stream.ts';
import type {
  ApduView,
  CardBackupView,
  CardSheetView,
  CardsState,
  DeviceView,
  PlanView,
  ProvisionView,
  StoryState,
  TreeUpdate,
  UnlockedView,
  WorkbenchStatus,
  WriteStage,
} from '../../src-core/workbench/views.ts';
import type { CommandInput } from '../../src-core/workbench/work-views.ts';
import { firmwareAlerts, firmwareNodes } from './fake-firmware.ts';
import { FakeSessions } from './fake-sessions.ts';
import { FakeWork } from './fake-work.ts';
import * as data from './fake-workbench-data.ts';
import { Watched } from './watched.ts';

/** The ADM key that the fake card takes; `interrupted` pulls the card in the middle of the next write. */
export const ADM_KEY = '12345678';
/** The PIN1 that it takes. */
export const PIN1 = '2580';
/** The one device that has a tree. */
const TREE_OF = data.devices[0]?.id ?? '';

function fakeBatches(readers: InProcessReaders): BatchesRoom {
  const random = (bytes: number) => new Uint8Array(bytes).fill(7);
  const ports = { store: openSqliteStore(':memory:'), now: Date.now, random };
  const serverUrl = data.status.dmServer.url;
  const cards = new CardsRoom({ ...ports, newKey: () => '1' }, serverUrl);
  cards.attach(readers);
  return new BatchesRoom({ ...ports, cards, serverUrl, sleep: ms => sleep(ms), by: 'DM Workbench' });
}

function unanswered(): RequestError {
  return new RequestError('adm-unanswered', 'this key was presented once already, its answer was lost', {
    advice: 'Be sure of the key',
    details: { presented: 1 },
  });
}

export class FakeWorkbench implements WorkbenchService {
  readonly status = new Watched<WorkbenchStatus>(data.status);
  readonly devices = new Watched<readonly DeviceView[]>([]);
  readonly cards = new Watched<CardsState>({ readers: [], profiles: data.profiles, provision: {} });
  readonly apdus = new Watched<readonly ApduView[]>([]);
  readonly story = new Watched<StoryState>({ state: 'idle', plan: data.storySteps.map(s => s.name), steps: [] });
  readonly sessions = new Watched<readonly SessionView[]>([]);
  /** What the page asked for, oldest first: `read ./DevInfo`, `write plan-1`. Never holds a key. */
  readonly asked: string[] = [];
  readonly work = new FakeWork({
    asked: this.asked,
    wait: ms => this.wait(ms),
    onHold: (deviceId, hold) => this.setHeld(deviceId, hold),
    onDone: commands => this.obey(commands),
  });
  pace = 1;
  /** What is different in the plans to come. */
  nextPlan: Partial<PlanView> = {};
  /** What is different on the cards to come. */
  nextSheet: Partial<CardSheetView> = {};
  backups: readonly CardBackupView[] = [];
  /** The answer to the ADM key was lost once. */
  unanswered = false;
  nextWrite: 'ok' | 'interrupted' | 'verify-fails' = 'ok';
  storyFails = false;
  /** Another window freed the account in the meantime. */
  accountsFail = false;
  /** Another program holds the card. */
  held = false;
  private line: Promise<void> = Promise.resolve();
  sheetReads = 0;
  private tree = new DeviceTree();
  private readonly treeEvents = new Topic<ServerEvent>();
  readonly recorded = new FakeSessions(id => this.devices.value.find(device => device.id === id)?.name, this.work);
  /** The core's own, over the fake devices and a store in memory. */
  readonly snapshots = new SnapshotsRoom({
    store: openSqliteStore(':memory:').snapshots,
    device: id => {
      const device = this.devices.value.find(known => known.id === id);
      return device && { tree: id === TREE_OF ? this.tree : new DeviceTree(), record: { lastSeen: 0, ...device } };
    },
    work: this.work,
    now: Date.now,
  });
  /** Readers of this process with virtual cards, for batches alone. */
  readonly batchReaders = createInProcessReaders(['Reader A', 'Reader B']);
  /** The core's own, over those readers and a store in memory. */
  readonly batches = fakeBatches(this.batchReaders);
  /** The core's own, over the fake devices. */
  readonly ddf = new DdfRoom(':memory:', id => {
    const device = this.devices.value.find(known => known.id === id);
    return device && describedDevice(id === TREE_OF ? this.tree : new DeviceTree(), device);
  });
  /** The core's own, over the fake devices. */
  private readonly objects = new ObjectsRoom({
    store: { sessions: async () => [], messages: async () => [] },
    device: id => (id === TREE_OF ? { tree: this.tree } : undefined),
  });
  private firmwareAlerts: readonly FumoAlert[] = [];
  private cancelled = false;
  private plans = 0;

  /** Four devices with a tree and two sessions, two readers with one card. */
  fill(): void {
    this.devices.set(data.devices);
    this.setTree(data.tree);
    this.sessions.set(data.sessions);
    this.recorded.fill();
    this.insertCard();
  }

  setTree(nodes: readonly DeviceNode[]): void {
    const kept = new Set(nodes.map(({ uri }) => uri));
    const gone = this.tree.nodes().filter(({ uri }) => !kept.has(uri));
    this.tree = new DeviceTree(nodes);
    this.changed({ nodes, removed: gone.map(({ uri }) => uri) });
  }

  /** The device has a FUMO object, and alerts about it in its sessions. */
  addFirmware(): void {
    this.firmwareAlerts = firmwareAlerts;
    this.changed({ nodes: this.tree.apply(firmwareNodes, Date.now(), '1A'), removed: [] });
  }

  insertCard(): void {
    this.cards.set({ ...this.cards.value, readers: data.readers });
    this.apdus.set(data.apdus);
  }

  pullCard(): void {
    const readers = data.readers.map(({ name, transport }) => ({ name, transport, state: 'empty' as const }));
    this.cards.set({ ...this.cards.value, readers });
  }

  changeValue(uri: string, value: string): void {
    if (!this.tree.get(uri)) throw new Error(`the fake tree has no ${uri}`);
    this.changed({ nodes: this.tree.apply([{ uri, value }], Date.now(), '1B'), removed: [] });
  }

  addNode(uri: string, format: string, value: string): void {
    this.changed({ nodes: this.tree.apply([{ uri, format, value }], Date.now(), '1A'), removed: [] });
  }

  /** What the commands change in the tree, as far as a look at the page needs it. */
  private obey(commands: readonly CommandInput[]): void {
    for (const command of commands) {
      if ('commands' in command) this.obey(command.commands);
      else if (command.kind === 'replace') this.changeValue(command.uri, command.value);
      else if (command.kind === 'delete') this.changed({ nodes: [], removed: this.tree.remove(command.uri) });
      else if (command.kind === 'add')
        this.changed({ nodes: this.tree.apply([command], Date.now(), '1B'), removed: [] });
    }
  }

  private changed(change: TreeChange): void {
    this.treeEvents.emit({ kind: 'tree', deviceId: TREE_OF, change });
  }

  watchStatus = (signal: AbortSignal) => this.status.watch(signal);
  watchDevices = (signal: AbortSignal) => this.devices.watch(signal);
  watchCards = (signal: AbortSignal) => this.cards.watch(signal);
  watchApdus = (_reader: string, signal: AbortSignal) => this.apdus.watch(signal);
  watchStory = (signal: AbortSignal) => this.story.watch(signal);

  watchTree(deviceId: string, signal: AbortSignal): AsyncIterable<TreeUpdate> {
    const tree = () => (deviceId === TREE_OF ? this.tree : undefined);
    return streamTree({ deviceId, events: this.treeEvents, tree }, signal);
  }

  async nodeHistory(_deviceId: string, uri: string) {
    return this.tree.get(uri)?.history ?? [];
  }

  async *watchSessions(deviceId: string, signal: AbortSignal): AsyncGenerator<SessionsUpdate> {
    const failed = data.failedSession.deviceId === deviceId ? [data.failedSession] : [];
    const sessions = deviceId === TREE_OF ? this.sessions : new Watched<readonly SessionView[]>(failed);
    for await (const changed of sessions.watch(signal)) yield { keys: changed.map(({ key }) => key), changed };
  }

  /** The Sessions room is the core's own, over a store of made-up sessions. */
  get sessionsRoom() {
    return this.recorded.room;
  }

  async objectAt(deviceId: string, uri: string): Promise<ObjectView | null> {
    const view = await this.objects.at(deviceId, uri);
    return view?.kind === 'fumo' ? { ...view, alerts: this.firmwareAlerts } : view;
  }

  async freeAccount(deviceId: string): Promise<void> {
    const device = this.devices.value.find(({ id }) => id === deviceId);
    this.asked.push(`free ${device?.account}`);
    if (this.accountsFail)
      throw new RequestError('no-account', `no account belongs to ${deviceId}`, { advice: 'Look.' });
    await this.wait(200);
    this.devices.set(this.devices.value.map(one => (one === device ? { ...one, account: undefined } : one)));
  }

  async messageBody(key: string) {
    return key.startsWith('m-') ? data.bodyOf(key) : this.recorded.room.messageBody(key);
  }

  async readSubtree(deviceId: string, uri: string) {
    this.asked.push(`read ${uri}`);
    if (deviceId === data.devices[2]?.id) {
      throw new RequestError('no-credentials', 'The device refused the last session with 401', {
        advice: 'Give it new credentials before queueing commands for it.',
      });
    }
    return { queued: true };
  }

  async replaceValue(_deviceId: string, uri: string, format: string, value: string) {
    this.asked.push(`replace ${uri} ${format} ${value}`);
    await this.wait(300);
    this.changeValue(uri, value);
    return { queued: false };
  }

  cardSheet(reader: string): Promise<CardSheetView> {
    return this.alone(reader, () => this.readSheet(reader));
  }

  private async readSheet(reader: string): Promise<CardSheetView> {
    this.sheetReads += 1;
    const { readers, provision } = this.cards.value;
    if (readers.find(r => r.name === reader)?.state !== 'present') {
      throw new CardError('no-card', `No card in ${reader}`, { advice: 'Insert a card.' });
    }
    await this.wait(150);
    const { bootstrap, ...sheet } = provision[reader]?.stage === 'verified' ? data.provisionedSheet : data.sheet;
    const isRead = bootstrap && !this.nextSheet.pin1?.needed;
    return { ...sheet, ...(isRead && { bootstrap }), ...this.nextSheet };
  }

  /** After a wrong one the sheets to come have a try less, after the right one they are whole. */
  async unlockCard(reader: string, pin: string, consent?: { readonly iccid: string }): Promise<UnlockedView> {
    this.asked.push(consent ? `unlock with consent ${consent.iccid}` : 'unlock');
    if (pin !== PIN1) {
      const triesLeft = (this.nextSheet.pin1?.triesLeft ?? 3) - 1;
      this.nextSheet = { ...this.nextSheet, pin1: { enabled: true, needed: true, triesLeft, words: 'asked for' } };
      throw new CardError('pin-wrong', `PIN1 is wrong, ${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left`, {
        advice: 'Ask the holder or the issuer of the card for its PIN1 before trying again',
      });
    }
    this.nextSheet = { pin1: { enabled: true, triesLeft: 3, needed: false, words: 'asked for, 3 tries left' } };
    const readers = this.cards.value.readers.map(one =>
      one.name === reader ? { ...one, unlocked: true as const } : one,
    );
    this.cards.set({ ...this.cards.value, readers });
    return { iccid: data.sheet.iccid, presented: true };
  }

  planCard(reader: string, profileId: string): Promise<PlanView> {
    return this.alone(reader, () => this.makePlan(reader, profileId));
  }

  private async makePlan(reader: string, profileId: string): Promise<PlanView> {
    this.asked.push(`plan ${profileId}`);
    await this.wait(300);
    return this.planned({ reader });
  }

  async planCp(reader: string, name: string, base64: string): Promise<PlanView> {
    const { length } = cpDocument(Uint8Array.from(Buffer.from(base64, 'base64')));
    this.asked.push(`plan CP ${name}, ${length} bytes`);
    return this.planned({ reader, bootstrap: 'cp', profile: name });
  }

  async cardTrace(reader: string, form: 'json' | 'text'): Promise<ExportedFile> {
    return traceFile(reader, this.apdus.value, form);
  }

  async planErase(reader: string, bootstrap: 'dm' | 'cp' = 'dm'): Promise<PlanView> {
    this.asked.push(`plan to erase ${bootstrap}`);
    return this.planned({ kind: 'erase', bootstrap, reader, profile: 'Erase' });
  }

  async planRestore(reader: string, backup: string): Promise<PlanView> {
    this.asked.push(`plan to restore ${backup}`);
    return this.planned({ kind: 'restore', reader, profile: 'Backup' });
  }

  async planResume(reader: string, bootstrap: 'dm' | 'cp' = 'dm'): Promise<PlanView> {
    this.asked.push(`plan to complete ${bootstrap}`);
    const plan = this.planned({ bootstrap, reader, profile: 'DM account for this workbench' });
    this.enter({ ...this.provisionOf(plan.id), stage: 'interrupted', message: 'It was broken off.' });
    return plan;
  }

  async removeBackups(iccid: string, backup?: string): Promise<void> {
    this.asked.push(`delete ${backup ?? 'all backups'} of ${iccid}`);
    this.backups = backup === undefined ? [] : this.backups.filter(({ key }) => key !== backup);
  }

  async cardBackups(): Promise<readonly CardBackupView[]> {
    return this.backups;
  }

  private planned(change: Partial<PlanView>): PlanView {
    this.plans += 1;
    const plan: PlanView = { ...data.plan, ...change, ...this.nextPlan, id: `plan-${this.plans}` };
    this.enter({ plan, stage: 'planned', progress: 0, message: 'Planned' });
    return plan;
  }

  writePlan(planId: string, adm: string, consent?: PresentConsent): Promise<ProvisionView> {
    if (consent) this.asked.push(`consent ${consent.iccid}${consent.presented ? ` after ${consent.presented}` : ''}`);
    return this.alone(this.provisionOf(planId).plan.reader, () =>
      this.unanswered && consent?.presented !== 1 ? this.keepKeyBack(planId) : this.write(planId, adm),
    );
  }

  private async keepKeyBack(planId: string): Promise<ProvisionView> {
    this.stop(planId, 'writing', 0, 'Writing');
    await this.wait(220);
    this.stop(planId, 'planned', 0, 'Planned');
    throw unanswered();
  }

  private async write(planId: string, adm: string): Promise<ProvisionView> {
    this.asked.push(`write ${planId}`);
    const { plan } = this.provisionOf(planId);
    if (adm !== ADM_KEY) {
      const admTriesLeft = (plan.admTriesLeft ?? 3) - 1;
      this.enter({ ...this.provisionOf(planId), plan: { ...plan, admTriesLeft } });
      throw new CardError('adm-refused', `The card refused the ADM key: ${admTriesLeft} tries left`, {
        statusWord: 0x63c0 + admTriesLeft,
        advice: 'Check the key against the label before you try again: at 0 the card blocks for good.',
      });
    }
    this.cancelled = false;
    const failing = this.nextWrite;
    this.nextWrite = 'ok';
    for (let i = 0; i <= 10; i += 1) {
      if (this.cancelled) return this.stop(planId, 'interrupted', i / 10, 'Cancelled after 2 of 6 APDUs.');
      if (failing === 'interrupted' && i === 5) {
        this.pullCard();
        return this.stop(planId, 'interrupted', 0.5, 'The card was pulled after 3 of 6 APDUs.');
      }
      this.stop(planId, 'writing', i / 10, `EF DM_Bootstrap, APDU ${Math.min(6, Math.ceil(i * 0.6))} of 6`);
      await this.wait(220);
    }
    return this.verify(planId, failing === 'verify-fails');
  }

  verifyPlan(planId: string): Promise<ProvisionView> {
    this.asked.push(`verify ${planId}`);
    return this.alone(this.provisionOf(planId).plan.reader, () => this.verify(planId, false));
  }

  async cancelWrite(): Promise<void> {
    this.asked.push('cancel');
    this.cancelled = true;
  }

  async playStory(): Promise<void> {
    this.asked.push('story');
    if (this.story.value.state === 'running') return;
    void this.tellStory();
  }

  /** A card answers to one at a time; what the page asks for meanwhile waits for its turn. */
  private async alone<T>(reader: string, work: () => Promise<T>): Promise<T> {
    if (this.held) {
      throw new TransportError('reader-busy', `the card in ${reader} is in use`, {
        advice: 'Close the other program or wait until its work on the card is done',
      });
    }
    const turn = this.line.then(work);
    this.line = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  private async tellStory(): Promise<void> {
    const plan = data.storySteps.map(s => s.name);
    this.story.set({ state: 'running', plan, steps: [] });
    for (let i = 0; i < data.storySteps.length; i += 1) {
      await this.wait(500);
      if (this.storyFails && i === 3) {
        const steps = [...data.storySteps.slice(0, i), data.failedStep];
        this.story.set({ state: 'failed', plan, steps });
        return;
      }
      this.story.set({ state: 'running', plan, steps: data.storySteps.slice(0, i + 1) });
      if (i === 1) this.insertCard();
      if (i === 4) this.fill();
    }
    const deviceId = data.devices[0]?.id ?? '';
    this.story.set({ state: 'done', plan, steps: data.storySteps, deviceId, reader: data.plan.reader });
  }

  private setHeld(deviceId: string, hold: boolean): void {
    const held = { state: 'held' as const, since: Date.now(), sessionId: '1B' };
    this.devices.set(
      this.devices.value.map(({ held: _, ...device }) =>
        device.id === deviceId && hold ? { ...device, held } : device,
      ),
    );
  }

  private async verify(planId: string, fails: boolean): Promise<ProvisionView> {
    for (let i = 0; i <= 3; i += 1) {
      this.stop(planId, 'verifying', i / 3, `Reading back, APDU ${i * 3} of 9`);
      await this.wait(220);
    }
    if (fails)
      return this.stop(planId, 'failed', 1, 'EF DM_Bootstrap differs from the plan at offset 212: 6D, planned 6F.');
    return this.stop(planId, 'verified', 1, '3 files read back and compared, 618 bytes, 9 APDUs, 1.9 s.');
  }

  private stop(planId: string, stage: WriteStage, progress: number, message: string): ProvisionView {
    const { plan } = this.provisionOf(planId);
    return this.enter({ plan, stage, progress, message });
  }

  private provisionOf(planId: string): ProvisionView {
    const found = Object.values(this.cards.value.provision).find(p => p.plan.id === planId);
    if (!found) throw new RequestError('unknown-plan', `There is no plan ${planId}`);
    return found;
  }

  private enter(view: ProvisionView): ProvisionView {
    const { provision } = this.cards.value;
    this.cards.set({ ...this.cards.value, provision: { ...provision, [view.plan.reader]: view } });
    return view;
  }

  private wait(ms: number): Promise<void> {
    return sleep(ms * this.pace);
  }
}
