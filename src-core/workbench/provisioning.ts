/** The Cards room's side of the core: readers, card sheet, and plan → write → verify with one plan in hand for each reader. */
import { CardError, RequestError, WorkbenchError } from '../base/errors.ts';
import { buildDmBootstrap, readDmBootstrap } from '../bootstrap/dm-profile.ts';
import { parseAdm } from '../card/adm.ts';
import { type Plan, planCard, verifyPlan, writePlan } from '../card/provision.ts';
import type { CardConnection, ReaderService } from '../card/reader.ts';
import { type CardSheet, readSheet } from '../card/sheet.ts';
import { type ApduTrace, traceConnection } from '../card/trace.ts';
import type { AccountRecord } from '../store/contract.ts';
import { type AccountPorts, accountForCard, deviceAccount, SERVER_ID } from './accounts.ts';
import { planView } from './plan-view.ts';
import { Topic } from './topic.ts';
import type {
  ApduView,
  CardSheetView,
  CardsState,
  PlanView,
  ProfileView,
  ProvisionView,
  ReaderView,
  WriteStage,
} from './views.ts';

interface Provision {
  readonly plan: Plan;
  readonly account: AccountRecord;
  readonly view: PlanView;
  readonly abort: AbortController;
  stage: WriteStage;
  progress: number;
  message: string;
  /** In the last write of this plan. */
  bytesWritten: number;
}

const APDUS_KEPT = 500;
/** The one profile so far: a DM account for this server. */
export const THIS_SERVER = 'this-server';

export class CardsRoom {
  readonly #ports: AccountPorts & { readonly newKey: () => string };
  readonly #serverUrl: string;
  readonly #services: ReaderService[] = [];
  readonly #readers = new Map<ReaderService, readonly ReaderView[]>();
  readonly #iccids = new Map<string, string>();
  readonly #traces = new Map<string, ApduView[]>();
  readonly #counts = new Map<string, number>();
  readonly #provisions = new Map<string, Provision>();
  readonly #changes = new Topic();
  readonly #stops = new Map<ReaderService, () => void>();

  constructor(ports: AccountPorts & { readonly newKey: () => string }, serverUrl: string) {
    this.#ports = ports;
    this.#serverUrl = serverUrl;
  }

  /** Adds a source of readers; its readers come and go by themselves. */
  attach(service: ReaderService): void {
    this.#services.push(service);
    const stop = service.watch(readers => {
      const views = readers.map(({ name, state, atr }): ReaderView => {
        if (state !== 'present') this.#iccids.delete(name);
        return {
          name,
          transport: service.transport,
          state,
          ...(atr && { atr: Buffer.from(atr).toString('hex').toUpperCase() }),
        };
      });
      this.#readers.set(service, views);
      this.#changes.emit();
    });
    this.#stops.set(service, stop);
  }

  detach(service: ReaderService): void {
    this.#stops.get(service)?.();
    this.#stops.delete(service);
    this.#readers.delete(service);
    this.#services.splice(this.#services.indexOf(service), 1);
    this.#changes.emit();
  }

  watch(signal: AbortSignal): AsyncIterable<CardsState> {
    return this.#changes.states(() => this.state(), signal);
  }

  state(): CardsState {
    const readers = [...this.#readers.values()].flat().map(reader => {
      const iccid = this.#iccids.get(reader.name);
      return iccid === undefined ? reader : { ...reader, iccid };
    });
    const provision = Object.fromEntries([...this.#provisions].map(([name, value]) => [name, provisionView(value)]));
    return { readers, profiles: [this.#profile()], provision };
  }

  watchApdus(reader: string, signal: AbortSignal): AsyncIterable<readonly ApduView[]> {
    return this.#changes.states(() => this.#traces.get(reader) ?? [], signal);
  }

  async sheet(reader: string): Promise<CardSheetView> {
    const sheet = await this.withCard(reader, readSheet);
    this.#iccids.set(reader, sheet.iccid);
    this.#changes.emit();
    return sheetView(reader, sheet);
  }

  /** The DM profile bootstrap for a card, as a plan would write it. */
  async bootstrapFor(iccid: string): Promise<Uint8Array> {
    return buildDmBootstrap(deviceAccount(await accountForCard(this.#ports, iccid), this.#serverUrl));
  }

  async plan(reader: string, profileId: string): Promise<PlanView> {
    if (profileId !== THIS_SERVER) throw new RequestError('unknown-profile', `there is no profile ${profileId}`);
    const running = this.#provisions.get(reader);
    if (running && (running.stage === 'writing' || running.stage === 'verifying')) throw busy(reader);
    const { plan, account } = await this.withCard(reader, async connection => {
      const sheet = await readSheet(connection);
      const account = await accountForCard(this.#ports, sheet.iccid);
      const plan = await planCard(connection, buildDmBootstrap(deviceAccount(account, this.#serverUrl)));
      return { plan, account };
    });
    this.#iccids.set(reader, plan.iccid);
    const view = planView(plan, this.#ports.newKey(), reader, this.#profile().name);
    const provision: Provision = {
      plan,
      account,
      view,
      abort: new AbortController(),
      stage: 'planned',
      progress: 0,
      bytesWritten: 0,
      message:
        plan.apdusToWrite === 0
          ? 'The card already carries this bootstrap: verify it'
          : 'Review the plan, then write it',
    };
    this.#provisions.set(reader, provision);
    this.#changes.emit();
    return view;
  }

  /** Writes the plan and verifies it; a broken write can be tried again with the same plan. */
  async write(planId: string, admText: string): Promise<ProvisionView & { readonly bytesWritten: number }> {
    const provision = this.#find(planId);
    if (provision.stage === 'writing' || provision.stage === 'verifying') throw busy(provision.view.reader);
    const adm = parseAdm(admText);
    const abort = new AbortController();
    const current = { ...provision, abort };
    this.#provisions.set(current.view.reader, current);
    this.#step(current, 'writing', 0, 'Writing: leave the card in the reader');
    try {
      // The account must exist before a card carries it.
      await this.#ports.store.putAccount(current.account);
      const result = await this.withCard(current.view.reader, connection =>
        writePlan(connection, current.plan, adm, {
          signal: abort.signal,
          onProgress: ({ done, total }) =>
            this.#step(current, 'writing', done / total, `Writing: ${done} of ${total} commands`),
        }),
      );
      current.bytesWritten = result.bytesWritten;
      this.#step(current, 'written', 1, `${result.bytesWritten} bytes written, not verified yet`);
    } catch (error) {
      this.#step(current, stageAfter(error), current.progress, messageOf(error));
      throw error;
    }
    return { ...(await this.#verify(current)), bytesWritten: current.bytesWritten };
  }

  async verify(planId: string): Promise<ProvisionView> {
    const provision = this.#find(planId);
    if (provision.stage === 'writing' || provision.stage === 'verifying') throw busy(provision.view.reader);
    return this.#verify(provision);
  }

  async #verify(provision: Provision): Promise<ProvisionView> {
    this.#step(provision, 'verifying', 1, 'Reading the card back as a handset does');
    try {
      await this.withCard(provision.view.reader, connection => verifyPlan(connection, provision.plan));
    } catch (error) {
      this.#step(provision, stageAfter(error), 1, messageOf(error));
      throw error;
    }
    this.#step(provision, 'verified', 1, `Card ${provision.plan.iccid} carries the bootstrap`);
    return provisionView(provision);
  }

  cancel(planId: string): void {
    this.#find(planId).abort.abort();
  }

  close(): void {
    for (const stop of this.#stops.values()) stop();
    for (const { abort } of this.#provisions.values()) abort.abort();
  }

  #profile(): ProfileView {
    return { id: THIS_SERVER, name: 'DM account for this workbench', serverId: SERVER_ID, serverUrl: this.#serverUrl };
  }

  #find(planId: string): Provision {
    const found = [...this.#provisions.values()].find(({ view }) => view.id === planId);
    if (found) return found;
    throw new RequestError('unknown-plan', 'this plan is no longer in hand', { advice: 'Plan the card again' });
  }

  #step(provision: Provision, stage: WriteStage, progress: number, message: string): void {
    Object.assign(provision, { stage, progress, message });
    this.#changes.emit();
  }

  /** Connects to the card, traces what is said, and lets go of it again. */
  async withCard<T>(reader: string, work: (connection: CardConnection) => Promise<T>): Promise<T> {
    const service = await this.#serviceOf(reader);
    const connection = await service.connect(reader);
    const traced = traceConnection(connection, this.#ports.now, entry => this.#trace(reader, entry));
    try {
      return await work(traced);
    } finally {
      await traced.disconnect();
    }
  }

  /** Commands sent through a reader so far. */
  apdus(reader: string): number {
    return this.#counts.get(reader) ?? 0;
  }

  async #serviceOf(reader: string): Promise<ReaderService> {
    for (const service of this.#services) {
      const readers = await service.readers().catch(() => []);
      if (readers.some(({ name }) => name === reader)) return service;
    }
    throw new CardError('reader-unknown', `reader ${reader} is not there`, {
      advice: 'Plug it in, or choose another reader',
    });
  }

  #trace(reader: string, entry: ApduTrace): void {
    this.#counts.set(reader, this.apdus(reader) + 1);
    this.#traces.set(reader, [...(this.#traces.get(reader) ?? []), entry].slice(-APDUS_KEPT));
    this.#changes.emit();
  }
}

/** After these the card is as it was or half written, and the same plan completes it. */
const RESUMABLE: ReadonlySet<string> = new Set(['card-removed', 'write-cancelled', 'no-card', 'card-mute']);

function stageAfter(error: unknown): 'interrupted' | 'failed' {
  return error instanceof WorkbenchError && RESUMABLE.has(error.code) ? 'interrupted' : 'failed';
}

function provisionView({ view, stage, progress, message }: Provision): ProvisionView {
  return { plan: view, stage, progress, message };
}

function sheetView(reader: string, sheet: CardSheet): CardSheetView {
  const { bootstrap, problems: _, applications, ...rest } = sheet;
  return {
    ...rest,
    reader,
    applications: applications.map(({ label = '', ...application }) => ({ ...application, label })),
    ...(bootstrap && bootstrap.bytes.length > 0 && { bootstrap: bootstrapView(bootstrap.bytes) }),
  };
}

function bootstrapView(bytes: Uint8Array): NonNullable<CardSheetView['bootstrap']> {
  try {
    const [account] = readDmBootstrap(bytes).accounts;
    return {
      bytes: bytes.length,
      serverId: account?.serverId ?? '',
      serverUrl: account?.serverUrl ?? '',
      detail: account ? `user ${account.client.name}` : '',
    };
  } catch (error) {
    return { bytes: bytes.length, serverId: '', serverUrl: '', detail: `cannot be read: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function busy(reader: string): RequestError {
  return new RequestError('reader-at-work', `reader ${reader} is at work`, {
    advice: 'Wait for it to end, or cancel it',
  });
}
