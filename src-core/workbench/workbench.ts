/** The application: composes the floors below, and is the service behind the API. One of them runs in each core process. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError } from '../base/errors.ts';
import type { ReaderService } from '../card/reader.ts';
import { PortRegistry } from '../handset/ports.ts';
import { DmServer, type ServerEvent } from '../server/dm-server.ts';
import { type HttpBinding, startHttpBinding } from '../server/http-binding.ts';
import { randomPool } from '../server/random-pool.ts';
import { UNPROVEN_MESSAGE_BYTES } from '../server/unproven.ts';
import type { Store } from '../store/contract.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { BatchesRoom } from './cards/batch/room.ts';
import type { PresentConsent } from './cards/refused-keys.ts';
import { CardsRoom } from './cards/room.ts';
import { describedDevice } from './ddf/device.ts';
import { DdfRoom } from './ddf/room.ts';
import { DevicesRoom } from './devices.ts';
import type { PcscdUse } from './lab.ts';
import { ObjectsRoom } from './objects.ts';
import type { WorkbenchService } from './service.ts';
import { SessionsRoom } from './sessions.ts';
import { keepFirstReadings } from './snapshots/first-readings.ts';
import { SnapshotsRoom } from './snapshots/room.ts';
import type { StoryPorts, StoryResult } from './story.ts';
import { StoryRoom } from './story-room.ts';
import { Topic } from './topic.ts';
import type { StoryState, StoryStep, WorkbenchStatus } from './views.ts';
import { WorkRoom } from './work.ts';

export interface WorkbenchOptions {
  /** Database file, or `:memory:`. */
  readonly database: string;
  readonly dmHost: string;
  readonly dmPort: number;
  readonly pcscd: PcscdUse;
  readonly version: string;
}

const SWEEP_MS = 30_000;
const now = Date.now;
const random = randomPool();

export class Workbench implements WorkbenchService {
  readonly dmUrl: string;
  readonly work: WorkRoom;
  readonly devices: DevicesRoom;
  readonly sessionsRoom: SessionsRoom;
  readonly ddf: DdfRoom;
  readonly snapshots: SnapshotsRoom;
  readonly cards: CardsRoom;
  readonly batches: BatchesRoom;
  readonly ports = new PortRegistry();
  readonly #options: WorkbenchOptions;
  readonly #store: Store;
  readonly #http: HttpBinding;
  readonly #server: DmServer;
  readonly #objects: ObjectsRoom;
  readonly #sweep: NodeJS.Timeout;
  readonly #story: StoryRoom;
  readonly #statusChanged = new Topic();
  #pcsc: { readonly service?: ReaderService; readonly status: WorkbenchStatus['pcsc'] } = {
    status: { state: 'absent', detail: 'looking for card readers' },
  };

  private constructor(
    options: WorkbenchOptions,
    store: Store,
    http: HttpBinding,
    server: DmServer,
    events: Topic<ServerEvent>,
  ) {
    this.#options = options;
    this.#store = store;
    this.#http = http;
    this.#server = server;
    this.dmUrl = http.url;
    this.#objects = new ObjectsRoom({ store, device: id => server.devices.get(id) });
    this.#story = new StoryRoom({ ports: () => this.#storyPorts(), letGo: id => server.live.letGo(id) });
    const isVirtual = (deviceId: string) => this.#story.deviceId === deviceId;
    const summon = (deviceId: string) => this.#story.summon(deviceId);
    this.work = new WorkRoom({
      server,
      store,
      events,
      summon,
      problems: (id, commands) => this.ddf.problems(id, commands),
    });
    this.devices = new DevicesRoom({ server, store, events, isVirtual, work: this.work });
    this.sessionsRoom = new SessionsRoom({
      store,
      events,
      deviceName: id => server.devices.get(id)?.record.name,
      now,
      random,
      dmUrl: http.url,
      work: this.work,
      by: `DM Workbench ${options.version}`,
    });
    this.snapshots = new SnapshotsRoom({
      store: store.snapshots,
      device: id => server.devices.get(id),
      work: this.work,
      now,
    });
    keepFirstReadings(events, store.jobs, this.snapshots);
    this.ddf = new DdfRoom(options.database, id => {
      const device = server.devices.get(id);
      return device && describedDevice(device.tree, device.record);
    });
    this.cards = new CardsRoom({ store, now, random, newKey: randomUUID }, http.url);
    this.batches = new BatchesRoom({
      store,
      now,
      random,
      sleep,
      cards: this.cards,
      serverUrl: http.url,
      by: `DM Workbench ${options.version}`,
    });
    this.ports.onChange(() => this.#statusChanged.emit());
    this.#sweep = setInterval(() => void server.sweep(), SWEEP_MS).unref();
  }

  /** The DM server answers when this resolves; readers are looked for after that. @throws StoreError, TransportError */
  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const store = openSqliteStore(options.database);
    const events = new Topic<ServerEvent>();
    const ready = Promise.withResolvers<DmServer>();
    let running: DmServer | undefined;
    const http = await startHttpBinding({
      host: options.dmHost,
      port: options.dmPort,
      handler: async (...message) => (await ready.promise).handle(...message),
      bodyLimit: session => running?.bodyLimit(session) ?? UNPROVEN_MESSAGE_BYTES,
      onError: error => console.error('unexpected error in the DM server:', error),
    }).catch(async error => {
      await store.close();
      throw error;
    });
    const server = await DmServer.create({
      store,
      url: http.url,
      now,
      newNonce: () => random(16),
      newKey: randomUUID,
      onEvent: event => events.emit(event),
    });
    running = server;
    ready.resolve(server);
    return new Workbench(options, store, http, server, events);
  }

  /** Finds the PC/SC service; without it the workbench works on and says what is missing. */
  async findReaders(): Promise<void> {
    const [{ openPcscReaders }, { pcscdState }] = await Promise.all([
      import('../card/pcsc.ts'),
      import('../card/pcscd.ts'),
    ]);
    try {
      const service = await openPcscReaders();
      const running = (await pcscdState()) === 'running';
      this.#pcsc = { service, status: running ? RUNNING : ABSENT };
      this.cards.attach(service);
      service.watch((readers, fault) => {
        if (fault) this.#pcscIs({ state: 'absent', detail: `${fault.message}. ${fault.advice ?? ''}` });
        else if (readers.length > 0) this.#pcscIs(RUNNING);
        // Its process is back: no reader is plugged in, or pcscd does not run.
        else if (this.#pcsc.status !== RUNNING)
          void pcscdState().then(state => this.#pcscIs(state === 'running' ? RUNNING : ABSENT));
      });
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#pcsc = { status: { state: 'unbuilt', detail: `${error.message}. ${error.advice ?? ''}` } };
    }
    this.#statusChanged.emit();
  }

  watchStatus(signal: AbortSignal): AsyncIterable<WorkbenchStatus> {
    return this.#statusChanged.states(() => this.#status(), signal);
  }

  watchDevices(signal: AbortSignal) {
    return this.devices.watch(signal);
  }

  watchTree(deviceId: string, signal: AbortSignal) {
    return this.devices.watchTree(deviceId, signal);
  }

  async objectAt(deviceId: string, uri: string) {
    return this.#objects.at(deviceId, uri);
  }

  async nodeHistory(deviceId: string, uri: string) {
    return this.devices.history(deviceId, uri);
  }

  watchSessions(deviceId: string, signal: AbortSignal) {
    return this.devices.watchSessions(deviceId, signal);
  }

  freeAccount(deviceId: string) {
    return this.devices.freeAccount(deviceId);
  }

  messageBody(key: string) {
    return this.sessionsRoom.messageBody(key);
  }

  async readSubtree(deviceId: string, uri: string) {
    return this.devices.read(deviceId, uri);
  }

  async replaceValue(deviceId: string, uri: string, format: string, value: string) {
    return this.devices.replace(deviceId, uri, format, value);
  }

  watchCards(signal: AbortSignal) {
    return this.cards.watch(signal);
  }

  async cardTrace(reader: string, form: 'json' | 'text') {
    return this.cards.trace(reader, form);
  }

  watchApdus(reader: string, signal: AbortSignal) {
    return this.cards.watchApdus(reader, signal);
  }

  cardSheet(reader: string) {
    return this.cards.sheet(reader);
  }

  unlockCard(reader: string, pin: string, consent?: PresentConsent) {
    return this.cards.unlock(reader, pin, consent);
  }

  planCard(reader: string, profileId: string) {
    return this.cards.plan(reader, profileId);
  }

  planCp(reader: string, name: string, base64: string) {
    return this.cards.planCp(reader, Uint8Array.from(Buffer.from(base64, 'base64')), name);
  }

  planErase(reader: string, bootstrap?: 'dm' | 'cp') {
    return this.cards.planErase(reader, bootstrap);
  }

  planRestore(reader: string, backupKey: string) {
    return this.cards.planRestore(reader, backupKey);
  }

  planResume(reader: string, bootstrap?: 'dm' | 'cp') {
    return this.cards.planResume(reader, bootstrap);
  }

  removeBackups(iccid: string, backupKey?: string) {
    return this.cards.removeBackups(iccid, backupKey);
  }

  cardBackups(iccid: string) {
    return this.cards.backups(iccid);
  }

  writePlan(planId: string, adm: string, consent?: PresentConsent) {
    return this.cards.write(planId, adm, consent);
  }

  verifyPlan(planId: string) {
    return this.cards.verify(planId);
  }

  async cancelWrite(planId: string) {
    this.cards.cancel(planId);
  }

  watchStory(signal: AbortSignal): AsyncIterable<StoryState> {
    return this.#story.watch(signal);
  }

  async playStory(): Promise<void> {
    this.#story.play();
  }

  runStory(onStep: (step: StoryStep) => void): Promise<StoryResult> {
    return this.#story.run(onStep);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    // A handset of the laboratory may be waiting in a session that is held open.
    await this.#server.close();
    await this.#story.close();
    await this.batches.close();
    this.cards.close();
    await this.#pcsc.service?.close();
    await this.#http.close();
    await this.#store.close();
  }

  #storyPorts(): StoryPorts {
    const { cards, devices, ports } = this;
    return { cards, devices, ports, pcsc: this.#pcsc.service, pcscd: this.#options.pcscd, now, random };
  }

  #pcscIs(status: WorkbenchStatus['pcsc']): void {
    if (this.#pcsc.status === status) return;
    this.#pcsc = { ...this.#pcsc, status };
    this.#statusChanged.emit();
  }

  async #status(): Promise<WorkbenchStatus> {
    return {
      version: this.#options.version,
      dmServer: { url: this.dmUrl, listening: true },
      pcsc: this.#pcsc.status,
      ports: this.ports.held().map(({ path, holder }) => ({ path, heldBy: holder })),
      store: { kind: this.#store.kind, bytes: await this.#store.size() },
    };
  }
}

const RUNNING: WorkbenchStatus['pcsc'] = { state: 'running', detail: 'pcscd runs' };
const ABSENT: WorkbenchStatus['pcsc'] = {
  state: 'absent',
  detail: 'The PC/SC service does not run. Debian: sudo systemctl start pcscd (package pcscd)',
};
