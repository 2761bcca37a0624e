/** Write and verify with all that belongs to them, whoever asks: refused keys, the backup, and the plan kept until the card is verified. */
import { CardError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { backupOf, type CardState, type Plan, verifyPlan, writePlan } from '../../card/provision.ts';
import type { CardConnection } from '../../card/reader.ts';
import type { CardStore } from '../../store/contract.ts';
import type { PresentConsent, RefusedKeys } from './refused-keys.ts';
import type { UnfinishedPlans } from './unfinished-plans.ts';

export type WithCard = <T>(work: (connection: CardConnection) => Promise<T>) => Promise<T>;

export interface CardWrite {
  readonly plan: Plan;
  /** What it puts on the card, for people. */
  readonly name: string;
  readonly adm: Secret;
  readonly withCard: WithCard;
  /** Asked when the card is at hand: nobody was at it since the plan was made. */
  readonly asPlanned: () => boolean;
  readonly signal: AbortSignal;
  readonly consent?: PresentConsent | undefined;
  /** From 0 to 1. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
  /** With the tries left, right before the key goes out. What it throws keeps the key back. */
  readonly beforeKey?: (triesLeft: number | null) => void;
  /** The card took the key and will be changed. */
  readonly beforeChange?: () => Promise<void>;
}

interface Ports {
  readonly store: CardStore;
  readonly now: () => number;
  readonly refused: RefusedKeys;
  readonly unfinished: UnfinishedPlans;
}

export class CardWriter {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The card had no room for a second file: its plans are made without. */
  inPlace(iccid: string): Promise<boolean> {
    return this.#ports.store.isFull(iccid);
  }

  /** Resolves with the bytes written: none where the card was as planned. Written is not done: verify. */
  async write(job: CardWrite): Promise<number> {
    const { plan, adm, consent, signal, onProgress } = job;
    const { refused } = this.#ports;
    const {
      iccid,
      key: { reference },
    } = plan;
    const guard = refused.guard(iccid, adm, { reference, consent });
    try {
      await refused.check(iccid, adm, reference);
      const { bytesWritten } = await job.withCard(connection =>
        writePlan(connection, plan, adm, {
          signal,
          onProgress,
          asPlanned: job.asPlanned(),
          ...(consent && { consent }),
          beforeKey: async triesLeft => {
            job.beforeKey?.(triesLeft);
            await guard.beforeKey(triesLeft);
          },
          beforeChange: async now => {
            await guard.accepted();
            await this.#backUp(plan, now);
            await this.#ports.unfinished.keep(plan, job.name);
            await job.beforeChange?.();
          },
        }),
      );
      return bytesWritten;
    } catch (error) {
      await guard.failed(error);
      await this.#learnFrom(error, plan);
      throw error;
    }
  }

  /** Only this makes a card done. */
  async verify(plan: Plan, withCard: WithCard): Promise<void> {
    try {
      await withCard(connection => verifyPlan(connection, plan));
    } catch (error) {
      await this.#ports.unfinished.of(plan.iccid);
      throw error;
    }
    await this.#ports.unfinished.remove(plan);
  }

  /** In the middle of a write there is nothing to keep: that was done before its first change. */
  async #backUp(plan: Plan, now: CardState | undefined): Promise<void> {
    if (!now) return;
    const backup = backupOf(plan, this.#ports.now(), now);
    const { iccid, at } = backup;
    await this.#ports.store.addBackup({ iccid, at, content: JSON.stringify(backup) });
  }

  /** A plan that creates a file where there is no room is never completed; another one is made without. */
  async #learnFrom(error: unknown, plan: Plan): Promise<void> {
    const isFull = error instanceof CardError && error.statusWord === NO_MEMORY;
    if (!isFull) await this.#ports.unfinished.of(plan.iccid);
    else {
      await this.#ports.store.putFull(plan.iccid);
      await this.#ports.unfinished.remove(plan);
    }
  }
}

/** ETSI TS 102 222 §6.3.3. */
const NO_MEMORY = 0x6a84;
