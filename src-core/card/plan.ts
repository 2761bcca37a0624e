/** Plan: what is on the card now, what will be, byte for byte, and which commands lead there. Writes nothing. */
import { fromHex, toHex } from '../base/bytes.ts';
import { CardError } from '../base/errors.ts';
import { keyName } from '../encoding/access-rules.ts';
import { conditionWords } from './access.ts';
import { isFree, looksLike } from './content.ts';
import { estimate, readsOf } from './estimate.ts';
import { ADDRESSABLE } from './file-access.ts';
import { withoutPadding } from './handset-view.ts';
import { leadsTo } from './layout.ts';
import {
  formerBootstraps,
  lookAtSlots,
  mayCreate,
  type Place,
  placeOf,
  type Slots,
  spareFor,
  updateLock,
} from './place.ts';
import type { CardBackup, Hindrance, Plan, PlannedFile, PlannedRole, PlannedUpdate } from './planned.ts';
import { dodfTo, dodfWithout, odfTo, refuseTooLong } from './pointers.ts';
import { PROFILE_KINDS, type ProfileId, type ProfileKind } from './profile-kind.ts';
import type { CardConnection } from './reader.ts';
import { type CardSurvey, rulesOf, surveyCard } from './survey.ts';
import { type BootstrapFiles, blanking, type ContentUpdate, contentUpdates, isGap, orderUpdates } from './updates.ts';

export interface PlanOptions {
  /** Default: DM. */
  readonly profile?: ProfileId;
  /** Without a second file: the card was found to have no room for one. */
  readonly inPlace?: boolean;
}

/** A handset reads what the planner reads, and opens a channel, selects the application and closes the channel. */
const HANDSET_COMMANDS = 3;

function nameOf(role: PlannedRole, { file }: ProfileKind): string {
  return { bootstrap: file, dodf: 'EF(DODF)', odf: 'EF(ODF)', left: `${file}, the former one` }[role];
}

/**
 * @param bootstrap the bootstrap document, application/vnd.syncml.dm+wbxml or application/vnd.wap.connectivity-wbxml.
 * @throws CardError `no-pkcs15`, `file-not-found`, `file-too-small`, `file-malformed`, `file-taken`, `pointer-not-atomic`.
 */
export async function planCard(
  connection: CardConnection,
  bootstrap: Uint8Array,
  options: PlanOptions = {},
): Promise<Plan> {
  const survey = await surveyCard(connection, PROFILE_KINDS[options.profile ?? 'dm']);
  return provision('provision', survey, bootstrap, options);
}

/** No handset finds a bootstrap any more, and nothing of one is left in any file for it. */
export async function planErase(connection: CardConnection, profile: ProfileId = 'dm'): Promise<Plan> {
  return erase('erase', await surveyCard(connection, PROFILE_KINDS[profile]));
}

/** The bootstrap that the backup has, or none where it has none. @throws CardError `other-card`. */
export async function planRestore(
  connection: CardConnection,
  backup: CardBackup,
  options: PlanOptions = {},
): Promise<Plan> {
  const survey = await surveyCard(connection, PROFILE_KINDS[backup.profile ?? 'dm']);
  if (survey.iccid !== backup.iccid) throw otherCard(backup.iccid, survey.iccid);
  if (backup.document === undefined) return erase('restore', survey);
  return provision('restore', survey, fromHex(backup.document), options);
}

async function provision(
  kind: Plan['kind'],
  survey: CardSurvey,
  document: Uint8Array,
  options: PlanOptions,
): Promise<Plan> {
  const { layout, content, contentFcp } = survey;
  const { dodf, odf } = layout;
  refuseTooLong(document.length, ADDRESSABLE, layout.bootstrapPath);
  // A write that was cut may have left a former bootstrap somewhere.
  const slots = layout.provisioned && content ? await lookAtSlots(survey) : undefined;
  const places = {
    dodf: await placeOf(survey, dodf.path, dodf.fcp && dodf.bytes, dodf),
    odf: await placeOf(survey, odf.path, odf.fcp && odf.bytes, odf),
    bootstrap: await contentPlace(survey, document, options, slots),
  };
  const target = {
    bootstrap: padded(document, places.bootstrap.current.length, places.bootstrap.path),
    dodf: dodfTo(layout, places.dodf.current, places.bootstrap.path),
    odf: odfTo(layout, places.odf.current),
  };
  const moves = layout.provisioned && content !== undefined && layout.bootstrapPath !== places.bootstrap.path;
  const former = slots ? formerBootstraps(survey, slots).filter(({ path }) => path !== places.bootstrap.path) : [];
  const left = moves ? [{ path: layout.bootstrapPath, current: content, fcp: contentFcp }, ...former] : former;
  return planOf(kind, survey, places, target, left);
}

async function erase(kind: Plan['kind'], survey: CardSurvey): Promise<Plan> {
  const { layout, content, contentFcp, iccid } = survey;
  const { odf, dodf, bootstrapPath } = layout;
  if (!odf.fcp || !dodf.fcp) throw nothingThere(iccid, layout.kind);
  const left = formerBootstraps(survey, await lookAtSlots(survey));
  const places = {
    dodf: { path: dodf.path, current: dodf.bytes, fcp: dodf.fcp },
    odf: { path: odf.path, current: odf.bytes, fcp: odf.fcp },
    bootstrap: { path: bootstrapPath, current: content ?? new Uint8Array(), fcp: contentFcp },
  };
  // What lies where no pointer leads, and is no bootstrap, is somebody else's.
  const foreign = !layout.provisioned && content && !looksLike(content, layout.kind);
  const { current } = places.bootstrap;
  const lock = await updateLock(survey, contentFcp);
  const stays = foreign || lock !== undefined;
  const target = {
    bootstrap: stays ? current : new Uint8Array(current.length).fill(0xff),
    dodf: dodfWithout(layout, dodf.bytes),
    odf: odf.bytes,
  };
  const plan = await planOf(kind, survey, places, target, left);
  if (lock === undefined || foreign || withoutPadding(current).length === 0) return plan;
  return { ...plan, hindrances: [...plan.hindrances, remains(survey, bootstrapPath, lock)] };
}

/** In place, where a single byte changes or nothing leads there; else in the second file, for a command can be cut in the middle. */
async function contentPlace(
  survey: CardSurvey,
  document: Uint8Array,
  { inPlace }: PlanOptions,
  slots: Slots | undefined,
): Promise<Place> {
  const { layout, content, contentFcp: fcp } = survey;
  const path = layout.bootstrapPath;
  if (!layout.provisioned || !content) return firstPlace(survey, document, inPlace);
  const fits = document.length <= content.length;
  const updates = fits ? contentUpdates(content, padded(document, content.length, path)) : undefined;
  if (updates?.length === 0) return { path, current: content, fcp };
  const locked = (await updateLock(survey, fcp)) !== undefined;
  if (updates?.length === 1 && updates[0]?.data.length === 1 && !locked) return { path, current: content, fcp };
  const spare = inPlace && !locked ? undefined : await spareFor(survey, document, slots);
  if (!spare && !fits) refuseTooLong(document.length, content.length, path);
  return spare ?? { path, current: content, fcp };
}

/** Where the file is free and large enough; where the card has none there, a new one; else wherever there is room. */
async function firstPlace(survey: CardSurvey, document: Uint8Array, inPlace = false): Promise<Place> {
  const { layout, content, contentFcp: fcp } = survey;
  const { kind, provisioned, bootstrapPath: path } = layout;
  const { length } = document;
  const suits = content !== undefined && isFree(content, kind, document) && length <= content.length;
  if (suits && (await updateLock(survey, fcp)) === undefined) return { path, current: content, fcp };
  const creates = !content && !inPlace && (await mayCreate(survey));
  const spare = provisioned || creates ? undefined : await spareFor(survey, document);
  if (spare) return spare;
  if (!content) return placeOf(survey, path, content, { length });
  if (!isFree(content, kind, document)) throw unknownContent(path, kind);
  refuseTooLong(length, content.length, path);
  return { path, current: content, fcp };
}

async function planOf(
  kind: Plan['kind'],
  survey: CardSurvey,
  places: Readonly<Record<keyof BootstrapFiles, Place>>,
  target: BootstrapFiles,
  former: readonly Place[],
): Promise<Plan> {
  const { iccid, layout, content, key, admTriesLeft, apdus } = survey;
  const { base } = layout;
  const current = { bootstrap: places.bootstrap.current, dodf: places.dodf.current, odf: places.odf.current };
  const withdrawn = dodfWithout(layout, places.dodf.current);
  const { path } = places.bootstrap;
  const inUse = layout.dodfListed && leadsTo(current.dodf, { base, path, kind: layout.kind });
  const change = { current, target, withdrawn, inUse };
  const updates = orderUpdates(change);
  const files: PlannedFile[] = [];
  const hindrances: Hindrance[] = [];
  for (const role of ['bootstrap', 'dodf', 'odf'] as const) {
    const count = updates.filter(update => update.role === role).length;
    const file = await plannedFile(survey, role, places[role], target[role], count);
    files.push(file);
    const reason = count > 0 && !file.create ? await updateLock(survey, places[role].fcp) : undefined;
    if (reason) hindrances.push({ path: file.path, what: file.what, reason, blocks: true });
  }
  const left: Place[] = [];
  for (const place of former) {
    const reason = await updateLock(survey, place.fcp);
    if (reason === undefined) left.push(place);
    else hindrances.push(remains(survey, place.path, reason));
  }
  for (const place of left) {
    const blank = new Uint8Array(place.current.length).fill(0xff);
    files.push(await plannedFile(survey, 'left', place, blank, blanking(place.current).length));
  }
  // A verification reads what the plan leaves behind instead of what it found.
  const contents = files.filter(({ role }) => role === 'bootstrap' || role === 'left');
  const reads = contents.reduce((sum, { size }) => sum + readsOf(size), 0) - readsOf(content?.length ?? 0);
  const apdusToVerify = apdus + reads + HANDSET_COMMANDS;
  const apdusToWrite = files.reduce((sum, file) => sum + file.apdus, 0);
  return {
    kind,
    profile: layout.kind.id,
    iccid,
    base,
    key: { reference: key, name: keyName(key) },
    hindrances,
    admTriesLeft,
    files,
    withdrawnDodf: toHex(withdrawn),
    ...(layout.provisioned && content && { found: toHex(withoutPadding(content)) }),
    updates: [
      ...updates.map(({ role, ...update }) => plannedUpdate(places[role].path, update)),
      ...left.flatMap(({ path, current: old }) => blanking(old).map(update => plannedUpdate(path, update))),
    ],
    gap: isGap(change) && withoutPadding(current.bootstrap).length > 0,
    apdusToWrite,
    apdusToVerify,
    estimate: estimate({
      atr: survey.channel.connection.atr,
      found: layout.provisioned && content !== undefined,
      files,
      apdusToVerify,
    }),
  };
}

async function plannedFile(
  survey: CardSurvey,
  role: PlannedRole,
  { path, current, create, fcp }: Place,
  after: Uint8Array,
  updates: number,
): Promise<PlannedFile> {
  const rules = await rulesOf(survey, fcp);
  return {
    role,
    path,
    what: nameOf(role, survey.layout.kind),
    size: after.length,
    before: toHex(current),
    after: toHex(after),
    ...(create !== undefined && { create }),
    usedBefore: withoutPadding(current).length,
    usedAfter: withoutPadding(after).length,
    apdus: updates + (create === undefined ? 0 : 1),
    ...(rules && { access: { read: conditionWords(rules, 'READ'), update: conditionWords(rules, 'UPDATE') } }),
  };
}

/** What nobody is led to any more, and the key does not open. */
function remains({ layout }: CardSurvey, path: string, lock: string): Hindrance {
  const reason = `what it holds stays there: ${lock}`;
  return { path, what: nameOf('left', layout.kind), reason, blocks: false };
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

function unknownContent(path: string, { name }: ProfileKind): CardError {
  return new CardError('file-taken', `file ${path} holds something that is no ${name}, and no directory says whose`, {
    advice: 'Read it with dmw card read; the card issuer must blank it or create another file',
    details: { path },
  });
}

function nothingThere(iccid: string, { name }: ProfileKind): CardError {
  return new CardError('no-bootstrap', `card ${iccid} has no files of a ${name}: there is nothing to erase`, {
    advice: `Insert a card that carries a ${name}`,
  });
}
