/** *Try it without hardware*: card → handset → server → tree → cable, every part real but the card and the handset. */
import { performance } from 'node:perf_hooks';
import { CardError, describeError, ProtocolError } from '../base/errors.ts';
import type { ReaderService } from '../card/reader.ts';
import { type HandsetIdentity as Identified, identifyHandset } from '../handset/identify.ts';
import type { PortRegistry } from '../handset/ports.ts';
import type { DmAccount } from '../objects/dmacc.ts';
import { readBootstrapFromCard } from '../virtual/handset/card-bootstrap.ts';
import { type SessionReport, VirtualHandset } from '../virtual/handset/handset.ts';
import { exchangeOverHttp } from '../virtual/handset/http-exchange.ts';
import { DEFAULT_HANDSET } from '../virtual/handset/identity.ts';
import { DEFAULT_ICCID } from '../virtual/uicc/profile.ts';
import { createUicc, DEFAULT_ADM1 } from '../virtual/uicc/uicc.ts';
import { type CardsRoom, THIS_SERVER } from './cards/room.ts';
import type { DevicesRoom } from './devices.ts';
import { type LabCable, type LabReader, openLabCable, openLabReader, type PcscdUse } from './lab.ts';
import type { StoryStep } from './views.ts';

export const STORY_STEPS = [
  'Build the DM bootstrap',
  'Plan, write and verify the card',
  'Handset reads the card',
  'Management session over HTTP',
  'Tree in the inspector',
  'Handset on the serial cable',
] as const;

export interface StoryPorts {
  readonly cards: CardsRoom;
  readonly devices: DevicesRoom;
  readonly ports: PortRegistry;
  /** Undefined where the PC/SC binding is not built. */
  readonly pcsc: ReaderService | undefined;
  readonly pcscd: PcscdUse;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
}

export interface StoryResult {
  readonly card: {
    readonly reader: string;
    readonly transport: 'pcscd' | 'in-process';
    readonly iccid: string;
    readonly bytesWritten: number;
    readonly apdus: number;
  };
  readonly report: SessionReport;
  readonly handset: Identified & { readonly port: string };
}

const BATTERY = './Vendor/Battery/Level';
const IDENTIFY_MS = 5_000;

/** The virtual hardware of one story. It stays for as long as the person works with it; `close` takes all of it away. */
export class Story {
  readonly handset: VirtualHandset;
  readonly #ports: StoryPorts;
  readonly #onStep: (step: StoryStep) => void;
  readonly #card = createUicc();
  #reader: LabReader | undefined;
  #cable: LabCable | undefined;
  #sessions: Promise<unknown> = Promise.resolve();

  constructor(ports: StoryPorts, onStep: (step: StoryStep) => void) {
    this.#ports = ports;
    this.#onStep = onStep;
    this.handset = new VirtualHandset(DEFAULT_HANDSET, {
      now: ports.now,
      newNonce: () => ports.random(16),
      exchange: exchangeOverHttp,
    });
  }

  get reader(): string | undefined {
    return this.#reader?.name;
  }

  /** Plays all steps; the first that fails ends the story and rejects with its error. */
  async play(): Promise<StoryResult> {
    const { cards } = this.#ports;
    await this.#step(
      0,
      () => cards.bootstrapFor(DEFAULT_ICCID),
      bytes => `${bytes.length} bytes, application/vnd.syncml.dm+wbxml`,
    );
    const { reader, plan } = await this.#step(1, () => this.#provision(), provisionDetail);
    await this.#step(
      2,
      () => this.#readCard(reader.name),
      accounts => `one DM account, server ${accounts[0]?.serverId}`,
    );
    const report = await this.#step(3, () => this.#firstSession(), sessionDetail);
    await this.#step(
      4,
      () => this.#tree(),
      count => `${count} nodes`,
    );
    const handset = await this.#step(5, () => this.#identify(), cableDetail);
    const card = {
      reader: reader.name,
      transport: reader.service.transport,
      iccid: plan.iccid,
      bytesWritten: plan.bytesWritten,
      apdus: cards.apdus(reader.name),
    };
    return { card, report, handset };
  }

  /** One session of the handset, after any that still runs. Its battery loses a little each time. */
  connect(): Promise<SessionReport> {
    return this.#inTurn(() => {
      const level = Number(this.handset.tree.get(BATTERY, 'device').value);
      this.handset.tree.replace(BATTERY, String(level > 5 ? level - 1 : 100), 'device');
      return this.#session();
    });
  }

  /** A session, and those in which the handset tells by itself how what was started in it ended. */
  async #session(): Promise<SessionReport> {
    const report = await this.handset.connect();
    while (this.handset.hasNews) await this.handset.connect();
    return report;
  }

  /** A handset has one session at a time. */
  #inTurn(connect: () => Promise<SessionReport>): Promise<SessionReport> {
    const session = this.#sessions.then(connect);
    this.#sessions = session.catch(() => undefined);
    return session;
  }

  async close(): Promise<void> {
    await this.#sessions;
    await this.#cable?.close();
    if (this.#reader?.isNew) this.#ports.cards.detach(this.#reader.service);
    await this.#reader?.close();
  }

  async #step<T>(index: number, work: () => Promise<T>, detail: (result: T) => string): Promise<T> {
    const name = STORY_STEPS[index] ?? '';
    const start = performance.now();
    const tell = (ok: boolean, words: string) =>
      this.#onStep({ name, ok, ms: Math.round(performance.now() - start), detail: words });
    try {
      const result = await work();
      tell(true, detail(result));
      return result;
    } catch (error) {
      tell(false, describeError(error));
      throw error;
    }
  }

  async #provision() {
    const { cards, pcsc, pcscd } = this.#ports;
    const reader = await openLabReader(this.#card, pcscd, pcsc);
    this.#reader = reader;
    if (reader.isNew) cards.attach(reader.service);
    const plan = await cards.plan(reader.name, THIS_SERVER);
    const done = await cards.write(plan.id, DEFAULT_ADM1);
    return { reader, plan: { iccid: plan.iccid, updates: plan.apdusToWrite, bytesWritten: done.bytesWritten } };
  }

  async #readCard(reader: string): Promise<DmAccount[]> {
    const bytes = await this.#ports.cards.withCard(reader, card => readBootstrapFromCard(apdu => card.transmit(apdu)));
    if (!bytes) throw new CardError('no-bootstrap', 'the handset finds no bootstrap on the card');
    return this.handset.bootstrap(bytes);
  }

  async #firstSession(): Promise<SessionReport> {
    const report = await this.#inTurn(() => this.handset.connect());
    const { client, server } = report.authenticated;
    if (report.outcome === 'completed' && client && server) return report;
    throw new ProtocolError('session', `the session ended ${report.outcome}: ${report.reason}`, 401);
  }

  async #tree(): Promise<number> {
    const count = this.#ports.devices.nodes(this.handset.deviceId).length;
    if (count < LEAST_NODES) throw new ProtocolError('tree', `only ${count} nodes were read`, 500);
    return count;
  }

  async #identify() {
    this.#cable = await openLabCable(this.handset.identity, this.#ports.ports);
    const link = await this.#cable.open('identification');
    try {
      const found = await identifyHandset(link, { timeoutMs: IDENTIFY_MS });
      return { ...found, port: this.#cable.path, note: this.#cable.note };
    } finally {
      await link.close();
    }
  }
}

/** A handset of the laboratory has at least these. */
const LEAST_NODES = 15;

function provisionDetail({
  reader,
  plan,
}: {
  reader: LabReader;
  plan: { updates: number; bytesWritten: number };
}): string {
  return `${plan.bytesWritten} bytes in ${plan.updates} updates through ${reader.name}: ${reader.note}`;
}

function sessionDetail(report: SessionReport): string {
  return `session ${report.sessionId}, ${report.messages} messages, both sides authenticated with syncml:auth-md5`;
}

function cableDetail(found: Identified & { port: string; note: string }): string {
  return `${found.manufacturer} ${found.model}, IMEI ${found.imei}, on ${found.port} (${found.note})`;
}
