/** Plans that changed a card and were not seen to be complete: kept, so that any later run of the program completes them. */
import { z } from 'zod';
import { RequestError } from '../../base/errors.ts';
import { PROFILE_KINDS, type ProfileId } from '../../card/profile-kind.ts';
import type { Plan } from '../../card/provision.ts';
import type { CardPlanRecord, CardStore } from '../../store/contract.ts';
import type { UnfinishedView } from '../views.ts';

const hex = z.string().regex(/^([0-9A-F]{2})*$/);
const path = z.string().regex(/^([0-9A-F]{4})*$/);
const count = z.number().int().nonnegative();

/** What a plan must be for a card to be written by it. */
const planShape = z.looseObject({
  kind: z.enum(['provision', 'erase', 'restore']),
  profile: z.enum(['dm', 'cp']),
  iccid: z.string().min(1),
  base: path,
  key: z.object({ reference: z.number().int().min(0).max(255), name: z.string() }),
  hindrances: z.array(z.object({ path, what: z.string(), reason: z.string(), blocks: z.boolean() })),
  admTriesLeft: count.nullable(),
  files: z
    .array(
      z.looseObject({
        role: z.enum(['bootstrap', 'dodf', 'odf', 'left']),
        path: path.min(4),
        what: z.string(),
        size: count,
        before: hex,
        after: hex,
        create: hex.exactOptional(),
        usedBefore: count,
        usedAfter: count,
        apdus: count,
        access: z.object({ read: z.string(), update: z.string() }).exactOptional(),
      }),
    )
    .refine(files => ['bootstrap', 'dodf', 'odf'].every(role => files.some(file => file.role === role))),
  withdrawnDodf: hex,
  found: hex.exactOptional(),
  updates: z.array(z.object({ path, offset: count, data: hex })),
  gap: z.boolean(),
  apdusToWrite: count,
  apdusToVerify: count,
  estimate: z.object({ apdus: count, bytes: count, ms: z.number().nonnegative() }),
}) satisfies z.ZodType<Plan>;

export class UnfinishedPlans {
  readonly #store: CardStore;
  readonly #now: () => number;
  readonly #changed: () => void;
  /** Of cards that were asked about last, where there are some. */
  readonly #known = new Map<string, readonly UnfinishedView[]>();

  constructor(store: CardStore, now: () => number, changed: () => void) {
    this.#store = store;
    this.#now = now;
    this.#changed = changed;
  }

  /** Right before the first change. */
  async keep(plan: Plan, name: string): Promise<void> {
    const { iccid, profile } = plan;
    await this.#store.putPlan({ iccid, profile, name, at: this.#now(), content: JSON.stringify(plan) });
  }

  /** Complete, or never to be completed. */
  async remove({ iccid, profile }: Pick<Plan, 'iccid' | 'profile'>): Promise<void> {
    await this.#store.removePlan(iccid, profile);
    await this.of(iccid);
  }

  /** Newest first. */
  async of(iccid: string): Promise<readonly UnfinishedView[]> {
    const views = (await this.#store.plans(iccid)).flatMap(record => {
      const bootstrap = profileOf(record);
      const kind = kindIn(record);
      return bootstrap ? [{ bootstrap, ...(kind && { kind }), at: record.at, profile: record.name }] : [];
    });
    const had = this.#known.delete(iccid);
    if (views.length > 0) this.#known.set(iccid, views);
    if (had || views.length > 0) this.#changed();
    return views;
  }

  /** What `of` said last; undefined for none. */
  known(iccid: string): readonly UnfinishedView[] | undefined {
    return this.#known.get(iccid);
  }

  /** @throws RequestError `nothing-unfinished`, `plan-unreadable`. */
  async take(iccid: string, bootstrap?: ProfileId): Promise<{ readonly plan: Plan; readonly name: string }> {
    const records = await this.#store.plans(iccid);
    const record = records.find(one => bootstrap === undefined || one.profile === bootstrap);
    if (!record) throw nothingUnfinished(iccid);
    return { plan: planIn(record), name: record.name };
  }
}

function profileOf({ profile }: CardPlanRecord): ProfileId | undefined {
  return Object.hasOwn(PROFILE_KINDS, profile) ? (profile as ProfileId) : undefined;
}

function kindIn(record: CardPlanRecord): Plan['kind'] | undefined {
  try {
    return planIn(record).kind;
  } catch {
    return undefined;
  }
}

/** @throws RequestError `plan-unreadable`. */
function planIn({ content, iccid, profile }: CardPlanRecord): Plan {
  try {
    const plan = planShape.parse(JSON.parse(content));
    if (plan.iccid === iccid && plan.profile === profile) return plan;
    throw new Error(`it is the plan of another card or bootstrap`);
  } catch (cause) {
    throw new RequestError('plan-unreadable', `the plan that card ${iccid} was written by cannot be read any more`, {
      advice: 'Plan the card anew: a new plan completes it from any state',
      cause,
    });
  }
}

function nothingUnfinished(iccid: string): RequestError {
  return new RequestError('nothing-unfinished', `no write of card ${iccid} is unfinished here`, {
    advice: 'Plan the card; or name the folder of the program that wrote it with --data',
  });
}
