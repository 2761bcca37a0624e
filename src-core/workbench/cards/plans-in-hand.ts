/** Plan → write → verify with one plan in hand for each reader. */
import { RequestError, WorkbenchError } from '../../base/errors.ts';
import { parseAdm } from '../../card/adm.ts';
import type { Plan } from '../../card/provision.ts';
import type { CardConnection } from '../../card/reader.ts';
import type { AccountRecord, Store } from '../../store/contract.ts';
import type { PlanView, ProvisionView, WriteStage } from '../views.ts';
import type { CardWriter } from './card-writer.ts';
import { keepAccount } from './keep-account.ts';
import { planView } from './plan-view.ts';
import type { CardReaders } from './readers.ts';
import type { PresentConsent } from './refused-keys.ts';

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

/** What a plan is made of; `name` where it is known only now. */
export interface Made {
  readonly plan: Plan;
  readonly account?: AccountRecord;
  readonly name?: string;
  /** An earlier write of this plan changed the card. */
  readonly begun?: boolean;
}

interface Ports {
  readonly readers: CardReaders;
  readonly writer: CardWriter;
  readonly newKey: () => string;
  readonly store: Pick<Store, 'findAccount' | 'putAccount' | 'settle'>;
  /** The card in this reader said who it is. */
  readonly identified: (reader: string, iccid: string) => void;
  readonly changed: () => void;
}

export class PlansInHand {
  readonly #ports: Ports;
  readonly #provisions = new Map<string, Provision>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** By reader. */
  views(): Record<string, ProvisionView> {
    return Object.fromEntries([...this.#provisions].map(([name, value]) => [name, provisionView(value)]));
  }

  /** @param name what the plan puts on the card, for people */
  async take(reader: string, name: string, make: (connection: CardConnection) => Promise<Made>): Promise<PlanView> {
    this.#refuseAtWork(reader);
    const { readers, newKey, identified, changed } = this.#ports;
    return readers.withCard(reader, async connection => {
      const [insertion, uses] = [readers.insertion(reader), readers.uses(reader)];
      const made = await make(connection);
      const { plan, account, begun = false } = made;
      identified(reader, plan.iccid);
      const view = planView(plan, newKey(), reader, made.name ?? name);
      // A write may have begun while this one waited for the card.
      this.#refuseAtWork(reader);
      this.#provisions.set(reader, {
        plan,
        account,
        view,
        abort: new AbortController(),
        insertion,
        uses,
        stage: begun ? 'interrupted' : 'planned',
        progress: 0,
        bytesWritten: 0,
        message: begun ? BEGUN : plan.apdusToWrite === 0 ? AS_PLANNED : 'Review the plan, then write it',
      });
      changed();
      return view;
    });
  }

  /** Writes the plan and verifies it; a broken write can be tried again with the same plan. */
  async write(
    planId: string,
    admText: string,
    consent?: PresentConsent,
  ): Promise<ProvisionView & { readonly bytesWritten: number }> {
    const found = this.#find(planId);
    const { reader, profile: name } = found.view;
    this.#refuseAtWork(reader);
    const adm = parseAdm(admText);
    const { readers, writer, store } = this.#ports;
    const isFirst = found.stage === 'planned';
    const current = { ...found, abort: new AbortController() };
    this.#provisions.set(reader, current);
    this.#step(current, 'writing', 0, 'Writing: leave the card in the reader');
    try {
      if (current.account) await keepAccount(store, current.account);
      current.bytesWritten = await writer.write({
        plan: current.plan,
        adm,
        name,
        consent,
        withCard: work => readers.withCard(reader, work, { signal: current.abort.signal }),
        asPlanned: () =>
          isFirst && found.insertion === readers.insertion(reader) && found.uses + 1 === readers.uses(reader),
        signal: current.abort.signal,
        onProgress: ({ done, total }) =>
          this.#step(current, 'writing', done / total, `Writing: ${done} of ${total} commands`),
      });
      this.#step(current, 'written', 1, `${current.bytesWritten} bytes written, not verified yet`);
    } catch (error) {
      const stage = isUntouched(error) ? found.stage : stageAfter(error);
      this.#step(current, stage, current.progress, messageOf(error));
      throw error;
    }
    return { ...(await this.#verify(current)), bytesWritten: current.bytesWritten };
  }

  async verify(planId: string): Promise<ProvisionView> {
    const provision = this.#find(planId);
    this.#refuseAtWork(provision.view.reader);
    return this.#verify(provision);
  }

  cancel(planId: string): void {
    this.#find(planId).abort.abort();
  }

  close(): void {
    for (const { abort } of this.#provisions.values()) abort.abort();
  }

  async #verify(provision: Provision): Promise<ProvisionView> {
    const { readers, writer, store } = this.#ports;
    this.#step(provision, 'verifying', 1, 'Reading the card back as a handset does');
    try {
      await writer.verify(provision.plan, work => readers.withCard(provision.view.reader, work));
      await store.settle();
    } catch (error) {
      this.#step(provision, stageAfter(error), 1, messageOf(error));
      throw error;
    }
    this.#step(provision, 'verified', 1, VERIFIED[provision.plan.kind](provision.plan.iccid));
    return provisionView(provision);
  }

  #find(planId: string): Provision {
    const found = [...this.#provisions.values()].find(({ view }) => view.id === planId);
    if (found) return found;
    throw new RequestError('unknown-plan', 'this plan is no longer in hand', { advice: 'Plan the card again' });
  }

  #refuseAtWork(reader: string): void {
    const stage = this.#provisions.get(reader)?.stage;
    if (stage !== 'writing' && stage !== 'verifying') return;
    throw new RequestError('reader-at-work', `reader ${reader} is at work`, {
      advice: 'Wait for it to end, or cancel it',
    });
  }

  #step(provision: Provision, stage: WriteStage, progress: number, message: string): void {
    Object.assign(provision, { stage, progress, message });
    this.#ports.changed();
  }
}

const AS_PLANNED = 'The card is as planned already: verify it';
const BEGUN = 'An earlier write of this plan was broken off: write it again to complete it';

const VERIFIED: Readonly<Record<Plan['kind'], (iccid: string) => string>> = {
  provision: iccid => `Card ${iccid} carries the bootstrap`,
  erase: iccid => `Card ${iccid} carries no bootstrap any more`,
  restore: iccid => `Card ${iccid} is as the backup has it`,
};

/** After these the card is as it was or half written, and the same plan completes it. */
const RESUMABLE: ReadonlySet<string> = new Set([
  'card-removed',
  'write-cancelled',
  'no-card',
  'card-mute',
  'pcsc-crashed',
]);

/** The key did not go out, and nothing changed: the plan is where it was. */
const UNTOUCHED: ReadonlySet<string> = new Set(['adm-unanswered', 'adm-known-wrong', 'pin-needed', 'reader-busy']);

function isUntouched(error: unknown): boolean {
  return error instanceof WorkbenchError && UNTOUCHED.has(error.code);
}

function stageAfter(error: unknown): 'interrupted' | 'failed' {
  return error instanceof WorkbenchError && RESUMABLE.has(error.code) ? 'interrupted' : 'failed';
}

function provisionView({ view, stage, progress, message }: Provision): ProvisionView {
  return { plan: view, stage, progress, message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
