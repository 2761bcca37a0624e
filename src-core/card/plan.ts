/** Plan: what is on the card now, what will be, byte for byte, and which commands lead there. Writes nothing. */
import { bytesEqual, fromHex, toHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { isFree, looksLikeBootstrap } from './content.ts';
import { withoutPadding } from './handset-view.ts';
import { leadsTo } from './layout.ts';
import { formerBootstraps, type Place, placeOf, spareFor } from './place.ts';
import { dodfTo, dodfWithout, odfTo, refuseTooLong } from './pointers.ts';
import type { CardConnection } from './reader.ts';
import { type CardSurvey, surveyCard } from './survey.ts';
import { type BootstrapFiles, blanking, type ContentUpdate, contentUpdates, orderUpdates } from './updates.ts';

/** `left`: a file that held a bootstrap and is blanked last, for nobody to read the secrets in it. */
export type PlannedRole = keyof BootstrapFiles | 'left';

/** Plain data, all bytes hexadecimal: a plan can be stored, shown, and written later, also after an interruption. */
export interface Plan {
  readonly kind: 'provision' | 'erase' | 'restore';
  readonly iccid: string;
  /** Path of the application DF; empty where EF.DIR does not say it. */
  readonly base: string;
  /** When planned; null when the card does not say. */
  readonly admTriesLeft: number | null;
  /** In the order in which they are completed: content, pointers, what is left to blank. */
  readonly files: readonly PlannedFile[];
  /** EF(DODF) without the bootstrap, as it is while the content changes. */
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
}

export interface PlannedUpdate {
  readonly path: string;
  readonly offset: number;
  readonly data: string;
}

/** The bootstrap of a card before a plan was written: enough to put it back. */
export interface CardBackup {
  readonly iccid: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The document that a handset found, hexadecimal; absent where it found none. */
  readonly document?: string;
  /** What the plan changed, whole files as they were, for people to look at. */
  readonly files: readonly { readonly path: string; readonly bytes: string }[];
}

export interface PlanOptions {
  /** Without a second file: the card was found to have no room for one. */
  readonly inPlace?: boolean;
}

/** A handset reads what the planner reads, and opens a channel, selects the application and closes the channel. */
const HANDSET_COMMANDS = 3;

const NAMES: Readonly<Record<PlannedRole, string>> = {
  bootstrap: 'EF DM_Bootstrap',
  dodf: 'EF(DODF)',
  odf: 'EF(ODF)',
  left: 'EF DM_Bootstrap, the former one',
};

/**
 * @param bootstrap the bootstrap document, application/vnd.syncml.dm+wbxml.
 * @throws CardError `no-pkcs15`, `file-not-found`, `file-too-small`, `file-malformed`, `file-taken`, `pointer-not-atomic`.
 */
export async function planCard(
  connection: CardConnection,
  bootstrap: Uint8Array,
  options: PlanOptions = {},
): Promise<Plan> {
  return provision('provision', await surveyCard(connection), bootstrap, options);
}

/** No handset finds a bootstrap any more, and nothing of one is left in any file for it. */
export async function planErase(connection: CardConnection): Promise<Plan> {
  return erase('erase', await surveyCard(connection));
}

/** The bootstrap that the backup has, or none where it has none. @throws CardError `other-card`. */
export async function planRestore(
  connection: CardConnection,
  backup: CardBackup,
  options: PlanOptions = {},
): Promise<Plan> {
  const survey = await surveyCard(connection);
  if (survey.iccid !== backup.iccid) throw otherCard(backup.iccid, survey.iccid);
  if (backup.document === undefined) return erase('restore', survey);
  return provision('restore', survey, fromHex(backup.document), options);
}

/** What the plan will change, as it is now. */
export function backupOf({ iccid, found, files }: Plan, at: number): CardBackup {
  const there = files.filter(({ create }) => create === undefined);
  return {
    iccid,
    at,
    ...(found !== undefined && { document: found }),
    files: there.map(({ path, before }) => ({ path, bytes: before })),
  };
}

async function provision(
  kind: Plan['kind'],
  survey: CardSurvey,
  document: Uint8Array,
  options: PlanOptions,
): Promise<Plan> {
  const { layout, content } = survey;
  const { dodf, odf } = layout;
  const places = {
    dodf: await placeOf(survey, dodf.path, dodf.fcp && dodf.bytes),
    odf: await placeOf(survey, odf.path, odf.fcp && odf.bytes),
    bootstrap: await contentPlace(survey, document, options),
  };
  const target = {
    bootstrap: padded(document, places.bootstrap.current.length, places.bootstrap.path),
    dodf: dodfTo(layout, places.dodf.current, places.bootstrap.path),
    odf: odfTo(layout, places.odf.current),
  };
  const moves = content !== undefined && layout.bootstrapPath !== places.bootstrap.path;
  const left = moves ? [{ path: layout.bootstrapPath, current: content }] : [];
  return planOf(kind, survey, places, target, left);
}

async function erase(kind: Plan['kind'], survey: CardSurvey): Promise<Plan> {
  const { layout, content, iccid } = survey;
  const { odf, dodf, bootstrapPath } = layout;
  if (!odf.fcp || !dodf.fcp) throw nothingThere(iccid);
  const left = await formerBootstraps(survey);
  const places = {
    dodf: { path: dodf.path, current: dodf.bytes },
    odf: { path: odf.path, current: odf.bytes },
    bootstrap: { path: bootstrapPath, current: content ?? new Uint8Array() },
  };
  // What lies where no pointer leads, and is no bootstrap, is somebody else's.
  const foreign = !layout.provisioned && content && !looksLikeBootstrap(content);
  const { current } = places.bootstrap;
  const target = {
    bootstrap: foreign ? current : new Uint8Array(current.length).fill(0xff),
    dodf: dodfWithout(layout, dodf.bytes),
    odf: odf.bytes,
  };
  return planOf(kind, survey, places, target, left);
}

/** In place, where a single command changes it or nothing leads there; else in the second file. */
async function contentPlace(survey: CardSurvey, document: Uint8Array, { inPlace }: PlanOptions): Promise<Place> {
  const { layout, content } = survey;
  const path = layout.bootstrapPath;
  if (!layout.provisioned || !content) {
    if (content && !isFree(content)) throw unknownContent(path);
    return placeOf(survey, path, content, document.length);
  }
  const fits = document.length <= content.length;
  if (fits && contentUpdates(content, padded(document, content.length, path)).length <= 1)
    return { path, current: content };
  const spare = inPlace ? undefined : await spareFor(survey, document.length);
  if (!spare && !fits) refuseTooLong(document.length, content.length, path);
  return spare ?? { path, current: content };
}

function planOf(
  kind: Plan['kind'],
  survey: CardSurvey,
  places: Readonly<Record<keyof BootstrapFiles, Place>>,
  target: BootstrapFiles,
  left: readonly Place[],
): Plan {
  const { iccid, layout, content, admTriesLeft, apdus } = survey;
  const { base } = layout;
  const current = { bootstrap: places.bootstrap.current, dodf: places.dodf.current, odf: places.odf.current };
  const withdrawn = dodfWithout(layout, places.dodf.current);
  const inUse = leadsTo(current.dodf, { base, path: places.bootstrap.path });
  const updates = orderUpdates({ current, target, withdrawn, inUse });
  const files = [
    ...(['bootstrap', 'dodf', 'odf'] as const).map(role => {
      const count = updates.filter(update => update.role === role).length;
      return plannedFile(role, places[role], target[role], count);
    }),
    ...left.map(place => {
      const blank = new Uint8Array(place.current.length).fill(0xff);
      return plannedFile('left', place, blank, blanking(place.current).length);
    }),
  ];
  return {
    kind,
    iccid,
    base,
    admTriesLeft,
    files,
    withdrawnDodf: toHex(withdrawn),
    ...(layout.provisioned && content && { found: toHex(withoutPadding(content)) }),
    updates: [
      ...updates.map(({ role, ...update }) => plannedUpdate(places[role].path, update)),
      ...left.flatMap(({ path, current: old }) => blanking(old).map(update => plannedUpdate(path, update))),
    ],
    gap: !bytesEqual(target.dodf, withdrawn) && updates.filter(({ role }) => role === 'dodf').length > 1,
    apdusToWrite: files.reduce((sum, file) => sum + file.apdus, 0),
    apdusToVerify: apdus + HANDSET_COMMANDS,
  };
}

function plannedFile(
  role: PlannedRole,
  { path, current, create }: Place,
  after: Uint8Array,
  updates: number,
): PlannedFile {
  return {
    role,
    path,
    what: NAMES[role],
    size: after.length,
    before: toHex(current),
    after: toHex(after),
    ...(create !== undefined && { create }),
    usedBefore: withoutPadding(current).length,
    usedAfter: withoutPadding(after).length,
    apdus: updates + (create === undefined ? 0 : 1),
  };
}

function plannedUpdate(path: string, { offset, data }: ContentUpdate): PlannedUpdate {
  return { path, offset, data: toHex(data) };
}

function padded(content: Uint8Array, size: number, path: string): Uint8Array {
  refuseTooLong(content.length, size, path);
  const file = new Uint8Array(size).fill(0xff);
  file.set(content);
  return file;
}

export function otherCard(expected: string, found: string): CardError {
  return new CardError('other-card', `the plan is for card ${expected}, this is card ${found}`, {
    advice: 'Insert the card of the plan, or make a plan for this one',
    details: { expected, found },
  });
}

function unknownContent(path: string): CardError {
  return new CardError('file-taken', `file ${path} holds something that is no bootstrap, and no directory says whose`, {
    advice: 'Read it with dmw card read; the card issuer must blank it or create another file',
    details: { path },
  });
}

function nothingThere(iccid: string): CardError {
  return new CardError('no-bootstrap', `card ${iccid} has no files of a bootstrap: there is nothing to erase`, {
    advice: 'Insert a card that carries a bootstrap',
  });
}
