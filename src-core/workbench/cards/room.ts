/** The Cards room's side of the core: readers, card sheet, and the plans that are written to cards. */
import { RequestError, TransportError } from '../../base/errors.ts';
import { cpDocument } from '../../bootstrap/cp-document.ts';
import { buildDmBootstrap } from '../../bootstrap/dm-profile.ts';
import { identifyCard } from '../../card/layout.ts';
import { onOwnChannel } from '../../card/own-channel.ts';
import { parsePin, type UnlockedCard } from '../../card/pin.ts';
import { PROFILE_KINDS, type ProfileId } from '../../card/profile-kind.ts';
import { planCard, planErase, planRestore } from '../../card/provision.ts';
import type { CardConnection, ReaderService } from '../../card/reader.ts';
import { type CardSheet, readSheet } from '../../card/sheet.ts';
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
  UnfinishedView,
} from '../views.ts';
import { CardBackups } from './backups.ts';
import { CardWriter } from './card-writer.ts';
import { HeldPins } from './pins.ts';
import { PlansInHand } from './plans-in-hand.ts';
import { CardReaders, type CardUse } from './readers.ts';
import { type PresentConsent, RefusedKeys } from './refused-keys.ts';
import { sheetView } from './sheet-view.ts';
import { traceFile } from './trace-file.ts';
import { UnfinishedPlans } from './unfinished-plans.ts';

const SHARED = 'Another program uses this card: it was read beside it. End that program before you write';

/** The one profile so far: a DM account for this server. */
export const THIS_SERVER = 'this-server';

export class CardsRoom {
  readonly #ports: AccountPorts & { readonly newKey: () => string };
  readonly #serverUrl: string;
  readonly #changes = new Topic();
  readonly #readers: CardReaders;
  readonly #unfinished: UnfinishedPlans;
  readonly #backups: CardBackups;
  readonly #inHand: PlansInHand;
  readonly writer: CardWriter;
  readonly pins: HeldPins;

  constructor(ports: AccountPorts & { readonly newKey: () => string }, serverUrl: string) {
    const { store, now, random, newKey } = ports;
    this.#ports = ports;
    this.#serverUrl = serverUrl;
    const changed = () => this.#changes.emit();
    const refused = new RefusedKeys(store.cards, random);
    this.pins = new HeldPins(refused);
    this.#readers = new CardReaders(now, changed, this.pins);
    this.#unfinished = new UnfinishedPlans(store.cards, now, changed);
    this.#backups = new CardBackups(store);
    this.writer = new CardWriter({ store: store.cards, now, refused, unfinished: this.#unfinished });
    this.#inHand = new PlansInHand({
      readers: this.#readers,
      writer: this.writer,
      newKey,
      store,
      identified: (reader, iccid) => this.identified(reader, iccid),
      changed,
    });
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
    return { readers: this.readers(), profiles: [this.#profile()], provision: this.#inHand.views() };
  }

  watchApdus(reader: string, signal: AbortSignal): AsyncIterable<readonly ApduView[]> {
    return this.#changes.states(() => this.#readers.trace(reader), signal);
  }

  /** What was said to the cards in this reader last. */
  trace(reader: string, form: 'json' | 'text'): ExportedFile {
    return traceFile(reader, this.#readers.trace(reader), form);
  }

  async sheet(reader: string): Promise<CardSheetView> {
    let insertion: number | undefined;
    const read = (connection: CardConnection) => {
      insertion = this.#readers.insertion(reader);
      return readSheet(connection);
    };
    const sheet = await this.withCard(reader, read).catch(error => this.#sheetBesideOthers(reader, read, error));
    if (this.#readers.insertion(reader) === insertion) this.identified(reader, sheet.iccid);
    return sheetView(reader, sheet);
  }

  /** A card that another program holds, but shares, can be read. */
  async #sheetBesideOthers(reader: string, read: typeof readSheet, error: unknown): Promise<CardSheet> {
    if (!(error instanceof TransportError) || error.code !== 'reader-busy') throw error;
    const work = (connection: CardConnection) =>
      onOwnChannel(connection, error, async own => {
        await this.pins.open(reader, own);
        return read(own);
      });
    const sheet = await this.#readers.withCard(reader, work, { access: 'shared' });
    return { ...sheet, problems: [SHARED, ...sheet.problems] };
  }

  /** Presents PIN1 to the card in this reader, and again whenever it is used, until it leaves. */
  async unlock(reader: string, pin: string, consent?: PresentConsent): Promise<UnlockedCard> {
    const secret = parsePin(pin);
    this.pins.forget(reader);
    const unlocked = await this.withCard(reader, connection => this.pins.take(reader, connection, secret, { consent }));
    this.identified(reader, unlocked.iccid);
    return unlocked;
  }

  /** The DM profile bootstrap for a card, as a plan would write it. */
  async bootstrapFor(iccid: string): Promise<Uint8Array> {
    return buildDmBootstrap(deviceAccount(await accountForCard(this.#ports, iccid), this.#serverUrl));
  }

  /** The account of this card on it. */
  plan(reader: string, profileId: string): Promise<PlanView> {
    if (profileId !== THIS_SERVER) throw new RequestError('unknown-profile', `there is no profile ${profileId}`);
    return this.#inHand.take(reader, this.#profile().name, async connection => {
      const { iccid } = await identifyCard(connection);
      const account = await accountForCard(this.#ports, iccid);
      const plan = await planCard(connection, buildDmBootstrap(deviceAccount(account, this.#serverUrl)), {
        inPlace: await this.writer.inPlace(iccid),
      });
      return { plan, account };
    });
  }

  /** A client provisioning document, XML or WBXML, on it, beside its DM bootstrap. */
  async planCp(reader: string, bytes: Uint8Array, name: string): Promise<PlanView> {
    const document = cpDocument(bytes);
    return this.#inHand.take(reader, name, async connection => {
      const { iccid } = await identifyCard(connection);
      const options = { profile: 'cp', inPlace: await this.writer.inPlace(iccid) } as const;
      return { plan: await planCard(connection, document, options) };
    });
  }

  /** No bootstrap of this kind on it any more. */
  planErase(reader: string, profile: ProfileId = 'dm'): Promise<PlanView> {
    const name = profile === 'dm' ? 'Erase' : `Erase the ${PROFILE_KINDS[profile].name}`;
    return this.#inHand.take(reader, name, async connection => ({ plan: await planErase(connection, profile) }));
  }

  /** As it was before an earlier write. */
  async planRestore(reader: string, backupKey: string): Promise<PlanView> {
    const { backup, at } = await this.#backups.get(backupKey);
    return this.#inHand.take(reader, `Backup of ${new Date(at).toISOString()}`, async connection => ({
      plan: await planRestore(connection, backup, { inPlace: await this.writer.inPlace(backup.iccid) }),
    }));
  }

  /** The plan that an earlier write of the card in this reader was broken off in, also by an earlier run of the program. */
  planResume(reader: string, bootstrap?: ProfileId): Promise<PlanView> {
    return this.#inHand.take(reader, '', async connection => {
      const { iccid } = await identifyCard(connection);
      return { ...(await this.#unfinished.take(iccid, bootstrap)), begun: true };
    });
  }

  /** Writes of this card that were broken off, newest first. */
  unfinished(iccid: string): Promise<readonly UnfinishedView[]> {
    return this.#unfinished.of(iccid);
  }

  /** Newest first. */
  backups(iccid: string): Promise<CardBackupView[]> {
    return this.#backups.of(iccid);
  }

  /** One of this card, or all. */
  removeBackups(iccid: string, key?: string): Promise<void> {
    return this.#backups.remove(iccid, key);
  }

  /** Writes the plan and verifies it; a broken write can be tried again with the same plan. */
  write(
    planId: string,
    adm: string,
    consent?: PresentConsent,
  ): Promise<ProvisionView & { readonly bytesWritten: number }> {
    return this.#inHand.write(planId, adm, consent);
  }

  verify(planId: string): Promise<ProvisionView> {
    return this.#inHand.verify(planId);
  }

  cancel(planId: string): void {
    this.#inHand.cancel(planId);
  }

  close(): void {
    this.#readers.close();
    this.#inHand.close();
  }

  #profile(): ProfileView {
    return { id: THIS_SERVER, name: 'DM account for this workbench', serverId: SERVER_ID, serverUrl: this.#serverUrl };
  }

  readers(): readonly ReaderView[] {
    return this.#readers.all().map(reader => {
      const unfinished = reader.iccid === undefined ? undefined : this.#unfinished.known(reader.iccid);
      return unfinished ? { ...reader, unfinished } : reader;
    });
  }

  /** Calls at once, on every change. */
  onChange(listener: () => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** The card in this reader said who it is. */
  identified(reader: string, iccid: string): void {
    this.#readers.identified(reader, iccid);
    this.#unfinished.of(iccid).catch(cause => console.error('unfinished writes could not be looked up:', cause));
  }

  /** Waits for others of this program that use the reader. */
  withCard<T>(reader: string, work: (connection: CardConnection) => Promise<T>, use?: CardUse): Promise<T> {
    return this.#readers.withCard(reader, work, use);
  }

  /** Commands sent through a reader so far. */
  apdus(reader: string): number {
    return this.#readers.apdus(reader);
  }
}
