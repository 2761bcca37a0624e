/** A plan for a card and its backup, as plain data with all bytes hexadecimal. */
import type { Estimate } from './estimate.ts';
import type { ProfileId } from './profile-kind.ts';
import type { BootstrapFiles } from './updates.ts';

/** `left`: a file that held a bootstrap and is blanked last, for nobody to read the secrets in it. */
export type PlannedRole = keyof BootstrapFiles | 'left';

/** Plain data, all bytes hexadecimal: a plan can be stored, shown, and written later, also after an interruption. */
export interface Plan {
  readonly kind: 'provision' | 'erase' | 'restore';
  /** Which bootstrap of the card; another one on it is not touched. */
  readonly profile: ProfileId;
  readonly iccid: string;
  /** Path of the application DF; empty where EF.DIR does not say it. */
  readonly base: string;
  /** The key that opens it for writing, as VERIFY takes it in P2, and its name. */
  readonly key: { readonly reference: number; readonly name: string };
  /** What the card lets nobody with this key change. */
  readonly hindrances: readonly Hindrance[];
  /** Of this key when planned; null when the card does not say. */
  readonly admTriesLeft: number | null;
  /** In the order in which they are completed: content, pointers, what is left to blank. */
  readonly files: readonly PlannedFile[];
  /** EF(DODF) with its entries for the bootstrap out of use, as it is while a content that is in use changes. */
  readonly withdrawnDodf: string;
  /** The document that a handset finds now, without padding; absent where it finds none. */
  readonly found?: string;
  /** The UPDATE BINARY commands, in order; empty when the card is already as planned. */
  readonly updates: readonly PlannedUpdate[];
  /** Between the first and the last command the card has no bootstrap at all. */
  readonly gap: boolean;
  /** CREATE FILE and UPDATE BINARY commands. */
  readonly apdusToWrite: number;
  /** Commands that a verification sends; one GET RESPONSE may come on top. */
  readonly apdusToVerify: number;
  /** Writing and verifying, nothing changed in between. */
  readonly estimate: Estimate;
}

export interface PlannedFile {
  readonly role: PlannedRole;
  readonly path: string;
  readonly what: string;
  readonly size: number;
  /** Whole files; FF before where the file is still to be created. */
  readonly before: string;
  readonly after: string;
  /** CREATE FILE template, where the file is created. */
  readonly create?: string;
  /** Bytes before the FF padding. */
  readonly usedBefore: number;
  readonly usedAfter: number;
  /** Commands on this file. */
  readonly apdus: number;
  /** What its access rules ask for: `always`, `ADM1`, `never`; absent where the card does not say. */
  readonly access?: { readonly read: string; readonly update: string };
}

export interface Hindrance {
  readonly path: string;
  readonly what: string;
  readonly reason: string;
  /** The plan cannot be carried out; false where a rest of the old stays. */
  readonly blocks: boolean;
}

export interface PlannedUpdate {
  readonly path: string;
  readonly offset: number;
  readonly data: string;
}

/** What a plan is about to change. */
export interface CardState {
  /** The document that a handset found, hexadecimal; absent where it found none. */
  readonly document?: string;
  /** What the plan changed, whole files as they were, for people to look at. */
  readonly files: readonly { readonly path: string; readonly bytes: string }[];
}

/** The bootstrap of a card before a plan was written: enough to put it back. */
export interface CardBackup extends CardState {
  readonly iccid: string;
  /** Absent in those of before: DM. */
  readonly profile?: ProfileId;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the plan will change, as it was when it was made. */
export function stateBefore({ found, files }: Plan): CardState {
  const there = files.filter(({ create }) => create === undefined);
  return {
    ...(found !== undefined && { document: found }),
    files: there.map(({ path, before }) => ({ path, bytes: before })),
  };
}

/** @param state as it was read right before the first change. */
export function backupOf(plan: Plan, at: number, state: CardState = stateBefore(plan)): CardBackup {
  const { iccid, profile } = plan;
  return { iccid, profile, at, ...state };
}
