/** The Cards room's side of the core: readers, card sheet, and plan → write → verify with one plan in hand for each reader. */
import { CardError, RequestError, TransportError, WorkbenchError } from '../../base/errors.ts';
import { cpDocument } from '../../bootstrap/cp-document.ts';
import { buildDmBootstrap } from '../../bootstrap/dm-profile.ts';
import { type KeyConsent, parseAdm } from '../../card/adm.ts';
import { identifyCard } from '../../card/layout.ts';
import { onOwnChannel } from '../../card/own-channel.ts';
import { PROFILE_KINDS, type ProfileId } from '../../card/profile-kind.ts';
import {
  backupOf,
  type CardBackup,
  type CardState,
  type Plan,
  planCard,
  planErase,
  planRestore,
  verifyPlan,
  writePlan,
} from '../../card/provision.ts';
import type { CardConnection, ReaderService } from '../../card/reader.ts';
import { type CardSheet, readSheet } from '../../card/sheet.ts';
import type { AccountRecord } from '../../store/contract.ts';
import { type AccountPorts, accountForCard, deviceAccount, SERVER_ID } from '../accounts.ts';
import type { ExportedFile } from '../session-views.ts';
import { Topic } from '../topic.ts';
import type {
  ApduView,
  CardBackupView,
  CardSheetView,
  CardsState,
  PlanView,
  ProfileView,
  ProvisionView,
  ReaderView,
  WriteStage,
} from '../views.ts';
import { planView } from './plan-view.ts';
import { CardReaders } from './readers.ts';
import { RefusedKeys } from './refused-keys.ts';
import { sheetView } from './sheet-view.ts';
import { traceFile } from './trace-file.ts';

interface Provision {
  readonly plan: Plan;
  /** Must exist before a card carries it. */
  readonly account: AccountRecord | undefined;
  readonly view: PlanView;
  readonly abort: AbortController;
  /** Of the card that was planned. */
  readonly insertion: number;
  readonly uses: number;
  stage: WriteStage;
  progress: number;
  message: string;
  /** In the last write of this plan. */
  bytesWritten: number;
}

const SHARED = 'Another program uses this card: it was read beside it. End that program before you write';

/** The one profile so far: a DM account for this server. */
export const THIS_SERVER = 'this-server';

export class CardsRoom {
  readonly #ports: AccountPorts & { readonly newKey: () => string };
  readonly #serverUrl: string;
  readonly #provisions = new Map<string, Provision>();
  readonly #changes = new Topic();
  readonly #readers: CardReaders;
  readonly refused: RefusedKeys;
  /** Cards that had no room for a second file: they are written in place. */
  readonly #full = new Set<string>();

  constructor(ports: AccountPorts & { readonly newKey: () => string }, serverUrl: string) {
    this.#ports = ports;
    this.#serverUrl = serverUrl;
    this.refused = new RefusedKeys(ports.store.cards, ports.random);
    this.#readers = new CardReaders(ports.now, () => this.#changes.emit());
  }

  attach(service: ReaderService): void {
    this.#readers.attach(service);
  }

  detach(service: ReaderService): void {
    this.#readers.detach(service);
  }

  watch(signal: AbortSignal): AsyncIterable<CardsState> {
    return this.#changes.states(() => this.state(), signal);
  }

  state(): CardsState {
    const provision = Object.fromEntries([...this.#provisions].map(([name, value]) => [name, provisionView(value)]));
    return { readers: this.#readers.all(), profiles: [this.#profile()], provision };
  }

  watchApdus(reader: string, signal: AbortSignal): AsyncIterable<readonly ApduView[]> {
    return this.#changes.states(() => this.#readers.trace(reader), signal);
  }

  /** What was said to the cards in this reader last. */
  trace(reader: string, form: 'json' | 'text'): ExportedFile {
    return traceFile(reader, this.#readers.trace(reader), form);
  }

  async sheet(reader: string): Promise<CardSheetView> {
    const insertion = this.#readers.insertion(reader);
    const sheet = await this.withCard(reader, readSheet).catch(error => this.#sheetBesideOthers(reader, error));
    if (this.#readers.insertion(reader) === insertion) this.#readers.identified(reader, sheet.iccid);
    return sheetView(reader, sheet);
  }

  /** A card that another program holds, but shares, can be read. */
  async #sheetBesideOthers(reader: string, error: unknown): Promise<CardSheet> {
    if (!(error instanceof TransportError) || error.code !== 'reader-busy') throw error;
    const sheet = await this.#readers.withCard(
      reader,
      connection => onOwnChannel(connection, error, readSheet),
      'shared',
    );
    return { ...sheet, problems: [SHARED, ...sheet.problems] };
  }

  /** The DM profile bootstrap for a card, as a plan would write it. */
  async bootstrapFor(iccid: string): Promise<Uint8Array> {
    return buildDmBootstrap(deviceAccount(await accountForCard(this.#ports, iccid), this.#serverUrl));
  }

  /** The account of this card on it. */
  plan(reader: string, profileId: string): Promise<PlanView> {
    if (profileId !== THIS_SERVER) throw new RequestError('unknown-profile', `there is no profile ${profileId}`);
    return this.#takeInHand(reader, this.#profile().name, async connection => {
      const { iccid } = await identifyCard(connection);
      const account = await accountForCard(this.#ports, iccid);
      const plan = await planCard(connection, buildDmBootstrap(deviceAccount(account, this.#serverUrl)), {
        inPlace: this.#full.has(iccid),
      });
      return { plan, account };
    });
  }

  /** A client provisioning document, XML or WBXML, on it, beside its DM bootstrap. */
  async planCp(reader: string, bytes: Uint8Array, name: string): Promise<PlanView> {
    const document = cpDocument(bytes);
    return this.#takeInHand(reader, name, async connection => {
      const { iccid } = await identifyCard(connection);
      const options = { profile: 'cp', inPlace: this.#full.has(iccid) } as const;
      return { plan: await planCard(connection, document, options) };
    });
  }

  /** No bootstrap of this kind on it any more. */
  planErase(reader: string, profile: ProfileId = 'dm'): Promise<PlanView> {
    const name = profile === 'dm' ? 'Erase' : `Erase the ${PROFILE_KINDS[profile].name}`;
    return this.#takeInHand(reader, name, async connection => ({ plan: await planErase(connection, profile) }));
  }

  /** As it was before an earlier write. */
  async planRestore(reader: string, backupKey: string): Promise<PlanView> {
    const record = await this.#ports.store.cards.backup(backupKey);
    if (!record)
      throw new RequestError('unknown-backup', 'there is no such backup', { advice: 'Choose one of the list' });
    const backup = JSON.parse(record.content) as CardBackup;
    return this.#takeInHand(reader, `Backup of ${new Date(record.at).toISOString()}`, async connection => ({
      plan: await planRestore(connection, backup, { inPlace: this.#full.has(backup.iccid) }),
    }));
  }

  /** Newest first. */
  async backups(iccid: string): Promise<CardBackupView[]> {
    const records = await this.#ports.store.cards.backups(iccid);
    return records.map(({ key, at, content }) => {
      const { files, document, profile = 'dm' } = JSON.parse(content) as CardBackup;
      return {
        key,
        at,
        bootstrap: profile,
        hasBootstrap: document !== undefined,
        files: files.map(({ path }) => path),
      };
    });
  }

  async #takeInHand(
    reader: string,
    profile: string,
    make: (connection: CardConnection) => Promise<{ plan: Plan; account?: AccountRecord }>,
  ): Promise<PlanView> {
    const running = this.#provisions.get(reader);
    if (running && (running.stage === 'writing' || running.stage === 'verifying')) throw busy(reader);
    const insertion = this.#readers.insertion(reader);
    const { plan, account } = await this.withCard(reader, make);
    this.#readers.identified(reader, plan.iccid);
    const view = planView(plan, this.#ports.newKey(), reader, profile);
    this.#provisions.set(reader, {
      plan,
      account,
      view,
      abort: new AbortController(),
      insertion,
      uses: this.#readers.uses(reader),
      stage: 'planned',
      progress: 0,
      bytesWritten: 0,
      message: plan.apdusToWrite === 0 ? 'The card is as planned already: verify it' : 'Review the plan, then write it',
    });
    return view;
  }

  /** Writes the plan and verifies it; a broken write can be tried again with the same plan. */
  async write(
    planId: string,
    admText: string,
    consent?: KeyConsent,
  ): Promise<ProvisionView & { readonly bytesWritten: number }> {
    const provision = this.#find(planId);
    if (provision.stage === 'writing' || provision.stage === 'verifying') throw busy(provision.view.reader);
    const adm = parseAdm(admText);
    const guard = this.refused.guard(provision.plan.iccid, adm);
    const abort = new AbortController();
    const { reader } = provision.view;
    const asPlanned =
      provision.stage === 'planned' &&
      provision.insertion === this.#readers.insertion(reader) &&
      provision.uses === this.#readers.uses(reader);
    const current = { ...provision, abort };
    this.#provisions.set(current.view.reader, current);
    this.#step(current, 'writing', 0, 'Writing: leave the card in the reader');
    try {
      await this.refused.check(current.plan.iccid, adm);
      if (current.account) await this.#ports.store.putAccount(current.account);
      const result = await this.withCard(current.view.reader, connection =>
        writePlan(connection, current.plan, adm, {
          signal: abort.signal,
          asPlanned,
          beforeKey: guard.beforeKey,
          beforeChange: async now => {
            await guard.accepted();
            await this.#backUp(current.plan, now);
          },
          ...(consent && { consent }),
          onProgress: ({ done, total }) =>
            this.#step(current, 'writing', done / total, `Writing: ${done} of ${total} commands`),
        }),
      );
      current.bytesWritten = result.bytesWritten;
      this.#step(current, 'written', 1, `${result.bytesWritten} bytes written, not verified yet`);
    } catch (error) {
      await guard.failed(error);
      if (error instanceof CardError && error.statusWord === NO_MEMORY) this.#full.add(current.plan.iccid);
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
    this.#step(provision, 'verified', 1, VERIFIED[provision.plan.kind](provision.plan.iccid));
    return provisionView(provision);
  }

  cancel(planId: string): void {
    this.#find(planId).abort.abort();
  }

  close(): void {
    this.#readers.close();
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

  readers(): readonly ReaderView[] {
    return this.#readers.all();
  }

  /** Calls at once, on every change. */
  onChange(listener: () => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** The card in this reader said who it is. */
  identified(reader: string, iccid: string): void {
    this.#readers.identified(reader, iccid);
  }

  withCard<T>(reader: string, work: (connection: CardConnection) => Promise<T>): Promise<T> {
    return this.#readers.withCard(reader, work);
  }

  /** Commands sent through a reader so far. */
  apdus(reader: string): number {
    return this.#readers.apdus(reader);
  }

  /** In the middle of a write there is nothing to keep: that was done before its first change. */
  async #backUp(plan: Plan, now: CardState | undefined): Promise<void> {
    if (!now) return;
    const backup = backupOf(plan, this.#ports.now(), now);
    const { iccid, at } = backup;
    await this.#ports.store.cards.addBackup({ iccid, at, content: JSON.stringify(backup) });
  }
}

const NO_MEMORY = 0x6a84;

const VERIFIED: Readonly<Record<Plan['kind'], (iccid: string) => string>> = {
  provision: iccid => `Card ${iccid} carries the bootstrap`,
  erase: iccid => `Card ${iccid} carries no bootstrap any more`,
  restore: iccid => `Card ${iccid} is as the backup has it`,
};

/** After these the card is as it was or half written, and the same plan completes it. */
const RESUMABLE: ReadonlySet<string> = new Set(['card-removed', 'write-cancelled', 'no-card', 'card-mute']);

function stageAfter(error: unknown): 'interrupted' | 'failed' {
  return error instanceof WorkbenchError && RESUMABLE.has(error.code) ? 'interrupted' : 'failed';
}

function provisionView({ view, stage, progress, message }: Provision): ProvisionView {
  return { plan: view, stage, progress, message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function busy(reader: string): RequestError {
  return new RequestError('reader-at-work', `reader ${reader} is at work`, {
    advice: 'Wait for it to end, or cancel it',
  });
}
